"""What people read about a network, a link and a shared address, the same in the map and in the drawing."""

from ipaddress import IPv6Address

from topology.links import Link
from topology.model import LinkSpec
from topology.plan import Network, Node, Topology
from topology.units import delay_text, rate_text

_USUAL = LinkSpec.model_validate({"between": ["one", "other"]})  # what a link is where the file says nothing

USUAL_LINK = f"{rate_text(_USUAL.rate)}, {delay_text(_USUAL.delay)} and cost {_USUAL.cost} if not said"


def caption(network: Network) -> tuple[str, ...]:
    """Return a network's name, its subnets, and its gateway: a router, the bridge or, on its own, none."""
    texts = [network.name, str(network.subnet)]
    if network.subnet6 is not None:
        texts.append(str(network.subnet6))
    if network.router is not None:
        texts.append(f"gateway {network.gateway} ({network.router})")
    elif not network.internal:
        texts.append(f"gateway {network.gateway}")
    return tuple(texts)


def link_caption(link: Link) -> tuple[str, ...]:
    """Return a link's port and, on a second line, what is unusual about it."""
    unusual = [
        rate_text(link.rate) if link.rate != _USUAL.rate else "",
        delay_text(link.delay) if link.delay != _USUAL.delay else "",
        f"cost {link.cost}" if link.cost != _USUAL.cost else "",
    ]
    second = " ".join(filter(None, unusual))
    return (str(link.port), second) if second else (str(link.port),)


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
