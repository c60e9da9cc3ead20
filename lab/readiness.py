"""When is a node ready? When its kernel shows what its role promises, whatever program plays the role.

    listens on a port     the port is open
    has ends of links     the UDP port of each is open
    dials an upstream     a connection to the upstream's port is established
    joins a group         the group is in its list of memberships
    speaks with routers   it has a route to every network, and to every address that servers share
    is on an IPv6 network its IPv6 address is ready, and a router is known for the rest of the world

"Created" and "running" are not "ready": a container runs long before its program listens.
"""

from ipaddress import IPv4Network, IPv6Network

from lab.routes import IPV6_DEFAULT
from lab.sockets import NONE, Sockets
from topology.plan import Node, Topology
from topology.roles import Protocol, Routing

LOOK_EVERY = 0.05
"""Seconds between two looks, which read the sockets of every node that is started and not yet ready."""


def missing(node: Node, topology: Topology, sockets: Sockets) -> list[str]:
    """Say what a node's role promises and its sockets do not show; an empty list when it is ready."""
    wanted = []
    if node.port is not None and node.role.protocol is Protocol.TCP and node.port not in sockets.listening:
        wanted.append(f"TCP port {node.port} open")
    if node.port is not None and node.role.protocol is Protocol.UDP and node.port not in sockets.udp:
        wanted.append(f"UDP port {node.port} open")
    wanted += [f"UDP port {line.port} open" for line in node.lines if line.port not in sockets.udp]
    if node.upstream is not None:
        upstream = topology.nodes[node.upstream]
        if upstream.port is not None and not sockets.connected_to(upstream.port):
            wanted.append(f"a TCP connection to {node.upstream}:{upstream.port}")
    if node.joins is not None and node.joins.rpartition(":")[0] not in sockets.groups:
        wanted.append(f"membership of {node.joins}")
    wanted += [f"IPv6 address {address}" for address in node.addresses6.values() if address not in sockets.addresses6]
    return wanted + [f"a route to {there}" for there in _destinations(node, topology) if there not in sockets.routes]


def promises(node: Node, topology: Topology) -> bool:
    """Tell whether a node's role promises anything: else it is ready when it runs."""
    return bool(missing(node, topology, NONE))


def _destinations(node: Node, topology: Topology) -> list[IPv4Network | IPv6Network]:
    """Return what a node has to have routes to; a host's IPv4 default route is of the engine's making."""
    if not node.role.forwards:
        known: list[IPv4Network | IPv6Network] = [IPV6_DEFAULT] if node.addresses6 else []
    else:
        known = [network.subnet6 for network in topology.networks.values() if network.subnet6]
    if Routing.OSPF in node.speaks:
        known += [network.subnet for network in topology.networks.values()]
    if node.role.forwards:
        shared = [other.anycast for other in topology.nodes.values() if other.anycast]
        known += [IPv4Network(address) for address in dict.fromkeys(shared)]
    return known
