"""Packets of packet switches on their links, and the circuits that some of them belong to, as the taps show it.

    h1 ── setup, label 1 ──► a ── setup, label 3 ──► c ── setup, label 1 ──► h2     one circuit: three legs
    h1 ◄─ accept, label 1 ── a ◄─ accept, label 3 ── c ◄─ accept, label 1 ── h2     BACK: the receiver chose the label

A label means something only on its link, and to the end that chose it; whoever follows a circuit has to see it set up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lab.events import Packet
from lab.history import History, once
from lab.switching.switched import Kind, Switched, switched

Leg = tuple[str, str, int]
"""One link of a circuit: the node that chose the label, the node at the other end, the label."""


@dataclass(frozen=True, eq=False)
class Crossing:
    """A packet on one link. `packet` is the last of its IP fragments: it was sent when the last bit came over."""

    packet: Packet
    switched: Switched
    sender: str
    receiver: str

    @property
    def time(self) -> float:
        """When its last bit reached the end of the link."""
        return self.packet.time

    @property
    def port(self) -> int:
        """The UDP port of the link."""
        return self.packet.dport or 0

    @property
    def leg(self) -> Leg:
        """The leg of a circuit that it is on, if its kind goes by circuits."""
        ends = (self.receiver, self.sender) if self.switched.back else (self.sender, self.receiver)
        return (*ends, self.switched.label)


@dataclass(frozen=True, eq=False)
class Circuit:
    """A call: from whom to whom, the legs from the calling side on, and all of its packets."""

    source: str
    destination: str
    rate: int
    legs: tuple[Leg, ...]
    crossings: tuple[Crossing, ...]

    @property
    def nodes(self) -> list[str]:
        """Return the nodes that it was asked for from, from the calling side on."""
        return list(dict.fromkeys(node for chooser, other, _ in self.legs for node in (chooser, other)))

    def of(self, kind: Kind) -> list[Crossing]:
        """Return its packets of one kind, in order of time."""
        return [crossing for crossing in self.crossings if crossing.switched.kind is kind]


@once
def crossings(history: History) -> tuple[Crossing, ...]:
    """Return all sound packets of packet switches, in order of time. An end that is no node has its address."""
    found = ((packet, switched(packet)) for packet in history.packets("udp"))
    return tuple(
        Crossing(packet, read, *(history.node_at(end) or str(end) for end in (packet.src, packet.dst)))
        for packet, read in found
        if read
    )


@once
def circuits(history: History) -> tuple[Circuit, ...]:
    """Return the circuits that were asked for, in order of time, also those that were refused."""
    tracer = _Tracer()
    for crossing in crossings(history):
        if crossing.switched.kind is Kind.SETUP:
            tracer.setup(crossing)
        elif crossing.switched.kind in (Kind.ACCEPT, Kind.DATA, Kind.RELEASE, Kind.KEEP):
            tracer.follow(crossing)
    return tuple(tracer.circuits())


class _Tracer:
    """Follows calls from leg to leg: one that came to a switch goes on with the next SETUP like it from there."""

    def __init__(self) -> None:
        self._found: list[list[Crossing]] = []  # of each circuit
        self._at: dict[Leg, list[Crossing]] = {}  # the circuit that had a leg last
        self._released: set[Leg] = set()
        self._waiting: list[Crossing] = []  # SETUPs that may yet be passed on

    def setup(self, crossing: Crossing) -> None:
        leg, asked = crossing.leg, crossing.switched
        passed_on = next((c for c in self._waiting if c.receiver == crossing.sender and _same(c, crossing)), None)
        if passed_on is not None:
            self._waiting.remove(passed_on)
        if leg in self._at and leg not in self._released and _same(self._at[leg][0], crossing):
            circuit = self._at[leg]  # sent again
        elif passed_on is not None:
            circuit = self._at[passed_on.leg]
        else:
            circuit = []
            self._found.append(circuit)
        circuit.append(crossing)
        self._at[leg] = circuit
        self._released.discard(leg)
        if crossing.receiver != asked.destination and leg not in [c.leg for c in self._waiting]:
            self._waiting.append(crossing)

    def follow(self, crossing: Crossing) -> None:
        leg = crossing.leg
        if leg not in self._at:
            return
        self._at[leg].append(crossing)
        if crossing.switched.kind is Kind.RELEASE:
            self._released.add(leg)
            self._waiting = [c for c in self._waiting if c.leg != leg]

    def circuits(self) -> Iterator[Circuit]:
        for found in self._found:
            first = found[0].switched
            legs = dict.fromkeys(c.leg for c in found if c.switched.kind is Kind.SETUP)
            yield Circuit(first.source, first.destination, first.rate, tuple(legs), tuple(found))


def _same(one: Crossing, other: Crossing) -> bool:
    """Tell whether two SETUPs are of one call."""
    return _call(one.switched) == _call(other.switched)


def _call(asked: Switched) -> tuple[str, str, int]:
    return asked.source, asked.destination, asked.sequence
