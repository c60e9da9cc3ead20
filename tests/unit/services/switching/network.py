"""A network on simulated time: nodes with lines, joined by their names, and a clock that jumps to what is next.

    network = Network({"a": switch_a, "b": switch_b})     a.lines["b"] and b.lines["a"] are one link
    network.run(2.5)                                      two and a half seconds, in no time
    network.run_until(lambda: ..., within=5)              until a condition holds

What happens at the same time happens in the order of names, packets before timers: equal runs are equal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from services.switching.line import Line

MOST_STEPS_AT_ONCE = 10_000


class Node(Protocol):
    """Anything with lines."""

    lines: dict[str, Line]

    def receive(self, now: float, line: str, data: bytes) -> None: ...
    def tick(self, now: float) -> None: ...
    def due(self) -> float | None: ...


class Arrival(NamedTuple):
    """A packet that reached the far end of a link."""

    time: float
    sender: str
    receiver: str
    data: bytes


class Network:
    """Nodes, the links that are cut, what is lost on purpose, and all that arrived."""

    def __init__(self, nodes: dict[str, Node], lose: Callable[[Arrival], bool] = lambda arrival: False) -> None:
        """`lose` is asked about each packet that would arrive, and may be set anew at any time."""
        self.nodes = nodes
        self.lose = lose
        self.now = 0.0
        self.arrivals: list[Arrival] = []
        self._cut: set[frozenset[str]] = set()

    def cut(self, one: str, other: str) -> None:
        self._cut.add(frozenset((one, other)))

    def heal(self, one: str, other: str) -> None:
        self._cut.remove(frozenset((one, other)))

    def stop(self, name: str) -> None:
        """Take a node out; a new one may be put in its place in `nodes`."""
        del self.nodes[name]

    def run(self, seconds: float) -> None:
        self._run(self.now + seconds, lambda: False)

    def run_until(self, condition: Callable[[], bool], within: float) -> float:
        """Run until a condition holds; return when that was. Fail when it does not within so many seconds."""
        assert self._run(self.now + within, condition), f"not within {within} s of simulated time"
        return self.now

    def _run(self, end: float, condition: Callable[[], bool]) -> bool:
        steps = 0
        while not condition():
            due = self._due()
            if due is None or due > end:
                self.now = end
                return condition()
            steps = 0 if due > self.now else steps + 1
            assert steps < MOST_STEPS_AT_ONCE, f"at {self.now} s something is due for ever"
            self.now = max(self.now, due)
            self._step()
        return True

    def _due(self) -> float | None:
        lines = [line.due() for node in self.nodes.values() for line in node.lines.values()]
        timers = [node.due() for node in self.nodes.values()]
        return min((due for due in lines + timers if due is not None), default=None)

    def _step(self) -> None:
        for sender in sorted(self.nodes):
            for receiver, line in sorted(self.nodes[sender].lines.items()):
                for data in line.take(self.now):
                    self._arrive(Arrival(self.now, sender, receiver, data))
        for _, node in sorted(self.nodes.items()):
            due = node.due()
            if due is not None and due <= self.now:
                node.tick(self.now)

    def _arrive(self, arrival: Arrival) -> None:
        if frozenset((arrival.sender, arrival.receiver)) in self._cut or self.lose(arrival):
            return
        if arrival.receiver in self.nodes:
            self.arrivals.append(arrival)
            self.nodes[arrival.receiver].receive(arrival.time, arrival.sender, arrival.data)
