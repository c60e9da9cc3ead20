"""Wait on a condition, never for a length of time.

The kernel and the engine cannot tell us of most things that plays wait for (a port that opens, a counter that rises),
so those are asked for again and again; what can wake us (a terminal, a packet) brings a condition variable of its own.
"""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from lab.errors import GaveUp

T = TypeVar("T")

DEADLINE = 15.0
"""Seconds that a wait lasts unless told otherwise: long for a busy two-core machine, short for a person."""

ASK_EVERY = 0.02
"""Seconds between two looks. Each look reads /proc, so it is cheap next to a container's start."""


def eventually(
    look: Callable[[], T | None],
    expected: str,
    *,
    within: float = DEADLINE,
    otherwise: Callable[[], str] = lambda: "nothing of the kind",
    every: float = ASK_EVERY,
) -> T:
    """Return the first true value of `look()`.

    Raises GaveUp(expected, otherwise()) after `within` seconds.
    """
    deadline = time.monotonic() + within
    pause = threading.Event()
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() >= deadline:
            raise GaveUp(f"{expected} within {within:g} s", otherwise())
        pause.wait(every)
