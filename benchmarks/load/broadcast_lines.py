r"""What the sender of a broadcast and its receivers say to each other, through the server that is measured.

    sender      hello\n hello\n ...             until all have answered: then all are in
    receivers                 here 3\n          each once, at its first hello
    sender      numbered lines, 1024 a block    as fast as the server takes them
          or    stamped lines                   at a pace: each bears the time at which it was sent
    sender      ~\n                             the end: a byte that is nowhere else, so that nothing can split it
    receivers                 got 3\n           each once, when it has seen the end
    sender      done\n                          all have: everybody leaves

Lines have 64 bytes. What a server puts in front of them is its mark: `[1] `, `<user5> ` or nothing.
"""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass

HELLO = b"hello\n"
HERE = re.compile(rb"here (\d+)\n")
GOT = re.compile(rb"got (\d+)\n")
END = b"~\n"
DONE = b"done\n"

LINE = 64
LINES = 1024
"""In a block."""

_TEXT = b"the quick brown fox jumps over the lazy dog once more"
_NUMBER = b"######"
_LINES = [(_NUMBER + b" %04d " % place + _TEXT)[: LINE - 1] + b"\n" for place in range(LINES)]
_FIRST = re.compile(rb"^([^\n]*?)000000 0000 ", re.MULTILINE)
_STAMPED = re.compile(rb"^(?:\S+ )?(\d{19}) the", re.MULTILINE)


class NotAsSentError(Exception):
    """What came is not what was sent."""


@dataclass(frozen=True)
class Names:
    """How a server names lines: how many came, how many of them in one piece, how many of those with a name."""

    lines: int
    whole: int
    named: int


def address(text: str) -> tuple[str, int]:
    """Read HOST:PORT."""
    host, _, port = text.rpartition(":")
    return host, int(port)


def dial(server: tuple[str, int]) -> socket.socket:
    """Connect, and let small messages go at once."""
    connection = socket.create_connection(server, timeout=10)
    connection.settimeout(None)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def blocks(count: int, mark: bytes = b"") -> Iterator[bytes]:
    """Yield blocks of numbered lines, behind a mark: each by one operation on the whole of it."""
    block = b"".join(mark + line for line in _LINES)
    for number in range(count):
        yield block.replace(_NUMBER, b"%06d" % number)


def stamped(time: int) -> bytes:
    """Return a line that bears a time in nanoseconds."""
    return (b"%019d " % time + _TEXT)[: LINE - 1] + b"\n"


def stamps(text: bytes) -> list[int]:
    """Return the times that the lines bear."""
    return [int(stamp) for stamp in _STAMPED.findall(text)]


def judge(stream: bytes) -> Names:
    """Compare all that came with what was sent. NotAsSentError when a byte is missing, too much or elsewhere."""
    first = _FIRST.search(stream)
    if not first:
        raise NotAsSentError("the first line did not come")
    mark = first[1]
    stream = stream[first.start() : stream.rindex(END[:1])].removesuffix(mark)  # that of the end
    while (notice := stream.find(b"\n* ")) >= 0:  # somebody was let go
        stream = stream[: notice + 1] + stream[stream.index(b"\n", notice + 1) + 1 :]
    bare = stream.replace(mark, b"") if mark else stream
    came, rest = divmod(len(bare), LINE * LINES)
    if rest:
        raise NotAsSentError(f"{came} blocks came, and {rest} bytes more")
    for number, block in enumerate(blocks(came)):
        if not bare.startswith(block, number * len(block)):
            raise NotAsSentError(f"block {number} is not as it was sent")
    if not mark:
        return Names(came * LINES, whole=came * LINES, named=0)
    in_front = stream.count(b"\n" + mark) + 1
    amid = stream.count(mark) - in_front  # a mark amid a line, which is where the server cut it
    broken_named = len(re.findall(b"^" + re.escape(mark) + rb"[^\n]*" + re.escape(mark), stream, re.M)) if amid else 0
    return Names(came * LINES, whole=came * LINES - amid, named=in_front - broken_named)
