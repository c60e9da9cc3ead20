r"""A byte stream as batches of whole lines, so that one operation can serve a thousand lines.

recv:   "one\ntwo\nth"   "ree\n"
batch:  "one\ntwo\n"     "three\n"
"""

import socket
from collections.abc import Iterator

READ_SIZE = 64 * 1024
LONGEST_LINE = 64 * 1024


class LineTooLongError(Exception):
    """A line is longer than allowed, or has gone on for that long without an end."""


def batches(connection: socket.socket, longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """Yield what arrives, cut at the last newline of each read, until the stream ends.

    Every batch ends with a newline; text that the stream ends on gets one. Raises LineTooLongError when a
    line has more than `longest` bytes, OSError when the connection is lost.
    """
    begun = bytearray()  # the line whose end has not come yet
    while chunk := connection.recv(READ_SIZE):
        # A line that lies within one read is no longer than that, so only the first can be too long.
        first_end = chunk.find(b"\n")
        if len(begun) + (first_end if first_end >= 0 else len(chunk)) > longest:
            raise LineTooLongError
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield bytes(begun) + chunk[:cut]
            begun.clear()
        begun += chunk[cut:]
    if begun:
        yield bytes(begun) + b"\n"


def tag(batch: bytes, number: int) -> bytes:
    """Put `[number] ` in front of every line of a batch, in one operation on the whole of it."""
    mark = b"[%d] " % number
    return mark + batch[:-1].replace(b"\n", b"\n" + mark) + b"\n"


def before_exit(batch: bytes) -> tuple[bytes, bool]:
    """Cut a batch before the first line that is `exit` alone, and say if there is one."""
    if batch.startswith(b"exit\n"):
        return b"", True
    place = batch.find(b"\nexit\n")
    return (batch, False) if place < 0 else (batch[: place + 1], True)
