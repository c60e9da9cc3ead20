"""One client of the broadcast server: a thread that reads it, a queue, and a thread that writes to it.

reader:  recv -> whole lines -> sanitised, tagged -> the room
writer:  everything that is queued -> one sendmsg
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from services.shared.lines import LineTooLongError, batches, before_exit, tag
from services.shared.output import say
from services.shared.sanitise import sanitise
from services.shared.tcp import close_politely, reason
from services.shared.threads import Thread

if TYPE_CHECKING:
    from services.broadcast_room import Room

_MIB = 1024 * 1024
_FULL = 16 * _MIB  # bytes that may wait for one client; one more, and it is let go
_LAGGING = 4 * _MIB  # bytes that wait for a client when senders begin to wait for it
_PATIENCE_SECONDS = 0.2  # how long a client may take nothing before nobody waits for it any more
_MOST_BUFFERS = 1024  # IOV_MAX of Linux: what one sendmsg takes
_LAST_WORDS_SECONDS = 2.0


class OutputQueue:
    """What waits to be sent to one client: chunks of bytes, bounded in their sum. `size` is that sum."""

    def __init__(self) -> None:
        self.size = 0
        self._chunks: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._moved = 0.0  # when the client last took something, or had nothing to take

    def put(self, chunk: bytes) -> bool:
        """Append without ever waiting; False when it does not fit any more."""
        with self._changed:
            if self.size + len(chunk) > _FULL:
                return False
            if not self._closed:
                if not self.size:
                    self._moved = time.monotonic()
                self._chunks.append(chunk)
                self.size += len(chunk)
                self._changed.notify_all()
            return True

    def take(self) -> list[bytes]:
        """Wait for chunks and take what one call can send; nothing once the queue is closed and drained."""
        with self._changed:
            self._changed.wait_for(lambda: self._chunks or self._closed)
            if len(self._chunks) <= _MOST_BUFFERS:
                taken = list(self._chunks)
                self._chunks.clear()
            else:
                taken = [self._chunks.popleft() for _ in range(_MOST_BUFFERS)]
            return taken

    def sent(self, size: int) -> None:
        """Give back the room of `size` bytes that were taken: only now they are with the kernel."""
        with self._changed:
            self.size -= size
            self._moved = time.monotonic()
            self._changed.notify_all()

    def wait_for_room(self) -> None:
        """Wait while much is queued for a client that goes on taking; nobody waits for one that is stuck."""
        with self._changed:
            while self.size > _LAGGING and not self._closed:
                left = self._moved + _PATIENCE_SECONDS - time.monotonic()
                if left <= 0:
                    return
                self._changed.wait(left)

    def close(self) -> None:
        """Take nothing in any more; what is queued is still handed out."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class Member:
    """A client that is in the room under `number`."""

    def __init__(self, number: int, connection: socket.socket, room: Room) -> None:
        self.number = number
        self.queue = OutputQueue()
        self._connection = connection
        self._room = room
        self._let_go_because = ""
        self._reader = Thread(target=self._read, name=f"client-{number}-reader", daemon=True)
        self._writer = Thread(target=self._write, name=f"client-{number}-writer", daemon=True)

    def start(self) -> None:
        """Begin to read and write. Raises RuntimeError, and is out again, when no threads are left."""
        try:
            self._writer.start()
            self._reader.start()
        except RuntimeError:
            self._room.leave(self)
            self.queue.close()
            raise

    def let_go(self, why: str) -> None:
        """Cut the connection, with nothing more sent; both threads then come to their end."""
        self._let_go_because = self._let_go_because or why
        self.queue.close()
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def _read(self) -> None:
        farewell = "left"
        try:
            for raw in batches(self._connection):
                lines, leaves = before_exit(sanitise(raw))
                if lines:
                    self._room.deliver(self, tag(lines, self.number))
                if leaves:
                    break
        except LineTooLongError:
            farewell = "let go: it sent a line that is too long"
            self.queue.put(b"* line too long\n")
        except OSError as error:
            farewell = f"lost: {reason(error)}"
        self._room.leave(self)
        say(f"client {self.number} {f'let go: {self._let_go_because}' if self._let_go_because else farewell}")
        self._close()

    def _close(self) -> None:
        """Close once the writer has sent what was queued, or has shown that it cannot."""
        self.queue.close()
        self._writer.join(_LAST_WORDS_SECONDS)
        if self._writer.is_alive():
            self.let_go("")
            self._writer.join()
        close_politely(self._connection)

    def _write(self) -> None:
        writable = select.poll()
        writable.register(self._connection, select.POLLOUT)
        try:
            while chunks := self.queue.take():
                while chunks:
                    # A call that does not block shows how much a slow client takes, and that a stuck one
                    # takes nothing.
                    try:
                        sent = self._connection.sendmsg(chunks, (), socket.MSG_DONTWAIT)
                    except BlockingIOError:
                        writable.poll()
                    else:
                        self.queue.sent(sent)
                        chunks = after(chunks, sent)
        except OSError as error:
            self.let_go(f"nothing can be sent to it any more: {reason(error)}")


def after(chunks: list[bytes], size: int) -> list[bytes]:
    """Return what follows the first `size` bytes of `chunks`."""
    for index, chunk in enumerate(chunks):
        if size < len(chunk):
            return [chunk[size:], *chunks[index + 1 :]]
        size -= len(chunk)
    return []
