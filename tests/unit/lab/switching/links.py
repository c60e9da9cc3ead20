"""Histories of packet switches, written by hand: who is where, and packets that cross links.

h1 ── a ── c ── e ── f ── h2        links 1 to 5 in the order of PORTS; b hangs on a and f, with links 6 and 7
      └──── b ──────┘
"""

from ipaddress import IPv4Network
from pathlib import Path

from lab.events import AnyEvent, Packet, Started
from lab.history import History
from services.switching.header import Kind, encode
from services.switching.header import Packet as Bits
from services.switching.routing import pack_vector
from services.switching.signalling import Reason, Release, Setup
from topology.links import Link, lines_of
from topology.plan import Node, Topology
from topology.roles import ROLES

ADDRESSES = {name: f"10.86.0.{number}" for number, name in enumerate(("h1", "a", "b", "c", "e", "f", "h2"), 2)}
LINKS = (("h1", "a"), ("a", "c"), ("c", "e"), ("e", "f"), ("f", "h2"), ("a", "b"), ("b", "f"))
PORTS = {frozenset(ends): port for port, ends in enumerate(LINKS, 6001)}
NODES = [
    Started(time=0, node=name, role="packet-host" if name[0] == "h" else "packet-switch", addresses={"wire": address})
    for name, address in ADDRESSES.items()
]


def wire(time: float, sender: str, receiver: str, payload: bytes, **more: object) -> Packet:
    """Make the packet of a tap that carries these bytes over the link between two nodes."""
    port = PORTS[frozenset((sender, receiver))]
    given = {"number": int(time * 1000), "length": len(payload) + 42, "sport": port, "dport": port, **more}
    return Packet.model_validate(
        {
            "time": time,
            "network": "wire",
            "protocol": "udp",
            "src": ADDRESSES[sender],
            "dst": ADDRESSES[receiver],
            "payload": payload,
            **given,
        }
    )


def datagram(
    time: float, way: str, sequence: int = 0, text: bytes = b"hello", *, last: bool = True, ends: str = "h1 h2"
) -> list[Packet]:
    """Make the sightings of a datagram on a way, as `h1 a c`: one every 10 ms."""
    source, destination = ends.split()
    nodes = way.split()
    bits = [
        Bits(Kind.DATAGRAM, source, destination, hops=32 - i, sequence=sequence, payload=text, last=last)
        for i in range(len(nodes) - 1)
    ]
    return [wire(time + i / 100, nodes[i], nodes[i + 1], encode(packet)) for i, packet in enumerate(bits)]


def setup(time: float, sender: str, receiver: str, label: int, call: int = 1) -> Packet:
    """Make one sighting of a call from h1 to h2."""
    payload = Setup(label, 8000).pack()
    return wire(time, sender, receiver, encode(Bits(Kind.SETUP, "h1", "h2", sequence=call, payload=payload)))


def along(
    time: float,
    kind: Kind,
    sender: str,
    receiver: str,
    label: int,
    text: bytes = b"",
    *,
    back: bool = False,
    **more: int,
) -> Packet:
    """Make one sighting of a packet of a circuit."""
    bits = Bits(
        kind, label=label, payload=text, back=back, sequence=more.get("sequence", 0), last=bool(more.get("last"))
    )
    return wire(time, sender, receiver, encode(bits))


def released(reason: Reason = Reason.NORMAL, by: str = "h1", gone: str = "") -> bytes:
    """Make the payload of a RELEASE."""
    return Release(reason, by, gone).pack()


def vector(time: float, sender: str, receiver: str, **metrics: int) -> Packet:
    """Make a vector."""
    return wire(time, sender, receiver, encode(Bits(Kind.VECTOR, sender, payload=pack_vector(metrics))))


def switched_history(*events: AnyEvent | list[Packet]) -> History:
    """Return a history of these, and of the nodes' starts."""
    return History([*NODES, *(e for event in events for e in (event if isinstance(event, list) else [event]))])


def topology() -> Topology:
    """Return the topology that is drawn above: 8 kbit/s and 100 ms on each link."""
    links = tuple(Link(number, ends, rate=8000, delay=0.1) for number, ends in enumerate(LINKS, 1))
    nodes = {
        name: Node(
            name, name, ROLES["packet-host" if name[0] == "h" else "packet-switch"], (), {}, lines=lines_of(links, name)
        )
        for name in ADDRESSES
    }
    return Topology("try", Path("try.yaml"), IPv4Network("10.86.0.0/16"), {}, nodes, links)
