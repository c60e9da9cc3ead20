"""Sockets that send to an IPv4 multicast group, or have joined one (RFC 1112), and their arguments."""

import argparse
import contextlib
import errno
import socket
import sys
from argparse import ArgumentTypeError
from functools import partial
from ipaddress import IPv4Address

from services.shared import addresses, endpoint
from services.shared.command_line import whole_number
from services.shared.endpoint import Endpoint

DEFAULT_GROUP = Endpoint("224.1.1.1", 11000)
_QUIET_SECONDS = 1.0
_IP_MULTICAST_ALL, _IPV6_MULTICAST_ALL = 49, 29  # of Linux; Python has no names for them


def group(text: str) -> Endpoint:
    """Read GROUP:PORT. Raises ArgumentTypeError."""
    where = endpoint.remote(text)
    try:
        if IPv4Address(where.host).is_multicast:
            return where
    except ValueError:
        pass
    raise ArgumentTypeError(f"{where.host!r} is no multicast address: give one from 224.0.0.0 to 239.255.255.255")


def add_group_argument(line: argparse.ArgumentParser) -> None:
    """Add --group."""
    line.add_argument(
        "--group",
        type=group,
        default=DEFAULT_GROUP,
        metavar="GROUP:PORT",
        help=f"multicast group and port (default {DEFAULT_GROUP})",
    )


def add_interface_argument(line: argparse.ArgumentParser) -> None:
    """Add --interface."""
    line.add_argument(
        "--interface",
        type=addresses.subnet,
        metavar="SUBNET|ADDRESS",
        help="network to use, as in 10.83.0.0/24 (default: the one that the routes lead to)",
    )


def add_sending_arguments(line: argparse.ArgumentParser) -> None:
    """Add --ttl and --interface."""
    line.add_argument(
        "--ttl",
        type=partial(whole_number, lowest=0, highest=255),
        default=2,
        help="routers that a datagram may pass, plus one (default 2; 0 stays on this machine)",
    )
    add_interface_argument(line)


def sending_socket(interface: str, ttl: int) -> socket.socket:
    """Open a socket whose datagrams to groups leave by the interface with that address. Raises OSError."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, ttl)
    if sys.platform == "linux":
        # It finds the interface of an address anew for each datagram. One that was away and is back is another to it,
        # so what IP_MULTICAST_IF has set would lead nowhere.
        sender.bind((interface, 0))
    else:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
    return sender


def join(where: Endpoint, interface: str) -> socket.socket:
    """Open a socket that receives what is sent to a group on the interface with that address. Raises OSError.

    Several programs of one machine may join the same group: each gets every datagram.
    """
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        receiver.bind(where)
        hear_only_joined(receiver)
        receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, _membership(where, interface))
    except OSError:
        receiver.close()
        raise
    return receiver


class Member:
    """One that has joined a group, and joins it again when its interface was taken away and is back.

    The system then has forgotten who had joined there, and tells nobody. So when nothing has come for a second, ask.
    """

    def __init__(self, where: Endpoint, interface: str) -> None:
        """Join. Raises OSError."""
        self._where, self._interface = where, interface
        self._socket = self._joined()

    def recvfrom(self, size: int) -> tuple[bytes, tuple[str, int]]:
        """Wait for a datagram; return it, and who sent it."""
        while True:
            try:
                return self._socket.recvfrom(size)
            except TimeoutError:
                self._see_to_it()

    def leave(self) -> None:
        """Leave the group. Raises OSError."""
        leave(self._socket, self._where, self._interface)

    def _see_to_it(self) -> None:
        try:
            self._socket.setsockopt(
                socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, _membership(self._where, self._interface)
            )
        except OSError as error:
            if error.errno == errno.EADDRINUSE:  # it still has joined
                return
        with contextlib.suppress(OSError):  # the interface is not back yet
            # Another socket, since one keeps what it had joined on interfaces that are gone, and may have only a few.
            old, self._socket = self._socket, self._joined()
            old.close()

    def _joined(self) -> socket.socket:
        receiver = join(self._where, self._interface)
        receiver.settimeout(_QUIET_SECONDS)
        return receiver


def hear_only_joined(receiver: socket.socket) -> None:
    """Get what is sent to groups that this socket has joined: not, as else, to those that others here have joined."""
    if hasattr(socket, "SO_BINDTODEVICE"):  # Linux
        if receiver.family == socket.AF_INET6:
            receiver.setsockopt(socket.IPPROTO_IPV6, _IPV6_MULTICAST_ALL, 0)
        else:
            receiver.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)


def leave(receiver: socket.socket, where: Endpoint, interface: str) -> None:
    """Leave the group again: the kernel says so on the wire (IGMP). Raises OSError."""
    receiver.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, _membership(where, interface))


def _membership(where: Endpoint, interface: str) -> bytes:
    return socket.inet_aton(where.host) + socket.inet_aton(interface)
