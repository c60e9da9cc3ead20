import errno
import fcntl
import hashlib
import random
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from services import forwarder_carriers, forwarder_pair
from services.forwarder_loop import Loop
from services.forwarder_pair import Way
from tests.unit.services.programs import SECONDS, accept, listen

LOOP = Loop()


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
        self.ended = ""
        self._end = threading.Event()
        client, upstream = (socket.socket(fileno=near.detach()) for near in (near_client, near_upstream))
        LOOP.add(client, upstream, self._tell)  # which owns them from now on

    def _tell(self, how: str) -> None:
        self.ended = how
        self._end.set()

    def join(self) -> str:
        assert self._end.wait(SECONDS), "both directions should have ended"
        return self.ended


def no_pipe() -> forwarder_carriers.Pipe:
    raise OSError(errno.EMFILE, "Too many open files")


@pytest.fixture(params=["splice", "buffer"])
def bridge(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    if request.param == "buffer":
        monkeypatch.setattr(forwarder_pair, "Pipe", no_pipe)
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


def fill(connection: socket.socket, data: bytes = bytes(64 * 1024 * 1024)) -> int:
    """Send until nothing more is taken; return how much was."""
    connection.settimeout(0.1)
    size = 0
    with suppress(TimeoutError):
        while size < len(data):
            size += connection.send(data[size : size + (1 << 16)])
    connection.settimeout(SECONDS)
    return size


def test_back_pressure_travels_and_nothing_is_lost(bridge: Bridge) -> None:
    size = fill(bridge.client)
    assert size < 64 * 1024 * 1024, "somebody keeps what nobody reads"
    bridge.client.shutdown(socket.SHUT_WR)
    heard: list[str] = []
    digest_of(bridge.upstream, heard)
    assert heard == [hashlib.sha256(bytes(size)).hexdigest()]


class Watched(socket.socket):
    """A connection that remembers when it was told to send small packets at once, or not to."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(fileno=connection.detach())
        self.at_once: list[int] = []

    def setsockopt(self, level: int, name: int, value: Any, *rest: Any) -> None:
        if (level, name) == (socket.IPPROTO_TCP, socket.TCP_NODELAY):
            self.at_once.append(value)
        super().setsockopt(level, name, value, *rest)


def test_what_is_small_goes_out_at_once_also_after_a_large_batch() -> None:
    with ExitStack() as stack:
        source, sender = tcp_pair(stack)
        near, receiver = tcp_pair(stack)
        target = stack.enter_context(Watched(near))
        for each in (source, target):
            each.setblocking(False)
        way = Way(source, target, memoryview(bytearray(forwarder_carriers.BUFFER_SIZE)))
        size = fill(sender)  # until the buffer on the way is full: so the next batches are large ones
        while size:
            way.pass_on()
            size -= len(receiver.recv(size))
        assert target.at_once[:1] == [False]
        for word in (b"one", b"two"):
            sender.sendall(word)
            assert select.select([source], [], [], SECONDS)[0]
            way.pass_on()
            assert receiver.recv(100) == word
            assert target.at_once[-1]
        sender.shutdown(socket.SHUT_WR)
        assert select.select([source], [], [], SECONDS)[0]
        way.pass_on()
        assert way.has_ended
        way.close()


def test_who_says_little_takes_no_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    monkeypatch.setattr(forwarder_pair, "Pipe", lambda: taken.append(1))
    with ExitStack() as stack:
        bridge = Bridge(stack)
        for _ in range(100):
            bridge.client.sendall(bytes(1000))
            assert len(bridge.upstream.recv(1000, socket.MSG_WAITALL)) == 1000
        bridge.client.shutdown(socket.SHUT_WR)
        bridge.upstream.shutdown(socket.SHUT_WR)
        assert bridge.join() == "left"
    assert not taken, "no stream filled the buffer"


def no_descriptor(*_: Any) -> tuple[int, int]:
    raise OSError(errno.EMFILE, "Too many open files")


def no_splice(*_: Any) -> int:
    raise OSError(errno.EINVAL, "Invalid argument")


def no_room(pipe: int, command: int, *_: Any) -> int:
    if command == fcntl.F_SETPIPE_SZ:
        raise OSError(errno.EPERM, "Operation not permitted")
    return 2 * 4096  # what a user has whose pipes take all the room that they may


@pytest.mark.parametrize(
    ("name", "instead"), [("os.pipe", no_descriptor), ("os.splice", no_splice), ("fcntl.fcntl", no_room)]
)
def test_where_there_is_no_pipe_the_buffer_does_it(
    monkeypatch: pytest.MonkeyPatch, name: str, instead: Callable[..., Any]
) -> None:
    asked = []

    def ask(*words: Any) -> Any:
        asked.append(words)
        return instead(*words)

    monkeypatch.setattr(name, ask)
    data = random.Random(3).randbytes(12_000_000)  # noqa: S311
    with ExitStack() as stack:
        bridge = Bridge(stack)
        heard: list[str] = []
        reading = threading.Thread(target=digest_of, args=(bridge.upstream, heard))
        size = fill(bridge.client, data)
        reading.start()
        bridge.client.sendall(data[size:])
        bridge.client.shutdown(socket.SHUT_WR)
        reading.join(SECONDS)
        assert asked, "a large batch should have been on the way"
        assert heard == [hashlib.sha256(data).hexdigest()]
        bridge.upstream.shutdown(socket.SHUT_WR)
        assert bridge.join() == "left"


@pytest.mark.parametrize("first", ["client", "upstream"])
def test_a_reset_after_the_end_of_a_stream_ends_the_other_direction_too(bridge: Bridge, first: str) -> None:
    """Nobody reads from there any more, and the other side may have nothing to say for ever."""
    one, two = (bridge.client, bridge.upstream) if first == "client" else (bridge.upstream, bridge.client)
    one.shutdown(socket.SHUT_WR)
    assert two.recv(100) == b""
    reset(one)
    assert bridge.join().startswith("reset: ")
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        two.send(b"anybody there?")
