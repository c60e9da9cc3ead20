"""A node's sockets, as its kernel lists them in /proc/net (man 5 proc).

Reading the kernel's own tables says whether any program at all, in any language, listens or is connected,
without a packet sent to it and without a word from it.
"""

import ipaddress
import sys
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING

from lab import routes

if TYPE_CHECKING:
    from lab.connections import End

TABLES = ("tcp", "tcp6", "udp", "udp6", "igmp", *routes.TABLES)
"""The files below /proc/net that `parse` reads."""

ESTABLISHED, LISTEN = "01", "0A"  # from the kernel's include/net/tcp_states.h


@dataclass(frozen=True)
class Sockets:
    """What one node has open: TCP ports listened on, TCP connections (own end, other end), UDP ports, groups joined.

    And where its packets can go: the destinations that it has routes to, and its own IPv6 addresses.
    """

    listening: frozenset[int]
    established: frozenset["tuple[End, End]"]
    udp: frozenset[int]
    groups: frozenset[str]
    routes: frozenset[IPv4Network | IPv6Network] = frozenset()
    addresses6: frozenset[IPv6Address] = frozenset()

    def connected_to(self, port: int) -> bool:
        """Tell whether a TCP connection to that port of another node is open."""
        return any(other[1] == port for _, other in self.established)


NONE = Sockets(frozenset(), frozenset(), frozenset(), frozenset())
"""Those of a node that has not opened any."""


def parse(tables: dict[str, str]) -> Sockets:
    """Read the texts of TABLES below /proc/net, by name. A table that is missing counts as empty.

    ValueError for what no kernel writes: the complaint of a command that should have printed a table, say.
    """
    try:
        return _parse(tables)
    except (IndexError, ValueError) as error:
        raise ValueError(f"these are not the tables of a kernel: {error}") from None


def _parse(tables: dict[str, str]) -> Sockets:
    tcp = [row.split() for name in ("tcp", "tcp6") for row in tables.get(name, "").splitlines()[1:]]
    udp = [row.split() for name in ("udp", "udp6") for row in tables.get(name, "").splitlines()[1:]]
    groups = [row.split()[0] for row in tables.get("igmp", "").splitlines() if row.startswith("\t\t")]
    return Sockets(
        listening=frozenset(end_of(row[1])[1] for row in tcp if row[3] == LISTEN),
        established=frozenset((end_of(row[1]), end_of(row[2])) for row in tcp if row[3] == ESTABLISHED),
        udp=frozenset(end_of(row[1])[1] for row in udp),
        groups=frozenset(_address(group) for group in groups),
        routes=routes.routes(tables),
        addresses6=routes.addresses6(tables),
    )


def end_of(text: str) -> "End":
    """Read an address and port as the kernel prints them: `0200530A:2328`."""
    address, port = text.split(":")
    return _address(address), int(port, 16)


def _address(text: str) -> str:
    """Turn the kernel's hexadecimal, 32-bit words in the host's byte order, into an address."""
    words = [bytes.fromhex(text[i : i + 8]) for i in range(0, len(text), 8)]
    packed = b"".join(word[::-1] if sys.byteorder == "little" else word for word in words)
    address = ipaddress.ip_address(packed)
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
