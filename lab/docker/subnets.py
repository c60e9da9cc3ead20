"""Which subnets are taken, and by whom: by the engine's networks, and by what this host has routes to.

Docker looks at its own networks alone, and only when it makes one. A subnet that is also that of a link of this host
it gives away, and then packets go astray.
"""

import ipaddress
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.docker.errors import in_one_line
from lab.docker.names import LAB_LABEL
from lab.docker.nodes import connected
from lab.docker.unix_socket import unix_socket

Subnet = ipaddress.IPv4Network | ipaddress.IPv6Network
ROUTES = Path("/proc/net/route")
LIKE_DEFAULT = 8
"""Routes to more than a /8 stand for "everywhere else", as the halves of the world that a VPN has routes to."""


@dataclass(frozen=True)
class Taken:
    """A subnet that somebody has, and who that is in words."""

    subnet: Subnet
    whose: str


@in_one_line
def subnets_in_use() -> list[ipaddress.IPv4Network]:
    """Return the IPv4 subnets of the engine's networks, whoever made them, and of this host's routes."""
    api = connected()
    try:
        found = taken(api.get("/networks"))
    finally:
        api.close()
    return [each.subnet for each in found if isinstance(each.subnet, ipaddress.IPv4Network)]


def taken(networks: Sequence[dict[str, Any]], but: str | None = None) -> list[Taken]:
    """Return what these networks of the engine and this host's routes take, without what the lab `but` has."""
    others = [network for network in networks if but is None or (network["Labels"] or {}).get(LAB_LABEL) != but]
    # Of an engine elsewhere, the routes of this host say nothing.
    rows = ROUTES.read_text().splitlines()[1:] if unix_socket() and ROUTES.exists() else []
    return [*_of_networks(others), *_of_routes(rows, {_bridge(network) for network in networks})]


def collision(wanted: Sequence[tuple[str, Subnet]], others: Sequence[Taken]) -> str | None:
    """Say in words which of the networks, each a name and a subnet, overlaps what others have; None if none does."""
    for name, subnet in wanted:
        for other in others:
            if other.subnet.overlaps(subnet):
                return f"{subnet} of the network {name} is taken: {other.whose} has {other.subnet}"
    return None


def pools(network: dict[str, Any]) -> list[Subnet]:
    """Return the subnets of a network, as the engine tells of it or is asked for it."""
    return [ipaddress.ip_network(config["Subnet"]) for config in network["IPAM"]["Config"] or [] if "Subnet" in config]


def _of_networks(networks: Sequence[dict[str, Any]]) -> Iterator[Taken]:
    for network in networks:
        lab = (network["Labels"] or {}).get(LAB_LABEL)
        whose = f"Docker's network {network['Name']}" + (f" of the lab {lab}" if lab else "")
        yield from (Taken(subnet, whose) for subnet in pools(network))


def _of_routes(rows: Sequence[str], bridges: set[str]) -> Iterator[Taken]:
    """Read the routes of a Linux host; those through the engine's bridges are its networks."""
    for row in map(str.split, rows):
        subnet = ipaddress.IPv4Network((_number(row[1]), _number(row[7]).bit_count()))
        if subnet.prefixlen >= LIKE_DEFAULT and row[0] not in bridges:
            yield Taken(subnet, f"the interface {row[0]} of this host")


def _bridge(network: dict[str, Any]) -> str:
    return (network["Options"] or {}).get("com.docker.network.bridge.name") or f"br-{network['Id'][:12]}"


def _number(text: str) -> int:
    """Turn the kernel's hexadecimal, in the host's byte order, into a number."""
    return int.from_bytes(bytes.fromhex(text), sys.byteorder)
