"""How many may wait at the door, and what is a fault of our own."""

import errno
import socket
import struct
from pathlib import Path

import pytest

from services.shared.endpoint import Endpoint
from services.shared.listener import Listener, is_exhausted
from tests.unit.services.programs import LOOPBACK

MOST_THAT_MAY_WAIT = 28
"""Where it stands in tcp_info of Linux, of a socket that listens: tcpi_sacked."""


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="only Linux says how long the queue of a listener is")
def test_a_crowd_may_wait_to_be_accepted() -> None:
    listener = Listener(Endpoint(LOOPBACK, 0))
    listener.listen()
    info = listener.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    (most,) = struct.unpack_from("I", info, MOST_THAT_MAY_WAIT)
    listener.close()
    assert most == min(1024, int(Path("/proc/sys/net/core/somaxconn").read_text()))


@pytest.mark.parametrize(
    ("number", "is_ours"),
    [(errno.EMFILE, True), (errno.ENFILE, True), (errno.ENOMEM, True), (errno.ECONNREFUSED, False)],
)
def test_want_of_descriptors_is_no_fault_of_the_other_end(number: int, is_ours: bool) -> None:
    assert is_exhausted(OSError(number, "")) is is_ours
