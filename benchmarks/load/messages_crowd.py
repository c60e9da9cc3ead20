r"""What a sender of messages and its receivers tell each other beside the messages, over a TCP connection each.

    receiver                                              sender
      |--- "8388608\n"             so many bytes fit my buffer ->|
      |<-- "40000 64 256 1 4711\n" the terms, see below ---------|   when all are there
      |--- "."                     I am ready ------------------>|
      |<== a block of messages ==================================|   when all are ready
      |<-- an announcement:        that was a block -------------|   if the terms say so
      |--- "."                     it came, all of it is right ->|
      |<== ...

A sender that waits for these signs has never more under way than fits a buffer, and so nothing is lost.
"""

import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

BUFFER = 4 * 1024 * 1024
"""What a receiver asks for, in bytes. What it gets may be less (Linux: at most twice net.core.rmem_max)."""

PATIENCE = 60
"""Seconds without a byte after which whoever waits for one gives up. The first of 200 receivers waits for the last."""

LOST = f"nothing has come for {PATIENCE} s: something was lost"
SIGN = b"."
Send = Callable[[bytes], object]


class NotAllError(Exception):
    """Somebody has gone, or did not get what was sent."""


class Terms(NamedTuple):
    """How many messages of how many bytes, in blocks of how many, each announced (1) or not (0); the port for TCP."""

    messages: int
    size: int
    block: int
    announced: int
    port: int

    def blocks(self) -> Iterator[list[bytes]]:
        """Yield the messages, block by block. Each has a number of its own, and a newline at its end alone."""
        filler = b"\n".rjust(self.size - 8, b"~")
        for first in range(0, self.messages, self.block):
            yield [b"%08d" % number + filler for number in range(first, min(first + self.block, self.messages))]


def gather(listener: socket.socket, receivers: int) -> tuple[list[socket.socket], int]:
    """Wait for all receivers; return the connections to them, and how many bytes fit the smallest of their buffers."""
    crowd = [prepared(listener.accept()[0]) for _ in range(receivers)]
    return crowd, min(int(read_line(one)) for one in crowd)


def tell(crowd: Sequence[socket.socket], terms: Terms) -> None:
    """Tell all receivers what will come."""
    for one in crowd:
        one.sendall(b"%d %d %d %d %d\n" % terms)


def hear(connection: socket.socket, buffer: int) -> Terms:
    """Say, as a receiver, how many bytes fit the buffer; return what will come."""
    connection.sendall(b"%d\n" % buffer)
    return Terms(*map(int, read_line(connection).split()))


def wait_for_all(crowd: Sequence[socket.socket]) -> None:
    """Wait for one more sign of each. NotAllError if one does not give it."""
    for one in crowd:
        if take(one, 1) != SIGN:
            raise NotAllError(f"the receiver {one.getpeername()[0]} has gone: it did not get what was sent")


def connect(address: str, port: int, buffer: int | None = None) -> socket.socket:
    """Connect as a receiver; with a buffer of so many bytes, or what the system thinks fit. Raises OSError."""
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if buffer is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.connect((address, port))
    return prepared(connection)


def prepared(connection: socket.socket) -> socket.socket:
    """Let what is written go out at once, and let nobody wait for ever."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    give_up_after(connection, PATIENCE)
    return connection


def give_up_after(waiting: socket.socket, seconds: int) -> None:
    """Let `recv` fail when nothing comes for so long. Unlike settimeout, which polls at each call, it costs nothing."""
    waiting.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", seconds, 0))


def take(source: socket.socket, most: int) -> bytes:
    """Receive. NotAllError when nothing comes."""
    try:
        return source.recv(most)
    except BlockingIOError:
        raise NotAllError(LOST) from None


def read_line(connection: socket.socket) -> bytes:
    """Read a short line, a byte at a time: what comes behind it is for others. NotAllError if it does not come."""
    line = b""
    while not line.endswith(b"\n"):
        byte = take(connection, 1)
        if not byte:
            raise NotAllError("the other side has gone before it began")
        line += byte
    return line
