from __future__ import annotations

import select
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from services.shared.endpoint import Endpoint
from services.switching.far_end import FarEnd
from services.switching.line import Line
from services.switching.loop import Loop
from services.switching.options import Link
from tests.unit.services.programs import LOOPBACK, SECONDS, eventually, free_port


@pytest.fixture
def neighbour() -> Iterator[socket.socket]:
    """The other end of the link, which the test plays."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.settimeout(SECONDS)
        opened.bind((LOOPBACK, 0))
        yield opened


def link_to(neighbour: socket.socket, host: str = LOOPBACK) -> Link:
    return Link("b", free_port(socket.SOCK_DGRAM), Endpoint(host, neighbour.getsockname()[1]))


# The far end


def send_until_found(end: FarEnd, neighbour: socket.socket) -> None:
    """Send until the neighbour was looked up, and the first datagram has come."""

    def comes() -> bool:
        end.send(time.monotonic(), b"first")
        return bool(select.select([neighbour], [], [], 0)[0])

    eventually(comes, "the neighbour should be found")
    assert neighbour.recv(100) == b"first"


def received(end: FarEnd) -> list[bytes]:
    assert select.select([end.socket], [], [], SECONDS)[0]
    return messages(end, time.monotonic())


def messages(end: FarEnd, now: float) -> list[bytes]:
    return [data for _, data in end.receive(now)]


def test_only_the_neighbour_is_heard(neighbour: socket.socket) -> None:
    link = link_to(neighbour, "localhost")
    end = FarEnd(link.port, link.remote)
    with closing(end.socket), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        send_until_found(end, neighbour)
        stranger.sendto(b"I am b", (LOOPBACK, link.port))
        neighbour.sendto(b"hello", (LOOPBACK, link.port))
        assert received(end) + messages(end, time.monotonic()) == [b"hello"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say when a datagram came")
def test_a_datagram_came_when_the_kernel_took_it_in(neighbour: socket.socket) -> None:
    link = link_to(neighbour)
    end = FarEnd(link.port, link.remote)
    with closing(end.socket):
        send_until_found(end, neighbour)
        before = time.monotonic()
        neighbour.sendto(b"hello", (LOOPBACK, link.port))
        assert select.select([end.socket], [], [], SECONDS)[0]
        after = time.monotonic()
        ((came, data),) = end.receive(after + 5)  # as if this program were woken 5 s later
        assert data == b"hello"
        assert before - 0.001 <= came <= after + 0.001


def test_a_clock_that_was_set_back_puts_nothing_into_the_future(
    neighbour: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_to(neighbour)
    end = FarEnd(link.port, link.remote)
    with closing(end.socket):
        send_until_found(end, neighbour)
        neighbour.sendto(b"hello", (LOOPBACK, link.port))
        assert select.select([end.socket], [], [], SECONDS)[0]
        monkeypatch.setattr("services.switching.far_end.time.time", lambda: 0.0)
        assert end.receive(7.0) == [(7.0, b"hello")]


def test_the_largest_datagrams_pass_both_ways(neighbour: socket.socket) -> None:
    link = link_to(neighbour)
    end = FarEnd(link.port, link.remote)
    with closing(end.socket):
        send_until_found(end, neighbour)
        end.send(time.monotonic(), bytes(65_000))
        eventually(lambda: len(neighbour.recv(65_507)) == 65_000, "the largest packet should come")
        neighbour.sendto(bytes(65_000), (LOOPBACK, link.port))
        assert received(end) == [bytes(65_000)]


def test_a_neighbour_that_is_not_there_is_no_error() -> None:
    end = FarEnd(free_port(socket.SOCK_DGRAM), Endpoint(LOOPBACK, free_port(socket.SOCK_DGRAM)))
    nowhere = FarEnd(free_port(socket.SOCK_DGRAM), Endpoint("no.such.host.invalid", 6001))
    with closing(end.socket), closing(nowhere.socket):
        for _ in range(3):
            end.send(time.monotonic(), b"hello")
            nowhere.send(time.monotonic(), b"hello")
            assert end.receive(time.monotonic()) == nowhere.receive(time.monotonic()) == []


def test_a_neighbour_that_came_back_elsewhere_is_found(
    neighbour: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_to(neighbour, "b")
    where = "127.0.0.2"
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, port, **kinds: [(socket.AF_INET, socket.SOCK_DGRAM, 0, "", (where, port))]
    )
    end = FarEnd(link.port, link.remote)
    with closing(end.socket):
        end.send(0.0, b"lost")
        where = LOOPBACK
        now = [0.0]

        def comes() -> bool:
            now[0] += 2  # seconds of the loop's clock: long enough to look again
            end.send(now[0], b"found")
            return bool(select.select([neighbour], [], [], 0)[0])

        eventually(comes, "the neighbour should be looked up again while nothing comes from it")


def test_a_neighbour_that_has_no_name_yet_is_found_when_it_has_one(
    neighbour: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_to(neighbour, "b")
    known: list[tuple[str, int]] = []

    def look_up(host: str, port: int, **kinds: object) -> list[tuple[object, ...]]:
        if not known:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_DGRAM, 0, "", known[0])]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    end = FarEnd(link.port, link.remote)
    with closing(end.socket):
        known.append(neighbour.getsockname())

        def is_heard() -> bool:
            neighbour.sendto(b"hello", (LOOPBACK, link.port))
            return bool(end.receive(0.0))  # at a time when nothing has to be looked up again

        eventually(is_heard, "the neighbour should be looked up until it is known")


def test_a_neighbour_that_came_back_elsewhere_is_heard_by_one_that_never_sends(
    neighbour: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_to(neighbour, "b")
    where = "127.0.0.2"
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, port, **kinds: [(socket.AF_INET, socket.SOCK_DGRAM, 0, "", (where, port))]
    )
    end = FarEnd(link.port, link.remote)
    with closing(end.socket):
        where = LOOPBACK
        now = [0.0]

        def comes() -> bool:
            now[0] += 2  # seconds of the loop's clock: long enough to look again
            neighbour.sendto(b"hello", (LOOPBACK, link.port))
            return bool(end.receive(now[0]))

        eventually(comes, "a stranger should make it look up who the neighbour is")


# The loop


class DoneError(Exception):
    """Ends the loop of a test."""


class Echo:
    """A node that sends back what it receives, and is done after so many packets."""

    def __init__(self, line: Line, packets: int) -> None:
        self.lines = {line.name: line}
        self.received: list[bytes] = []
        self._packets = packets

    def receive(self, now: float, line: str, data: bytes) -> None:
        self.received.append(data)
        self.lines[line].offer(now, data)

    def tick(self, now: float) -> None:
        raise DoneError

    def due(self) -> float | None:
        return 0.0 if self.lines["b"].sent > self._packets else None


def close(loop: Loop) -> None:
    """Close the sockets of a loop; its program leaves that to the system."""
    for end in loop._ends.values():
        end.socket.close()


def test_what_comes_is_handed_over_and_leaves_when_its_last_bit_would(neighbour: socket.socket) -> None:
    link = link_to(neighbour)
    line = Line("b", 80_000, delay=0.03)  # a packet of 200 bytes takes 20 ms
    came: list[tuple[float, bytes]] = []

    def talk() -> None:
        assert neighbour.recv(100) == b"hello"
        for number in range(5):
            neighbour.sendto(bytes([number]) * 200, (LOOPBACK, link.port))
        for _ in range(5):
            data = neighbour.recv(1000)
            came.append((time.monotonic() - begin, data))

    talking = threading.Thread(target=talk, daemon=True)
    node = Echo(line, packets=5)
    loop = Loop(node, [link])
    talking.start()
    begin = time.monotonic()
    line.offer(begin, b"hello")
    with pytest.raises(DoneError):
        loop.run()
    close(loop)
    talking.join(SECONDS)
    assert node.received == [data for _, data in came] == [bytes([number]) * 200 for number in range(5)]
    for number, (seconds, _) in enumerate(came, 1):
        assert seconds >= 0.03 + number * 0.02 + 0.03, "the greeting's way here, the packets before, the delay"


def test_other_files_can_be_watched(neighbour: socket.socket) -> None:
    node = Echo(Line("b", 80_000, 0), packets=0)
    loop = Loop(node, [link_to(neighbour)])
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"x")

        def act(now: float) -> None:
            assert abs(now - time.monotonic()) < 1
            raise DoneError

        loop.watch(ours, act)
        with pytest.raises(DoneError):
            loop.run()
    close(loop)


def test_a_port_that_is_taken_is_named(neighbour: socket.socket) -> None:
    taken = neighbour.getsockname()[1]
    node = Echo(Line("b", 80_000, 0), packets=0)
    with pytest.raises(OSError, match="in use") as caught:
        Loop(node, [Link("b", taken, Endpoint(LOOPBACK, 9))])
    assert caught.value.filename == f"UDP port {taken}"
