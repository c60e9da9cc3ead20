"""Lines from others, as the broadcast server and its like read them: batched, cleaned, tagged."""

import re
import socket
from typing import cast

from reliability.fuzz.target import Pieces, target
from services.anycast_responder import before_each
from services.shared.lines import LineTooLongError, batches, before_exit, tag
from services.shared.sanitise import sanitise

LONGEST = 24
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\udc80-\udc9f]")
"""C0 but for tab and newline, DEL, and C1: as characters and as single bytes."""


class Stream:
    """Takes the place of a socket: what came over a connection, in the reads that it came in."""

    def __init__(self, reads: list[bytes]) -> None:
        """Take what each read gives."""
        self._reads = [read for read in reads if read]

    def recv_into(self, buffer: memoryview) -> int:
        """Give the next read; 0 at the end."""
        read = self._reads.pop(0) if self._reads else b""
        buffer[: len(read)] = read
        return len(read)


def read(reads: list[bytes]) -> tuple[list[bytes], bool]:
    """Return the batches that come of some reads, and whether a line was too long."""
    found: list[bytes] = []
    try:
        for batch in batches(cast(socket.socket, Stream(reads)), LONGEST):
            assert batch.endswith(b"\n") and len(batch) > 0
            found.append(batch)
    except LineTooLongError:
        return found, True
    return found, False


def expected(data: bytes) -> tuple[bytes, bool]:
    """Return what the lines before the first that is too long come to, by the plainest way to say it."""
    *lines, last = data.split(b"\n")
    whole = b""
    for line in lines:
        if len(line) > LONGEST:
            return whole, True
        whole += line + b"\n"
    return (whole, True) if len(last) > LONGEST else (whole + (last and last + b"\n"), False)


@target(
    "lines split over reads are what they are in one read; the first that is too long ends them",
    seeds=[b"\3\1\5one\ntwo\nthree", b"\0" + b"x" * 30 + b"\n", b"\2\x10\x18" + b"y" * 24 + b"\n" + b"z" * 25],
    words=[b"\n", b"\n\n"],
)
def lines_over_reads(data: bytes) -> None:
    pieces = Pieces(data)
    reads = [pieces.part() for _ in range(pieces.byte() % 8)] + [pieces.rest()]
    found, too_long = read(reads)
    assert (b"".join(found), too_long) == expected(b"".join(reads))


@target(
    "a tagged batch has as many lines as came, each begins with the tag, no control byte is left but tab and newline",
    seeds=[b"hello\nyou\n", b"\x1b[2J\r[2] forged\n", b"\xc2\x85\xe2\x80\xa8\x9b1m\nexit\n", b"one\nexit\ntwo\n"],
    words=[b"exit\n", b"\nexit", b"\r\n", b"\xc2\x9b", b"\xed\xa0\x85", b"\xe2\x80"],
)
def tagged_batches(data: bytes) -> None:
    raw = data + b"\n"
    clean = sanitise(raw)
    assert clean.count(b"\n") == raw.count(b"\n")
    assert clean == sanitise(clean)
    assert clean == b"".join(sanitise(line + b"\n") for line in raw[:-1].split(b"\n"))
    assert not CONTROLS.search(clean.decode("utf-8", "surrogateescape"))
    before, leaves = before_exit(clean)
    lines = clean[:-1].split(b"\n")
    assert leaves is (b"exit" in lines)
    assert before.split(b"\n")[:-1] == (lines[: lines.index(b"exit")] if leaves else lines)
    if before:
        tagged = tag(before, 7)
        assert [line[:4] for line in tagged[:-1].split(b"\n")] == [b"[7] "] * before.count(b"\n")
        assert tagged[:-1].replace(b"\n[7] ", b"\n")[4:] + b"\n" == before
        assert before_each(b"[7] ", before) == tagged
