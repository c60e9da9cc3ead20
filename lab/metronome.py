"""How late this machine wakes up a program that waits: while that is much, times that are measured say little.

wants to wake up    |    |    |    |    |    |
woken up            |    |     |   |          |        at worst by almost a beat too late: busy
"""

import threading
from time import monotonic
from types import TracebackType

BEAT = 0.005
"""Seconds from one awakening to the next."""


class Metronome:
    """Beats while a block lasts, in a thread of its own; then `late` says by how many seconds at worst it was late."""

    def __init__(self) -> None:
        """Prepare; nothing beats yet."""
        self.late = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="metronome", daemon=True)

    def __enter__(self) -> "Metronome":
        """Begin to beat."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        last = monotonic()
        while not self._over.wait(BEAT):
            now = monotonic()
            self.late = max(self.late, now - last - BEAT)
            last = now
