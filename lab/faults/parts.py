"""What a wish comes to: what is done in the kernel of which node.

    loss, cut         in from PEER: at NODE      out to PEER: at PEER, as in from NODE       no PEER: at NODE
    queues            out to PEER: at NODE       in from PEER: at PEER, as out to NODE       no PEER: at NODE

So what is lost is lost where it comes in, unseen by its sender, and what is queued is queued where it goes out.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address

from lab.faults.amounts import per_10000
from lab.faults.filters import ALL, ANY_IP, Filter, from_addresses
from lab.faults.model import FaultKind, Way, Wish
from lab.faults.queues import Queue
from topology.plan import Topology
from topology.routing import address6

Part = tuple[str, Filter | Queue]
"""The node at which it is done, and what."""

LINK_LOCAL, INTERFACE = 0xFE80 << 112, (1 << 64) - 1


def parts(wish: Wish, topology: Topology) -> Iterator[Part]:
    """Yield the parts of a fault of packets."""
    for way in wish.ways:
        if wish.kind in (FaultKind.CUT, FaultKind.LOSS):
            yield _lost(wish, way, topology)
        elif wish.peer is not None and way is Way.IN:
            yield wish.peer, Queue(wish.kind, Way.OUT, wish.node, wish.amount or "")
        else:
            yield wish.node, Queue(wish.kind, way, wish.peer, wish.amount or "")


def _lost(wish: Wish, way: Way, topology: Topology) -> Part:
    share = ALL if wish.kind is FaultKind.CUT else per_10000(wish.amount or "")
    if wish.peer is None:
        leaving = way is Way.OUT
        return wish.node, Filter(f"{wish.kind}.{way}", ANY_IP if leaving else ("",), share, leaving)
    here, there = (wish.node, wish.peer) if way is Way.IN else (wish.peer, wish.node)
    return here, Filter(f"{wish.kind}.{Way.IN}.{there}", from_addresses(addresses(topology, there)), share)


def addresses(topology: Topology, name: str) -> list[str]:
    """Return all addresses that are a node's alone; the one of an anycast service is not."""
    node = topology.nodes[name]
    held = [str(network.gateway) for network in topology.networks.values() if network.router == name]
    six = [str(address) for address in node.addresses6.values()]
    local = [_link_local(topology.networks[name].subnet, node.addresses[name]) for name in node.addresses6]
    return [*(str(address) for address in node.addresses.values()), *held, *six, *local]


def _link_local(subnet: IPv4Network, address: IPv4Address) -> str:
    """Return the IPv6 address that a node has for its own link alone, made of its MAC as a host's others are."""
    return str(IPv6Address(LINK_LOCAL | int(address6(subnet, address, router=False)) & INTERFACE))
