"""Histories by hand: a wire on which nodes dial, talk and leave, as a test tells them to.

wire = Wire()
wire.node("server", "broadcast-server")
wire.node("alice", "broadcast-client")
call = wire.dial("alice", "server", 9000)     SYN, SYN+ACK, ACK
call.up(b"hello\\n")                           data and its ACK, with true sequence numbers
call.down(b"[2] hi\\n")
call.close()                                  FIN, FIN+ACK, ACK
check(wire.history())                         with the word of a tap that lost nothing

Every event takes a millisecond; `wire.later(2)` lets two seconds pass. For several networks, see routed.py.
"""

from collections import Counter
from dataclasses import dataclass, field

from lab.events import AnyEvent, Exited, Fault, Packet, Printed, Started, TapClosed, Typed
from lab.history import History

BEGINNING = 1_800_000_000.0
MILLISECOND = 0.001


def mac_of_address(address: str) -> str:
    """Return the Ethernet address that Docker would make of an IP address: 10.83.0.2 makes 02:42:0a:53:00:02."""
    return "02:42:" + ":".join(f"{int(part):02x}" for part in address.split("."))


@dataclass
class Half:
    """One end of a call: its address, its port, and the next sequence number that it sends."""

    node: str
    address: str
    port: int
    seq: int


class Wire:
    """One network with a tap on it, and the nodes that were started there."""

    def __init__(self, network: str = "lab", subnet: str = "10.83.0") -> None:
        self.network = network
        self.events: list[AnyEvent] = []
        self.time = BEGINNING
        self._subnet = subnet
        self._addresses: dict[str, str] = {}
        self._packets = Counter({network: 0})
        self._ports = 40000

    # --- people and programs ---

    def node(self, name: str, role: str) -> None:
        """Start a node; the first gets the address .2, the second .3 and so on. Started again it keeps its own."""
        self._addresses.setdefault(name, f"{self._subnet}.{len(self._addresses) + 2}")
        self._add(Started(time=self._tick(), node=name, role=role, addresses={self.network: self._addresses[name]}))

    def typed(self, node: str, line: str) -> None:
        """Type a line at a node, and Enter."""
        self._add(Typed(time=self._tick(), node=node, data=f"{line}\n".encode()))

    def printed(self, node: str, text: str) -> None:
        """Let a program show a line; a terminal ends it with CR LF."""
        self._add(Printed(time=self._tick(), node=node, data=f"{text}\r\n".encode()))

    def exited(self, node: str, status: int = 0) -> None:
        self._add(Exited(time=self._tick(), node=node, status=status))

    def fault(self, node: str, what: str) -> None:
        self._add(Fault(time=self._tick(), node=node, what=what))

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.time += seconds

    # --- TCP ---

    def dial(self, client: str, server: str, port: int, *, seq: int = 1000, sport: int | None = None) -> "Call":
        """Let a client connect to a server that takes the call: the three packets of a handshake."""
        call = self.ring(client, server, port, seq=seq, sport=sport)
        call.accept()
        return call

    def ring(self, client: str, server: str, port: int, *, seq: int = 1000, sport: int | None = None) -> "Call":
        """Send a SYN alone."""
        self._ports += 1
        caller = Half(client, self.address(client), sport or self._ports, seq)
        call = Call(self, caller, Half(server, self.address(server), port, seq + 50_000))
        call.syn()
        return call

    def refused(self, client: str, server: str, port: int, *, after: float = 0.0) -> "Call":
        """Let a client call where nobody listens: SYN, RST."""
        call = self.ring(client, server, port)
        self.later(after)
        call.reset_by_server()
        return call

    # --- the rest ---

    def udp(self, sender: str, receiver: str, payload: bytes, *, port: int = 12000, to_mac: str | None = None) -> None:
        """Send a datagram from one node's port to the same port of another."""
        dst = self.address(receiver)
        self.packet("udp", src=self.address(sender), dst=dst, sport=port, dport=port, payload=payload, ttl=64,
                    eth_src=self.mac(sender), eth_dst=to_mac or self.mac(receiver))  # fmt: skip

    def multicast(self, sender: str, payload: bytes, *, ttl: int = 2, mac: str = "01:00:5e:01:01:01") -> None:
        """Send a datagram to the group 224.1.1.1:11000."""
        self.packet("udp", src=self.address(sender), dst="224.1.1.1", sport=33000, dport=11000, payload=payload,
                    ttl=ttl, eth_src=self.mac(sender), eth_dst=mac)  # fmt: skip

    def igmp(self, node: str, what: str) -> None:
        """Let a node's kernel report on a group: `v3 report to-exclude 224.1.1.1`."""
        self.packet("igmp", src=self.address(node), dst="224.0.0.22", what=what, group="224.1.1.1", ttl=1,
                    eth_src=self.mac(node), eth_dst="01:00:5e:00:00:16")  # fmt: skip

    def packet(
        self,
        protocol: str,
        *,
        src: str | None = None,
        dst: str | None = None,
        sport: int | None = None,
        dport: int | None = None,
        payload: bytes = b"",
        ttl: int | None = 64,
        eth_src: str = "",
        eth_dst: str = "",
        flags: tuple[str, ...] = (),
        seq: int | None = None,
        ack: int | None = None,
        what: str = "",
        group: str | None = None,
        target: str | None = None,
        network: str | None = None,
    ) -> Packet:
        """Put any packet on the wire."""
        network = network or self.network
        self._packets[network] += 1
        packet = Packet(
            time=self._tick(), network=network, number=self._packets[network], length=54 + len(payload),
            protocol=protocol, src=src, dst=dst, sport=sport, dport=dport, payload=payload, ttl=ttl,
            eth_src=eth_src, eth_dst=eth_dst, flags=flags, seq=seq, ack=ack, what=what, group=group,
            target=target,
        )  # fmt: skip
        self._add(packet)
        return packet

    def again(self, packet: Packet) -> None:
        """Send the same packet once more, as TCP does when no ACK has come."""
        self._packets[packet.network] += 1
        self._add(packet.model_copy(update={"time": self._tick(), "number": self._packets[packet.network]}))

    def address(self, node: str) -> str:
        return self._addresses[node]

    def mac(self, node: str) -> str:
        """Return the Ethernet address that Docker would make of the IP address."""
        return mac_of_address(self.address(node))

    # --- the end ---

    def history(self, *, dropped: int = 0, canary: bool = True, tapped: bool = True) -> History:
        """Return all that happened; each tap says that it lost nothing and saw its canary, unless told otherwise."""
        closed = [
            TapClosed(time=self.time, network=network, received=received, dropped=dropped, canary=canary)
            for network, received in self._packets.items()
        ]
        return History([*self.events, *closed] if tapped else self.events)

    def _add(self, event: AnyEvent) -> None:
        self.events.append(event)

    def _tick(self) -> float:
        self.time += MILLISECOND
        return self.time


@dataclass
class Call:
    """One TCP connection while it is made: `up` is from client to server, `down` the other way."""

    wire: Wire
    client: Half
    server: Half
    sent: list[Packet] = field(default_factory=list)

    def syn(self) -> None:
        self._send(self.client, ("SYN",), ack=0)
        self.client.seq += 1

    def accept(self) -> None:
        """SYN+ACK, and the ACK that makes it a connection."""
        self._send(self.server, ("SYN", "ACK"))
        self.server.seq += 1
        self._send(self.client, ("ACK",))

    def up(self, data: bytes) -> Packet:
        """Let the client send data; the server's ACK follows."""
        return self._say(self.client, data)

    def down(self, data: bytes) -> Packet:
        """Let the server send data; the client's ACK follows."""
        return self._say(self.server, data)

    def end_up(self) -> None:
        """Let the client end its direction."""
        self._end(self.client)

    def end_down(self) -> None:
        """Let the server end its direction."""
        self._end(self.server)

    def close(self, *, by_server: bool = False) -> None:
        """End both directions, the client first unless told otherwise."""
        first, second = (self.server, self.client) if by_server else (self.client, self.server)
        self._end(first)
        self._end(second)

    def reset(self) -> None:
        """Let the client abort."""
        self._send(self.client, ("RST", "ACK"))

    def reset_by_server(self) -> None:
        """Let the server abort, or refuse."""
        self._send(self.server, ("RST", "ACK"))

    def _say(self, half: Half, data: bytes) -> Packet:
        packet = self._send(half, ("PSH", "ACK"), data)
        half.seq += len(data)
        self._send(self._other(half), ("ACK",))
        return packet

    def _end(self, half: Half) -> None:
        self._send(half, ("FIN", "ACK"))
        half.seq += 1
        self._send(self._other(half), ("ACK",))

    def _send(self, half: Half, flags: tuple[str, ...], payload: bytes = b"", ack: int | None = None) -> Packet:
        other = self._other(half)
        packet = self.wire.packet(
            "tcp", src=half.address, dst=other.address, sport=half.port, dport=other.port, flags=flags,
            payload=payload, seq=half.seq % 2**32, ack=other.seq % 2**32 if ack is None else ack,
            eth_src=self.wire.mac(half.node), eth_dst=self.wire.mac(other.node),
        )  # fmt: skip
        self.sent.append(packet)
        return packet

    def _other(self, half: Half) -> Half:
        return self.server if half is self.client else self.client
