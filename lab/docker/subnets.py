"""Which subnets the engine's networks have already."""

import ipaddress

import docker

from lab.docker.errors import in_one_line


@in_one_line
def subnets_in_use() -> list[ipaddress.IPv4Network]:
    """Return the IPv4 subnets of the engine's networks, whoever made them."""
    client = docker.from_env()
    try:
        configs = [c for n in client.networks.list() for c in (n.attrs["IPAM"]["Config"] or [])]
    finally:
        client.close()
    subnets = (ipaddress.ip_network(config["Subnet"]) for config in configs if "Subnet" in config)
    return [subnet for subnet in subnets if isinstance(subnet, ipaddress.IPv4Network)]
