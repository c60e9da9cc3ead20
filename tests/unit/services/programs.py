"""The programs of services/ as processes on this machine, and plain sockets to talk to them with."""

from __future__ import annotations

import hashlib
import os
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

REPO = Path(__file__).parents[3]
SECONDS = 10.0  # the longest that anything here may take
LOOPBACK = "127.0.0.1"
# Compiled modules are kept, since a hundred starts without them take seconds.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONUNBUFFERED": "1"
}


def eventually(condition: Callable[[], object], what: str, seconds: float = SECONDS) -> None:
    """Wait until a condition holds; fail with `what` should hold when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"within {seconds} s: {what}"
        pause.wait(0.005)


class Program:
    """`python -m services.NAME ARGUMENTS` with pipes for input and output (standard error goes to the output)."""

    def __init__(self, name: str, *arguments: str, preexec: Callable[[], None] | None = None) -> None:
        self.process = subprocess.Popen(
            # Without site-packages: the standard library must be enough.
            [sys.executable, "-S", "-m", f"services.{name}", *arguments],
            cwd=REPO,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            preexec_fn=preexec,
        )
        self.name = name
        self._output = b""
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        while chunk := os.read(self.process.stdout.fileno(), 65536):
            with self._changed:
                self._output += chunk
                self._changed.notify_all()

    @property
    def output(self) -> str:
        return self._output.decode(errors="replace")

    def expect(self, text: str, seconds: float = SECONDS, times: int = 1) -> str:
        """Wait until the output has `text`; return what follows its last part on that line."""
        with self._changed:
            seen = self._changed.wait_for(lambda: self.output.count(text) >= times, seconds)
        assert seen, f"{self.name} should have printed {text!r} x{times}, but printed:\n{self.output}"
        return self.output.split(text)[times].split("\n")[0]

    def type(self, text: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(text.encode())

    def close_input(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()

    def end(self, number: signal.Signals | None = signal.SIGTERM, seconds: float = SECONDS) -> int:
        """Send a signal, or none, and wait for the end; return the exit status."""
        if number is not None and self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(seconds)
        self._reader.join(SECONDS)
        return status

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(SECONDS)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()


class Wire:
    """A plain TCP client, as `nc` would be."""

    def __init__(self, port: int, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(SECONDS)
        self.socket.connect((LOOPBACK, port))
        self.received = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def expect(self, text: bytes) -> bytes:
        """Read until `text` has come; return everything up to its end and keep the rest."""
        while text not in self.received:
            chunk = self.socket.recv(65536)
            assert chunk, f"should have received {text!r}, but the stream ended after {self.received!r}"
            self.received += chunk
        end = self.received.index(text) + len(text)
        before, self.received = self.received[:end], self.received[end:]
        return before

    def read_to_end(self) -> bytes:
        while chunk := self.socket.recv(65536):
            self.received += chunk
        data, self.received = self.received, b""
        return data

    def hash_to_end(self) -> str:
        digest = hashlib.sha256()
        while chunk := self.socket.recv(1 << 18):
            digest.update(chunk)
        return digest.hexdigest()

    def nothing_for(self, seconds: float) -> bool:
        """Say if nothing comes, not even an end, for that long."""
        return not self.received and not select.select([self.socket], [], [], seconds)[0]

    def close(self) -> None:
        self.socket.close()


def listen(port: int = 0) -> socket.socket:
    """Listen on loopback, as an upstream that a test plays itself."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.settimeout(SECONDS)
    listener.bind((LOOPBACK, port))
    listener.listen(64)
    return listener


def accept(listener: socket.socket) -> socket.socket:
    connection, _ = listener.accept()
    connection.settimeout(SECONDS)
    return connection


_given: set[int] = set()


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port that is free, for what has to be known before it is listened on.

    It lies below those that the system gives to outgoing connections, and is given once, and by one of the workers
    that run tests at the same time; so it stays free.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    while True:
        port = random.randrange(10_000 + worker, 32_000, workers)  # noqa: S311
        with socket.socket(socket.AF_INET, kind) as probe, suppress(OSError):
            probe.bind((LOOPBACK, port))
            if port not in _given:
                _given.add(port)
                return port


def is_refused(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), SECONDS).close()
    except ConnectionRefusedError:
        return True
    return False
