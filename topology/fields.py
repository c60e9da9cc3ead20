"""The small types of a topology file: each parses one value and says what is wrong with it.

A parser takes the raw YAML value and raises ValueError("what is wrong; what to do"). The JSON Schema of each
is given by hand, since an editor has to know what may be WRITTEN, not what it is parsed into.
"""

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network
from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from topology import units
from topology.errors import did_you_mean, short
from topology.names import LABEL, MOST_NAME, PROJECT, label, project, text_of
from topology.roles import ROLES, Role, Routing

_FLAG = re.compile(r"[a-z][a-z0-9-]*")
_SYSCTL = re.compile(r"net(\.[a-z0-9_]+)+")
_IPV4 = r"^(\d{1,3}\.){3}\d{1,3}"


def subnet(value: Any) -> IPv4Network:
    """Parse an IPv4 subnet that hosts can live in."""
    text = text_of(value)
    try:
        network = IPv4Network(text, strict=False)
    except ValueError:
        network = None
    if network is None or "/" not in text:
        raise ValueError(f"{short(text)} is no IPv4 subnet; write it as 10.83.0.0/24")
    if text != str(network):
        raise ValueError(f"{text} is not how a subnet is written here; write {network}")
    if network.is_multicast or network.is_loopback or network.is_link_local or network.is_reserved:
        raise ValueError(f"{text} is not for hosts; take it from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")
    if network.prefixlen < 8 or network.network_address in IPv4Network("0.0.0.0/8"):
        raise ValueError(f"{text} is too large; take a /8 or smaller, such as 10.83.0.0/16")
    return network


def role(value: Any) -> Role:
    """Parse the name of a role."""
    name = text_of(value)
    if name not in ROLES:
        raise ValueError(f"there is no role {name}; {did_you_mean(name, ROLES)}")
    return ROLES[name]


def address(value: Any) -> IPv4Address:
    """Parse a fixed IPv4 address."""
    try:
        return IPv4Address(text_of(value))
    except ValueError:
        raise ValueError(f"{short(value)} is no IPv4 address; write it as 10.83.0.10") from None


def memberships(value: Any) -> dict[str, IPv4Address | None]:
    """Parse the networks of a node: a list of names, or names with fixed addresses."""
    if isinstance(value, list) and value:
        names = [label(name) for name in value]
        if len(set(names)) < len(names):
            raise ValueError("a network is in the list twice; name each once")
        return dict.fromkeys(names)
    if isinstance(value, dict) and value:
        return {label(name): None if fixed is None else address(fixed) for name, fixed in value.items()}
    raise ValueError("networks has to be a list of names or names with addresses; write [lab] or {lab: 10.83.0.10}")


def arguments(value: Any) -> dict[str, str | None] | tuple[str, ...]:
    """Parse a node's arguments: flags by name (None for a bare one), or the words of a command line."""
    if isinstance(value, list):
        return tuple(_word(word) for word in value)
    if not isinstance(value, dict):
        raise ValueError("args has to be flags or words; write {port: 9000} or [--port, 9000]")
    flags: dict[str, str | None] = {}
    for flag, setting in value.items():
        if not _FLAG.fullmatch(flag):
            raise ValueError(f"{short(flag)} is no flag; write it without its dashes, as in {{port: 9000}}")
        if setting is not False:  # `flag: false` is how people say that they do not want it
            flags[flag] = None if setting is True else _word(setting)
    return flags


def program(value: Any) -> PurePosixPath:
    """Parse the path of a program, as it is written; whether it exists is looked up later."""
    text = text_of(value)
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or not path.name:
        raise ValueError(f"{short(text)} is not inside this repository; give a path from its top, with no `..`")
    if ":" in text or not text.isprintable():
        raise ValueError(f"{short(text)} cannot be mounted; rename it without colons and control characters")
    return path


def routing(value: Any) -> tuple[Routing, ...]:
    """Parse the routing protocols of a node."""
    known = [protocol.value for protocol in Routing]
    if not isinstance(value, list) or not value or any(word not in known for word in value):
        raise ValueError(f"{short(value)} is no list of routing protocols; choose from [{', '.join(known)}]")
    if len(set(value)) < len(value):
        raise ValueError("a protocol is in the list twice; name each once")
    if Routing.BFD in value and Routing.OSPF not in value:
        raise ValueError("bfd watches the neighbours of ospf, which is not there; add ospf, or leave bfd out")
    return tuple(protocol for protocol in Routing if protocol in value)


def sysctls(value: Any) -> dict[str, str]:
    """Parse kernel settings of a node's own network stack."""
    if not isinstance(value, dict) or not value:
        raise ValueError("sysctls has to be settings of the network; write {net.ipv4.ip_default_ttl: 32}")
    for name in value:
        if not _SYSCTL.fullmatch(name):
            raise ValueError(f"{short(name)} is no setting of a node's network; take one that begins with net.")
    return {name: _word(setting, "a kernel setting") for name, setting in value.items()}


def ends(value: Any) -> tuple[str, str]:
    """Parse the two ends of a link."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"{short(value)} is not the two ends of a link; write [a, b]")
    return label(value[0]), label(value[1])


def routes(value: Any) -> dict[str, str]:
    """Parse a fixed table: destinations, and the neighbour that is the next hop to each."""
    if not isinstance(value, dict) or not value:
        raise ValueError("routes has to be next hops by destination; write {h2: c}")
    return {label(destination): label(hop) for destination, hop in value.items()}


def _word(value: Any, kind: str = "an argument") -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{kind} cannot be {short(value)}; write a text or a number")
    word = str(value)
    if not word.isprintable():
        raise ValueError(f"{short(word)} has characters that a command line cannot show; leave them out")
    return word


def _field(parse: Callable[[Any], Any], **schema: Any) -> tuple[BeforeValidator, WithJsonSchema]:
    return BeforeValidator(parse), WithJsonSchema(schema)


_LABEL_SCHEMA = {"type": "string", "pattern": f"^{LABEL.pattern}$", "maxLength": MOST_NAME}
_ADDRESS_SCHEMA = {"type": "string", "pattern": _IPV4 + "$"}
_WORD_SCHEMA = {"type": ["string", "number"]}

Label = Annotated[str, *_field(label, **_LABEL_SCHEMA)]
Project = Annotated[str, *_field(project, type="string", pattern=f"^{PROJECT.pattern}$", maxLength=MOST_NAME)]
Subnet = Annotated[IPv4Network, *_field(subnet, type="string", pattern=_IPV4 + r"/\d{1,2}$")]
RoleName = Annotated[Role, *_field(role, enum=list(ROLES))]
Program = Annotated[PurePosixPath, *_field(program, type="string")]
Address = Annotated[IPv4Address, *_field(address, **_ADDRESS_SCHEMA)]
Speaks = Annotated[
    tuple[Routing, ...],
    *_field(routing, type="array", items={"enum": [each.value for each in Routing]}, minItems=1, uniqueItems=True),
]
Sysctls = Annotated[
    dict[str, str],
    *_field(
        sysctls,
        type="object",
        propertyNames={"pattern": f"^{_SYSCTL.pattern}$"},
        additionalProperties={"type": ["string", "number"]},
        minProperties=1,
    ),
]
Ends = Annotated[
    tuple[str, str], *_field(ends, type="array", items=_LABEL_SCHEMA, minItems=2, maxItems=2, uniqueItems=True)
]
Routes = Annotated[
    dict[str, str],
    *_field(routes, type="object", propertyNames=_LABEL_SCHEMA, additionalProperties=_LABEL_SCHEMA, minProperties=1),
]
Rate = Annotated[int, *_field(units.rate, type=["string", "number"], pattern=units.RATE, minimum=1)]
Delay = Annotated[float, *_field(units.delay, type=["string", "number"], pattern=units.DELAY, maximum=0)]
Memberships = Annotated[
    dict[str, IPv4Address | None],
    *_field(
        memberships,
        anyOf=[
            {"type": "array", "items": _LABEL_SCHEMA, "minItems": 1, "uniqueItems": True},
            {
                "type": "object",
                "propertyNames": _LABEL_SCHEMA,
                "additionalProperties": {"anyOf": [_ADDRESS_SCHEMA, {"type": "null"}]},
                "minProperties": 1,
            },
        ],
    ),
]
Arguments = Annotated[
    dict[str, str | None] | tuple[str, ...],
    *_field(
        arguments,
        anyOf=[
            {
                "type": "object",
                "propertyNames": {"pattern": f"^{_FLAG.pattern}$"},
                "additionalProperties": {"type": ["string", "number", "boolean"]},
            },
            {"type": "array", "items": _WORD_SCHEMA},
        ],
    ),
]
