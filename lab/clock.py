"""Whether the clocks of a history can be trusted: it is ordered by times, and clocks may be set.

    packets          the kernel's clock, where the engine is        all else        ours
    starts, ends     the engine's clock

On one machine these are one clock. Somebody may set it while a play runs, or the machine may sleep. On two machines
one may be ahead. Then what came first may seem to have come last, and nobody can judge. Waits go by a clock that
nobody sets.
"""

import time
from collections.abc import Callable

STEP = 0.1
"""Seconds by which a clock must have moved on its own to count as set. To keep it right, systems move it far less."""
DRIFT = 0.001
"""What a system that keeps a clock right may make it faster or slower by: twice what Linux allows."""
AHEAD = 0.5
"""Seconds by which an event may be later than its arrival."""
AT_ONCE = 0.01
"""Seconds within which two clocks are read; if it takes longer, they are read again."""


class Clock:
    """Compares the clock that is set with the one that is not, from look to look."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        """Take two clocks, in seconds."""
        self._wall, self._steady = wall, steady
        self._last = self._both()

    def wrong(self, event: float) -> str | None:
        """Say what is wrong with the clocks when an event of that time arrives; None if nothing is."""
        (wall, steady), (wall_before, steady_before) = both, _ = self._both(), self._last
        self._last = both
        passed = steady - steady_before
        moved = wall - wall_before - passed
        if abs(moved) > STEP + DRIFT * passed:
            way = "forward" if moved > 0 else "back"
            return f"the clock of this machine was set {way} by {abs(moved):.1f} s, or it slept; play again"
        if event - wall > AHEAD:
            return f"the clock of the engine is {event - wall:.1f} s ahead of ours; set both right, then play again"
        return None

    def _both(self) -> tuple[float, float]:
        while True:
            before = self._steady()
            wall = self._wall()
            if self._steady() - before < AT_ONCE:
                return wall, before
