"""A flow of datagrams whose way breaks and is mended: the way of each packet, what was lost, what came late.

    before   h1 a c e f h2
    lost     h1 a c ✗              until the silence is noticed
    around   h1 a b d f h2
    after    h1 a c e f h2         these overtake the last ones on the slow link b-d

The break is a cut of the link c-e, or the end of the switch c.
"""

from dataclasses import dataclass
from itertools import pairwise

from lab.events import Exited, Fault
from lab.history import History
from lab.switching.ways import Way, flows
from scenarios.switching.checks.vectors import expect_no_stall
from scenarios.verdict import FailedError

SOURCE, DESTINATION = "h1", "h2"
SHORT, LONG = ["h1", "a", "c", "e", "f", "h2"], ["h1", "a", "b", "d", "f", "h2"]
SWITCH = "c"
PERIOD = 0.5


@dataclass(frozen=True)
class Break:
    """When the way broke, and the links before that: whatever is lost was seen last on one of them."""

    began: float
    done: float  # for sure
    before: list[tuple[str, str]]


@dataclass(frozen=True)
class Phases:
    """The packets of a flow, by what became of them, each in order of sequence."""

    before: list[Way]
    lost: list[Way]
    around: list[Way]
    after: list[Way]


def flow(history: History) -> list[Way]:
    """Return the ways of the packets of the flow. FailedError if there is not one; UnseenError if the lab stalled."""
    found = [ways for ways in flows(history, SOURCE, DESTINATION) if len(ways) > 1]
    if len(found) != 1:
        raise FailedError(f"{len(found)} flows went from {SOURCE} to {DESTINATION}, not one")
    expect_no_stall(history, PERIOD, found[0][0].began, max(way.ended for way in found[0]))
    return found[0]


def phases(history: History) -> Phases:
    """Divide the flow. FailedError if nothing of it took the long way."""
    ways = flow(history)
    first = next((way.packet.sequence for way in ways if way.nodes == LONG), None)
    if first is None:
        raise FailedError(f"no packet took the way {' '.join(LONG)}")
    return Phases(
        before=[way for way in ways if way.nodes == SHORT and way.packet.sequence < first],
        lost=[way for way in ways if not way.came],
        around=[way for way in ways if way.nodes == LONG],
        after=[way for way in ways if way.nodes == SHORT and way.packet.sequence > first],
    )


def late(ways: list[Way]) -> list[Way]:
    """Return the packets that later ones overtook, in order of sequence."""
    highest, found = -1, []
    for way in sorted((way for way in ways if way.came), key=lambda way: way.ended):
        if way.packet.sequence < highest:
            found.append(way)
        highest = max(highest, way.packet.sequence)
    return sorted(found, key=lambda way: way.packet.sequence)


def broken(history: History) -> Break:
    """Return when and where the way broke. FailedError if it did not."""
    cuts = [fault for fault in history.of(Fault) if fault.link == "c-e" and fault.what.startswith("no longer hears")]
    kills = [fault for fault in history.of(Fault) if fault.node == SWITCH and fault.what.startswith("killed")]
    if not cuts and not kills:
        raise FailedError("the way was not broken")
    ends = [exited for exited in history.of(Exited) if exited.node == SWITCH]
    last = SHORT.index("e" if cuts else SWITCH)
    return Break(
        began=min(fault.began or fault.time for fault in cuts or kills),
        done=max(event.time for event in [*cuts, *kills, *ends]),
        before=list(pairwise(SHORT[: last + 1])),
    )
