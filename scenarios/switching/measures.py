"""What many packet switches cost, measured from the wire: how soon they agree, and how much they tell each other.

starts    vectors that tell something new          the same again and again      cut    other way found
──┬───────────┬──────────────────────────┬─────────────────────────────────────────┬─────────────┬───────
          last node heard            last news       vectors are counted           └── healing ──┘
              └────── settling ──────────┘
"""

from dataclasses import dataclass
from itertools import pairwise

from lab.history import History
from lab.switching.crossings import Crossing
from lab.switching.switched import Kind
from lab.switching.tables import SWITCH
from lab.switching.ways import ways
from scenarios.switching.checks.thirty import cut_at
from scenarios.switching.checks.vectors import Told, vectors
from scenarios.verdict import FailedError

COUNTED_SECONDS = 2.0
"""So long before the cut vectors are counted: for four periods."""


@dataclass(frozen=True)
class Measured:
    """What one run has shown; times in seconds."""

    switches: int
    links: int
    routes: int  # of a switch: the most that any of them has
    settling: float
    healing: float
    told: float  # bytes a second of all vectors, on all links


def measure(history: History) -> Measured:
    """Measure a run in which one link was cut under a flow of datagrams. FailedError if that is not what it was."""
    began, _ = cut_at(history)
    told = [each for each in vectors(history) if each.time < began]
    tables = Told()
    for each in told:
        tables.hear(each.sender, each.receiver, each.switched.metrics)
    switches = history.nodes(SWITCH)
    counted = [each.switched.length for each in told if each.time >= began - COUNTED_SECONDS]
    return Measured(
        switches=len(switches),
        links=len({each.port for each in told}),
        routes=max(len(tables.metrics(switch)) for switch in switches),
        settling=settling(told),
        healing=healing(history),
        told=sum(counted) / COUNTED_SECONDS,
    )


def settling(told: list[Crossing]) -> float:
    """Return how long after the last node was heard for the first time a vector told something new for the last time.

    FailedError if there is no vector.
    """
    first: dict[str, float] = {}
    for each in told:
        first.setdefault(each.sender, each.time)
    if not first:
        raise FailedError("nobody told anybody how far it is")
    return news(told)[-1].time - max(first.values())


def news(told: list[Crossing]) -> list[Crossing]:
    """Return the vectors that are not the same as the one before on the same line: the sender's table has changed."""
    last: dict[tuple[str, str], dict[str, int]] = {}
    found = []
    for each in told:
        line = each.sender, each.receiver
        if last.get(line) != each.switched.metrics:
            found.append(each)
        last[line] = each.switched.metrics
    return found


def healing(history: History) -> float:
    """Return the longest time in which nothing came of what was sent. FailedError if two datagrams did not come."""
    came = [way.began for way in ways(history) if way.packet.kind is Kind.DATAGRAM and way.came]
    if len(came) < 2:
        raise FailedError(f"{len(came)} datagrams came")
    return max(later - earlier for earlier, later in pairwise(came))
