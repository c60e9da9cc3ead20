"""TCP connections, worked out from packets alone (RFC 9293).

client --SYN--> server      a Connection begins; the sender of the SYN is its client
client <-SYN+ACK- server    it is open
--FIN-->  <--FIN--          closed when both have been seen,
--RST-->                    or at once

One that crosses several networks is one Connection on each of them: what a router loses is seen by comparing them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lab.events import Closed, Connected, Packet

End = tuple[str, int]
"""An IP address and a port."""

SEQUENCE_SPACE = 2**32


@dataclass
class Connection:
    """One TCP connection on one network: its two ends and its packets, in order of time."""

    client: End
    server: End
    network: str
    packets: list[Packet] = field(default_factory=list)

    @property
    def accepted(self) -> Packet | None:
        """The server's SYN+ACK, or None if the connection was refused or not answered."""
        return next((p for p in self.packets if {"SYN", "ACK"} <= set(p.flags)), None)

    @property
    def refused(self) -> bool:
        """True if the server's RST answered the SYN."""
        return self.accepted is None and any("RST" in p.flags and sender(p) == self.server for p in self.packets)

    @property
    def ending(self) -> Packet | None:
        """The packet that began its end: the first FIN or RST from either side; None if there was none."""
        return next((p for p in self.packets if {"FIN", "RST"} & set(p.flags)), None)

    @property
    def closed(self) -> Packet | None:
        """The packet that ended it: the second of the two FINs, or the first RST; None if it was still open."""
        finished: set[End] = set()
        for packet in self.packets:
            if "RST" in packet.flags:
                return packet
            if "FIN" in packet.flags:
                finished.add(sender(packet))
                if len(finished) == 2:
                    return packet
        return None

    @property
    def from_client(self) -> bytes:
        """The bytes that the client sent, each once, in the order of their sequence numbers."""
        return self._stream(self.client)

    @property
    def from_server(self) -> bytes:
        """The bytes that the server sent, each once, in the order of their sequence numbers."""
        return self._stream(self.server)

    def fin_from(self, end: End) -> Packet | None:
        """Return the first FIN that one end sent."""
        return next((p for p in self.packets if "FIN" in p.flags and sender(p) == end), None)

    def events(self) -> Iterator[Connected | Closed]:
        """Yield what a history tells of this connection."""
        (src, sport), (dst, dport) = self.client, self.server
        if opened := self.accepted:
            yield Connected(
                time=opened.time, network=opened.network, number=opened.number,
                src=src, sport=sport, dst=dst, dport=dport,
            )  # fmt: skip
            if ended := self.closed:
                yield Closed(
                    time=ended.time, network=ended.network, number=ended.number,
                    src=src, sport=sport, dst=dst, dport=dport, how="RST" if "RST" in ended.flags else "FIN",
                )  # fmt: skip

    def sent(self, end: End) -> Iterator[tuple[float, bytes]]:
        """Yield what one end sent as its receiver takes it: each byte once and in order, with the time it was there.

        What was sent again brings nothing new; what comes early waits for the bytes before it.
        """
        mine = [p for p in self.packets if sender(p) == end and p.seq is not None]
        start = next((first_byte(p) for p in mine if "SYN" in p.flags), first_byte(mine[0]) if mine else 0)
        taken = 0
        early: list[tuple[int, bytes]] = []
        for packet in mine:
            if packet.payload:
                early.append(((first_byte(packet) - start) % SEQUENCE_SPACE, packet.payload))
                early.sort()
            fresh = b""
            while early and early[0][0] <= taken + len(fresh):
                offset, payload = early.pop(0)
                fresh += payload[taken + len(fresh) - offset :]
            if fresh:
                taken += len(fresh)
                yield packet.time, fresh

    def _stream(self, end: End) -> bytes:
        return b"".join(data for _, data in self.sent(end))


def sender(packet: Packet) -> End:
    """Return the end that sent a TCP packet."""
    return packet.src or "", packet.sport or 0


def first_byte(packet: Packet) -> int:
    """Return the sequence number of a segment's first byte of payload; a SYN takes up a number of its own."""
    return (packet.seq or 0) + ("SYN" in packet.flags)


def connections(packets: Iterable[Packet]) -> list[Connection]:
    """Group packets into connections, in the order of their first SYN. All but TCP is passed over.

    A new SYN on the ends of an older connection begins another one; the same SYN sent again does not.
    """
    found: list[Connection] = []
    current: dict[tuple[str, frozenset[End]], Connection] = {}
    for packet in packets:
        if packet.protocol != "tcp":
            continue
        source, target = sender(packet), (packet.dst or "", packet.dport or 0)
        key = packet.network, frozenset((source, target))
        known = current.get(key)
        if "SYN" in packet.flags and "ACK" not in packet.flags and not (known and known.packets[0].seq == packet.seq):
            known = current[key] = Connection(source, target, packet.network)
            found.append(known)
        if known:
            known.packets.append(packet)
    return found
