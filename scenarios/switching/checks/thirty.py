"""Thirty switches: shortest ways everywhere, a way around a cut link for packets, and a new call for a circuit.

h1 ── s1 ── s2 ── s8 ── s7 ── s6 ─✗─ s12 ── s13 ── s17 ── s16 ── h2
        └── s25 ── s26 ── s21 ── s20 ── s19 ── s18 ──┘
"""

from functools import lru_cache
from itertools import groupby, pairwise

from lab.events import Fault
from lab.history import History
from lab.state import Wish
from lab.switching.crossings import Circuit, circuits
from lab.switching.switched import Kind
from lab.switching.tables import SWITCH
from lab.switching.ways import Way, flows
from scenarios.switching.checks.vectors import Told, expect_no_stall, vectors
from scenarios.switching.shared import Metrics, lengths
from scenarios.verdict import FailedError, Verdict, at, check, failed, passed

TOPOLOGY = "thirty"
PERIOD = 0.5
SOURCE, DESTINATION = "h1", "h2"
CUT = ("s6", "s12")
"""In the middle of the way."""


@lru_cache
def links() -> tuple[tuple[str, str, int], ...]:
    """Return the topology's links: both ends and the cost."""
    return tuple((*link.ends, link.cost) for link in Wish(TOPOLOGY).load().links)


@lru_cache
def shortest(without: tuple[str, str] | None = None) -> Metrics:
    """Return how far it is from each node to each other one, without a link."""
    found = [(one, other, cost) for one, other, cost in links() if (one, other) != without]
    return lengths(list(dict.fromkeys(node for one, other, _ in found for node in (one, other))), found)


def cut_at(history: History) -> tuple[float, float]:
    """Return when the cut began, and when it was done. FailedError if nothing was cut."""
    faults = [fault for fault in history.of(Fault) if fault.link]
    if not faults:
        raise FailedError("no link was cut")
    return min(fault.began or fault.time for fault in faults), max(fault.time for fault in faults)


def message_and_flow(history: History) -> tuple[list[Way], list[Way]]:
    """Return the ways of the packets of the message and of the flow. FailedError if there are not just these two."""
    found = flows(history, SOURCE, DESTINATION)
    if len(found) != 2:
        raise FailedError(f"{SOURCE} sent {len(found)} messages and flows, not a message and a flow")
    expect_no_stall(history, PERIOD, found[0][0].began, found[1][-1].ended)
    return found[0], found[1]


def two_calls(history: History) -> tuple[Circuit, Circuit]:
    """Return the circuits before and after the cut. FailedError if there were not two."""
    found = [circuit for circuit in circuits(history) if (circuit.source, circuit.destination) == (SOURCE, DESTINATION)]
    if len(found) != 2:
        raise FailedError(f"{SOURCE} called {len(found)} times, not twice")
    expect_no_stall(history, PERIOD, found[0].crossings[0].time, found[1].crossings[-1].time)
    return found[0], found[1]


def length(nodes: list[str]) -> int:
    """Return how long a way is."""
    cost_of = {frozenset((one, other)): cost for one, other, cost in links()}
    return sum(cost_of[frozenset(ends)] for ends in pairwise(nodes))


@check
def every_table_is_of_shortest_ways(history: History) -> Verdict:
    """Before the cut, the vectors of every switch tell of the shortest way to every node."""
    began, _ = cut_at(history)
    told = Told()
    for each in vectors(history):
        if each.time < began:
            told.hear(each.sender, each.receiver, each.switched.metrics)
    switches = history.nodes(SWITCH)
    for switch in switches:
        said, wanted = told.metrics(switch), shortest()[switch]
        if said != wanted:
            differ = sorted(name for name in said | wanted if said.get(name) != wanted.get(name))[0]
            return failed(f"{switch} says {said.get(differ)} of the way to {differ}, which is {wanted.get(differ)}")
    return passed(f"{len(switches)} switches tell of {sum(len(shortest()[switch]) for switch in switches)} ways")


@check
def packets_and_a_call_go_the_shortest_way(history: History) -> Verdict:
    """Before the cut, a message, a flow and a call go over as few switches as can be."""
    began, _ = cut_at(history)
    message, flow = message_and_flow(history)
    call, _ = two_calls(history)
    taken = [way.nodes for way in (*message, *flow) if way.ended < began]
    for nodes in [*taken, call.nodes]:
        if nodes[-1] != DESTINATION or length(nodes) != shortest()[SOURCE][DESTINATION]:
            return failed(f"the way {' '.join(nodes)} is not the shortest")
    return passed(f"{len(taken)} packets and a call went over {len(call.nodes) - 2} switches: {' '.join(call.nodes)}")


@check
def the_flow_finds_another_way(history: History) -> Verdict:
    """When a link is cut, the flow goes on by the shortest of the other ways; nothing is lost but until then."""
    began, _ = cut_at(history)
    _, flow = message_and_flow(history)
    taken = [nodes for nodes, _ in groupby(way.nodes for way in flow if way.came)]
    if len(taken) < 2 or length(taken[-1]) != shortest(CUT)[SOURCE][DESTINATION]:
        return failed(f"packets came by {'; then '.join(map(' '.join, taken)) or 'no way'}")
    first = next(way for way in flow if way.nodes == taken[-1])
    lost = [way for way in flow if not way.came]
    wrong = next((way for way in lost if way.ended < began or way.began > first.began), None)
    if wrong:
        return failed(f"packet {wrong.packet.sequence} was lost at another time", [at(wrong.crossings[-1].packet)])
    return passed(
        f"{len(lost)} packets were lost in {first.began - began:.1f} s; the others went {' '.join(taken[-1])}",
        [at(first.crossings[0].packet)],
    )


@check
def both_ends_of_the_call_are_told(history: History) -> Verdict:
    """When a link on the way of a circuit is cut, either end is told which switch has lost which neighbour."""
    call, _ = two_calls(history)
    _, cut = cut_at(history)
    evidence = []
    for end, by in ((SOURCE, CUT), (DESTINATION, CUT[::-1])):
        released = [c for c in call.of(Kind.RELEASE) if c.receiver == end and c.time > cut]
        if not released or (released[0].switched.who, released[0].switched.gone) != by:
            return failed(f"{end} was not told by {by[0]} that {by[1]} is gone", [at(c.packet) for c in released])
        evidence.append(at(released[0].packet))
        if not any(all(name in line for name in by) for line in history.printed(end).splitlines() if "circuit" in line):
            return failed(f"{end} does not show that {by[0]} has lost {by[1]}", evidence)
    return passed(f"{SOURCE} hears of {CUT[0]}, {DESTINATION} of {CUT[1]}", evidence)


@check
def a_new_call_goes_around(history: History) -> Verdict:
    """A new call is set up around the cut link, and data goes over it."""
    _, call = two_calls(history)
    if set(CUT) <= set(call.nodes) or length(call.nodes) != shortest(CUT)[SOURCE][DESTINATION]:
        return failed(f"it was set up by {' '.join(call.nodes)}")
    came = [c for c in call.of(Kind.DATA) if c.receiver == DESTINATION]
    if not came:
        return failed("no data came over it")
    return passed(f"it goes by {' '.join(call.nodes)}", [at(came[0].packet)])
