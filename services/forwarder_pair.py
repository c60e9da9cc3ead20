"""One client of a forwarder and its connection upstream: a way for each direction.

    client === up ====> upstream     an end of stream travels on and leaves the other way open;
    client <== down === upstream     a reset travels on as a reset and ends both

Small messages go through a buffer. A stream that fills it goes on through a pipe inside the kernel, where that is to
be had. What the target does not take holds the reading up, so back-pressure travels too.
"""

import contextlib
import errno
import os
import socket
from select import EPOLLERR, EPOLLET, EPOLLHUP, EPOLLIN, EPOLLOUT

from services.forwarder_carriers import BUFFER_SIZE, Buffer, Pipe
from services.shared.tcp import reset_on_close

_NO_SPLICE = {errno.EINVAL, errno.ENOSYS, errno.EPERM}


class Way:
    """One direction, from a connection to another."""

    def __init__(self, source: socket.socket, target: socket.socket, room: memoryview) -> None:
        self._source = source
        self._target = target
        self._buffer = Buffer(room)
        self._carrier: Buffer | Pipe = self._buffer
        self._may_splice = hasattr(os, "splice")
        self._is_stream = False  # the last reading filled the buffer
        self._at_once = True  # what is small is sent at once
        self.has_ended = False

    @property
    def is_held_up(self) -> bool:
        """Whether the target has yet to take what was read."""
        return self._carrier.held > 0

    @property
    def is_open(self) -> bool:
        """Whether more may be read."""
        return not self.has_ended and not self.is_held_up

    def pass_on(self) -> None:
        """Pass on what has come, as far as the target takes it. Raises OSError when either connection is lost."""
        with contextlib.suppress(BlockingIOError):
            if not self.is_held_up and not self._read():
                self.has_ended = True
                self._target.shutdown(socket.SHUT_WR)
            self._carrier.drain(self._target)

    def close(self) -> None:
        """Give back what carries it."""
        self._carrier.close()

    def _read(self) -> int:
        if self._is_stream and self._may_splice and self._carrier is self._buffer:
            self._take_a_pipe()
        try:
            size = self._carrier.fill(self._source)
        except OSError as error:
            if self._carrier is self._buffer or error.errno not in _NO_SPLICE:
                raise
            self._take_the_buffer()
            size = self._carrier.fill(self._source)
        self._is_stream = size >= BUFFER_SIZE
        if self._carrier is not self._buffer and self._at_once == self._is_stream:
            # In a large batch, the rest that fills no packet may wait for the next batch to fill it; else each hop
            # of a chain makes more and smaller packets of it. What is small goes out at once, as it came.
            self._at_once = not self._is_stream
            self._target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, self._at_once)
        return size

    def _take_a_pipe(self) -> None:
        try:
            self._carrier = pipe = Pipe()
        except OSError:  # no descriptor is free
            self._may_splice = False
            return
        if pipe.size < BUFFER_SIZE:
            self._take_the_buffer()

    def _take_the_buffer(self) -> None:
        self._carrier.close()
        self._carrier = self._buffer
        self._may_splice = False


class End:
    """A connection of a pair: what comes from it goes one way, and what goes to it comes the other."""

    def __init__(self, connection: socket.socket, brings: Way, takes: Way) -> None:
        self.connection = connection
        self._brings = brings
        self._takes = takes

    def wants(self) -> int:
        """Return what to wait for on it, as flags of epoll.

        Its loss and the end of both its streams are told in any case: once, and not again and again, where there is
        nothing to be done about it for now (EPOLLET).
        """
        wanted = (EPOLLIN if self._brings.is_open else 0) | (EPOLLOUT if self._takes.is_held_up else 0)
        return wanted or EPOLLET

    def handle(self, events: int) -> None:
        """Do what can be done now that these have come. Raises OSError when a connection is lost."""
        if events & EPOLLOUT and self._takes.is_held_up:
            self._takes.pass_on()
        if events & (EPOLLIN | EPOLLHUP | EPOLLERR) and self._brings.is_open:
            self._brings.pass_on()
        elif events & EPOLLERR and (code := self.connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)):
            raise OSError(code, os.strerror(code))


class Pair:
    """Both directions of one client's traffic. It owns both connections."""

    def __init__(self, client: socket.socket, upstream: socket.socket, room: memoryview) -> None:
        for connection in (client, upstream):
            connection.setblocking(False)
        self._ways = up, down = Way(client, upstream, room), Way(upstream, client, room)
        self.ends = End(client, up, down), End(upstream, down, up)

    @property
    def has_ended(self) -> bool:
        """Whether both directions have."""
        return all(way.has_ended for way in self._ways)

    def close(self, broken: bool) -> None:
        """Close both connections; by a reset when one of them is broken."""
        for end in self.ends:
            if broken:
                with contextlib.suppress(OSError):
                    reset_on_close(end.connection)
            end.connection.close()
        for way in self._ways:
            way.close()
