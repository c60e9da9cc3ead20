"""A connection to a server that comes back by itself.

connecting --> up --> gone --> waiting `retry` seconds --> connecting ...
                '--> leave() --> ended
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable

from services.shared.command_line import CommandLine, seconds
from services.shared.endpoint import Endpoint
from services.shared.tcp import dial, reason
from services.shared.threads import Thread

_FAREWELL_SECONDS = 2.0


def add_retry_argument(line: CommandLine) -> None:
    """Add --retry."""
    line.add_argument(
        "--retry",
        type=seconds,
        default=2.0,
        metavar="SECONDS",
        help="how long to wait before another try when the server is full or gone (default 2)",
    )


class Link:
    """Keeps connected to `server` in a thread of its own."""

    def __init__(
        self,
        server: Endpoint,
        retry: float,
        converse: Callable[[socket.socket], bool],
        tell: Callable[[str], None],
    ) -> None:
        """Start to connect.

        `converse` is called with each new connection, reads from it and returns when the server has ended it:
        True when the server has said why. `tell` is given what the user should know; `retry` is in seconds.
        """
        self._server = server
        self._retry = retry
        self._converse = converse
        self._tell = tell
        self._connection: socket.socket | None = None
        self._leaving = False
        self._tried = threading.Event()
        self._thread = Thread(target=self._keep, name="link", daemon=True)
        self._thread.start()

    def wait_for_first_try(self) -> None:
        """Wait until the first connection is up or has failed: input from a pipe would come too early."""
        self._tried.wait()

    def send(self, data: bytes) -> bool:
        """Send to the server; False when it cannot be reached now."""
        connection = self._connection
        if connection is None:
            return False
        try:
            connection.sendall(data)
        except OSError:
            return False
        return True

    def leave(self, last_words: bytes) -> None:
        """Send the last words, end our stream, and give the server two seconds to end its own."""
        self._leaving = True
        if self.send(last_words) and (connection := self._connection):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
            self._thread.join(_FAREWELL_SECONDS)

    def _keep(self) -> None:
        while not self._leaving:
            try:
                connection = dial(self._server)
            except OSError as error:
                self._tell(f"no server at {self._server}: {reason(error)}")
            else:
                self._stay(connection)
            self._connection = None
            self._tried.set()
            if not self._leaving:
                self._tell(f"trying again in {self._retry:g} s")
                time.sleep(self._retry)

    def _stay(self, connection: socket.socket) -> None:
        with connection:
            self._connection = connection
            self._tried.set()
            try:
                why = "" if self._converse(connection) else "server gone"
            except OSError as error:
                why = f"server gone: {reason(error)}"
        if why and not self._leaving:
            self._tell(why)
