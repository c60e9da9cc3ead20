"""TCP connections as every program here wants them: dialled, tuned, closed with the last words read."""

import contextlib
import errno
import os
import socket
import struct
import time

from services.shared.endpoint import Endpoint

_DIAL_SECONDS = 3.0
_FAREWELL_SECONDS = 2.0


def dial(server: Endpoint) -> socket.socket:
    """Connect to a server over IPv4. Raises OSError when that fails, or takes longer than three seconds."""
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(_DIAL_SECONDS)
        connection.connect(server)
        if connection.getsockname() == connection.getpeername():
            # Where nobody listens on a port of our own machine, the system may choose just that port for our side:
            # then we have reached ourselves (RFC 9293, 3.5: both ends open at the same time).
            raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
        connection.settimeout(None)
        tune(connection)
    except OSError:
        connection.close()
        raise
    return connection


def tune(connection: socket.socket) -> None:
    """Send small messages at once (TCP_NODELAY), and notice in half a minute that the other end is gone.

    While something is under way that nobody acknowledges, there are no probes: then it is the system that gives up,
    after a quarter of an hour unless it is told otherwise (net.ipv4.tcp_retries2).
    """
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_KEEPIDLE"):  # in seconds: first probe, next probes, and how many before it counts as gone
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 15)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)


def close_politely(connection: socket.socket, last_words: bytes = b"") -> None:
    """Send the last words and close, so that the other end reads them.

    To close with unread bytes on our side would send a reset, which may overtake and destroy our last words.
    So: end our stream, read until the other end has ended its own (two seconds at most), then close.
    """
    deadline = time.monotonic() + _FAREWELL_SECONDS
    with connection, contextlib.suppress(OSError):
        connection.sendall(last_words)
        connection.shutdown(socket.SHUT_WR)
        while (left := deadline - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(64 * 1024):
                break


def reset_on_close(connection: socket.socket) -> None:
    """Have a connection end by a reset when it is closed (SO_LINGER with zero time)."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def reason(error: OSError) -> str:
    """Say in a few words why something failed."""
    return error.strerror or str(error)
