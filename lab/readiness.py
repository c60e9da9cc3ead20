"""When is a node ready? When its kernel shows what its role promises, whatever program plays the role.

    listens on a port     the port is open
    dials an upstream     a connection to the upstream's port is established
    joins a group         the group is in its list of memberships

"Created" and "running" are not "ready": a container runs long before its program listens.
"""

from lab.sockets import Sockets
from topology.plan import Node, Topology
from topology.roles import Protocol


def missing(node: Node, topology: Topology, sockets: Sockets) -> list[str]:
    """Say what a node's role promises and its sockets do not show; an empty list when it is ready."""
    wanted = []
    if node.port is not None and node.role.protocol is Protocol.TCP and node.port not in sockets.listening:
        wanted.append(f"TCP port {node.port} open")
    if node.port is not None and node.role.protocol is Protocol.UDP and node.port not in sockets.udp:
        wanted.append(f"UDP port {node.port} open")
    if node.upstream is not None:
        upstream = topology.nodes[node.upstream]
        if upstream.port is not None and not sockets.connected_to(upstream.port):
            wanted.append(f"a TCP connection to {node.upstream}:{upstream.port}")
    if node.joins is not None and node.joins.rpartition(":")[0] not in sockets.groups:
        wanted.append(f"membership of {node.joins}")
    return wanted
