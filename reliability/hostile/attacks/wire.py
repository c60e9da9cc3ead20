"""Datagrams that say they come from anywhere: whole IPv4 packets, put on the wire as they are (RFC 791, RFC 768).

It needs CAP_NET_RAW. The checksum of UDP is left out, as IPv4 allows; that of IP is the kernel's work.
"""

import random
import socket
import struct

from services.switching.header import checksum

Address = tuple[str, int]

_MOST_WHOLE = 1400
"""Bytes of a datagram that fit into one packet of an Ethernet."""


class Wire:
    """A raw socket."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self._numbers = random.Random(6)  # noqa: S311

    def send(self, source: Address, target: Address, data: bytes, claimed: int | None = None) -> None:
        """Send a datagram in fragments where it is too long; `claimed` is a length that is not its own."""
        length = 8 + len(data) if claimed is None else claimed
        rest = struct.pack("!HHHH", source[1], target[1], length, 0) + data
        number = self._numbers.randrange(1, 65536)
        for start in range(0, len(rest), _MOST_WHOLE):
            piece = rest[start : start + _MOST_WHOLE]
            more = start + len(piece) < len(rest)
            self._put(source[0], target[0], number, more << 13 | start // 8, socket.IPPROTO_UDP, piece)

    def syn(self, source: Address, target: Address) -> None:
        """Begin a connection that nobody will go on with."""
        number = self._numbers.randrange(1 << 32)
        segment = bytearray(struct.pack("!HHIIBBHHH", source[1], target[1], number, 0, 5 << 4, 2, 64240, 0, 0))
        ends = socket.inet_aton(source[0]) + socket.inet_aton(target[0])
        pseudo = ends + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(segment))
        segment[16:18] = struct.pack("!H", checksum(pseudo + segment))
        self._put(source[0], target[0], 0, 0, socket.IPPROTO_TCP, bytes(segment))

    def _put(self, source: str, target: str, number: int, fragment: int, protocol: int, rest: bytes) -> None:
        head = struct.pack(
            "!BBHHHBBH4s4s", 0x45, 0, 20 + len(rest), number, fragment, 64, protocol, 0,
            socket.inet_aton(source), socket.inet_aton(target),
        )  # fmt: skip
        self._socket.sendto(head + rest, (target, 0))
