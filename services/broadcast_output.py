"""What goes out to one client of the broadcast server: a queue, and the turn to send from it.

    put ---> queue ---> push     what is short is sent at once, by the thread that brings it
                   '--> drain    what is long, and what the client does not take at once: by the client's writer

The turn is a lock: who holds it sends, so bytes leave in the order in which they were queued. It is handed over to
the writer by leaving it locked and waking the writer. Nobody else waits until a client takes something, but who sends
much: a moment for one that lags, 0.05 s at most for one that takes nothing.
"""

import contextlib
import select
import socket
import threading
import time
from collections import deque

from services.shared.tcp import reason

_MIB = 1024 * 1024
_FULL = 16 * _MIB  # bytes that may wait for one client; one more, and it is let go
_LAGGING = 4 * _MIB  # bytes that wait for a client when senders begin to wait for it
_PATIENCE_SECONDS = 0.05  # how long a client may take nothing before nobody waits for it any more
_MOST_BUFFERS = 1024  # IOV_MAX of Linux: what one sendmsg takes
_SHORT = 16 * 1024  # bytes that one thread sends in less time than another one needs to wake up


class Output:
    """Chunks of bytes for one client, bounded in their sum. It is cut off, once, for the first reason given."""

    def __init__(self, connection: socket.socket) -> None:
        self.cut_because: str | None = None
        self._connection = connection
        self._queue: deque[bytes] = deque()
        self._taken: list[bytes] = []  # from the queue, by who holds the turn
        # All that ever came and went. Only one thread at a time counts: for what comes, who holds the lock of the
        # room, and for what goes, who holds the turn.
        self._came = self._went = 0
        self._closed = False
        self._turn = threading.Lock()
        self._writers_turn = threading.Semaphore(0)
        self._moved = 0.0  # when the client last took something, or had nothing to take
        self._moves = threading.Condition()
        self._awaited = False  # whether somebody waits for such a move

    @property
    def size(self) -> int:
        """How many bytes wait. What was taken counts until it is sent."""
        return self._came - self._went

    def put(self, chunk: bytes) -> bool:
        """Append without ever waiting; False when it does not fit any more. One thread at a time may call this."""
        size = self.size
        if size + len(chunk) > _FULL:
            return False
        if not self._closed:
            if not size:
                self._moved = time.monotonic()
            self._queue.append(chunk)
            self._came += len(chunk)
        return True

    def push(self) -> None:
        """See to it that what was put is sent, without waiting. Whoever has put something calls this afterwards."""
        if self._turn.acquire(blocking=False):
            if 0 < self.size <= _SHORT:
                self._send()
            self._give_back_turn()

    def drain(self) -> None:
        """Send what is left to the writer, until all is closed and sent, or cut. The turn is then never given again."""
        writable = select.poll()
        writable.register(self._connection, select.POLLOUT)
        while True:
            self._writers_turn.acquire()
            while self.size > 0 and self.cut_because is None:
                if not self._send():
                    writable.poll()
            if self._closed:
                return
            self._give_back_turn()

    def wait_for_room(self) -> None:
        """Wait while much is queued for a client that goes on taking; nobody waits for one that is stuck."""
        if self.size <= _LAGGING:
            return
        with self._moves:
            while not self._closed:
                self._awaited = True  # before the look at the size: so no move is missed
                left = self._moved + _PATIENCE_SECONDS - time.monotonic()
                if self.size <= _LAGGING or left <= 0:
                    return
                self._moves.wait(left)

    def close(self) -> None:
        """Take nothing in any more; what is queued is still sent."""
        self._closed = True
        self._tell_of_move()
        if self._turn.acquire(blocking=False):
            self._give_back_turn()

    def cut(self, why: str) -> None:
        """Cut the connection, with nothing more sent."""
        if self.cut_because is None:
            self.cut_because = why
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self.close()

    def _send(self) -> int:
        """Send what one call takes, without waiting: a stuck client takes nothing. Return how many bytes it was."""
        while self._queue and len(self._taken) < _MOST_BUFFERS:
            self._taken.append(self._queue.popleft())
        try:
            sent = self._connection.sendmsg(self._taken, (), socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0
        except OSError as error:
            self.cut(f"nothing can be sent to it any more: {reason(error)}")
            return 0
        self._taken = after(self._taken, sent)
        self._went += sent
        self._moved = time.monotonic()
        if self._awaited:
            self._tell_of_move()
        return sent

    def _give_back_turn(self) -> None:
        """Leave the turn to the writer if there is something to do for it, and else to whoever comes next."""
        if self.size <= 0 and not self._closed:
            self._turn.release()
            # Who came while we had the turn has gone again, and relies on us.
            if (self.size <= 0 and not self._closed) or not self._turn.acquire(blocking=False):
                return
        self._writers_turn.release()

    def _tell_of_move(self) -> None:
        with self._moves:
            self._awaited = False
            self._moves.notify_all()


def after(chunks: list[bytes], size: int) -> list[bytes]:
    """Return what follows the first `size` bytes of `chunks`."""
    for index, chunk in enumerate(chunks):
        if size < len(chunk):
            return [chunk[size:], *chunks[index + 1 :]]
        size -= len(chunk)
    return []
