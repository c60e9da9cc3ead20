"""Labs that go with the process that plays in them, and what becomes of one whose process was killed.

    passing("socklab-q2-4711")    a lock on a file of that lab, for as long as the block lasts
    remove_abandoned()            removes the labs whose file is there and not locked so: nobody else will

The kernel keeps the lock, and frees it when the process ends, however it ends. So this knows no process numbers, which
are given again, and means other processes in another container or on another host that shares the engine.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lab import state

FILE = "passing.lock"


@contextmanager
def passing(lab: str) -> Iterator[Callable[[], None]]:
    """Say of a lab that it goes with this process.

    Gives a function to be called once the lab is gone, or is meant to stay. If it is not called, the lab is abandoned.
    """
    state.directory(lab).mkdir(parents=True, exist_ok=True)
    file = state.directory(lab) / FILE
    with _opened(file, os.O_CREAT) as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)  # it waits for who may just be removing one of that name
        yield lambda: file.unlink(missing_ok=True)


def remove_abandoned(remove: Callable[[str], object]) -> list[str]:
    """Have `remove` called with each lab that was left by a process of this checkout; return their names.

    Of several that do so at a time one removes a lab, and the others wait for it: all of them are gone in the end.
    """
    removed = []
    for file in sorted(state.RUNS.glob(f"*/{FILE}")):
        with suppress(FileNotFoundError), _opened(file) as lock:
            if _taken(lock) and os.fstat(lock).st_nlink:
                lab = file.parent.name
                remove(lab)
                file.unlink(missing_ok=True)
                removed.append(lab)
    return removed


def _taken(lock: int) -> bool:
    """Take the lock for who removes, who holds it alone; False if somebody plays in the lab, who shares it."""
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    fcntl.flock(lock, fcntl.LOCK_EX)
    return True


@contextmanager
def _opened(file: Path, flags: int = 0) -> Iterator[int]:
    """Open a file, whose lock goes when the block ends. FileNotFoundError if it has just gone."""
    there = os.open(file, os.O_RDWR | flags, 0o644)
    try:
        yield there
    finally:
        os.close(there)
