"""One packet on its way across several networks: each tap sees it once, and each sighting is a Packet of its own.

w1 ──west──► r1 ──backbone──► r2 ──east──► e1
     TTL 64        TTL 63          TTL 62         IP addresses, ports, payload: the same on all three
     w1 to r1      r1 to r2        r2 to e1       Ethernet addresses: of the two ends of each hop
"""

from lab.events import Packet
from lab.history import History, once

Stations = dict[tuple[str, str], str]
"""The node of an Ethernet address, by network and address."""


def sightings(
    history: History, protocol: str = "udp", payload: bytes | None = None, dst: str | None = None
) -> dict[str, list[Packet]]:
    """Return the packets of a protocol (with a payload, to an address) by network, each list in order of time.

    The networks stand in the order in which they saw the first; one that saw none is missing.
    """
    found: dict[str, list[Packet]] = {}
    for packet in history.packets(protocol):
        if payload in (None, packet.payload) and dst in (None, packet.dst):
            found.setdefault(packet.network, []).append(packet)
    return found


def same_datagram(history: History, packet: Packet) -> list[Packet]:
    """Return the sightings of a datagram or an echo on all networks, in order of time; `packet` is one of them.

    They agree in all that routers leave alone. So do datagrams that a program sends twice from one port: give each a
    payload of its own.
    """
    return [other for other in history.packets(packet.protocol) if _kept(other) == _kept(packet)]


def _kept(packet: Packet) -> tuple[object, ...]:
    """Return what stays the same at every hop."""
    return packet.src, packet.dst, packet.sport, packet.dport, packet.what, packet.seq, packet.payload


@once
def stations(history: History) -> Stations:
    """Return whose Ethernet address is whose, as the packets show: whoever sends from an address of its own there.

    What a router passes on comes from an address of another network, and so does not count.
    """
    own = {(node, *pair) for node in history.nodes() for pair in history.addresses(node).items()}
    found: Stations = {}
    for packet in history.packets():
        node = history.node_at(packet.src)
        if packet.eth_src and (node, packet.src, packet.network) in own and node:
            found.setdefault((packet.network, packet.eth_src), node)
    return found


def sent_by(history: History, packet: Packet) -> str | None:
    """Return the node that put this very frame on its network: the source, or the router that passed it on.

    It is known by its Ethernet address, so a node is found by its link-local addresses too.
    """
    return stations(history).get((packet.network, packet.eth_src), history.node_at(packet.src))


def forwarders(history: History, packet: Packet) -> list[str]:
    """Return the nodes that passed a datagram on, in order of time: who sent a sighting, but is not its source."""
    senders = (sent_by(history, seen) for seen in same_datagram(history, packet))
    return list(dict.fromkeys(node for node in senders if node and node != history.node_at(packet.src)))
