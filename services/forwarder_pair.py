"""One client of a forwarder and its connection upstream: a thread for each direction.

    client --- client-7-up ---> upstream     an end of stream travels on and leaves the other way open;
    client <-- client-7-down -- upstream     a reset travels on as a reset and ends both

Small messages go through a buffer. A stream that fills it goes on from socket to socket inside the kernel, through a
pipe (splice), where that is to be had. A full buffer ahead holds the reading up, so back-pressure travels too and
nothing is kept without bound.
"""

import contextlib
import errno
import fcntl
import mmap
import os
import socket
import threading

from services.shared.tcp import reason, reset_on_close
from services.shared.threads import Thread

_PIPE_SIZE = 1024 * 1024
_BUFFER_SIZE = 64 * 1024  # larger ones lose in a chain
_NO_SPLICE = {errno.EINVAL, errno.ENOSYS, errno.EPERM}
_WAKE_SECONDS = 0.1
_LOOK_SECONDS = 1.0


class Pair:
    """Both directions of one client's traffic. It owns both connections."""

    def __init__(self, name: str, client: socket.socket, upstream: socket.socket) -> None:
        self._name = name
        self._client = client
        self._upstream = upstream
        self._broken = ""
        self._up_ended = threading.Event()
        self._down_ended = threading.Event()

    def run(self) -> str:
        """Pass bytes on until both directions have ended, and close; return how it ended."""
        down = Thread(
            target=self._pass,
            args=(self._upstream, self._client, self._down_ended, self._up_ended),
            name=f"{self._name}-down",
            daemon=True,
        )
        with self._client, self._upstream:
            try:
                down.start()
            except RuntimeError as error:  # the system allows no more threads
                self._break(str(error), self._up_ended)
            else:
                self._pass(self._client, self._upstream, self._up_ended, self._down_ended)
                down.join()
        return f"reset: {self._broken}" if self._broken else "left"

    def _pass(
        self,
        source: socket.socket,
        target: socket.socket,
        ended: threading.Event,
        other_ended: threading.Event,
    ) -> None:
        try:
            copy(source, target)
            if not self._broken:
                target.shutdown(socket.SHUT_WR)
            ended.set()
            while not other_ended.wait(_LOOK_SECONDS):
                # Nobody reads from it any more, and who sends to it may never have to: so we look if it is lost.
                raise_if_lost(source)
        except OSError as error:
            ended.set()
            self._break(reason(error), other_ended)
        ended.set()

    def _break(self, why: str, other_ended: threading.Event) -> None:
        """End the other direction too, and have both connections reset when they are closed."""
        self._broken = self._broken or why
        for connection in (self._client, self._upstream):
            with contextlib.suppress(OSError):
                reset_on_close(connection)
                connection.shutdown(socket.SHUT_RD)  # wakes a reader, and puts nothing on the wire
        if not other_ended.wait(_WAKE_SECONDS):
            # It is stuck in sending to one that does not read. Only this wakes it; the orderly end that it
            # would send stays behind the unread bytes, so that the reset is first all the same.
            for connection in (self._client, self._upstream):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def raise_if_lost(connection: socket.socket) -> None:
    """Raise OSError when a connection has been reset."""
    if code := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(code, os.strerror(code))


def copy(source: socket.socket, target: socket.socket) -> None:
    """Pass bytes on until the stream of `source` ends. Raises OSError when either connection is lost."""
    buffer = memoryview(mmap.mmap(-1, _BUFFER_SIZE))  # takes memory only where something was written
    spliceable = hasattr(os, "splice")
    while size := source.recv_into(buffer):
        target.sendall(buffer[:size])
        if spliceable and size == _BUFFER_SIZE:
            if _copy_in_kernel(source, target):
                return
            spliceable = False


def _copy_in_kernel(source: socket.socket, target: socket.socket) -> bool:
    """Do the rest of `copy` by splice(2); False, with nothing passed on, where that is not to be had."""
    try:
        outlet, inlet = os.pipe()
    except OSError:  # no descriptor is free
        return False
    try:
        if _widen(inlet) < _BUFFER_SIZE:
            return False
        at_once = True
        while True:
            try:
                size = os.splice(source.fileno(), inlet, _PIPE_SIZE)
            except OSError as error:
                if error.errno in _NO_SPLICE:
                    return False
                raise
            if not size:
                return True
            if at_once != (size < _BUFFER_SIZE):
                # In a large batch, the rest that fills no packet may wait for the next batch to fill it; else each hop
                # of a chain makes more and smaller packets of it. What is small goes out at once, as it came.
                at_once = not at_once
                target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, at_once)
            while size:
                size -= os.splice(outlet, target.fileno(), size)
    finally:
        os.close(outlet)
        os.close(inlet)


def _widen(pipe: int) -> int:
    """Give a pipe all the room that it may have, and return its size. A user may have only so much in all pipes."""
    try:
        return fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
    except OSError:
        return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
