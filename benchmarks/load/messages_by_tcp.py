"""Messages by TCP, as a server sends them that has a connection to each receiver.

a message          a call for each receiver, at once (TCP_NODELAY)     a stream, cut at the newlines
an announcement    a call for each receiver, on a connection apart
"""

import socket
from collections.abc import Sequence

from benchmarks.load.messages_crowd import BUFFER, NotAllError, Send, connect, prepared, take

READ = 64 * 1024


def sending(listener: socket.socket, receivers: int) -> list[Send]:
    """Wait for the receivers to connect; return the calls by which a message gets to all of them."""
    return [prepared(listener.accept()[0]).sendall for _ in range(receivers)]


def announcing(crowd: Sequence[socket.socket]) -> list[Send]:
    """Return the calls by which all hear that a block was sent."""
    return [one.sendall for one in crowd]


class Receiver:
    """Somebody with a connection for messages and another for announcements.

    Whoever does not read before a block was sent needs a buffer for it; whoever reads what comes is best served by
    the one that the system gives, which grows as it is needed.
    """

    def __init__(self, address: str, port: int, announcements: socket.socket, announced: bool) -> None:
        """Connect. Raises OSError."""
        self._messages = connect(address, port, BUFFER if announced else None)
        self._announcements = announcements
        self._begun = b""  # a message whose end has not come yet
        self._whole: list[bytes] = []

    def wait(self) -> None:
        """Wait until a block was sent."""
        take(self._announcements, 1)

    def receive(self, count: int) -> list[bytes]:
        """Return the next messages. NotAllError if they do not come."""
        while len(self._whole) < count:
            came = take(self._messages, READ)
            if not came:
                raise NotAllError("the stream ended before all messages had come")
            lines = (self._begun + came).splitlines(keepends=True)
            self._begun = b"" if lines[-1].endswith(b"\n") else lines.pop()
            self._whole += lines
        messages, self._whole = self._whole[:count], self._whole[count:]
        return messages
