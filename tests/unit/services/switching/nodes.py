"""Switches for a network on simulated time, and stations: hosts that only send what a test gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.switching.header import Kind, Packet, decode, encode
from services.switching.line import Line
from services.switching.routing import PERIOD, DistanceVector, Guard, Routes, pack_vector
from services.switching.switch import Switch
from tests.unit.services.switching.network import Network, Node

RATE = 1_000_000.0
DELAY = 0.001


class Station:
    """A host with one line: tells its name, sends what it is given, keeps what comes for it."""

    def __init__(self, name: str, line: Line) -> None:
        self.name = name
        self.line = line
        self.lines = {line.name: line}
        self.received: list[tuple[float, Packet]] = []
        self._next = 0.0

    def send(self, now: float, packet: Packet) -> None:
        self.line.offer(now, encode(packet), packet.kind.is_urgent)

    def receive(self, now: float, line: str, data: bytes) -> None:
        packet = decode(data)
        if packet.kind is not Kind.VECTOR:
            self.received.append((now, packet))

    def tick(self, now: float) -> None:
        self._next = now + PERIOD
        self.send(now, Packet(Kind.VECTOR, source=self.name, payload=pack_vector({self.name: 0})))

    def due(self) -> float | None:
        return self._next


class Town:
    """Switches by their links, and stations by their switches, in one network."""

    def __init__(
        self,
        links: Iterable[tuple[str, str]],
        stations: Mapping[str, str] = {},
        rate: float = RATE,
        delay: float = DELAY,
        queue: int = 32,
        guard: Guard = Guard.POISONED_REVERSE,
        costs: Mapping[tuple[str, str], int] = {},
        fixed: Mapping[str, Routes] = {},
    ) -> None:
        self._lines: dict[str, list[Line]] = {}
        self._guard = guard
        self._fixed = fixed
        self.told: list[str] = []
        for one, other in [*links, *stations.items()]:
            cost = costs.get((one, other), 1)
            self._lines.setdefault(one, []).append(Line(other, rate, delay, queue, cost))
            self._lines.setdefault(other, []).append(Line(one, rate, delay, queue, cost))
        self.stations = {name: Station(name, self._lines[name][0]) for name in stations}
        self.switches = {name: self.switch(name) for name in self._lines if name not in stations}
        nodes: dict[str, Node] = {**self.stations, **self.switches}
        self.network = Network(nodes)

    def switch(self, name: str) -> Switch:
        """Make a switch, as it is when it starts."""
        lines = [Line(line.name, line.rate, line.delay, line.queue, line.cost) for line in self._lines[name]]
        costs = {line.name: line.cost for line in lines}
        routes = self._fixed.get(name) or DistanceVector(name, costs, guard=self._guard)
        return Switch(name, lines, routes, tell=self.told.append)

    def restart(self, name: str) -> None:
        self.switches[name] = self.network.nodes[name] = self.switch(name)

    def metrics(self, name: str) -> dict[str, int]:
        """Return what one switch can reach, and how far it is."""
        table = self.switches[name].routes.table()
        return {to: metric or 0 for to, (_, metric) in table.items() if self.switches[name].routes.next_hop(to)}
