import socket
import threading
from unittest.mock import patch

import pytest

from services.broadcast_room import Room
from tests.unit.services.programs import eventually


def test_two_threads_serve_a_client_and_are_named_for_it() -> None:
    room = Room(limit=5)
    near, far = socket.socketpair()
    with near, far:
        member = room.admit(near)
        assert member
        member.start()
        far.settimeout(5)
        assert far.recv(100) == b"* you are 1\n"
        names = {thread.name for thread in threading.enumerate()}
        assert {"client-1-reader", "client-1-writer"} <= names
        far.shutdown(socket.SHUT_WR)
        assert far.recv(100) == b""
        far.close()
        eventually(lambda: not any("client-1" in thread.name for thread in threading.enumerate()), "both end")


@pytest.mark.parametrize("which", ["reader", "writer"])
def test_with_no_threads_left_it_is_out_again_and_nobody_sends_to_it(which: str) -> None:
    room = Room(limit=1)
    near, far = socket.socketpair()
    start = threading.Thread.start

    def start_unless(thread: threading.Thread) -> None:
        if thread.name == f"client-1-{which}":
            raise RuntimeError("can't start new thread")
        start(thread)

    with near, far:
        member = room.admit(near)
        assert member
        with patch.object(threading.Thread, "start", start_unless), pytest.raises(RuntimeError):
            member.start()
        assert not any("client-1" in thread.name for thread in threading.enumerate())
        assert far.recv(100) == b"* you are 1\n"
        member.output.put(b"too late")
        member.output.push()
        assert far.recv(100) == b""
        assert room.admit(near), "there is room for another one"
