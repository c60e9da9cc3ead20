"""A play that stopped early, as it does when a program is wrong, is a failure of the program and never "unknown"."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from lab.events import Step
from lab.history import History
from scenarios.casts.checks.broadcast_reach import LET_IN
from scenarios.catalogue import CATALOGUE
from scenarios.run import judge
from scenarios.scenario import Scenario
from scenarios.verdict import Outcome, worst
from tests.unit.scenarios.casts.casting import Anycast, OneOfEach, unicast
from tests.unit.scenarios.casts.routed import BROADCAST, Routed, topology_of
from tests.unit.scenarios.chaos.busy import Busy
from tests.unit.scenarios.course.chains import Chain
from tests.unit.scenarios.course.groups import Architecture, Group
from tests.unit.scenarios.course.pairs import ONE, Pair
from tests.unit.scenarios.course.rooms import FIVE, Room
from tests.unit.scenarios.course.served import played, two_threads_a_client
from tests.unit.scenarios.histories import Wire
from tests.unit.scenarios.switching import (
    broken_flow,
    test_bad_packets,
    test_circuits,
    test_circuits_broken,
    test_counting,
    test_store_and_forward,
    test_thirty,
)
from tests.unit.scenarios.switching.compared import Compared

everyone = pytest.mark.parametrize("scenario", CATALOGUE.values(), ids=CATALOGUE.keys())


def stopped(wire: Wire, events: int | None = None) -> History:
    """Stop a play after so many events: the step fails, and the tap is closed in good order."""
    wire.events = wire.events[:events]
    wire.events.append(Step(time=wire.time, began=wire.time, sentence="Do it", expected="a sign", got="nothing"))
    return wire.history()


def refuse_unknown(scenario: Scenario, history: History) -> None:
    """Assert that the whole is a failure, and that no check broke down or could not tell."""
    verdicts = judge(scenario, history)
    assert [(name, v.because) for name, v in verdicts if v.outcome is Outcome.UNKNOWN] == []
    assert worst(verdict for _, verdict in verdicts) is Outcome.FAIL


def some(names: list[str]) -> Iterator[list[str]]:
    """Yield none, each alone, all but each, the first few, and all, in both orders."""
    for order in (names, names[::-1]):
        yield from (order[:many] for many in range(len(order) + 1))
    for name in names:
        yield [name]
        yield [other for other in names if other != name]


@everyone
def test_nodes_that_were_never_started_and_programs_that_send_nothing(scenario: Scenario) -> None:
    topology = scenario.wish(name="try").load()
    for started in some(list(topology.nodes)):
        refuse_unknown(scenario, stopped(Routed(topology).start(started)))


def room() -> Wire:
    """Five talk, a sixth is refused, one leaves, one is killed."""
    lively = Room().join(*FIVE, "frank").says("alice", "I am alice", "me too").says("bob", "me too")
    return lively.leave("dave").kill("erin").join("frank").says("frank", "made it").wire


def forgery() -> Wire:
    """Mallory learns how alice is named, and forges her."""
    talk = Room().join("alice", "bob").says("alice", "I am alice")
    talk.wire.node("mallory", "host")
    talk.wire.dial("mallory", "server", 9000).up(b"[1] forged\n")
    return talk.hears("bob", "[3] [1] forged").says("alice", "it was not me").wire


def talk_of_one() -> Wire:
    """One is silent, one talks and leaves, and the server's threads are looked at all along."""
    return played(two_threads_a_client).room.wire


def chain() -> Wire:
    """A word passes, a forwarder is killed."""
    return Chain().start().word("hello").kill("forwarder2").wire


def chain_to_the_end() -> Wire:
    """A word passes, and exit."""
    return Chain().start().word("hello").exit().wire


def pair() -> Wire:
    """Two talk; exit is lost, and comes."""
    return Pair().talk().lossy_exit().exit(ONE).wire


def group() -> Wire:
    """Three join, one leaves."""
    joined = Group().join("receiver1", "receiver2").says("one frame for all")
    return joined.leave("receiver2").says("for those who stayed").wire


def architecture() -> Wire:
    """Alice speaks behind a forwarder."""
    return Architecture().join("receiver1", "receiver2").says("alice", "everywhere").says("bob", "got it").wire


def chaos() -> Wire:
    """All talk, one is cut off, all is healed and looked at."""
    busy = Busy().looks("server")
    busy.says("alice")
    return busy.breaks().heals().silence().looks("server").wire


def directed() -> Wire:
    """One asks for a neighbour, and one sends a broadcast that the router lets in."""
    routed = Routed(topology_of("directed")).start()
    w2, w3, everybody = routed.address("w2"), routed.address("w3"), "10.83.1.255"
    routed.packet("arp", what="request", src=w2, dst=w3, eth_src=routed.mac("w2"), eth_dst=BROADCAST)
    routed.packet("arp", what="reply", src=w3, dst=w2, eth_src=routed.mac("w3"), eth_dst=routed.mac("w2"))
    routed.send("w2 west w3", b"for one")
    routed.printed("w3", f"{w2} for one")
    routed.send("e1 east r1 west", LET_IN.encode(), to=everybody)
    for node in ("w1", "w2", "w3"):
        routed.printed(node, f"{routed.address('e1')} {LET_IN}")
    return routed


PLAYS: dict[str, tuple[Callable[[], Wire], ...]] = {
    "broadcast": (room,),
    "threads": (talk_of_one,),
    "forgery": (forgery,),
    "chain": (chain, chain_to_the_end),
    "half-close": (chain_to_the_end,),
    "peers": (pair,),
    "multicast": (group,),
    "architecture": (architecture,),
    "casts": (unicast, lambda: Anycast().play().routed, lambda: OneOfEach().play().routed),
    "directed": (directed,),
    "store-and-forward": (test_store_and_forward.run,),
    "datagram": (
        test_bad_packets.played,
        lambda: broken_flow.with_a_cut().wire,
        lambda: broken_flow.with_a_restart().wire,
        lambda: test_circuits.all_is_well().wire,
        lambda: test_circuits_broken.all_is_well().wire,
        lambda: Compared().play().wire,
    ),
    "count-to-infinity": (test_counting.lab,),
    "thirty": (test_thirty.lab,),
    "lab": (chaos,),
}
"""What is played in each topology."""
MOST_STOPS = 60
"""Stops tried in one play: a long one is stopped after every second event, or every third."""


@cache
def stopped_anywhere(topology: str) -> list[History]:
    """Stop what is played in a topology after each of its events: once for all scenarios, as it costs the most."""
    found = []
    for play in PLAYS[topology]:
        events = len(play().events)
        found += [stopped(play(), many) for many in range(0, events, 1 + events // MOST_STOPS)]
    return found


@everyone
def test_it_stops_anywhere(scenario: Scenario) -> None:
    for history in stopped_anywhere(scenario.topology):
        refuse_unknown(scenario, history)
