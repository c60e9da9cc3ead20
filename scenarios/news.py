"""What of the packets on a wire is news, in plain words."""

from lab.connections import End, sender
from lab.events import Packet
from lab.switching.switched import USERS, Switched, switched
from lab.visible import excerpt
from lab.wire import LOCAL_GROUPS, memberships, name_of


class News:
    """Tells what is new on a wire, packet by packet: handshakes, ends, datagrams, members. The rest is no news.

    What repeats itself (a call that is refused again and again, a FIN or a report sent twice) is told once. Of a
    message or flow over packet switches, the first packet and the last are told.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._open: set[frozenset[End]] = set()
        self._told: set[tuple[object, ...]] = set()

    def of(self, packet: Packet, source: str, target: str) -> str | None:
        """Return a sentence on a packet that goes from node `source` to node or group `target`, or None."""
        match packet.protocol:
            case "tcp":
                return self._tcp(packet, source, target)
            case "udp" if read := switched(packet):
                return self._switched(read, source, target)
            case "udp":
                text = excerpt(packet.payload, 40)
                return f"a datagram from {source} to {target}, {len(packet.payload)} bytes{f': {text}' if text else ''}"
            case "igmp":
                return self._igmp(packet, source)
            case "icmp":
                return f"{source} tells {target}: {name_of(packet)}"
            case "arp" if packet.what == "request":
                return f"{source} asks everybody: who has {target}? (ARP)"
            case "arp":
                return f"{source} tells {target}: I, at {packet.eth_src} (ARP)"
            case "icmpv6" if packet.what == "neighbour solicitation":
                return f"{source} asks {target}: who has {packet.target}? (neighbour discovery)"
            case "icmpv6" if packet.what == "neighbour advertisement":
                return f"{source} tells {target}: I, at {packet.eth_src} (neighbour discovery)"
        return None

    def _switched(self, read: Switched, source: str, target: str) -> str | None:
        if read.kind not in USERS:
            return f"{source} to {target}: {read.words}"
        if read.sequence and not read.last:
            return None
        text = excerpt(read.payload, 40)
        return f"{source} to {target}: {read.words}, {read.length} bytes{f': {text}' if text else ''}"

    def _igmp(self, packet: Packet, source: str) -> str | None:
        changes = []
        for group, wanted in memberships(packet).items():
            did, undid = ("joins", "leaves") if wanted else ("leaves", "joins")
            self._told.discard((undid, source, group))
            if not group.startswith(LOCAL_GROUPS):
                changes.append(self._once(did, source, group, told=f"{did} the group {group}"))
        new = " and ".join(filter(None, changes))
        return f"{source} {new} (IGMP)" if new else None

    def _tcp(self, packet: Packet, source: str, target: str) -> str | None:
        ends = frozenset((sender(packet), (packet.dst or "", packet.dport or 0)))
        if "SYN" in packet.flags:
            if "ACK" not in packet.flags or ends in self._open:
                return None
            self._open.add(ends)
            self._told -= {("FIN", ends, source), ("FIN", ends, target), ("refused", source, target)}
            return f"{target} dials {source}:{packet.sport}, handshake (SYN, SYN ACK, ACK)"
        if "RST" in packet.flags:
            if ends not in self._open:
                told = f"{target} dials {source}:{packet.sport}, refused (RST)"
                return self._once("refused", source, target, told=told)
            self._open.discard(ends)
            return f"{source} breaks off its connection with {target} (RST)"
        if "FIN" in packet.flags:
            told = f"{source} has no more to send to {target} (FIN)"
            return self._once("FIN", ends, source, told=told)
        return None

    def _once(self, *what: object, told: str) -> str | None:
        """Return `told`, but not if it was told before of the same."""
        if what in self._told:
            return None
        self._told.add(what)
        return told
