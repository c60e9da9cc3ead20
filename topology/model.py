"""The topology file as it is written: its keys, what each may hold, and a sentence on each for editors.

    name: socklab
    base: 10.83.0.0/16
    networks:
      lab: {subnet: 10.83.0.0/24}
    nodes:
      server: {role: broadcast-server}
      alice:  {role: broadcast-client, upstream: server}

What one value may be is checked here; what values must be to each other is checked in `plan`.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from topology.errors import InvalidError, Problem, did_you_mean, short
from topology.fields import (
    Address,
    Arguments,
    Delay,
    Ends,
    Label,
    Memberships,
    Program,
    Project,
    Rate,
    RoleName,
    Routes,
    Speaks,
    Subnet,
    Sysctls,
)
from topology.source import Document, Where

MOST_COUNT = 1000
MOST_CHAIN = 64
MOST_QUEUE = 1000
MOST_COST = 15  # 16 is the infinity of the distance vectors
MOST_PORT = 65535

# Of whole numbers, by key.
_MOST = {"chain": MOST_CHAIN, "count": MOST_COUNT, "queue": MOST_QUEUE, "cost": MOST_COST, "publish": MOST_PORT}


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class NetworkSpec(_Spec):
    """One network: a bridge with one IP subnet."""

    subnet: Subnet
    """The addresses of this network, as in 10.83.0.0/24. The gateway gets .1, the nodes .2 and on. The gateway is
    one of the routers, if there are some, or the bridge of a network that is not internal; else there is none."""

    ipv6: bool = False
    """Whether nodes have IPv6 addresses as well. The subnet is fd00: and the 32 bits of the IPv4 subnet; routers
    advertise it, and hosts make their addresses themselves."""

    internal: bool = True
    """Whether the network is on its own (true if left out). With false, its nodes reach this computer and, through it,
    whatever that reaches."""


class NodeSpec(_Spec):
    """One node, or several alike (`count`), or a chain of forwarders (`chain`)."""

    role: RoleName
    """What the node is: it decides which program runs in it."""

    upstream: Label | None = None
    """The node that this one dials over TCP. The name of a chain stands for its first forwarder."""

    peer: Label | None = None
    """The node that a udp-peer talks with. That node has to name this one."""

    args: Arguments | None = None
    """Flags of the program as `key: value`, added to the role's own or changing them (`true` for a flag
    with no value); or a list of words, used instead of the role's own arguments."""

    networks: Memberships | None = None
    """The networks that the node is on: names, or names with a fixed address (null for any free one). May be
    left out where there is only one network."""

    count: Annotated[int, Field(ge=1, le=MOST_COUNT)] | None = None
    """So many nodes like this one, their names numbered from 1."""

    chain: Annotated[int, Field(ge=1, le=MOST_CHAIN)] | None = None
    """So many forwarders in a row, numbered from 1: each dials the next, the last one dials the upstream."""

    after: list[Label] | None = None
    """Start this node only when those are ready. For people who watch; programs find each other in any order."""

    restart: bool = False
    """Start the program again when it fails, as one does that gives up where nobody answers yet."""

    speaks: Speaks | None = None
    """What the node speaks with routers, of ospf, bfd and pim, where it is not all that its role speaks."""

    anycast: Address | None = None
    """The address that an anycast-server answers at. Several have the same; routers lead to the nearest."""

    routes: Routes | None = None
    """The fixed table of a packet-switch, as {h2: c}: by destination, the neighbour that is the next hop. Without it
    the switches find the ways themselves."""

    sysctls: Sysctls | None = None
    """Kernel settings of the node's own network stack, as in {net.ipv4.ip_default_ttl: 32}."""

    publish: Annotated[int, Field(ge=1, le=MOST_PORT)] | None = None
    """The port of this computer, of 127.0.0.1 alone, that leads to the node's own port. One of the node's networks has
    to be one that is not internal."""

    program: Program | None = None
    """The path, from the top of the repository, of a Python program of yours to run in the role's place."""


class LinkSpec(_Spec):
    """One link: it joins two packet-switches, or one and a packet-host, by UDP."""

    between: Ends
    """The two nodes that the link joins. Link number k of the file has the UDP port 6000 + k at both ends."""

    rate: Rate = 1_000_000
    """How many bit/s go each way, as 64kbit or 1mbit or a number (1mbit if left out)."""

    delay: Delay = 0.005
    """How long a bit travels, as 60ms or 0.5s (5ms if left out)."""

    queue: Annotated[int, Field(ge=1, le=MOST_QUEUE)] = 32
    """How many packets may wait at each end; further ones are dropped (32 if left out)."""

    cost: Annotated[int, Field(ge=1, le=MOST_COST)] = 1
    """What a way over this link costs (1 if left out): of several ways the cheapest is taken."""


class TopologyFile(_Spec):
    """A lab: its networks and the nodes on them."""

    name: Project
    """The name of the lab; everything created for it carries this name."""

    base: Subnet
    """The range that every subnet lies in. A lab that collides with something moves to another base."""

    networks: Annotated[dict[Label, NetworkSpec], Field(min_length=1)]
    """The networks of the lab, by name."""

    nodes: Annotated[dict[Label, NodeSpec], Field(min_length=1)]
    """The nodes of the lab, by name. Nodes reach each other by these names."""

    links: list[LinkSpec] | None = None
    """What joins packet-switches and packet-hosts; each is UDP between its two ends."""


def parse(document: Document) -> TopologyFile:
    """Check each value of a document; raises InvalidError with every problem found."""
    try:
        return TopologyFile.model_validate(document.data)
    except ValidationError as error:
        raise InvalidError(_problem(document, details) for details in error.errors()) from None


def _problem(document: Document, details: ErrorDetails) -> Problem:
    where = tuple(part for part in details["loc"] if part != "[key]")  # pydantic's mark for "the key itself"
    wrong, remedy = _say(where, details)
    return Problem(document.path, document.line(where), wrong, remedy)


def _say(where: Where, details: ErrorDetails) -> tuple[str, str]:
    """Put pydantic's finding into words: what is wrong, and what to do."""
    place, given = _place(where), details["input"]
    around, key = _place(where[:-1]) or "the file", str(where[-1])
    match details["type"]:
        case "extra_forbidden":
            return f"{around} has an unknown key {key}", did_you_mean(key, _keys(where))
        case "missing":
            return f"{around} has no {key}", f"add `{key}: ...`"
        case "too_short":
            return f"{place} is empty", f"name at least one of the {key}"
        case "value_error":
            wrong, _, remedy = str(details["ctx"]["error"]).partition("; ")
            return (wrong if where[-1] == given else f"{place}: {wrong}"), remedy
        case "model_type" | "dict_type":
            return f"{place} is {_shown(given)}, not a mapping", "write `key: value` pairs below it"
        case "string_type":
            return f"{place} is {_shown(given)}, not text", "put it in quotes"
        case "bool_type" | "bool_parsing":
            return f"{place} is {_shown(given)}", "write true or false"
        case "int_type" | "greater_than_equal" | "less_than_equal":
            return f"{place} is {_shown(given)}", f"give a whole number from 1 to {_MOST[key]}"
        case "list_type":
            return f"{place} is {_shown(given)}, not a list", "write [...], or lines that begin with a dash"
        case _:
            return f"{place}: {details['msg']}", "see the description of this key in topology.schema.json"


def _place(where: Where) -> str:
    """Name a value by its path; places in lists count from 1, as links do."""
    return ".".join(str(part + 1 if isinstance(part, int) else part) for part in where)


def _keys(where: Where) -> list[str]:
    if len(where) < 3:
        return list(TopologyFile.model_fields)
    specs: dict[str | int, type[_Spec]] = {"nodes": NodeSpec, "networks": NetworkSpec, "links": LinkSpec}
    return list(specs[where[0]].model_fields)


def _shown(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return short(value)
