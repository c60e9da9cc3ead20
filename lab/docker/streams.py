"""Streams of bytes to and from containers, over the sockets that the docker SDK hands out.

The SDK reads the engine's answer through a buffer and then gives us the socket below it, so bytes that come at once
behind the answer would be lost. Therefore whoever opens a stream does so while nothing can be sent yet: a terminal
before its program starts, a command behind a shell that first waits for a line (`HELD`).
"""

import contextlib
import socket
from typing import Any

from docker.utils.socket import next_frame_header, read_exactly

HELD = ["sh", "-c", 'read go && exec "$@"', "sh"]
"""Put before a command: it starts when the line `GO` has come."""
GO = b"go\n"


class DockerStream:
    """A terminal, or the standard input and output of a command, in a container.

    `tty` says which of the engine's two formats is read: raw bytes, or frames that tell output from errors (both are
    returned alike).
    """

    def __init__(self, handle: Any, *, tty: bool) -> None:
        """Take the SDK's `handle`."""
        self._handle = handle
        self._socket: socket.socket = getattr(handle, "_sock", handle)
        self._socket.settimeout(None)
        self._tty = tty

    def read(self) -> bytes:
        """Return the next bytes, as they come; b"" at the end."""
        try:
            if self._tty:
                return self._socket.recv(1 << 16)
            _, size = next_frame_header(self._handle)
            return bytes(read_exactly(self._handle, size)) if size > 0 else b""
        except (OSError, ValueError):  # the other side, or `close`, ended it
            return b""

    def write(self, data: bytes) -> None:
        """Send bytes. Harmless once the program has ended: its exit is an event of its own."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(data)

    def close_input(self) -> None:
        """End the program's standard input."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Let go of both directions; a `read` that waits returns b""."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._handle.close()  # the SDK's view of the socket; the socket itself stays open until it is told, too
        self._socket.close()
