"""Runs a node on real sockets: one thread that waits for what is due next, a packet or a timer.

    forever:  wait until a packet comes, a timer of the node is due, or a packet has reached the end of a line
              hand over what came -> let the timers act -> send what has reached the end of its line

A datagram is sent at the moment when its last bit would reach the far end, so on the wire stands what a link of
that rate and delay would show. All times are absolute: waking up late now makes nothing later after that.
"""

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from services.switching.far_end import FarEnd
from services.switching.line import Line
from services.switching.options import Link


class Node(Protocol):
    """What can be run: anything with lines."""

    lines: dict[str, Line]

    def receive(self, now: float, line: str, data: bytes) -> None:
        """Take in what came on a line."""

    def tick(self, now: float) -> None:
        """Do what is due by now."""

    def due(self) -> float | None:
        """Return when `tick` wants to be called next, if ever."""


class Loop:
    """The sockets of a node, and its clock."""

    def __init__(self, node: Node, links: Sequence[Link]) -> None:
        """Bind to our ends of the links. Raises OSError, whose `filename` says which."""
        self._node = node
        self._ends: dict[str, FarEnd] = {}
        self._selector = selectors.SelectSelector()  # the others wait in whole milliseconds: too coarse for a line
        for link in links:
            try:
                end = FarEnd(link.port, link.remote)
            except OSError as error:
                error.filename = f"UDP port {link.port}"
                raise
            self._ends[link.neighbour] = end
            self.watch(end.socket, self._receiver(link.neighbour, end))

    def watch(self, file: socket.socket | int, act: Callable[[float], None]) -> None:
        """Call `act` with the time whenever there is something to read from a socket or file descriptor."""
        self._selector.register(file, selectors.EVENT_READ, act)

    def run(self) -> None:
        """Run the node for ever."""
        while True:
            self._turn()

    def _turn(self) -> None:
        due = self._due()
        wait = None if due is None else max(0.0, due - time.monotonic())
        for key, _ in self._selector.select(wait):
            key.data(time.monotonic())
        # Timers come second: a node that was held up for long hears first who is still there.
        now = time.monotonic()
        due = self._node.due()
        if due is not None and due <= now:
            self._node.tick(now)
        for name, line in self._node.lines.items():
            for data in line.take(now):
                self._ends[name].send(now, data)

    def _due(self) -> float | None:
        times = [self._node.due(), *(line.due() for line in self._node.lines.values())]
        return min((due for due in times if due is not None), default=None)

    def _receiver(self, name: str, end: FarEnd) -> Callable[[float], None]:
        def receive(now: float) -> None:
            for came, data in end.receive(now):
                self._node.receive(came, name, data)

        return receive
