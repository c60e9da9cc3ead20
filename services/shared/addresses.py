"""The address, or the interface, of this machine on a given network.

An interface is found by its subnet, never by its name or order: `eth0` and `eth1` swap between boots. The
kernel's own routing table answers: connect a UDP socket (nothing is sent), and see which address it would
send from. IPv6 names an interface by its index instead, which the kernel's list of addresses has (Linux).
"""

import socket
from argparse import ArgumentTypeError
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path

from services.shared.endpoint import Endpoint

_LINK_LOCAL = 2  # the scope of an IPv6 group, in its fourth digit
# Each line: the address in hexadecimal digits, index, length of the prefix, scope, flags, name of the interface.
_IPV6_ADDRESSES = Path("/proc/net/if_inet6")


class NotHereError(Exception):
    """No interface of this machine is on the network that was asked for."""


def subnet(text: str) -> IPv4Network:
    """Read SUBNET|ADDRESS, as in 10.83.0.0/24 or 10.83.0.5. Raises ArgumentTypeError."""
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        message = f"{text!r} is neither a subnet nor an address: give one as in 10.83.0.0/24 or 10.83.0.5"
        raise ArgumentTypeError(message) from None


def in_subnet(where: IPv4Network) -> str:
    """Return this machine's address in a subnet of any size, even one. Raises NotHereError."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            if where.num_addresses == 1:
                probe.bind((str(where.network_address), 0))
            else:
                probe.connect((str(where.network_address + 1), 9))
            address: str = probe.getsockname()[0]
        except OSError:
            address = "0.0.0.0"
    if IPv4Address(address) not in where:
        raise NotHereError(f"this machine has no address in {where}; see `ip -4 address` for those that it has")
    return address


def for_group(group: Endpoint, where: IPv4Network | None) -> str:
    """Return the address of the interface for a group: in `where`, or by the routes. Raises NotHereError."""
    if where is not None:
        return in_subnet(where)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(group)
        except OSError:
            message = "this machine has no route to it; say which network to use with --interface SUBNET"
            raise NotHereError(message) from None
        address: str = probe.getsockname()[0]
        return address


def interface_in_subnet(where: IPv6Network) -> str:
    """Return the name of this machine's interface in an IPv6 subnet of any size, even one. Raises NotHereError."""
    for name, address in _ipv6_addresses():
        if address in where:
            return name
    raise NotHereError(f"this machine has no address in {where}; see `ip -6 address` for those that it has")


def interface_for_group(group: str, where: IPv6Network | None) -> str:
    """Return the name of the interface for an IPv6 group: in `where`, or by the routes. Raises NotHereError.

    A group that never leaves its network (ff01::/16, ff02::/16) has no route; the others' one is taken for it.
    """
    if where is not None:
        return interface_in_subnet(where)
    stays = IPv6Address(group).packed[1] & 0x0F <= _LINK_LOCAL
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("ff05::1" if stays else group, 9))
        except OSError:
            message = "this machine has no route to it; say which network to use with --interface SUBNET"
            raise NotHereError(message) from None
        address, _, _, index = probe.getsockname()
    return socket.if_indextoname(index) if index else interface_in_subnet(IPv6Network(address))


def _ipv6_addresses() -> list[tuple[str, IPv6Address]]:
    listed = _IPV6_ADDRESSES.read_text().splitlines() if _IPV6_ADDRESSES.exists() else []
    lines = [line.split() for line in listed]
    return [(line[5], IPv6Address(bytes.fromhex(line[0]))) for line in lines]
