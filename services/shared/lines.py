r"""A byte stream as batches of whole lines, so that one operation can serve a thousand lines.

recv:   "one\ntwo\nth"   "ree\n"
batch:  "one\ntwo\n"     "three\n"
"""

import mmap
import socket
from collections.abc import Iterator

READ_SIZE = 256 * 1024
LONGEST_LINE = 64 * 1024


class LineTooLongError(Exception):
    """A line is longer than allowed, or has gone on for that long without an end."""


def batches(connection: socket.socket, longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """Yield what arrives, cut at the last newline of each read, until the stream ends.

    Every batch ends with a newline; text that the stream ends on gets one. Raises LineTooLongError when a
    line has more than `longest` bytes, OSError when the connection is lost.
    """
    begun = bytearray()  # the line whose end has not come yet
    # One buffer for all reads: to get one of this size each time costs more than a short line itself. Being mapped,
    # it has only as much memory as was ever needed of it.
    buffer = mmap.mmap(-1, READ_SIZE)
    while size := connection.recv_into(buffer):
        chunk = buffer[:size]
        line = -len(begun)  # where a line begins, seen from this read
        while too_long := size - line > longest:
            # Leap to the last newline that a line may reach, and from there again.
            end = chunk.rfind(b"\n", max(line, 0), line + longest + 1)
            if end < 0:
                break
            line = end + 1
        cut = max(line, 0) if too_long else chunk.rfind(b"\n") + 1
        if cut:
            yield bytes(begun) + chunk[:cut]
            begun.clear()
        if too_long:
            raise LineTooLongError
        begun += chunk[cut:]
    if begun:
        yield bytes(begun) + b"\n"


def tag(batch: bytes, number: int) -> bytes:
    """Put `[number] ` in front of every line of a batch, in one operation on the whole of it."""
    mark = b"[%d] " % number
    return mark + batch[:-1].replace(b"\n", b"\n" + mark) + b"\n"


def before_exit(batch: bytes) -> tuple[bytes, bool]:
    """Cut a batch before the first line that is `exit` alone, and say if there is one."""
    if b"exit\n" not in batch:  # which is seen in a third of the time of what follows
        return batch, False
    if batch.startswith(b"exit\n"):
        return b"", True
    place = batch.find(b"\nexit\n")
    return (batch, False) if place < 0 else (batch[: place + 1], True)
