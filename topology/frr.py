"""The configuration of FRR, the routing suite, for one node: which protocols run on which of its networks.

    {10.84.1.0/24}      stands for the interface on that subnet: its name is known only when the node runs

A network with two speakers is a point-to-point link to OSPF, which saves the wait for an election; with more, it is a
broadcast network with a short one. With one, it is passive: announced, and nothing said on it.
Timers are those of a lab, where people wait: hello packets every second (10 by default), a neighbour given up after
4 seconds (40), and with BFD after 1: a processor that is busy with other labs keeps a router waiting for up to half a
second, and who is given up then is there.
"""

from collections.abc import Mapping

from topology.plan import Network, Node, Topology
from topology.roles import Routing

_OSPF_TIMERS = (" timers lsa min-arrival 50", " timers throttle spf 10 50 500")  # ms


def arguments(topology: Topology, node: Node) -> tuple[str, ...]:
    """Return what a node's router program is told: the configuration and, where it serves, its server."""
    if node.anycast is None:
        return (render(topology, node),)
    server = ("-m", "services.anycast_responder", "--address", str(node.anycast), "--port", str(node.port))
    return (render(topology, node), *server, "--name", node.name)


def render(topology: Topology, node: Node) -> str:
    """Return the text of frr.conf for a node that speaks."""
    speakers = {
        name: [other for other in topology.nodes.values() if other.speaks and name in other.addresses]
        for name in topology.networks
    }
    ospf, pim = Routing.OSPF in node.speaks, Routing.PIM in node.speaks
    six = node.role.forwards and any(topology.networks[name].subnet6 for name in node.addresses)
    lines = ["frr defaults datacenter", f"hostname {node.name}"]
    for name in node.addresses:
        lines += _interface(topology.networks[name], node, speakers[name])
    if node.anycast is not None:
        lines += ["interface lo", f" ip address {node.anycast}/32", *([" ip ospf area 0"] if ospf else [])]
    if ospf:
        identity = next(iter(node.addresses.values()))
        lines += ["router ospf", f" ospf router-id {identity}", " timers throttle lsa all 50", *_OSPF_TIMERS]
        if six:
            lines += ["router ospf6", f" ospf6 router-id {identity}", *_OSPF_TIMERS]
    if Routing.BFD in node.speaks:
        lines += ["bfd", " profile fast", "  transmit-interval 200", "  receive-interval 200", "  detect-multiplier 5"]
    if pim:
        lines += _rendezvous(topology.networks, speakers, six)
    return "\n".join(lines) + "\n"


def _interface(network: Network, node: Node, speakers: list[Node]) -> list[str]:
    lines = [f"interface {{{network.subnet}}}"]
    if network.router == node.name:
        lines.append(f" ip address {network.gateway}/{network.subnet.prefixlen}")
    if network.subnet6 and node.role.forwards:
        lines += [
            f" ipv6 address {node.addresses6[network.name]}/{network.subnet6.prefixlen}",
            " no ipv6 nd suppress-ra",
            " ipv6 nd ra-interval msec 1000",
            " ipv6 nd ra-lifetime 10",
            f" ipv6 nd prefix {network.subnet6}",
        ]
    if Routing.OSPF in node.speaks:
        others = [other for other in speakers if other.name != node.name and Routing.OSPF in other.speaks]
        lines += _ospf("ip ospf", others, node)
        if network.subnet6 and node.role.forwards:
            routers = [other for other in others if other.role.forwards]
            lines += _ospf("ipv6 ospf6", routers, node)
    if Routing.PIM in node.speaks:
        lines += [" ip pim", " ip pim hello 1", " ip igmp"]
        if network.subnet6:
            lines += [" ipv6 pim", " ipv6 pim hello 1", " ipv6 mld"]
    return lines


def _ospf(prefix: str, others: list[Node], node: Node) -> list[str]:
    lines = [f" {prefix} area 0"]
    if not others:
        return [*lines, f" {prefix} passive"]
    lines += [f" {prefix} {what}" for what in ("hello-interval 1", "dead-interval 4", "retransmit-interval 1")]
    if len(others) == 1:
        lines.append(f" {prefix} network point-to-point")
    if Routing.BFD in node.speaks and any(Routing.BFD in other.speaks for other in others):
        lines += [f" {prefix} bfd", f" {prefix} bfd profile fast"]
    return lines


def _rendezvous(networks: Mapping[str, Network], speakers: Mapping[str, list[Node]], six: bool) -> list[str]:
    """Name the rendezvous point of all groups: the first of the lab's PIM routers, by its first network."""
    meetings = [(name, node) for name in networks for node in speakers[name] if Routing.PIM in node.speaks]
    where, meeting = meetings[0]
    lines = ["router pim", f" rp {meeting.addresses[where]} 224.0.0.0/4"]
    if six:  # so this router itself is one that can be met by IPv6
        where, meeting = next((name, node) for name, node in meetings if networks[name].subnet6)
        lines += ["router pim6", f" rp {meeting.addresses6[where]} ff00::/8"]
    return lines
