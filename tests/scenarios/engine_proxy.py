"""A Unix socket with the engine behind it, which can stop answering, or end: what an engine that fails looks like."""

import contextlib
import socket
import threading
from pathlib import Path

ENGINE = "/var/run/docker.sock"


class EngineProxy:
    """Passes bytes to the engine and back, until it is told to `hang`, or to `end`.

    As `with` block: listens at `path`.
    """

    def __init__(self, path: Path) -> None:
        self.host = f"unix://{path}"
        self._path = path
        self._going = threading.Event()
        self._going.set()
        self._ended = False
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)

    def __enter__(self) -> "EngineProxy":
        self._listener.bind(str(self._path))
        self._listener.listen(64)
        self._serving = threading.Thread(target=self._serve)
        self._serving.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.end()
        self._serving.join()
        for thread in self._threads:
            thread.join()
        for each in (self._listener, *self._sockets):
            each.close()

    def hang(self) -> None:
        """From now on take everything, and answer nothing."""
        self._going.clear()

    def end(self) -> None:
        """Cut all connections and listen no more."""
        self._ended = True
        self._path.unlink(missing_ok=True)
        for each in (self._listener, *self._sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._going.set()

    def _serve(self) -> None:
        while not self._ended:
            try:
                client, _ = self._listener.accept()
            except OSError:
                break
            engine = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            engine.connect(ENGINE)
            self._sockets |= {client, engine}
            for ends in ((client, engine), (engine, client)):
                self._threads.append(threading.Thread(target=self._pass, args=ends))
                self._threads[-1].start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                self._going.wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
