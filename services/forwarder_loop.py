"""The thread that passes on for all clients of a forwarder. It sleeps until one of their connections has something.

add(pair) ----> [ epoll: wait ---- which ones? ----> pass on, no further than can be done without waiting ]
                     ^                                                                            |
                     '----------------------------------------------------------------------------'

A thread or two a client would wait each for its own connection, and be woken for every message, one after the other.
"""

import mmap
import select
import socket
import threading
from collections.abc import Callable

from services.forwarder_carriers import BUFFER_SIZE
from services.forwarder_pair import End, Pair
from services.shared.tcp import reason
from services.shared.threads import Thread


class _Entry:
    """An end of a pair, what is waited for on it, and who is told when the pair has ended."""

    def __init__(self, pair: Pair, end: End, tell: Callable[[str], None]) -> None:
        self.pair, self.end, self.tell = pair, end, tell
        self.asked = end.wants()


class Loop:
    """Passes on between the connections of any number of pairs."""

    def __init__(self) -> None:
        """Start the thread. Raises OSError or RuntimeError when the system has no descriptor or thread left."""
        self._epoll = select.epoll()
        self._entries: dict[int, _Entry] = {}
        self._changing = threading.Lock()  # for these two: a pair is there with both its ends, or not at all
        self._room = memoryview(mmap.mmap(-1, BUFFER_SIZE))  # takes memory only where something was written
        Thread(target=self._run, name="passing", daemon=True).start()

    def add(self, client: socket.socket, upstream: socket.socket, tell: Callable[[str], None]) -> None:
        """Pass on between these until both directions have ended, close them, and tell how it ended.

        To be called from any thread; `tell` is called from the loop's, or from this one when the system has no room.
        """
        pair = Pair(client, upstream, self._room)
        entries = {end.connection.fileno(): _Entry(pair, end, tell) for end in pair.ends}
        with self._changing:
            self._entries |= entries
            try:
                for descriptor, entry in entries.items():
                    self._epoll.register(descriptor, entry.asked)
            except OSError as error:
                self._end(entry, reason(error))

    def _run(self) -> None:
        while True:
            for descriptor, events in self._epoll.poll():
                with self._changing:
                    if entry := self._entries.get(descriptor):  # else its pair has ended since
                        self._serve(entry, events)

    def _serve(self, entry: _Entry, events: int) -> None:
        try:
            entry.end.handle(events)
        except OSError as error:
            self._end(entry, reason(error))
            return
        if entry.pair.has_ended:
            self._end(entry)
            return
        for end in entry.pair.ends:
            self._ask(end)

    def _ask(self, end: End) -> None:
        descriptor = end.connection.fileno()
        entry, wanted = self._entries[descriptor], end.wants()
        if wanted != entry.asked:
            entry.asked = wanted
            self._epoll.modify(descriptor, wanted)

    def _end(self, entry: _Entry, why: str = "") -> None:
        for end in entry.pair.ends:
            del self._entries[end.connection.fileno()]
        entry.pair.close(broken=bool(why))
        entry.tell(f"reset: {why}" if why else "left")
