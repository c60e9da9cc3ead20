"""The comparison of datagrams and circuits as it is played, by hand; each field changes a part of it."""

from dataclasses import dataclass, field
from itertools import pairwise

from scenarios.switching.checks.trouble import DROPPED
from scenarios.switching.checks.workload import BIG, PAIRS, RATE, SHOWN, SMALL
from services.switching.header import Kind, Packet
from services.switching.signalling import Reason
from tests.unit.scenarios.switching.wires import Circuit, Links

ONES = (1, 1, 1, 1, 1)
SHORT, LONG = "f e c a", "f d b a"
PACKETS, DIES, AROUND, BACK = 16, 2, 8, 12
"""Of a flow; before the switch dies; before the other way is taken; before the switch is back."""


@dataclass
class Compared:
    """What is played."""

    looks_before: bool = True
    routes_more: tuple[str, ...] = ()  # that a switch has while datagrams are sent
    overloaded: bool = True
    dropped_after: str = "h4 f"  # the way of the datagram that the link has no room for, as far as it comes
    dropped_behind: int = 0  # datagrams of the other host, by e, which a busy machine kept waiting
    refused: bool = True
    lost_though_reserved: bool = False
    call_meanwhile: bool = False
    lost: bool = True
    around: str = LONG
    gap: float = 1.0  # seconds from the death to the first datagram around it, and to the release of circuits
    typed: bool = False
    overtaken: bool = True
    back: bool = True
    early_data: bool = False
    first_way: str = SHORT
    second_way: str = LONG
    reason: Reason = Reason.NEIGHBOUR_GONE
    called_again: bool = True
    called_for_data: bool = True  # whether any comes over the second circuit
    overtaken_in_a_circuit: bool = False
    shown_circuits: bool = True
    entry_left: bool = False
    wire: Links = field(default_factory=Links)

    def play(self) -> "Compared":
        """Play all of it."""
        if self.looks_before:
            self.look()
        if self.overloaded:
            self.overload_by_datagrams()
            self.look(more=self.routes_more)
            self.overload_over_circuits()
        self.work_by_datagrams()
        self.work_over_circuits()
        return self

    def look(self, *circuits: Circuit, more: tuple[str, ...] = (), dead: str = "") -> None:
        """Let the switches show their tables, with what they have of these circuits."""
        for switch in SHOWN:
            others = [name for name in self.wire.topology.nodes if name not in (switch, dead)]
            entries = [circuit.entry(switch) for circuit in circuits if switch in circuit.nodes]
            routes: dict[str, dict[str, object]] = {name: {"via": "f", "metric": 1} for name in (*others, *more)}
            if dead:
                routes[dead] = {"via": None, "metric": 16}
            self.wire.tables(switch, routes=routes, circuits=entries if self.shown_circuits else [])

    def overload_by_datagrams(self) -> None:
        for number in range(DROPPED + 3):
            for here, there in PAIRS:
                way = f"{here} {SHORT} {there}"
                if self.dropped_after and here == "h4" and 0 < number < DROPPED + 2:
                    way = self.dropped_after
                if here == "h2" and 0 < number <= self.dropped_behind:
                    way = "h2 f e"
                self.wire.datagram(way, number, filled(BIG), last=number == DROPPED + 2, to=there)

    def overload_over_circuits(self) -> None:
        (here, there), (other, to) = PAIRS
        circuit = self.wire.circuit(f"{here} {SHORT} {there}", ONES, rate=RATE).open()
        second = self.wire.circuit(f"{other} {SHORT} {to}", (1, 2, 2, 2, 1), rate=RATE)
        if self.refused:
            second.setup(links=1)
            second.release(Reason.NO_RATE, "f", back=True, start=4)
        else:
            second.open()
        for number in range(3):
            short = self.lost_though_reserved and number == 1
            circuit.data(filled(BIG), number, last=number == 2, links=1 if short else None)
        circuit.release()

    def work_by_datagrams(self) -> None:
        for number in range(PACKETS):
            if number == DIES:
                self.die()
            if self.call_meanwhile and number == 5:
                self.wire.circuit("h1 a h3", (1, 1)).setup()
            if number == AROUND:
                if self.typed:
                    self.wire.typed("h2", "flow h1 100 0.02")
                self.wire.later(self.gap)
            if number == BACK:
                self.wire.node("c", "packet-switch")
            by = self.around if AROUND <= number < BACK or (number >= BACK and not self.back) else SHORT
            for here, there in PAIRS:
                lost = self.lost and DIES <= number < AROUND
                way = f"{here} f e c" if lost else f"{here} {by} {there}"
                if self.overtaken and number == BACK - 1:
                    way = f"{here} f d"
                self.wire.datagram(way, number, filled(SMALL), last=number == PACKETS - 1, to=there)
                if self.overtaken and number == BACK:  # the one before it was still on the longer way
                    late = Packet(Kind.DATAGRAM, here, there, sequence=BACK - 1, payload=filled(SMALL))
                    for link in pairwise(["d", "b", "a", there]):
                        self.wire.cross(*link, late)

    def work_over_circuits(self) -> None:
        first = [self.circuit(pair, self.first_way, 2) for pair in PAIRS]
        for circuit in first:
            if self.early_data:
                circuit.setup()
                circuit.data(filled(SMALL), 0, links=1)
                circuit.go(Kind.ACCEPT, back=True, links=3)
                circuit.go(Kind.ACCEPT, back=True, start=4)
            else:
                circuit.open()
        self.look(*first)
        for number in range(AROUND):
            if number == DIES:
                self.die()
            for circuit in first:
                circuit.data(filled(SMALL), number, links=None if number < DIES else 2)
        self.wire.later(self.gap)
        for circuit in first:
            circuit.release(self.reason, "e", "c", back=True, start=3)
        if self.called_again:
            second = [self.circuit(pair, self.second_way, 3).open() for pair in PAIRS]
            self.look(*second, dead="c")
            self.send_over(second)
            if self.back:
                self.wire.node("c", "packet-switch")
            self.send_over(second, PACKETS)
            for circuit in second:
                circuit.release()
        self.look(*first[:1] if self.entry_left else ())

    def send_over(self, circuits: list[Circuit], first: int = 0) -> None:
        for circuit in circuits:
            if self.overtaken_in_a_circuit:
                circuit.data(filled(SMALL), first, links=2)
                circuit.data(filled(SMALL), first + 1)
                circuit.data(filled(SMALL), first, start=2)
            else:
                circuit.data(filled(SMALL), first, links=None if self.called_for_data else 2)

    def circuit(self, pair: tuple[str, str], way: str, number: int) -> Circuit:
        """Prepare a circuit for the work; those of the second pair have other labels in the middle."""
        labels = ONES if pair == PAIRS[0] else (1, 2, 2, 2, 1)
        return self.wire.circuit(f"{pair[0]} {way} {pair[1]}", labels, number=number)

    def die(self) -> None:
        self.wire.fault("c", "killed with SIGKILL")
        self.wire.exited("c", 137)


def filled(size: int) -> bytes:
    return b"f1 1 1 ".ljust(size, b".")
