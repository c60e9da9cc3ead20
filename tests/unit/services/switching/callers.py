"""A town on simulated time whose stations can call each other, and a plan of it that every switch knows.

With `Town` as it is, the switches learn their routes. A `Plan` gives them the true ones instead, with no vectors: a run
has then nothing on its wires but circuits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.switching.calls import Call, Calls, Came, Event, Said
from services.switching.circuits import Circuit
from services.switching.fixed_routes import FixedRoutes
from services.switching.header import BadPacketError, Kind, Packet, decode
from services.switching.line import Line
from services.switching.switch import Switch
from tests.unit.services.switching.nodes import DELAY, RATE, Station, Town

MISSED_SECONDS = 1.5  # until the neighbours of a switch that is killed miss it
TEXTBOOK = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "e"), ("d", "e"), ("d", "f"), ("e", "f")]
TEXTBOOK_COSTS = {("b", "d"): 2}
TEXTBOOK_HOSTS = {"h1": "a", "h3": "a", "h2": "f", "h4": "f"}


class Caller(Station):
    """A host that makes calls and takes them, and keeps what it hears."""

    def __init__(self, name: str, line: Line, tells: bool, most_calls: int) -> None:
        super().__init__(name, line)
        self.calls = Calls(name, line, most_calls)
        self.said: list[str] = []
        self.came: list[tuple[Call, Packet]] = []
        self.all_calls: list[Call] = []
        self._tells = tells  # its vectors

    def call(self, now: float, peer: str, rate: int = 0) -> None:
        self.take(self.calls.call(now, peer, rate))

    def release(self, now: float, call: Call) -> None:
        self.take(self.calls.release(now, call))

    def open(self) -> list[Call]:
        return [call for call in self.calls.calls() if call.state == "open"]

    def texts(self) -> list[bytes]:
        return [packet.payload for _, packet in self.came]

    def take(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case Came(call, packet):
                    self.came.append((call, packet))
                case Said(call, _):
                    self.said.append(str(event))
                    if call not in self.all_calls:
                        self.all_calls.append(call)

    def receive(self, now: float, line: str, data: bytes) -> None:
        packet = decode(data)
        if packet.kind not in (Kind.VECTOR, Kind.DATAGRAM):
            try:
                self.take(self.calls.receive(now, packet))
            except BadPacketError:
                return

    def tick(self, now: float) -> None:
        if self._tells and now >= self._next:
            super().tick(now)
        self.take(self.calls.tick(now))

    def due(self) -> float | None:
        times = [self.calls.due(), self._next if self._tells else None]
        return min((time for time in times if time is not None), default=None)


class CallTown(Town):
    """A town of switches and callers."""

    def __init__(
        self,
        links: Iterable[tuple[str, str]],
        hosts: Mapping[str, str],
        plan: Plan | None = None,
        rate: float = RATE,
        delay: float = DELAY,
        queue: int = 32,
        labels: Mapping[str, int] = {},
        calls: Mapping[str, int] = {},
        costs: Mapping[tuple[str, str], int] = {},
    ) -> None:
        """`labels` has the most that a switch chooses on each line, `calls` the most of a host, where they are few."""
        self._most_labels = labels
        self._plan = plan
        super().__init__(links, hosts, rate, delay, queue, costs=costs)
        self.hosts = {
            name: Caller(name, station.line, plan is None, calls.get(name, 64))
            for name, station in self.stations.items()
        }
        self.network.nodes.update(self.hosts)

    def switch(self, name: str) -> Switch:
        plain = super().switch(name)
        routes = PlannedRoutes(name, self._plan) if self._plan else plain.routes
        return Switch(name, plain.lines.values(), routes, self.told.append, self._most_labels.get(name, 255))

    def kill(self, name: str) -> None:
        if self._plan:
            self._plan.died[name] = self.network.now
        self.network.stop(name)

    def restart(self, name: str) -> None:
        if self._plan:
            self._plan.died.pop(name, None)
        super().restart(name)

    def alive(self) -> list[Switch]:
        return [switch for name, switch in self.switches.items() if name in self.network.nodes]

    def entries(self) -> list[tuple[str, Circuit]]:
        return [(switch.name, circuit) for switch in self.alive() for circuit in switch.circuits.entries()]

    def reserved(self) -> int:
        return sum(switch.circuits.reserved(line) for switch in self.alive() for line in switch.lines)

    def open(self, caller: str, called: str, rate: int = 0) -> tuple[Call, Call]:
        """Call, and return both sides' view once it is open."""
        ours, theirs = self.hosts[caller], self.hosts[called]
        before = set(ours.open()), set(theirs.open())
        ours.call(self.network.now, called, rate)
        self.network.run_until(lambda: len(ours.open()) > len(before[0]), within=1)
        (one,), (other,) = set(ours.open()) - before[0], set(theirs.open()) - before[1]
        return one, other


class Plan:
    """All links of a town, and which switches are dead."""

    def __init__(self, links: Iterable[tuple[str, str]], hosts: Mapping[str, str]) -> None:
        self.hosts = hosts
        self.died: dict[str, float] = {}
        self._neighbours: dict[str, list[str]] = {}
        for one, other in [*links, *hosts.items()]:
            self._neighbours.setdefault(one, []).append(other)
            self._neighbours.setdefault(other, []).append(one)

    def neighbours(self, name: str) -> list[str]:
        return sorted(self._neighbours.get(name, []))

    def next_hop(self, start: str, destination: str) -> str | None:
        """Return the first step of a shortest way through what is alive; hosts pass nothing on."""
        reached = {destination}
        while True:
            if first := [node for node in self.neighbours(start) if node in reached]:
                return first[0]
            passing = [node for node in reached if node == destination or node not in self.hosts]
            wider = reached | {n for node in passing for n in self.neighbours(node) if n not in self.died}
            if wider == reached:
                return None
            reached = wider


class PlannedRoutes(FixedRoutes):
    """The routes of one switch by a plan. It misses a dead neighbour after a while."""

    def __init__(self, name: str, plan: Plan) -> None:
        super().__init__({})
        self._name = name
        self._plan = plan
        self._missed: dict[str, float] = {}  # since when

    def expire(self, now: float) -> list[str]:
        lost = [name for name, since in self._due().items() if since + MISSED_SECONDS <= now]
        self._missed.update({name: self._plan.died[name] for name in lost})
        return lost

    def due(self) -> float | None:
        return min((since + MISSED_SECONDS for since in self._due().values()), default=None)

    def next_hop(self, destination: str) -> str | None:
        return self._plan.next_hop(self._name, destination)

    def _due(self) -> dict[str, float]:
        near = set(self._plan.neighbours(self._name))
        return {
            name: since for name, since in self._plan.died.items() if name in near and self._missed.get(name) != since
        }


def textbook(
    labels: Mapping[str, int] = {},
    calls: Mapping[str, int] = {},
    hosts: Mapping[str, str] = TEXTBOOK_HOSTS,
    learned: bool = False,
) -> CallTown:
    """Return the six switches, where h1 to h2 goes by a c e f: by plan (b-d is not in it), or as they learn it."""
    if learned:
        town = CallTown(TEXTBOOK, hosts, labels=labels, calls=calls, costs=TEXTBOOK_COSTS)
        town.network.run(1)
        return town
    links = [link for link in TEXTBOOK if link not in TEXTBOOK_COSTS]
    return CallTown(links, hosts, Plan(links, hosts), labels=labels, calls=calls)


def say(town: CallTown, host: Caller, call: Call, *texts: bytes) -> None:
    for text in texts:
        assert host.calls.send(town.network.now, call, text)


def assert_all_gone(town: CallTown) -> None:
    assert (town.entries(), town.reserved()) == ([], 0)
    assert [call for host in town.hosts.values() for call in host.calls.calls()] == []


def assert_no_timer(town: CallTown) -> None:
    assert [switch.circuits.due() for switch in town.alive()] == [None] * len(town.alive())
    assert [host.calls.due() for host in town.hosts.values()] == [None] * len(town.hosts)
