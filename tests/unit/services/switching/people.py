"""People at hosts on simulated time, and what has come over the links of their network."""

from __future__ import annotations

from services.switching.header import Kind, Packet, decode
from services.switching.host import Host
from services.switching.line import Line
from tests.unit.services.switching.network import Arrival, Network

RATE = 1_000_000


class Person:
    """A host, what it has shown, and a hand that types."""

    def __init__(self, name: str, neighbour: str, rate: float = RATE, queue: int = 1000, circuits: int = 64) -> None:
        self.shown: list[str] = []
        self.has_left = 0
        self.host = Host(name, Line(neighbour, rate, 0.0, queue), self.shown.append, self._leave, circuits=circuits)

    def _leave(self) -> None:
        self.has_left += 1

    def type(self, network: Network, text: str) -> None:
        self.host.typed(network.now, text.encode())


def of_kind(network: Network, kind: Kind) -> list[tuple[Arrival, Packet]]:
    came = [(arrival, decode(arrival.data)) for arrival in network.arrivals]
    return [(arrival, packet) for arrival, packet in came if packet.kind is kind]
