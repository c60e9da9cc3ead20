"""Where a node's packets can go, as its kernel lists it in /proc/net (man 5 proc): routes, and its IPv6 addresses."""

import ipaddress
import sys
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network

TABLES = ("route", "ipv6_route", "if_inet6")
"""The files below /proc/net that this module reads."""

TENTATIVE = 0x40  # from the kernel's include/uapi/linux/if_addr.h: not yet known to be nobody else's
NOWHERE = "*"  # the interface of an IPv4 route that throws packets away, a blackhole's as well (net/ipv4/fib_trie.c)
REJECT = 0x0200  # the flag of such an IPv6 route, from include/uapi/linux/route.h
IPV6_DEFAULT = IPv6Network("::/0")


def routes(tables: Mapping[str, str]) -> frozenset[IPv4Network | IPv6Network]:
    """Return the destinations that /proc/net/route and ipv6_route lead to."""
    found: set[IPv4Network | IPv6Network] = set()
    for row in (line.split() for line in tables.get("route", "").splitlines()[1:]):
        if row[0] != NOWHERE:
            found.add(IPv4Network((_native(row[1]), f"{ipaddress.IPv4Address(_native(row[7]))}")))
    for row in (line.split() for line in tables.get("ipv6_route", "").splitlines()):
        if not int(row[8], 16) & REJECT:
            found.add(IPv6Network((bytes.fromhex(row[0]), int(row[1], 16))))
    return frozenset(found)


def addresses6(tables: Mapping[str, str]) -> frozenset[IPv6Address]:
    """Return the IPv6 addresses of /proc/net/if_inet6 that are ready for use."""
    rows = [line.split() for line in tables.get("if_inet6", "").splitlines()]
    return frozenset(IPv6Address(bytes.fromhex(row[0])) for row in rows if not int(row[4], 16) & TENTATIVE)


def _native(text: str) -> int:
    """Turn a 32-bit word, printed in the host's byte order, into the number that it means."""
    return int.from_bytes(bytes.fromhex(text), sys.byteorder)
