"""Which subnets are in use: by the engine's networks, and by what this host has routes to."""

import ipaddress
import sys
from pathlib import Path

import docker

from lab.docker.errors import in_one_line


@in_one_line
def subnets_in_use() -> list[ipaddress.IPv4Network]:
    """Return the IPv4 subnets of the engine's networks, whoever made them, and of this host's routes."""
    client = docker.from_env()
    try:
        configs = [c for n in client.networks.list() for c in (n.attrs["IPAM"]["Config"] or [])]
    finally:
        client.close()
    subnets = (ipaddress.ip_network(config["Subnet"]) for config in configs if "Subnet" in config)
    return [*_routes(), *(subnet for subnet in subnets if isinstance(subnet, ipaddress.IPv4Network))]


def _routes() -> list[ipaddress.IPv4Network]:
    """Read the routes of a Linux host, the default one left out; none elsewhere."""
    table = Path("/proc/net/route")
    rows = [row.split() for row in table.read_text().splitlines()[1:]] if table.exists() else []
    routes = [ipaddress.IPv4Network((_number(row[1]), _ones(row[7]))) for row in rows]
    return [route for route in routes if route.prefixlen]


def _number(text: str) -> int:
    """Turn the kernel's hexadecimal, in the host's byte order, into a number."""
    return int.from_bytes(bytes.fromhex(text), sys.byteorder)


def _ones(mask: str) -> int:
    return _number(mask).bit_count()
