"""UDP sockets of either family, IPv4 or IPv6, with their options; and addresses of either family, as they are given.

                      IPv4                        IPv6
routers to pass       IP_TTL                      IPV6_UNICAST_HOPS
the same for groups   IP_MULTICAST_TTL            IPV6_MULTICAST_HOPS
groups leave by       IP_MULTICAST_IF (address)   IPV6_MULTICAST_IF (index)
own machine hears it  IP_MULTICAST_LOOP           IPV6_MULTICAST_LOOP
everybody             SO_BROADCAST                there is no broadcast
"""

import argparse
import socket
import struct
from argparse import ArgumentTypeError
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from services.shared import addresses, endpoint
from services.shared.endpoint import Endpoint


def remote(text: str) -> Endpoint:
    """Read HOST:PORT or [IPv6]:PORT, something to send to. Raises ArgumentTypeError."""
    return _bracketed(text, lowest=1) or endpoint.remote(text)


def local(text: str) -> Endpoint:
    """Read [ADDRESS:]PORT, also with [IPv6] as the address, something to listen on. Raises ArgumentTypeError."""
    return _bracketed(text, lowest=0) or endpoint.local(text)


def _bracketed(text: str, lowest: int) -> Endpoint | None:
    if not text.startswith("["):
        return None
    host, _, number = text[1:].partition("]:")
    try:
        return Endpoint(endpoint.host_name(str(IPv6Address(host))), endpoint.port(number, lowest))
    except ValueError:
        raise ArgumentTypeError(f"{text!r} has no IPv6 address: give one as in [fd00::5]:7000") from None


def group(text: str) -> str:
    """Read the address of a multicast group. Raises ArgumentTypeError."""
    if not is_group(text):
        message = f"{text!r} is no multicast address: give one from 224.0.0.0 to 239.255.255.255, or from ff00::/8"
        raise ArgumentTypeError(message)
    return text


def is_group(host: str) -> bool:
    """Say if this is the address of a multicast group."""
    try:
        return ip_address(host).is_multicast
    except ValueError:
        return False


def network(text: str) -> IPv4Network | IPv6Network:
    """Read SUBNET|ADDRESS of either family. Raises ArgumentTypeError."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        message = f"{text!r} is neither a subnet nor an address: give one as in 10.84.1.0/24 or 10.84.1.5"
        raise ArgumentTypeError(message) from None


def add_interface_argument(line: argparse.ArgumentParser, use: str) -> None:
    """Add --interface."""
    line.add_argument(
        "--interface",
        type=network,
        metavar="SUBNET|ADDRESS",
        help=f"{use}, as in 10.84.1.0/24 (default: the one that the routes lead to)",
    )


def open_socket(host: str) -> socket.socket:
    """Open a UDP socket of the family of that host: IPv6 for an address with colons, else IPv4."""
    if ":" not in host:
        return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return opened


def set_ttl(sender: socket.socket, ttl: int, to_group: bool) -> None:
    """Let datagrams pass `ttl - 1` routers, those to groups or all others. Raises OSError."""
    if sender.family == socket.AF_INET6:
        option = socket.IPV6_MULTICAST_HOPS if to_group else socket.IPV6_UNICAST_HOPS
        sender.setsockopt(socket.IPPROTO_IPV6, option, ttl)
    else:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL if to_group else socket.IP_TTL, ttl)


def set_loop(sender: socket.socket, loop: bool) -> None:
    """Say if members on this machine get what is sent to their group."""
    if sender.family == socket.AF_INET6:
        sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, loop)
    else:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, loop)


def bind_sender(sender: socket.socket, port: int, to: str, where: IPv4Network | IPv6Network | None) -> str:
    """Bind to a port; let what goes to groups and to 255.255.255.255 leave by the interface in that network.

    Returns what that interface is known by, its address (IPv4) or its name (IPv6); or nothing when the routes
    decide. Raises NotHereError, OSError.
    """
    address = name = ""
    if isinstance(where, IPv4Network):
        address = addresses.in_subnet(where)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
    elif ":" in to and is_group(to):
        name = addresses.interface_for_group(to, where)
        sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex(name))
    sender.bind((address, port))  # Linux sends a limited broadcast by the interface of the address that it comes from
    return address or name


def join(receiver: socket.socket, to: str, where: IPv4Network | IPv6Network | None) -> str:
    """Join a group on the interface in that network, or by the routes; return what the interface is known by.

    Raises NotHereError, OSError.
    """
    if isinstance(ip_address(to), IPv4Address):
        address = addresses.for_group(Endpoint(to, 9), where if isinstance(where, IPv4Network) else None)
        membership = socket.inet_aton(to) + socket.inet_aton(address)
        receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        return address
    name = addresses.interface_for_group(to, where if isinstance(where, IPv6Network) else None)
    membership = IPv6Address(to).packed + struct.pack("@I", socket.if_nametoindex(name))
    receiver.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, membership)
    return name
