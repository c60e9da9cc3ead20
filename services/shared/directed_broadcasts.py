"""Directed broadcasts: whether a router lets a datagram to all of a network into that network from another one.

Linux asks two settings, and both must be 1: `net.ipv4.conf.all.bc_forwarding` and that of the interface by which the
datagram comes in, which an interface has from `net.ipv4.conf.default.bc_forwarding` when it is made. Some engines make
a container's interfaces before they set anything, and in the container /proc/sys cannot be written. So a router gives
its interfaces what `default` says by netlink (man 7 rtnetlink), which it may.
"""

import os
import socket
import struct
from pathlib import Path

_DEFAULT = Path("/proc/sys/net/ipv4/conf/default/bc_forwarding")

# Of the kernel's include/uapi/linux: rtnetlink.h, netlink.h, if_link.h, ip.h. Python has no names for them.
_RTM_SETLINK = 19
_REQUEST_AND_ACKNOWLEDGE = 0x1 | 0x4
_IFLA_AF_SPEC, _IFLA_INET_CONF, _IPV4_DEVCONF_BC_FORWARDING = 26, 1, 32
_HEADER = struct.Struct("=IHHII")  # length, type, flags, sequence number, sender
_INTERFACE = struct.Struct("=BxHiII")  # family, type, index, flags, which of them change


def let_in_if_told() -> None:
    """Let directed broadcasts in by every interface if `default` says so. Raises OSError."""
    if _DEFAULT.exists() and _DEFAULT.read_text().strip() == "1":
        for index, _ in socket.if_nameindex():
            _let_in(index)


def _let_in(index: int) -> None:
    setting = _attribute(_IPV4_DEVCONF_BC_FORWARDING, struct.pack("=I", 1))
    setting = _attribute(_IFLA_AF_SPEC, _attribute(socket.AF_INET, _attribute(_IFLA_INET_CONF, setting)))
    body = _INTERFACE.pack(0, 0, index, 0, 0) + setting
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
        kernel.bind((0, 0))
        kernel.send(_HEADER.pack(_HEADER.size + len(body), _RTM_SETLINK, _REQUEST_AND_ACKNOWLEDGE, 1, 0) + body)
        (status,) = struct.unpack_from("=i", kernel.recv(4096), _HEADER.size)
    if status:
        raise OSError(-status, os.strerror(-status), f"interface {index}")


def _attribute(kind: int, value: bytes) -> bytes:
    length = struct.calcsize("=HH") + len(value)
    return struct.pack("=HH", length, kind) + value + bytes(-length % 4)
