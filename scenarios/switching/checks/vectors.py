"""What switches tell their neighbours of how far it is, as the wire shows it."""

from collections.abc import Mapping
from itertools import pairwise

from lab.events import Exited
from lab.history import History
from lab.switching.crossings import Crossing, crossings
from lab.switching.switched import Kind
from scenarios.verdict import UnseenError

INFINITY = 16
SILENT_PERIODS = 3
"""So many periods without a word of it, and a neighbour is given up."""


def vectors(history: History, teller: str | None = None, listener: str | None = None) -> list[Crossing]:
    """Return the vectors from, to, in order of time."""
    return [
        crossing
        for crossing in crossings(history)
        if crossing.switched.kind is Kind.VECTOR
        and teller in (None, crossing.sender)
        and listener in (None, crossing.receiver)
    ]


def expect_no_stall(history: History, period: float, began: float, ended: float) -> None:
    """Raise UnseenError if a node ran and was so slow that its neighbours had to take it for dead.

    A machine that is too busy does that, and what follows from it is not the fault of who is judged.
    """
    said: dict[str, list[float]] = {}
    for told in vectors(history):
        said.setdefault(told.sender, []).append(told.time)
    for node, times in said.items():
        ends = [exited.time for exited in history.of(Exited) if exited.node == node]
        for before, after in pairwise(times):
            was_dead = any(before <= end <= after for end in ends)
            if after - before >= SILENT_PERIODS * period and after >= began and before <= ended and not was_dead:
                raise UnseenError(f"the machine was too busy: {node} said nothing for {after - before:.1f} s")


class Told:
    """How far each node says it is to each other one.

    With poisoned reverse, a node says infinity to the neighbour that it goes by, so what it told last on all its lines
    has to be taken together; of a node with one line, that is nothing.
    """

    def __init__(self) -> None:
        """Have heard nothing yet."""
        self._last: dict[str, dict[str, Mapping[str, int]]] = {}  # by teller, then by listener

    def hear(self, teller: str, listener: str, metrics: Mapping[str, int]) -> None:
        """Take in a vector."""
        self._last.setdefault(teller, {})[listener] = metrics

    def metrics(self, teller: str) -> dict[str, int]:
        """Return how far it is from a node to each that it can reach."""
        found: dict[str, int] = {}
        for metrics in self._last.get(teller, {}).values():
            for name, metric in metrics.items():
                if name != teller and metric < INFINITY:
                    found[name] = min(metric, found.get(name, metric))
        return found
