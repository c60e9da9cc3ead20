"""A packet switch: takes a whole packet in, checks it, and sends it on by the line that its table says.

                      .-- VECTOR -------------------------> routes
    line -> decode ---+-- DATAGRAM -- routes.next_hop ----> queue of the next line
              |       '-- SETUP, ACCEPT, DATA, ... -------> circuits
              '-- flawed: counted, dropped

There is nothing to repair here: what is flawed, has no way to go, has gone too far or finds the queue full is dropped
and counted. It does no I/O; `loop` runs it on sockets, and the tests on simulated time.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum

from services.switching.circuits import Circuits
from services.switching.header import BadPacketError, Flaw, Kind, Packet, decode, encode
from services.switching.labels import MOST_LABELS
from services.switching.line import Line
from services.switching.routing import Routes, pack_vector, unpack_vector


class Drop(StrEnum):
    """Why a packet without a flaw was not sent on. One that found a queue full is counted by the line."""

    NO_ROUTE = "no route"
    HOPS = "hops used up"


class Switch:
    """Lines, a table of routes, one of circuits, and counters."""

    def __init__(
        self,
        name: str,
        lines: Iterable[Line],
        routes: Routes,
        tell: Callable[[str], None],
        most_labels: int = MOST_LABELS,
    ) -> None:
        """`tell` is given what a person should know: that a neighbour is lost, or back."""
        self.name = name
        self.lines = {line.name: line for line in lines}
        self.routes = routes
        self.circuits = Circuits(name, self.lines, routes.next_hop, most_labels)
        self.received = Counter[str](dict.fromkeys(self.lines, 0))
        self.drops = Counter[str](dict.fromkeys([*Flaw, *Drop], 0))
        self.delivered = 0
        self._tell = tell

    def receive(self, now: float, line: str, data: bytes) -> None:
        """Take in what came on a line."""
        self.received[line] += 1
        try:
            packet = decode(data)
            if self.routes.heard_from(now, line):
                self._tell(f"{self.name}: {line} is back")
            if packet.kind is Kind.VECTOR:
                self._learn(now, line, packet)
            elif packet.kind is Kind.DATAGRAM:
                self._forward(now, packet)
            else:
                self.circuits.receive(now, line, packet)
        except BadPacketError as error:
            self.drops[error.flaw] += 1

    def tick(self, now: float) -> None:
        """Do what is due by now."""
        for line in self.routes.expire(now):
            self._tell(f"{self.name}: {line} is lost: nothing comes from there any more")
            self.circuits.neighbour_gone(now, line)
        self.circuits.tick(now)
        for line, vector in self.routes.vectors(now).items():
            self._send(now, line, Packet(Kind.VECTOR, source=self.name, payload=pack_vector(vector)))

    def due(self) -> float | None:
        """Return when `tick` wants to be called next, if ever."""
        times = [self.routes.due(), self.circuits.due()]
        return min((due for due in times if due is not None), default=None)

    def _learn(self, now: float, line: str, packet: Packet) -> None:
        if packet.source != line:  # nobody speaks for another
            raise BadPacketError(Flaw.ADDRESS)
        self.routes.hear(now, line, unpack_vector(packet.payload))

    def _forward(self, now: float, packet: Packet) -> None:
        if packet.destination == self.name:
            self.delivered += 1
            return
        line = self.routes.next_hop(packet.destination)
        if line is None:
            self.drops[Drop.NO_ROUTE] += 1
        elif packet.hops <= 1:
            self.drops[Drop.HOPS] += 1
        else:
            self._send(now, line, replace(packet, hops=packet.hops - 1))

    def _send(self, now: float, line: str, packet: Packet) -> None:
        self.lines[line].offer(now, encode(packet), packet.kind.is_urgent)
