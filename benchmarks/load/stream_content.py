"""What the stream programs send: one block, again and again, so that a receiver knows every byte before it comes.

The length of the block is a prime number: buffers that were swapped, lost or sent twice do not look the same, since
no multiple of a page or of a buffer is one of the block.
"""

import argparse
import random
import socket

BLOCK_SIZE = 262_139
"""Bytes; the greatest prime below 256 KiB. So block and buffer of a receiver stay in its processor's cache."""


def block() -> bytes:
    """Return the block: the same bytes in every program."""
    return random.Random(BLOCK_SIZE).randbytes(BLOCK_SIZE)  # noqa: S311  (not for secrets)


def address(text: str) -> tuple[str, int]:
    """Read HOST:PORT. ValueError if it is none."""
    host, _, port = text.rpartition(":")
    return host, int(port)


def add_server_argument(line: argparse.ArgumentParser) -> None:
    """Add the flag that says where to connect to."""
    line.add_argument("--server", type=address, required=True, metavar="HOST:PORT", help="where to connect to")


def dial(server: tuple[str, int]) -> socket.socket:
    """Connect, and have small messages sent at once. Raises OSError."""
    connection = socket.create_connection(server)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection
