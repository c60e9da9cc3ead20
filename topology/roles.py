"""What a node can be: the programs of a lab, what they listen on, and how they are told of each other.

A role is data. To add one, add its program to services/ and a row here.

`flags` are the role's own arguments, in order, with placeholders that are filled for each node:

    {port}           the port it listens on       {upstream}       NAME:PORT of what it dials
    {peer}           NAME:PORT of its peer        {upstream_name}  and {upstream_port}: the two apart
    {interface}      the subnet to send to and join groups on; left out for a node on one network
    {name}           its own name                 {links}          once for each of its links: what is at the other end
    {routes}         once for each route of its fixed table: DESTINATION=NEIGHBOUR
"""

from dataclasses import dataclass
from enum import StrEnum

GROUP = "224.1.1.1:11000"  # what senders and receivers use when not told otherwise


class Protocol(StrEnum):
    """What a role's port is a port of."""

    TCP = "tcp"
    UDP = "udp"


class Routing(StrEnum):
    """A protocol that a node speaks with routers."""

    OSPF = "ospf"  # which networks are where (RFC 2328, RFC 5340)
    BFD = "bfd"  # whether a neighbour is still there, several times a second (RFC 5880)
    PIM = "pim"  # who wants which multicast group; with IGMP and MLD towards hosts (RFC 7761)


@dataclass(frozen=True)
class Role:
    """One kind of node."""

    name: str
    sentence: str  # what it does, for people: "Tags every line ..."
    module: str | None = None  # run as `python3 -m MODULE`; None for an idle host
    protocol: Protocol | None = None  # of the port below
    port: int | None = None  # what it listens on unless its arguments say otherwise
    flags: tuple[tuple[str, str], ...] = ()
    needs_upstream: bool = False  # dials another node over TCP
    needs_peer: bool = False  # talks with one other node of its role, which names it back
    joins_group: bool = False  # becomes a member of a multicast group
    sends_group: bool = False  # sends to a multicast group
    interactive: bool = False  # a person types at it
    speaks: tuple[Routing, ...] = ()  # with routers, unless its node says otherwise; FRR does it
    forwards: bool = False  # passes on packets that are not for it
    has_anycast: bool = False  # answers at an address that others have, too
    most_links: int = 0  # how many links it can have an end of; where it can, it needs one
    has_routes: bool = False  # takes a fixed table of routes


_ALL = (
    Role(
        "broadcast-server",
        "passes every line to all other clients, marked with its sender's ID",
        module="services.broadcast_server",
        protocol=Protocol.TCP,
        port=9000,
        flags=(("port", "{port}"), ("interface", "{interface}")),
    ),
    Role(
        "broadcast-client",
        "says what you type to everyone else at the broadcast server",
        module="services.broadcast_client",
        flags=(("server", "{upstream}"),),
        needs_upstream=True,
        interactive=True,
    ),
    Role(
        "project3-server",
        "prints each word it receives: the given program, unchanged",
        module="services.project3.tcp_server",
        protocol=Protocol.TCP,
        port=10000,
        flags=(("port", "{port}"),),
    ),
    Role(
        "project3-client",
        "sends each word you type: the given program, unchanged",
        module="services.project3.tcp_client",
        flags=(("host", "{upstream_name}"), ("port", "{upstream_port}")),
        needs_upstream=True,
        interactive=True,
    ),
    Role(
        "forwarder",
        "passes bytes both ways; dials its upstream first, then listens",
        module="services.forwarder",
        protocol=Protocol.TCP,
        port=8000,
        flags=(("listen", "{port}"), ("upstream", "{upstream}")),
        needs_upstream=True,
    ),
    Role(
        "udp-peer",
        "sends what you type to its peer by UDP and to the server by TCP",
        module="services.udp_peer",
        protocol=Protocol.UDP,
        port=12000,
        flags=(("server", "{upstream}"), ("listen", "{port}"), ("peer", "{peer}")),
        needs_upstream=True,
        needs_peer=True,
        interactive=True,
    ),
    Role(
        "multicast-sender",
        "sends each line you type to a multicast group",
        module="services.multicast_sender",
        flags=(("interface", "{interface}"),),
        sends_group=True,
        interactive=True,
    ),
    Role(
        "multicast-receiver",
        "joins a multicast group and prints what arrives",
        module="services.multicast_receiver",
        flags=(("interface", "{interface}"),),
        joins_group=True,
        interactive=True,
    ),
    Role("host", "runs nothing of its own: a shell to look around from"),
    Role(
        "router",
        "passes packets on between its networks, by routes that it learns from the others",
        module="services.router",
        speaks=(Routing.OSPF, Routing.BFD, Routing.PIM),
        forwards=True,
    ),
    Role(
        "anycast-server",
        "answers at an address that several servers share, and tells the routers that it is there",
        module="services.router",
        protocol=Protocol.UDP,
        port=7000,
        speaks=(Routing.OSPF, Routing.BFD),
        has_anycast=True,
    ),
    Role(
        "packet-switch",
        "stores packets and forwards them from link to link, as datagrams and along virtual circuits",
        module="services.packet_switch",
        flags=(("name", "{name}"), ("link", "{links}"), ("route", "{routes}")),
        most_links=64,
        has_routes=True,
    ),
    Role(
        "packet-host",
        "sends what you type over packet switches: messages, flows and calls",
        module="services.packet_host",
        flags=(("name", "{name}"), ("link", "{links}")),
        most_links=1,
        interactive=True,
    ),
)

ROLES: dict[str, Role] = {role.name: role for role in _ALL}
