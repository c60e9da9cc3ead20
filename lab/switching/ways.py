"""The ways of packets over packet switches: which nodes each packet passed, when, and where it was seen last.

    h1 ─► a ─► c ─► f ─► h2     came: it was seen on its way to the node that it is for
    h1 ─► a ─► c ─►             lost: it was seen on its way to e, and e neither sent it on nor is what it is for

A link is cut by dropping what comes IN, so the wire still shows what is sent into a cut link. So a node counts as
passed only if it sent the packet on; the one that the packet is for, if it was sent there.
"""

from dataclasses import dataclass

from lab.history import History, once
from lab.switching.crossings import Circuit, Crossing, circuits, crossings
from lab.switching.switched import Kind, Switched


@dataclass(frozen=True)
class Way:
    """The way of one packet, link by link."""

    crossings: tuple[Crossing, ...]
    goal: str | None  # the node that it is for; None for a packet of a circuit that nobody saw set up
    circuit: Circuit | None = None

    @property
    def packet(self) -> Switched:
        """The packet as it was first seen."""
        return self.crossings[0].switched

    @property
    def began(self) -> float:
        """When it was first seen: its last bit had crossed the first link."""
        return self.crossings[0].time

    @property
    def ended(self) -> float:
        """When it was seen last."""
        return self.crossings[-1].time

    @property
    def came(self) -> bool:
        """Whether it was sent to the node that it is for."""
        return self.crossings[-1].receiver == self.goal

    @property
    def passed(self) -> list[tuple[str, float]]:
        """The nodes that it passed, each with the time when it was there as a whole; the first, when it had left."""
        here = [(self.crossings[0].sender, self.began)]
        here += [(c.receiver, c.time) for c in self.crossings]
        return here if self.came else here[:-1]

    @property
    def nodes(self) -> list[str]:
        """The nodes that it passed."""
        return [node for node, _ in self.passed]

    @property
    def lost_on(self) -> tuple[str, str] | None:
        """The link (from, to) that a packet which did not come was seen on last, or None."""
        return None if self.came or self.goal is None else (self.crossings[-1].sender, self.crossings[-1].receiver)


@once
def ways(history: History) -> tuple[Way, ...]:
    """Return the way of every packet but vectors, in order of their first sightings.

    A sighting goes on with the youngest way that led to its sender and bore the same: source, destination or circuit,
    sequence and payload. Packets that are alike in all that, and on their way at the same time, may be taken for each
    other: give each a payload of its own.
    """
    circuit_of = {crossing: circuit for circuit in circuits(history) for crossing in circuit.crossings}
    found: list[tuple[list[Crossing], str | None, Circuit | None]] = []
    under_way: dict[object, list[list[Crossing]]] = {}
    for crossing in crossings(history):
        read, circuit = crossing.switched, circuit_of.get(crossing)
        if read.kind is Kind.VECTOR:
            continue
        goal = _goal(crossing, circuit)
        same = under_way.setdefault(_kept(crossing, circuit), [])
        way = next((way for way in reversed(same) if way[-1].receiver == crossing.sender), None)
        if way is None:
            way = []
            same.append(way)
            found.append((way, goal, circuit))
        way.append(crossing)
        if crossing.receiver == goal:
            same.remove(way)
    return tuple(Way(tuple(way), goal, circuit) for way, goal, circuit in found)


def flows(history: History, source: str, destination: str, circuit: Circuit | None = None) -> list[list[Way]]:
    """Return the messages and flows from one host to another, each as the ways of its packets in order of sequence.

    Those of a circuit are asked for by it; else datagrams are meant.
    """
    kind = Kind.DATA if circuit else Kind.DATAGRAM
    found: list[list[Way]] = []
    for way in ways(history):
        ends = way.crossings[0].sender, way.goal
        if way.packet.kind is kind and way.circuit is circuit and ends == (source, destination):
            begun = (
                f for f in reversed(found) if not f[-1].packet.last and f[-1].packet.sequence < way.packet.sequence
            )
            if (flow := next(begun, None)) is not None:
                flow.append(way)
            else:
                found.append([way])
    return found


def _goal(crossing: Crossing, circuit: Circuit | None) -> str | None:
    read = crossing.switched
    if circuit is None:
        return read.destination or None
    if read.kind is Kind.RELEASE and read.back and read.last:  # an answer goes to who released
        return crossing.receiver
    return circuit.source if read.back else circuit.destination


def _kept(crossing: Crossing, circuit: Circuit | None) -> object:
    """Return what stays the same on every link."""
    read = crossing.switched
    if read.kind is Kind.SETUP:  # each link has a label of its own, and that is its payload
        return read.kind, circuit
    where = circuit or (crossing.leg if read.kind is not Kind.DATAGRAM else None)
    return read.kind, where, read.source, read.destination, read.back, read.sequence, read.last, read.payload
