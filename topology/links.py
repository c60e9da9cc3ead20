"""The links that packet switches and hosts are joined by: numbered, given their ports, and every wrong one found.

    links:
      - {between: [a, b]}                  link 1    a:6001 ───── b:6001    a's line to b, b's line to a
      - {between: [b, d], delay: 60ms}     link 2    b:6002 ───── d:6002

A link is UDP between its two ends. Each end is a *line* of its node, which has a port of its own for every line.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from topology.errors import did_you_mean
from topology.expand import Draft
from topology.model import LinkSpec, TopologyFile
from topology.source import Report, Where

FIRST_PORT = 6001  # of link 1
MOST_ADDRESS = 8  # letters: a packet has so much room for a name
RATE, QUEUE, COST = 1_000_000, 32, 1  # what the programs take where a line says nothing

Memberships = Mapping[str, Mapping[str, object]]  # node name -> the networks it is on


@dataclass(frozen=True)
class Link:
    """Two ends, and what is between them."""

    number: int  # in the order of the file, from 1
    ends: tuple[str, str]
    rate: int = RATE  # bit/s, each way
    delay: float = 0.0  # seconds, each way
    queue: int = QUEUE  # packets that may wait at each end
    cost: int = COST

    @property
    def port(self) -> int:
        """The UDP port at both ends."""
        return FIRST_PORT - 1 + self.number

    def other(self, end: str) -> str:
        """Return the end that is not this one."""
        one, other = self.ends
        return other if end == one else one


@dataclass(frozen=True)
class Line:
    """One end of a link, as its node sees it."""

    neighbour: str
    port: int
    rate: int
    delay: float
    queue: int
    cost: int

    @property
    def option(self) -> str:
        """What the node's program is told of the line; what the program would take anyway is left out."""
        text = f"{self.neighbour}={self.port}:{self.neighbour}:{self.port}"
        said = {
            "rate": (self.rate, RATE),
            "delay": (self.delay, 0),
            "queue": (self.queue, QUEUE),
            "cost": (self.cost, COST),
        }
        return text + "".join(f",{key}={value:.12g}" for key, (value, usual) in said.items() if value != usual)


def lines_of(links: tuple[Link, ...], name: str) -> tuple[Line, ...]:
    """Return the lines of a node, in the order of the links."""
    return tuple(
        Line(link.other(name), link.port, link.rate, link.delay, link.queue, link.cost)
        for link in links
        if name in link.ends
    )


def join(drafts: Mapping[str, Draft], networks: Memberships, file: TopologyFile, report: Report) -> tuple[Link, ...]:
    """Look up both ends of every link, and the neighbours and destinations of every fixed table."""
    nodes = {name: draft for name, draft in drafts.items() if draft.spec.role.most_links}
    if nodes and file.links is None:
        first = next(iter(nodes.values()))
        report.add(
            first.where,
            f"{first.name} is a {first.spec.role.name}, and the file has no links",
            "add `links:` and below it `- {between: [NODE, NODE]}`",
        )
        return ()
    links: dict[frozenset[str], Link] = {}
    whole = True  # whether the ends of each link are right: else who has how many is not known
    for number, spec in enumerate(file.links or (), 1):
        if not _has_ends(spec, number, drafts, networks, report):
            whole = False
        elif (again := links.get(frozenset(spec.between))) is not None:
            report.add(
                ("links", number - 1),
                f"{_pair(spec)} are joined by link {again.number} already",
                "remove one of the two",
            )
        else:
            links[frozenset(spec.between)] = Link(number, spec.between, spec.rate, spec.delay, spec.queue, spec.cost)
    for draft in drafts.values():
        if draft.name in nodes:
            _check_name(draft, report)
            if whole:
                _check_number(draft, sum(draft.name in ends for ends in links), report)
        neighbours = [other for other in nodes if not whole or frozenset((draft.name, other)) in links]
        _check_routes(draft, [name for name in nodes if name != draft.name], neighbours, report)
    return tuple(links.values())


def _has_ends(spec: LinkSpec, number: int, drafts: Mapping[str, Draft], networks: Memberships, report: Report) -> bool:
    where: Where = ("links", number - 1, "between")
    one, other = spec.between
    if one == other:
        report.add(where, f"both ends of link {number} are {one}", "name two nodes")
        return False
    found = [_is_end(end, number, drafts, report) for end in spec.between]
    if all(found) and not networks[one].keys() & networks[other].keys():
        report.add(where, f"{_pair(spec)}, which link {number} joins, are on no network together", "put both on one")
    return all(found)


def _is_end(end: str, number: int, drafts: Mapping[str, Draft], report: Report) -> bool:
    where: Where = ("links", number - 1, "between")
    if end not in drafts:
        members = [draft.name for draft in drafts.values() if draft.entry == end]
        remedy = f"name one of {members[0]} to {members[-1]}" if members else did_you_mean(end, drafts)
        lack = f"is {len(members)} nodes" if members else "does not exist"
        report.add(where, f"an end of link {number}, {end}, {lack}", remedy)
        return False
    role = drafts[end].spec.role
    if not role.most_links:
        report.add(
            where,
            f"an end of link {number}, {end}, is a {role.name}, which has no links",
            "name a packet-switch or a packet-host",
        )
    return role.most_links > 0


def _check_name(draft: Draft, report: Report) -> None:
    if len(draft.name) > MOST_ADDRESS:
        report.add(
            draft.where,
            f"the name {draft.name} is too long for the header of a packet",
            f"take at most {MOST_ADDRESS} characters",
        )


def _check_number(draft: Draft, number: int, report: Report) -> None:
    role, name = draft.spec.role, draft.name
    if number == 0:
        report.add(
            draft.where, f"{name} is a {role.name} with no link", f"add `- {{between: [{name}, NODE]}}` to links"
        )
    elif number > role.most_links:
        report.add(
            draft.where,
            f"{name} has {number} links, and a {role.name} has at most {role.most_links}",
            "join it to one switch, and others to that",
        )


def _check_routes(draft: Draft, others: list[str], neighbours: list[str], report: Report) -> None:
    """Report a table of who has none, and routes to nowhere or by way of who is no neighbour."""
    where: Where = (*draft.where, "routes")
    role, routes = draft.spec.role, draft.spec.routes or {}
    if routes and not role.has_routes:
        report.add(where, f"{draft.entry} is a {role.name}, which has no table of routes", "remove `routes`")
        return
    for destination, hop in routes.items():
        if destination not in others:
            report.add(
                (*where, destination),
                f"{draft.name} has a route to {destination}, which is no other packet-switch or packet-host",
                did_you_mean(destination, others),
            )
        if hop not in neighbours:
            report.add(
                (*where, destination),
                f"{draft.name} reaches {destination} by way of {hop}, which is no neighbour",
                did_you_mean(hop, neighbours),
            )


def _pair(spec: LinkSpec) -> str:
    return " and ".join(spec.between)
