"""Bytes thrown at a server over a few connections.

slow            a byte at a time, with long pauses, and never a newline
stop-reading    as many lines as it takes, and nothing is ever read
empty-lines     newlines alone, as many as it takes
endless-line    a line without an end: --count MiB of it
random          bytes of no meaning; the same in each run
"""

import itertools
import random
import select
import socket
import time
from collections.abc import Callable, Iterator

from reliability.hostile.attacks.words import command_line, dial, tell

AT_ONCE = 1 << 16
SLOW_EVERY = 0.1
"""A byte a second, in a tenth of the time."""

LINE = b"a line that is answered, and the answer is not read\n"


def random_blocks() -> Iterator[bytes]:
    """Yield blocks of any bytes."""
    source = random.Random(6)  # noqa: S311
    while True:
        yield source.randbytes(AT_ONCE)


BLOCKS: dict[str, Callable[[], Iterator[bytes]]] = {
    "stop-reading": lambda: itertools.repeat(LINE * (AT_ONCE // len(LINE))),
    "empty-lines": lambda: itertools.repeat(b"\n" * AT_ONCE),
    "endless-line": lambda: itertools.repeat(b"x" * AT_ONCE),
    "random": random_blocks,
}


class Pour:
    """One connection, into which goes what fits."""

    def __init__(self, server: tuple[str, int], blocks: Iterator[bytes], most: float) -> None:
        self.connection = dial(server)
        self.connection.setblocking(False)
        self.sent = 0
        self.ended = False
        self._blocks = blocks
        self._left = b""
        self._most = most

    @property
    def is_done(self) -> bool:
        """Tell whether all is sent, or it was cut off."""
        return self.ended or self.sent >= self._most

    def write(self) -> None:
        """Send what fits."""
        self._left = self._left or next(self._blocks)
        try:
            size = self.connection.send(self._left)
        except BlockingIOError:
            return
        except OSError:
            self.ended = True
            return
        self.sent += size
        self._left = self._left[size:]

    def read(self) -> None:
        """Take what has come."""
        try:
            self.ended = not self.connection.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            self.ended = True


def pour(pours: list[Pour], seconds: float, reads: bool) -> None:
    """Send for so long, or until all is sent or cut off."""
    poll = select.poll()
    places = {each.connection.fileno(): each for each in pours}
    for descriptor in places:
        poll.register(descriptor, select.POLLOUT | (select.POLLIN if reads else 0))
    until = time.monotonic() + seconds
    while places and (left := until - time.monotonic()) > 0:
        for descriptor, events in poll.poll(left * 1000):
            place = places[descriptor]
            if events & select.POLLIN:
                place.read()
            if events & (select.POLLOUT | select.POLLHUP | select.POLLERR) and not place.ended:
                place.write()
            if place.is_done:
                poll.unregister(descriptor)
                del places[descriptor]


def trickle(connections: list[socket.socket], seconds: float) -> tuple[int, int]:
    """Send a byte on each now and then; return how many bytes, and how many connections were cut off."""
    sent, ended = 0, set[socket.socket]()
    until = time.monotonic() + seconds
    at = time.monotonic()
    while at < until:
        at += SLOW_EVERY
        select.select([], [], [], max(0.0, at - time.monotonic()))
        for connection in connections:
            try:
                sent += connection.send(b"s")
            except OSError:
                ended.add(connection)
    return sent, len(ended)


def main() -> None:
    """Attack, and say what came of it."""
    line = command_line("Throws bytes at a server.")
    line.add_argument("--mebibytes", type=float, default=float("inf"), help="the most to send on each")
    options = line.parse_args()
    if options.kind == "slow":
        connections = [dial(options.server) for _ in range(options.count)]
        size, cut = trickle(connections, options.seconds)
    else:
        most = options.mebibytes * 1024**2
        pours = [Pour(options.server, BLOCKS[options.kind](), most) for _ in range(options.count)]
        pour(pours, options.seconds, reads=options.kind != "stop-reading")
        size, cut = sum(each.sent for each in pours), sum(each.ended for each in pours)
    tell(connections=options.count, bytes=size, **{"cut off or refused": cut})


if __name__ == "__main__":
    main()
