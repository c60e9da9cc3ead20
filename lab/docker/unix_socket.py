"""HTTP to an engine that listens on a Unix socket of this host."""

import os
import socket
import threading
from http.client import HTTPConnection, HTTPException
from pathlib import PurePosixPath

from lab.docker.api import ApiError

DEFAULT_HOST = "unix:///var/run/docker.sock"
WITHIN = 60.0
"""Seconds until a request that is not answered is given up."""
IMPATIENT = 2.0
"""The same once a request was given up: who cleans up after an engine that hangs need not wait as long for each."""


def unix_socket() -> str | None:
    """Return the path of the socket that the environment leads to; None if it leads elsewhere."""
    scheme, _, path = (os.environ.get("DOCKER_HOST") or DEFAULT_HOST).partition("://")
    return path if scheme == "unix" and PurePosixPath(path).is_absolute() else None


class UnixSocket:
    """Sends requests of any number of threads; each has a connection of its own, which stays open."""

    def __init__(self, path: str) -> None:
        """Connect when something is sent."""
        self._path = path
        self._within = WITHIN
        self._of_thread = threading.local()
        self._all: list[_Connection] = []

    def send(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        """Send a request; return the status and body of the answer. ApiError if none comes."""
        connection = self._connection()
        connection.wait(self._within)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException) as error:
            connection.close()  # the next request opens it anew
            if isinstance(error, TimeoutError):
                self._within = IMPATIENT
            raise ApiError(0, f"no answer from the engine at {self._path}: {error}") from error

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._all:
            connection.close()

    def _connection(self) -> "_Connection":
        found: _Connection | None = getattr(self._of_thread, "connection", None)
        if found is None:
            found = self._of_thread.connection = _Connection(self._path)
            self._all.append(found)
        return found


class _Connection(HTTPConnection):
    """HTTP, as over TCP, to a socket that has a path for an address."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._path = path

    def wait(self, within: float) -> None:
        """Say how long each step of what follows may take, in seconds."""
        self.timeout = within
        if self.sock:
            self.sock.settimeout(within)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
