"""From a topology file to a lab that can be started: names looked up, addresses given, commands filled in.

    read -> parse -> expand -> subnets -> addresses -> partners and links -> commands -> Topology
    file    values    nodes    --------------- what they are to each other ---------------

Problems are collected as far as they can be told apart, so that one run names all of them. Nothing is started
from a file that has any.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path

from topology import addresses, commands, outside, routing
from topology.errors import did_you_mean
from topology.expand import Draft, expand
from topology.links import Line, Link, join, lines_of
from topology.model import TopologyFile, parse
from topology.names import project
from topology.order import order
from topology.partners import Partners, find_partners
from topology.programs import locate
from topology.roles import GROUP, Role, Routing
from topology.source import Report, read

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Network:
    """A bridge with one IP subnet."""

    name: str
    subnet: IPv4Network
    gateway: IPv4Address
    subnet6: IPv6Network | None = None
    routed: bool = False  # whether routers, not the bridge, lead out of it
    router: str | None = None  # the node at the gateway address
    internal: bool = True  # whether it is on its own; else its bridge is the gateway, and leads to this computer


@dataclass(frozen=True)
class Node:
    """One container: what it is, what runs in it, where it is reached, and whom it reaches."""

    name: str
    entry: str  # the entry of the file that it comes from: forwarder for forwarder2
    role: Role
    command: tuple[str, ...]
    addresses: dict[str, IPv4Address] = field(hash=False)  # by network, in the order of the node's own
    upstream: str | None = None  # the node it dials
    peer: str | None = None
    after: tuple[str, ...] = ()  # the nodes that it is started after
    restart: bool = False  # whether it is started again when it fails
    program: Path | None = None  # absolute; of the user's own program
    port: int | None = None  # what it listens on
    publish: int | None = None  # the port of 127.0.0.1, on this computer, that leads there
    sends_to: str | None = None  # the multicast group HOST:PORT
    joins: str | None = None  # likewise
    addresses6: dict[str, IPv6Address] = field(default_factory=dict, hash=False)  # by network, where it has IPv6
    speaks: tuple[Routing, ...] = ()  # what it speaks with routers
    anycast: IPv4Address | None = None  # the address that it shares with others
    sysctls: dict[str, str] = field(default_factory=dict, hash=False)
    lines: tuple[Line, ...] = ()  # its ends of links, in the order of these


@dataclass(frozen=True)
class Topology:
    """A lab, checked."""

    name: str
    source: Path
    base: IPv4Network
    networks: dict[str, Network]
    nodes: dict[str, Node]
    links: tuple[Link, ...] = ()  # between packet switches and hosts

    @cached_property
    def name_of(self) -> dict[str, str]:
        """The node of each IPv4 address on a network."""
        return {str(address): node.name for node in self.nodes.values() for address in node.addresses.values()}

    def find(self, name: str) -> Node:
        """Return a node by name; raises LookupError that says which there are."""
        if name not in self.nodes:
            raise LookupError(f"there is no node {name} in {self.name}; {did_you_mean(name, self.nodes)}")
        return self.nodes[name]

    def further(self, name: str) -> dict[str, str]:
        """Return the addresses of a node that the engine did not give it, and the network of each.

        Those are its IPv6 addresses, the gateway addresses that it holds as a router, and the one it shares.
        """
        node = self.nodes[name]
        held = {str(n.gateway): n.name for n in self.networks.values() if n.router == name}
        shared = {str(node.anycast): next(iter(node.addresses))} if node.anycast else {}
        return {str(address): network for network, address in node.addresses6.items()} | held | shared

    def link(self, one: str, other: str) -> Link:
        """Return the link between two nodes, named in either order; raises LookupError if they are no neighbours."""
        for link in self.links:
            if {one, other} == {*link.ends}:
                return link
        there_are = did_you_mean(other, [line.neighbour for line in self.find(one).lines])
        raise LookupError(f"there is no link between {one} and {other} in {self.name}; {there_are}")

    def partners(self, name: str) -> list[str]:
        """Return the nodes that one talks with: whom it dials, who dials it, its peer, and by way of a group."""
        here = self.nodes[name]
        return [
            other.name
            for other in self.nodes.values()
            if name in (other.upstream, other.peer)
            or other.name in (here.upstream, here.peer)
            or (here.joins and here.joins == other.sends_to)
            or (here.sends_to and here.sends_to == other.joins)
        ]

    def way(self, name: str) -> list[str]:
        """Return the names that a word passes from a node to the last upstream, both included."""
        way = [name]
        while (following := self.nodes[way[-1]].upstream) is not None:
            way.append(following)
        return way


def load(
    path: Path,
    *,
    name: str | None = None,
    base: str | None = None,
    forwarders: int | None = None,
    root: Path = ROOT,
) -> Topology:
    """Read and check a topology file; raises TopologyError with everything that is wrong.

    `name` and `base` take the place of the file's own; `forwarders` sets the length of every chain. Programs
    are looked for under `root`.
    """
    document = read(path)
    file = parse(document)
    report = Report(document)
    lab = _named(file, name, report)
    target, distance = addresses.shift(file, base, report)
    addresses.check_subnets(file, report)
    drafts = expand(file, forwarders, report)
    report.settle()  # from here on names are unique and subnets are apart
    given = addresses.assign(drafts, file, report)
    partners = find_partners(drafts, given, report)
    links = join(drafts, given, file, report)
    before = order(drafts, report)
    routing.check(drafts, given, file, report)
    ports = {draft.name: commands.port(draft, report) for draft in drafts.values()}
    outside.check(drafts, given, ports, file, report)
    networks = _networks(file, drafts, given, distance)
    nodes = {
        draft.name: replace(
            _node(draft, partners[draft.name], links, ports, given[draft.name], networks, distance, root, report),
            after=before[draft.name],
        )
        for draft in drafts.values()
    }
    report.settle()
    routed = {name: _routed(node, networks) for name, node in nodes.items()}
    return Topology(lab, path, target, networks, routed, links)


def _networks(file: TopologyFile, drafts: dict[str, Draft], given: routing.Given, distance: int) -> dict[str, Network]:
    routed = any(draft.spec.role.forwards for draft in drafts.values())
    routers = routing.gateways(drafts, given)
    networks = {}
    for name, spec in file.networks.items():
        subnet = _moved(spec.subnet, distance)
        subnet6 = routing.subnet6(subnet) if spec.ipv6 else None
        networks[name] = Network(name, subnet, subnet[1], subnet6, routed, routers.get(name), spec.internal)
    return networks


def _routed(node: Node, networks: dict[str, Network]) -> Node:
    """Give a node its IPv6 addresses."""
    return replace(
        node,
        addresses6={
            name: routing.address6(networks[name].subnet, address, router=node.role.forwards)
            for name, address in node.addresses.items()
            if networks[name].subnet6
        },
    )


def _named(file: TopologyFile, name: str | None, report: Report) -> str:
    if name is None:
        return file.name
    try:
        return project(name)
    except ValueError as error:
        wrong, _, remedy = str(error).partition("; ")
        report.add(("name",), wrong, remedy)
        return file.name


def _node(
    draft: Draft,
    partners: Partners,
    links: tuple[Link, ...],
    ports: dict[str, int | None],
    given: dict[str, IPv4Address],
    networks: dict[str, Network],
    distance: int,
    root: Path,
    report: Report,
) -> Node:
    role = draft.spec.role
    sends_to = commands.group(draft, "group" if role.sends_group else "publish", GROUP if role.sends_group else None)
    joins = commands.group(draft, "group", GROUP) if role.joins_group else None
    lines = lines_of(links, draft.name)
    several = len(given) > 1 and (sends_to or joins)
    values = {
        "port": _text(ports[draft.name]),
        "upstream": _reached(partners.upstream, ports),
        "upstream_name": partners.upstream,
        "upstream_port": _text(ports[partners.upstream]) if partners.upstream else None,
        "peer": _reached(partners.peer, ports),
        "name": draft.name,
        "links": tuple(line.option for line in lines),
        "routes": tuple(f"{destination}={hop}" for destination, hop in (draft.spec.routes or {}).items()),
        "interface": str(networks[next(iter(given))].subnet) if several else None,
    }
    return Node(
        name=draft.name,
        entry=draft.entry,
        role=role,
        command=commands.command(draft, values, report),
        addresses={network: _shifted(address, distance) for network, address in given.items()},
        upstream=partners.upstream,
        peer=partners.peer,
        restart=draft.spec.restart,
        program=locate(draft, root, report),
        port=ports[draft.name],
        publish=draft.spec.publish,
        sends_to=sends_to,
        joins=joins,
        speaks=role.speaks if draft.spec.speaks is None else draft.spec.speaks,
        anycast=draft.spec.anycast and _shifted(draft.spec.anycast, distance),
        sysctls=dict(draft.spec.sysctls or {}),
        lines=lines,
    )


def _moved(subnet: IPv4Network, distance: int) -> IPv4Network:
    return IPv4Network((int(subnet.network_address) + distance, subnet.prefixlen))


def _shifted(address: IPv4Address, distance: int) -> IPv4Address:
    return IPv4Address((int(address) + distance) % 2**32)  # a wrong one, which is reported, may leave the range


def _reached(name: str | None, ports: dict[str, int | None]) -> str | None:
    return f"{name}:{ports[name]}" if name else None


def _text(port: int | None) -> str | None:
    return None if port is None else str(port)
