"""Circuits on networks of any shape, with calls, data, releases, losses and dead switches in any order.

Each text says of which call it is, by whom it is sent, and which it is. So whatever arrives tells if it belongs there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.switching.calls import Call
from services.switching.circuits import Circuit, State
from services.switching.header import Kind, decode
from tests.unit.services.switching.callers import Caller, CallTown, Plan

ENTRIES_GONE = 3.5  # seconds after which nothing may be left of circuits whose ends have ended or died
LABELS_GONE = 24.0  # and no label may rest any more
HOSTS = ("h1", "h2", "h3")
SWITCHES = "abcde"


@dataclass(frozen=True)
class Step:
    """Something that happens; the numbers choose among what is there."""

    what: str
    one: int = 0
    other: int = 0
    rate: int = 0
    seconds: float = 0.0


numbers = st.integers(0, 11)
pauses = st.sampled_from([0.0, 0.0005, 0.005, 0.05, 0.05])
calls = st.builds(Step, st.just("call"), numbers, numbers, st.sampled_from([0, 0, 200_000]), pauses)
data = st.builds(Step, st.just("data"), numbers, numbers)
releases = st.builds(Step, st.just("release"), numbers, numbers)
waits = st.builds(Step, st.just("wait"), seconds=st.sampled_from([0.0005, 0.002, 0.005, 0.02, 0.5, 2.0]))
deaths = st.builds(Step, st.just("kill"), numbers) | st.builds(Step, st.just("restart"), numbers)
peace = st.lists(calls | data | data | releases | waits | waits, min_size=20, max_size=60)
war = st.lists(
    calls | calls | calls | data | data | data | data | releases | waits | waits | deaths, min_size=20, max_size=60
)


@st.composite
def towns(draw: st.DrawFn, labels: int = 255) -> CallTown:
    """Any connected network of a few switches, with three hosts somewhere on it, which call and are called."""
    switches = SWITCHES[: draw(st.integers(1, len(SWITCHES)))]
    links = {(draw(st.sampled_from(switches[:i])), switches[i]) for i in range(1, len(switches))}
    if len(switches) > 1:
        pairs = [(one, other) for one in switches for other in switches if one < other]
        links |= set(draw(st.lists(st.sampled_from(pairs), max_size=4)))
    hosts = {name: draw(st.sampled_from(switches)) for name in HOSTS}
    few = dict.fromkeys(switches, labels)
    return CallTown(sorted(links), hosts, Plan(sorted(links), hosts), queue=1000, labels=few)


class Story:
    """Plays steps in a town, and keeps what was sent."""

    def __init__(self, town: CallTown) -> None:
        self.town = town
        self.net = town.network
        self.sent: dict[tuple[Caller, Call], list[bytes]] = defaultdict(list)
        self.released: dict[Caller, set[Call]] = defaultdict(set)

    def play(self, steps: list[Step]) -> None:
        for step in steps:
            self._play(step)
            self.check_tables()

    def _play(self, step: Step) -> None:
        switch = SWITCHES[step.one % len(self.town.switches)]
        open_calls = [(host, call) for host in self.town.hosts.values() for call in host.open()]
        all_calls = [(host, call) for host in self.town.hosts.values() for call in host.calls.calls()]
        if step.what == "call":
            host = self.town.hosts[HOSTS[step.one % len(HOSTS)]]
            host.call(self.net.now, HOSTS[(step.one + 1 + step.other % 2) % len(HOSTS)], step.rate)
            self.net.run(step.seconds)
        elif step.what == "data" and open_calls:
            self._say(*open_calls[step.other % len(open_calls)])
        elif step.what == "release" and all_calls:
            host, call = all_calls[step.other % len(all_calls)]
            self.released[host].add(call)
            host.release(self.net.now, call)
        elif step.what == "wait":
            self.net.run(step.seconds)
        elif step.what == "kill" and switch in self.net.nodes:
            self.town.kill(switch)
        elif step.what == "restart" and switch not in self.net.nodes:
            self.net.run(0.1)  # nobody starts that fast
            self.town.restart(switch)

    def _say(self, host: Caller, call: Call) -> None:
        for _ in range(3):
            texts = self.sent[host, call]
            caller = host.name if call.is_ours else call.peer
            text = f"{caller}/{call.sequence}/{host.name}/{len(texts)}".encode()
            if host.calls.send(self.net.now, call, text):
                texts.append(text)

    def release_all(self) -> None:
        for host in self.town.hosts.values():
            for call in host.calls.calls():
                host.release(self.net.now, call)

    def check_tables(self) -> None:
        """Both ends of a line have the same circuit under a label, once it is open at both."""
        tables = {switch.name: switch.circuits.entries() for switch in self.town.alive()}
        for name, circuits in tables.items():
            for circuit in circuits:
                label = name, circuit.called.label
                others = [other for other in tables.get(circuit.called.line, []) if other.caller == label]
                assert len(others) <= 1
                assert all(identity(other) == identity(circuit) for other in others if both_open(circuit, other))

    def check_arrivals(self) -> None:
        """What came over a circuit was sent over that very circuit, by the other side, in this order, by one way."""
        for host in self.town.hosts.values():
            highest: dict[Call, int] = {}
            for call, packet in host.came:
                caller, number, sender, index = packet.payload.decode().split("/")
                assert (caller, int(number)) == (host.name if call.is_ours else call.peer, call.sequence)
                assert sender == call.peer
                assert int(index) > highest.get(call, -1)
                highest[call] = int(index)
        ways: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for arrival in self.net.arrivals:
            packet = decode(arrival.data)
            if packet.kind is Kind.DATA:
                ways[packet.payload.decode().rpartition("/")[0]].add((arrival.sender, arrival.receiver))
        for links in ways.values():
            senders, receivers = [[link[i] for link in links] for i in (0, 1)]
            assert len(set(senders)) == len(senders) and len(set(receivers)) == len(receivers)

    def check_nothing_left(self) -> None:
        assert self.town.entries() == []
        assert self.town.reserved() == 0

    def check_no_timer_left(self) -> None:
        assert [switch.circuits.due() for switch in self.town.alive()] == [None] * len(self.town.alive())
        assert [host.calls.due() for host in self.town.hosts.values()] == [None] * len(HOSTS)


def identity(circuit: Circuit) -> tuple[str, str, int]:
    return circuit.source, circuit.destination, circuit.call


def both_open(one: Circuit, other: Circuit) -> bool:
    return one.state is other.state is State.OPEN


@given(towns(), peace)
@settings(max_examples=40)
def test_in_peace_every_call_is_answered_and_all_data_comes(town: CallTown, steps: list[Step]) -> None:
    story = Story(town)
    story.play([Step(step.what, step.one, step.other, 0, step.seconds) for step in steps])
    town.network.run(0.5)
    story.check_arrivals()
    for host in town.hosts.values():
        assert not [said for said in host.said if ": open" not in said and ": released by" not in said]
    for (host, call), texts in story.sent.items():
        other = town.hosts[call.peer]
        (came,) = [theirs for theirs in other.all_calls if matches(host, call, theirs)]
        got = [packet.payload for on, packet in other.came if on is came]
        assert got == (texts if came not in story.released[other] else texts[: len(got)])
    story.release_all()
    town.network.run(0.5)
    story.check_nothing_left()
    story.check_no_timer_left()


def matches(host: Caller, call: Call, theirs: Call) -> bool:
    """Say if `theirs` is the other end of a call of `host`."""
    return (theirs.peer, theirs.sequence, theirs.is_ours) == (host.name, call.sequence, not call.is_ours)


@given(towns(labels=2), war, st.sampled_from([0.0, 0.05, 0.3]), st.integers(0, 2**32))
@settings(max_examples=60)
def test_in_war_nothing_goes_astray_and_nothing_stays(
    town: CallTown, steps: list[Step], share: float, seed: int
) -> None:
    dice = Random(seed)  # noqa: S311 (a test's own)
    town.network.lose = lambda arrival: dice.random() < share
    story = Story(town)
    story.play(steps)
    story.release_all()
    town.network.run(ENTRIES_GONE)
    story.check_nothing_left()
    town.network.run(LABELS_GONE - ENTRIES_GONE)
    story.check_no_timer_left()
    story.check_arrivals()


@given(towns(), war)
@settings(max_examples=30)
def test_dead_hosts_leave_nothing(town: CallTown, steps: list[Step]) -> None:
    story = Story(town)
    story.play(steps)
    for name in HOSTS:
        town.kill(name)
    town.network.run(ENTRIES_GONE)
    story.check_nothing_left()
    story.check_arrivals()


@given(towns(labels=3), st.lists(calls, min_size=1, max_size=30))
@settings(max_examples=30)
def test_refused_calls_leave_what_is_open_as_it_is(town: CallTown, steps: list[Step]) -> None:
    story = Story(town)
    for step in steps:
        story.play([step, Step("wait", seconds=0.1)])
        reserved = dict.fromkeys(town.switches, 0)
        for name, circuit in town.entries():
            reserved[name] += 2 * circuit.rate
            for line in (circuit.caller.line, circuit.called.line):
                switch = town.switches[name]
                assert switch.circuits.reserved(line) <= 0.9 * switch.lines[line].rate
                chosen = [c.called.label for c in switch.circuits.entries() if c.called.line == line]
                assert set(chosen) <= {1, 2, 3} and len(set(chosen)) == len(chosen)
        assert all(circuit.state is State.OPEN for _, circuit in town.entries())
        assert town.reserved() == sum(reserved.values())
    ended = [said for host in town.hosts.values() for said in host.said if not said.endswith(": open")]
    assert all(": refused by " in said and said.endswith((": no label left", ": no rate left")) for said in ended)
