"""Histories of packet switches by hand: packets cross the links of a topology, switches tell their tables.

wire = Links("datagram")                                 all nodes are started
wire.datagram("h1 a c e f h2", sequence=3)               one sighting on each link
circuit = wire.circuit("h1 a c e f h2", (1, 2, 2, 2, 1)) with a label on each link
circuit.open()                                           SETUP all the way, ACCEPT all the way back
circuit.data(b"hello", sequence=0)
circuit.data(b"hello", sequence=0, back=True)
circuit.release()                                        with the answer to it on each link
wire.tables("a", circuits=[...])                         as services.switch_tables --json prints them
"""

import json
from collections.abc import Sequence
from itertools import pairwise

from lab.events import Fault
from lab.events import Packet as Seen
from lab.state import Wish
from services.switching.header import FIRST_HOPS, Kind, Packet, encode
from services.switching.routing import pack_vector
from services.switching.signalling import Reason, Release, Setup
from tests.unit.scenarios.histories import Wire


class Links(Wire):
    """The one network that all links of a topology are on, with all of its nodes started."""

    def __init__(self, topology: str = "datagram") -> None:
        super().__init__("wire", "10.86.0")
        self.topology = Wish(topology).load()
        self._port_of = {frozenset(link.ends): link.port for link in self.topology.links}
        for node in self.topology.nodes.values():
            self.node(node.name, node.role.name)

    def cross(self, sender: str, receiver: str, packet: Packet | bytes) -> Seen:
        """Let a packet, or any bytes, cross the link between two nodes."""
        port = self._port_of[frozenset((sender, receiver))]
        payload = encode(packet) if isinstance(packet, Packet) else packet
        return self.packet("udp", src=self.address(sender), dst=self.address(receiver), sport=port, dport=port,
                           payload=payload, eth_src=self.mac(sender), eth_dst=self.mac(receiver))  # fmt: skip

    def datagram(
        self, way: str, sequence: int = 0, text: bytes = b"hello", *, last: bool = False, to: str = ""
    ) -> list[Seen]:
        """Let a datagram go from the first node of a way; it is for the last, unless told otherwise."""
        nodes = way.split()
        return [
            self.cross(
                *link,
                Packet(
                    Kind.DATAGRAM, nodes[0], to or nodes[-1], hops=FIRST_HOPS - passed, sequence=sequence,
                    payload=text, last=last,
                ),
            )
            for passed, link in enumerate(pairwise(nodes))
        ]  # fmt: skip

    def vector(self, sender: str, receiver: str, **metrics: int) -> Seen:
        """Let a node tell a neighbour how far it is to everywhere."""
        return self.cross(sender, receiver, Packet(Kind.VECTOR, sender, payload=pack_vector(metrics)))

    def circuit(self, way: str, labels: Sequence[int], *, rate: int = 0, number: int = 1) -> "Circuit":
        """Prepare a circuit along a way, with a label on each link; `number` is the caller's of its call."""
        return Circuit(self, way.split(), labels, rate, number)

    def link_fault(self, node: str, what: str, one: str, other: str) -> None:
        """Let something happen to a link, at one of its ends: `no longer hears a`."""
        link = "-".join(self.topology.link(one, other).ends)
        self.events.append(Fault(time=self._tick(), node=node, what=f"{what} (link {link})", link=link))

    def tables(
        self,
        switch: str,
        *,
        circuits: Sequence[dict[str, object]] = (),
        routes: dict[str, dict[str, object]] | None = None,
        **more: object,
    ) -> None:
        """Let a switch tell its tables on its terminal; `more` are lines, drops, delivered."""
        told = {"name": switch, "routes": routes or {}, "circuits": list(circuits), "lines": {}, "drops": {}, **more}
        self.printed(switch, json.dumps(told))


class Circuit:
    """A circuit along a way. Each method lets packets cross all its links, or as many as `links` says."""

    def __init__(self, wire: Links, nodes: list[str], labels: Sequence[int], rate: int, number: int) -> None:
        self._wire = wire
        self.nodes = nodes
        self._legs = list(zip(pairwise(nodes), labels, strict=True))
        self._rate = rate
        self._number = number

    def open(self) -> "Circuit":
        """Set it up."""
        self.setup()
        self.go(Kind.ACCEPT, back=True)
        return self

    def setup(self, links: int | None = None) -> None:
        """Ask for it."""
        for passed, (link, label) in enumerate(self._legs[:links]):
            payload = Setup(label, self._rate).pack()
            asked = Packet(Kind.SETUP, self.nodes[0], self.nodes[-1], hops=FIRST_HOPS - passed,
                           sequence=self._number, payload=payload)  # fmt: skip
            self._wire.cross(*link, asked)

    def go(self, kind: Kind, *, back: bool = False, links: int | None = None, start: int = 0, **more: object) -> None:
        """Let a packet go along it, or BACK, from the link `start` (counted in its direction) on."""
        legs = [((other, one), label) for (one, other), label in reversed(self._legs)] if back else self._legs
        for passed, (link, label) in enumerate(legs[start:links]):
            self._wire.cross(*link, Packet(kind, label=label, hops=FIRST_HOPS - passed, back=back, **more))  # type: ignore[arg-type]

    def data(
        self,
        text: bytes = b"hello",
        sequence: int = 0,
        *,
        back: bool = False,
        last: bool = False,
        links: int | None = None,
        start: int = 0,
    ) -> None:
        """Send data."""
        self.go(Kind.DATA, back=back, links=links, start=start, payload=text, sequence=sequence, last=last)

    def release(
        self,
        reason: Reason = Reason.NORMAL,
        by: str = "",
        gone: str = "",
        *,
        back: bool = False,
        links: int | None = None,
        start: int = 0,
    ) -> None:
        """End it; the other end of each link answers."""
        payload = Release(reason, by or self.nodes[-1 if back else 0], gone).pack()
        legs = [((other, one), label) for (one, other), label in reversed(self._legs)] if back else self._legs
        for (one, other), label in legs[start:links]:
            self._wire.cross(one, other, Packet(Kind.RELEASE, label=label, payload=payload, back=back))
            answer = Packet(Kind.RELEASE, label=label, payload=payload, back=not back, last=not back)
            self._wire.cross(other, one, answer)

    def entry(self, switch: str, state: str = "open") -> dict[str, object]:
        """Return what a switch has of it in its table."""
        at = self.nodes.index(switch)
        (_, in_label), (_, out_label) = self._legs[at - 1 : at + 1]
        return {
            "source": self.nodes[0],
            "destination": self.nodes[-1],
            "in_line": self.nodes[at - 1],
            "in_label": in_label,
            "out_line": self.nodes[at + 1],
            "out_label": out_label,
            "state": state,
            "reserved": self._rate,
        }
