"""The history while it grows: threads add events, plays wait for them."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from lab.clock import Clock
from lab.errors import GaveUp
from lab.events import AnyEvent, Event, Fault, LabFailed, Started
from lab.history import History
from lab.waiting import DEADLINE

E = TypeVar("E", bound=Event)


def now() -> float:
    """Return the time by the one clock of the lab: seconds since the epoch."""
    return time.time()


class Recorder:
    """Collects events from any thread, in the order in which they arrive."""

    def __init__(self, listener: Callable[[AnyEvent], None] = lambda event: None, clock: Clock | None = None) -> None:
        """Tell `listener` of each event as it arrives, from the thread that brings it."""
        self._events: list[AnyEvent] = []
        self._grown = threading.Condition()
        self._listener = listener
        self._clock = clock or Clock()
        self._is_right = True

    def add(self, event: AnyEvent) -> None:
        """Take an event and wake all that wait."""
        with self._grown:
            self._events.append(event)
            if self._is_right and (wrong := self._clock.wrong(event.time)):
                self._is_right = False
                self._events.append(LabFailed(time=now(), what=wrong))
            self._grown.notify_all()
        self._listener(event)

    def add_fault(self, node: str, what: str, *, began: float | None = None, link: str | None = None) -> None:
        """Take what was broken or healed on purpose, just now, and since `began` for all that is known."""
        self.add(Fault(time=now(), began=began, node=node, what=what, link=link))

    def wait(
        self,
        kind: type[E],
        wanted: Callable[[E], bool],
        expected: str,
        *,
        within: float = DEADLINE,
        count: int = 1,
        since: float = 0.0,
    ) -> E:
        """Return the `count`-th event of a kind that is `wanted`, not older than `since`; GaveUp if none comes."""
        deadline = time.monotonic() + within
        looked = found = 0
        with self._grown:
            while True:
                for event in self._events[looked:]:
                    if isinstance(event, kind) and event.time >= since and wanted(event):
                        found += 1
                        if found == count:
                            return event
                looked = len(self._events)
                if not self._grown.wait(deadline - time.monotonic()):
                    raise GaveUp(f"{expected} within {within:g} s", f"{found} of {count}")

    def history(self, since: float = 0.0) -> History:
        """Return what was recorded up to now; of what is older than `since` only who was started."""
        with self._grown:
            known = list(self._events)
        return History(event for event in known if event.time >= since or isinstance(event, Started))
