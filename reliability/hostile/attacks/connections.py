"""Connections thrown at a server: many of them, or such as end before they have begun.

one-after-another   connect, send a line, end the stream, read to its end; the next
at-once             open them all, send a line on each, hold them for a while, end them all
half-lines          the same with the longest half line that is let be
leave-at-once       connect, close
reset-in-mid-line   connect, send half a line, reset
hold                open them all, say nothing, hold them: so descriptors are used up
"""

import contextlib
import errno
import select
import socket
import struct
import time

from reliability.hostile.attacks.words import command_line, dial, tell

PATIENCE = 10.0
BEGUN = {0, errno.EINPROGRESS}
LINES = {"at-once": b"one of many at once\n", "half-lines": b"x" * 60_000, "hold": b""}


def one_after_another(server: tuple[str, int], count: int, seconds: float) -> dict[str, int]:
    """Say a line on each, and leave politely."""
    served = lost = 0
    until = time.monotonic() + seconds
    while served + lost < count and time.monotonic() < until:
        try:
            with dial(server) as connection:
                connection.sendall(b"one of many\n")
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(1 << 16):
                    pass
                served += 1
        except OSError:
            lost += 1
    return {"connections": served + lost, "let in": served, "cut off or refused": lost}


def brief(server: tuple[str, int], count: int, seconds: float, reset: bool) -> dict[str, int]:
    """Leave without a word, or in the middle of one."""
    tried = begun = 0
    until = time.monotonic() + seconds
    while tried < count and time.monotonic() < until:
        tried += 1
        with contextlib.suppress(OSError), dial(server) as connection:
            begun += 1
            if reset:
                connection.sendall(b"half a li")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return {"connections": tried, "let in": begun, "cut off or refused": tried - begun}


def at_once(server: tuple[str, int], count: int, seconds: float, line: bytes) -> dict[str, int]:
    """Open so many, and hold them."""
    poll = select.poll()
    opening: dict[int, socket.socket] = {}
    for _ in range(count):
        connection = socket.socket()
        connection.setblocking(False)
        if connection.connect_ex(server) in BEGUN:
            poll.register(connection, select.POLLOUT)
            opening[connection.fileno()] = connection
    opened: dict[int, socket.socket] = {}
    deadline = time.monotonic() + PATIENCE
    while opening and time.monotonic() < deadline:
        for descriptor, _ in poll.poll(100):
            connection = opening.pop(descriptor)
            poll.unregister(descriptor)
            if connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                with contextlib.suppress(OSError):
                    connection.send(line)
                    opened[descriptor] = connection
    ended = _hold(opened, seconds)
    for connection in (*opening.values(), *opened.values()):
        connection.close()
    return {"connections": count, "let in": len(opened) - ended, "cut off or refused": count - len(opened) + ended}


def _hold(opened: dict[int, socket.socket], seconds: float) -> int:
    """Read what comes for a while; return how many connections were ended from there."""
    poll = select.poll()
    for connection in opened.values():
        poll.register(connection, select.POLLIN)
    ended = 0
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        for descriptor, _ in poll.poll(left * 1000):
            try:
                over = not opened[descriptor].recv(1 << 16)
            except OSError:
                over = True
            if over:
                poll.unregister(descriptor)
                ended += 1
    return ended


def main() -> None:
    """Attack, and say what came of it."""
    options = command_line("Throws connections at a server.").parse_args()
    if options.kind == "one-after-another":
        found = one_after_another(options.server, options.count, options.seconds)
    elif options.kind == "leave-at-once":
        found = brief(options.server, options.count, options.seconds, reset=False)
    elif options.kind == "reset-in-mid-line":
        found = brief(options.server, options.count, options.seconds, reset=True)
    else:
        found = at_once(options.server, options.count, options.seconds, LINES[options.kind])
    tell(**found)


if __name__ == "__main__":
    main()
