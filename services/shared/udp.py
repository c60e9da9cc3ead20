"""A UDP socket that talks with one peer, known by name."""

import contextlib
import socket
import sys
import time

from services.shared.endpoint import Endpoint
from services.shared.tcp import reason

_LARGEST_DATAGRAM = 65535
# Of Linux; Python has no name for it. It makes the kernel report what ICMP says about datagrams sent earlier,
# as "port unreachable"; each report also lies in a queue, which has to be emptied, or it fills the receive
# buffer.
_IP_RECVERR = 11
_LOOK_UP_SECONDS = 1.0


class DatagramSocket:
    """Bound to `endpoint`. The peer's name is looked up anew whenever something is sent: it may start later, or move.

    For what comes from elsewhere it is looked up once a second at most: strangers must not keep us busy with that.
    """

    def __init__(self, where: Endpoint) -> None:
        """Bind to `where`; its port 0 takes any that is free. Raises OSError."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind(where)
        except OSError:
            self._socket.close()
            raise
        if sys.platform == "linux":
            self._socket.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        self.endpoint = Endpoint(*self._socket.getsockname())
        self._source: tuple[str, int] | None = None  # from where the peer's datagrams come
        self._look_up_at = 0.0

    def send(self, data: bytes, peer: Endpoint) -> str:
        """Send one datagram; return why it could not be sent, or nothing."""
        try:
            try:
                self._socket.sendto(data, peer)
            except ConnectionRefusedError:  # which is about an earlier datagram, and kept this one from being sent
                self._socket.sendto(data, peer)
        except OSError as error:
            return reason(error)
        return ""

    def receive(self, peer: Endpoint) -> bytes:
        """Wait for a datagram of the peer, ignoring others. Raises OSError when one of ours was refused."""
        while True:
            try:
                data, source = self._socket.recvfrom(_LARGEST_DATAGRAM)
            except OSError:
                self._forget_reports()
                raise
            if source != self._source and source[1] == peer.port and time.monotonic() >= self._look_up_at:
                self._source = _resolve(peer)
                self._look_up_at = time.monotonic() + _LOOK_UP_SECONDS
            if source == self._source:
                return data

    def _forget_reports(self) -> None:
        if sys.platform == "linux":
            with contextlib.suppress(BlockingIOError):
                while True:
                    self._socket.recvmsg(1, 1, socket.MSG_ERRQUEUE | socket.MSG_DONTWAIT)


def _resolve(peer: Endpoint) -> tuple[str, int] | None:
    try:
        return socket.gethostbyname(peer.host), peer.port
    except OSError:
        return None
