import hashlib
import random
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from services import forwarder_pair
from services.forwarder_pair import Pair
from tests.unit.services.programs import SECONDS, accept, listen


def tcp_pair(stack: ExitStack) -> tuple[socket.socket, socket.socket]:
    """Two ends of a TCP connection, since a socketpair knows no reset."""
    with listen() as listener:
        far = stack.enter_context(socket.create_connection(listener.getsockname(), SECONDS))
        return stack.enter_context(accept(listener)), far


class Bridge:
    """A pair between two connections, whose far ends are the test's."""

    def __init__(self, stack: ExitStack) -> None:
        near_client, self.client = tcp_pair(stack)
        near_upstream, self.upstream = tcp_pair(stack)
        for near in (near_client, near_upstream):
            near.settimeout(None)
        self.ended = ""
        pair = Pair("client-1", near_client, near_upstream)
        self.thread = threading.Thread(target=lambda: setattr(self, "ended", pair.run()), daemon=True)
        self.thread.start()

    def join(self) -> str:
        self.thread.join(SECONDS)
        assert self.ended, "both directions should have ended"
        return self.ended


@pytest.fixture(params=["splice", "buffer"])
def bridge(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    if request.param == "buffer":
        monkeypatch.setattr(forwarder_pair, "_copy_in_kernel", lambda *_: False)
    with ExitStack() as stack:
        yield Bridge(stack)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def digest_of(connection: socket.socket, result: list[str]) -> None:
    digest = hashlib.sha256()
    while chunk := connection.recv(1 << 18):
        digest.update(chunk)
    result.append(digest.hexdigest())


def test_big_data_arrives_byte_for_byte_both_ways_at_once(bridge: Bridge) -> None:
    up, down = (random.Random(seed).randbytes(12_000_000) for seed in (1, 2))  # noqa: S311
    heard: dict[socket.socket, list[str]] = {bridge.client: [], bridge.upstream: []}
    reading = [threading.Thread(target=digest_of, args=item) for item in heard.items()]
    sending = [
        threading.Thread(target=lambda s=s, d=d: (s.sendall(d), s.shutdown(socket.SHUT_WR)))
        for s, d in ((bridge.client, up), (bridge.upstream, down))
    ]
    for thread in reading + sending:
        thread.start()
    for thread in reading + sending:
        thread.join(SECONDS)
    assert heard[bridge.upstream] == [hashlib.sha256(up).hexdigest()]
    assert heard[bridge.client] == [hashlib.sha256(down).hexdigest()]
    assert bridge.join() == "left"


@pytest.mark.parametrize("first", ["client", "upstream"])
def test_an_end_of_stream_leaves_the_other_direction_open(bridge: Bridge, first: str) -> None:
    one, two = (bridge.client, bridge.upstream) if first == "client" else (bridge.upstream, bridge.client)
    one.sendall(b"question")
    one.shutdown(socket.SHUT_WR)
    assert two.recv(100) == b"question"
    assert two.recv(100) == b""
    two.sendall(b"answer")
    assert one.recv(100) == b"answer"
    two.shutdown(socket.SHUT_WR)
    assert one.recv(100) == b""
    assert bridge.join() == "left"


@pytest.mark.parametrize("first", ["client", "upstream"])
def test_a_reset_travels_as_a_reset(bridge: Bridge, first: str) -> None:
    one, two = (bridge.client, bridge.upstream) if first == "client" else (bridge.upstream, bridge.client)
    one.sendall(b"x")
    assert two.recv(100) == b"x"
    reset(one)
    with pytest.raises(ConnectionResetError):
        two.recv(100)
    assert bridge.join() == "reset: Connection reset by peer"


@pytest.mark.parametrize("first", ["client", "upstream"])
def test_a_reset_ends_a_direction_that_is_stuck_in_sending(bridge: Bridge, first: str) -> None:
    one, two = (bridge.client, bridge.upstream) if first == "client" else (bridge.upstream, bridge.client)
    fill(one)
    # `two` does not read, so what it says travels on the way that is free, and meets the reset there.
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    one.close()
    with suppress(OSError):
        two.sendall(b"x")
    assert bridge.join().startswith("reset: ")


def fill(connection: socket.socket) -> int:
    """Send until nothing more is taken; return how much was."""
    connection.settimeout(0.1)
    size = 0
    with suppress(TimeoutError):
        while True:
            size += connection.send(bytes(1 << 16))
    connection.settimeout(SECONDS)
    return size


def test_back_pressure_travels_and_nothing_is_lost(bridge: Bridge) -> None:
    size = fill(bridge.client)
    assert size < 64 * 1024 * 1024, "somebody keeps what nobody reads"
    bridge.client.shutdown(socket.SHUT_WR)
    heard: list[str] = []
    digest_of(bridge.upstream, heard)
    assert heard == [hashlib.sha256(bytes(size)).hexdigest()]


def test_where_no_descriptor_is_free_the_buffer_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_pipe() -> tuple[int, int]:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("os.pipe", no_pipe)
    with ExitStack() as stack:
        bridge = Bridge(stack)
        bridge.client.sendall(b"hello")
        assert bridge.upstream.recv(100) == b"hello"
        bridge.client.shutdown(socket.SHUT_WR)
        bridge.upstream.shutdown(socket.SHUT_WR)
        assert bridge.join() == "left"
