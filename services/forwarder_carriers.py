"""What carries the bytes of one direction: a buffer, or for a stream a pipe inside the kernel.

    source ---- fill ----> [ buffer or pipe ] ---- drain ----> target

Neither waits, since the connections do not block: BlockingIOError says that nothing has come, or that the target takes
no more for now. What is held then stays until it is drained, and no more is filled in: nothing is kept without bound.
"""

import fcntl
import os
import socket

BUFFER_SIZE = 64 * 1024  # larger ones lose in a chain
_PIPE_SIZE = 1024 * 1024


class Buffer:
    """Carries bytes by way of this program. Its `room` may be shared, since only what could not be sent stays."""

    def __init__(self, room: memoryview) -> None:
        self._room = room
        self._left = room[:0]

    @property
    def held(self) -> int:
        """How many bytes are still to be drained."""
        return len(self._left)

    def fill(self, source: socket.socket) -> int:
        """Take in what has come, and return how much it is: 0 at the end of the stream. Raises OSError."""
        size = source.recv_into(self._room)
        self._left = self._room[:size]
        return size

    def drain(self, target: socket.socket) -> None:
        """Send all that is held. Raises OSError."""
        try:
            while self._left:
                self._left = self._left[target.send(self._left) :]
        except BlockingIOError:
            self._left = memoryview(bytes(self._left))
            raise

    def close(self) -> None:
        """Give back what it takes: nothing."""


class Pipe:
    """Carries bytes from socket to socket inside the kernel, by splice(2)."""

    def __init__(self) -> None:
        """Make a pipe. Raises OSError when no descriptor is free."""
        self._outlet, self._inlet = os.pipe()
        self.size = _widen(self._inlet)
        self.held = 0

    def fill(self, source: socket.socket) -> int:
        """Take in what has come, and return how much it is: 0 at the end of the stream. Raises OSError."""
        self.held = os.splice(source.fileno(), self._inlet, _PIPE_SIZE)
        return self.held

    def drain(self, target: socket.socket) -> None:
        """Send all that is held. Raises OSError."""
        while self.held:
            self.held -= os.splice(self._outlet, target.fileno(), self.held)

    def close(self) -> None:
        """Give back its descriptors."""
        os.close(self._outlet)
        os.close(self._inlet)


def _widen(pipe: int) -> int:
    """Give a pipe all the room that it may have, and return its size. A user may have only so much in all pipes."""
    try:
        return fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
    except OSError:
        return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
