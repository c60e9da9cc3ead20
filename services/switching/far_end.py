"""The UDP socket of one link. To the node that uses it, it is a wire: what is sent may get lost, and nothing fails.

The neighbour may start later than this node, or again with another address. So its name is looked up until it is
known; and again when nothing comes from it and there is something to send, or something comes from elsewhere, but then
at most once a second. A thread does it: a look-up may take long.

A datagram has come when the kernel took it in, not when this program was woken: on a busy machine that is later, and a
packet that passes many switches would be late by the sum.
"""

import contextlib
import socket
import struct
import sys
import time

from services.shared.endpoint import Endpoint
from services.shared.threads import Thread

_LOOK_UP_SECONDS = 1.0
_LOOK_AGAIN_SECONDS = 0.25  # where the name is not known, or not yet
_PATIENCE_SECONDS = 0.05  # for the first look-up, so that the first packet is not lost where the neighbour is there
_RECEIVE_BUFFER = 1 << 20  # a message may come in one packet of 65,000 bytes
_MOST_AT_ONCE = 64  # so that one busy neighbour does not keep the others waiting
_LARGEST_DATAGRAM = 65535
_TIMESTAMPS = 35  # SO_TIMESTAMPNS of Linux, for which Python has no name: the kernel says when each datagram came
_TIMESPEC = struct.Struct("@ll")  # seconds since the epoch, and nanoseconds


class FarEnd:
    """Sends to the neighbour's end of a link, and receives what comes from there."""

    def __init__(self, port: int, remote: Endpoint) -> None:
        """Bind to our own end of the link. Raises OSError."""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self.socket.bind(("", port))
        except OSError:
            self.socket.close()
            raise
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        if sys.platform == "linux":
            self.socket.setsockopt(socket.SOL_SOCKET, _TIMESTAMPS, 1)
        self._remote = remote
        self._address: tuple[str, int] | None = None
        self._heard_at = 0.0
        self._look_up_again_at = 0.0
        self._looking = self._look_up()
        self._looking.join(_PATIENCE_SECONDS)

    def send(self, now: float, data: bytes) -> None:
        """Send one datagram, if the neighbour can be found."""
        self._look_up_again(now)
        if self._address is not None:
            with contextlib.suppress(OSError):
                self.socket.sendto(data, self._address)

    def receive(self, now: float) -> list[tuple[float, bytes]]:
        """Return the datagrams that have come from the neighbour, each with the time; others are left out."""
        received = []
        with contextlib.suppress(OSError):  # in the end that there is no more
            for _ in range(_MOST_AT_ONCE):
                data, notes, _, address = self.socket.recvmsg(_LARGEST_DATAGRAM, socket.CMSG_SPACE(_TIMESPEC.size))
                if address == self._address:
                    self._heard_at = now
                    received.append((_came(now, notes), data))
                else:
                    self._look_up_again(now)  # it may be the neighbour, and we may never have to send it anything
        return received

    def _look_up_again(self, now: float) -> None:
        if now - self._heard_at > _LOOK_UP_SECONDS and now >= self._look_up_again_at:
            self._look_up_again_at = now + _LOOK_UP_SECONDS
            if not self._looking.is_alive():
                self._looking = self._look_up()

    def _look_up(self) -> Thread:
        looking = Thread(target=self._find, name="look-up", daemon=True)
        looking.start()
        return looking

    def _find(self) -> None:
        while not self._is_found() and self.socket.fileno() >= 0:
            time.sleep(_LOOK_AGAIN_SECONDS)

    def _is_found(self) -> bool:
        with contextlib.suppress(OSError, UnicodeError):  # it is not there, or not yet
            found = socket.getaddrinfo(*self._remote, family=socket.AF_INET, type=socket.SOCK_DGRAM)
            host, number = found[0][4][:2]
            self._address = (str(host), int(number))
            return True
        return False


def _came(now: float, notes: list[tuple[int, int, bytes]]) -> float:
    """Return when a datagram came, by what the kernel noted of it; `now` if it noted nothing."""
    for level, kind, stamp in notes:
        if (level, kind) == (socket.SOL_SOCKET, _TIMESTAMPS):
            seconds, nanoseconds = _TIMESPEC.unpack(stamp)
            epoch = time.time() - time.monotonic()  # in this order: who is interrupted in between takes it for later
            came: float = seconds + nanoseconds / 1e9 - epoch
            return min(now, came)  # not in the future: somebody may have set the clock
    return now
