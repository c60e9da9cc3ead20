"""What people read about a network and a shared address, the same in the map and in the drawing."""

from ipaddress import IPv6Address

from topology.plan import Network, Node, Topology


def caption(network: Network) -> tuple[str, ...]:
    """Return a network's name, its subnets, and its gateway: the bridge, a router or, between routers, none."""
    texts = [network.name, str(network.subnet)]
    if network.subnet6 is not None:
        texts.append(str(network.subnet6))
    if network.router is not None:
        texts.append(f"gateway {network.gateway} ({network.router})")
    elif not network.routed:
        texts.append(f"gateway {network.gateway}")
    return tuple(texts)


def host6(node: Node, network: str) -> str:
    """Return a node's IPv6 address on a network without the subnet, which stands in the network's caption: `::2`."""
    return str(IPv6Address(int(node.addresses6[network]) & ~(-1 << 64)))


def sharers(topology: Topology, node: Node) -> list[str]:
    """Return the other nodes that answer at a node's anycast address."""
    return [
        other.name
        for other in topology.nodes.values()
        if node.anycast is not None and other.anycast == node.anycast and other is not node
    ]
