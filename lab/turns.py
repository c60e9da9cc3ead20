"""One verb at a time changes a lab: of two `make up`, or an `up` and a `down`, the second one waits.

All take turns by one file, runs/.turns: a byte of it for each lab, by a checksum of its name. The kernel keeps the
lock, and frees it when the process ends, however it ends. Nothing is written, so there is nothing to clean up.
"""

import fcntl
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lab import state


@contextmanager
def turn(lab: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Let nobody else who takes turns, in this checkout, change a lab while the block lasts.

    If somebody does already, that is told in a line, and waited for.
    """
    state.RUNS.mkdir(parents=True, exist_ok=True)
    there = os.open(state.RUNS / ".turns", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        place = zlib.crc32(lab.encode())
        try:
            fcntl.lockf(there, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:
            tell(f"Waiting for another make that starts or removes {lab}")
            fcntl.lockf(there, fcntl.LOCK_EX, 1, place)
        yield
    finally:
        os.close(there)
