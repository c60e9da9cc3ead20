"""The address of this machine on a given network.

An interface is found by its subnet, never by its name or order: `eth0` and `eth1` swap between boots. The
kernel's own routing table answers: connect a UDP socket (nothing is sent), and see which address it would
send from.
"""

import socket
from argparse import ArgumentTypeError
from ipaddress import IPv4Address, IPv4Network

from services.shared.endpoint import Endpoint


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
