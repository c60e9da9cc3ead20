"""One client of the broadcast server: a thread that reads it, and a thread that writes to it.

reader:  recv -> whole lines -> sanitised, tagged -> the room
writer:  what is long, or has to wait for the client (broadcast_output.py)
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from services.broadcast_output import Output
from services.shared.lines import LineTooLongError, batches, before_exit, tag
from services.shared.output import say
from services.shared.sanitise import sanitise
from services.shared.tcp import close_politely, reason
from services.shared.threads import Thread

if TYPE_CHECKING:
    from services.broadcast_room import Room

_LAST_WORDS_SECONDS = 2.0


class Member:
    """A client that is in the room under `number`."""

    def __init__(self, number: int, connection: socket.socket, room: Room) -> None:
        self.number = number
        self.output = Output(connection)
        self._connection = connection
        self._room = room
        self._reader = Thread(target=self._read, name=f"client-{number}-reader", daemon=True)
        self._writer = Thread(target=self.output.drain, name=f"client-{number}-writer", daemon=True)

    def start(self) -> None:
        """Begin to read and write. Raises RuntimeError, and is out again, when no threads are left."""
        try:
            self._writer.start()
            self._reader.start()
        except RuntimeError:
            self._room.leave(self)
            self.output.cut("no threads are left")
            if self._writer.is_alive():
                self._writer.join()
            else:
                self.output.drain()  # so that nobody sends any more when the connection is closed
            raise

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
            self._room.tell(self, b"* line too long\n")
        except OSError as error:
            farewell = f"lost: {reason(error)}"
        self._room.leave(self)
        cut = self.output.cut_because
        say(f"client {self.number} {farewell if cut is None else f'let go: {cut}'}")
        self._close()

    def _close(self) -> None:
        """Close once the writer has sent what was queued, or has shown that it cannot. Nobody sends any more then."""
        self.output.close()
        self._writer.join(_LAST_WORDS_SECONDS)
        if self._writer.is_alive():
            self.output.cut("it did not take its last words")
            self._writer.join()
        close_politely(self._connection)
