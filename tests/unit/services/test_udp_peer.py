from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from services.shared.endpoint import Endpoint
from services.shared.udp import DatagramSocket
from tests.unit.services.conftest import Connect, Start
from tests.unit.services.programs import LOOPBACK, Program, free_port


class LossyRelay:
    """Stands between two peers and loses the first `lose` datagrams of each that say `exit`."""

    def __init__(self, ports: tuple[int, int], lose: tuple[int, int]) -> None:
        self._sides = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in ports]
        self.exits = [0, 0]  # seen from each peer
        for side in self._sides:
            side.bind((LOOPBACK, 0))
        self.ports = [side.getsockname()[1] for side in self._sides]
        self._threads = [
            threading.Thread(target=self._relay, args=(index, ports[1 - index], lose[index]), daemon=True)
            for index in (0, 1)
        ]
        for thread in self._threads:
            thread.start()

    def _relay(self, index: int, to: int, lose: int) -> None:
        while (data := self._sides[index].recv(65536)) != b"close relay":
            if data == b"exit":
                self.exits[index] += 1
                if self.exits[index] <= lose:
                    continue
            self._sides[1 - index].sendto(data, (LOOPBACK, to))

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closer:
            for port in self.ports:
                closer.sendto(b"close relay", (LOOPBACK, port))
        for thread in self._threads:
            thread.join()
        for side in self._sides:
            side.close()


@pytest.fixture
def server(start: Start) -> tuple[Program, int]:
    server = start("project3.tcp_server", "--port", 0, "--host", LOOPBACK)
    return server, int(server.expect("waiting for connections on port "))


@pytest.fixture
def ports() -> tuple[int, int]:
    return free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM)


def begin(start: Start, server: int, here: int, there: int) -> Program:
    ends = ["--server", f"{LOOPBACK}:{server}", "--listen", here, "--peer", f"localhost:{there}"]
    peer = start("udp_peer", *ends, "--retry", "0.1")
    peer.expect("* listening on")
    return peer


def test_a_message_reaches_peer_and_server(start: Start, server: tuple[Program, int], ports: tuple[int, int]) -> None:
    one, two = begin(start, server[1], *ports), begin(start, server[1], *reversed(ports))
    server[0].expect("client connected", times=2)
    one.type("hello there\n")
    two.expect("hello there\n")
    server[0].expect('received "hello there"')
    two.type("\x1b[2Jback\n")
    one.expect("?[2Jback\n")


def test_exit_ends_both_sides_whatever_datagram_is_lost(
    start: Start, server: tuple[Program, int], stack: ExitStack
) -> None:
    losses = [(0, 0), (1, 0), (0, 1), (2, 2)]
    conversations = []
    for lose in losses:  # all at the same time, since each ends with a second of lingering
        ports = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM)
        relay = LossyRelay(ports, lose)
        stack.callback(relay.close)
        one = begin(start, server[1], ports[0], relay.ports[0])
        two = begin(start, server[1], ports[1], relay.ports[1])
        conversations.append((relay, one, two))
    server[0].expect("client connected", times=2 * len(losses))
    for _, one, _ in conversations:
        one.type("exit\n")
    for lose, (relay, one, two) in zip(losses, conversations, strict=True):
        assert one.end(None) == 0
        assert two.end(None) == 0, "the peer ends though nobody typed anything there"
        two.expect("* the peer said exit")
        assert "did not answer" not in one.output
        assert relay.exits[0] > lose[0] and relay.exits[1] > lose[1]
    server[0].expect('received "exit"', times=2 * len(losses))
    server[0].expect("client gone", times=2 * len(losses))


def test_both_may_say_exit_at_once(start: Start, server: tuple[Program, int], ports: tuple[int, int]) -> None:
    peers = [begin(start, server[1], *ports), begin(start, server[1], *reversed(ports))]
    server[0].expect("client connected", times=2)
    for peer in peers:
        peer.type("exit\n")
    for peer in peers:
        assert peer.end(None) == 0
    server[0].expect("client gone", times=2)


@pytest.fixture
def stranger() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        yield stranger


def test_strangers_are_ignored(
    start: Start, server: tuple[Program, int], ports: tuple[int, int], stranger: socket.socket
) -> None:
    one, two = begin(start, server[1], *ports), begin(start, server[1], *reversed(ports))
    stranger.sendto(b"exit", (LOOPBACK, ports[0]))
    stranger.sendto(b"psst", (LOOPBACK, ports[0]))
    two.type("it is me\n")
    one.expect("it is me\n")
    assert "psst" not in one.output
    assert one.process.poll() is None


def test_a_peer_that_is_not_there_is_told_and_the_server_hears_all(
    start: Start, server: tuple[Program, int], ports: tuple[int, int]
) -> None:
    one = begin(start, server[1], *ports)
    server[0].expect("client connected")
    one.type("first\n")
    one.expect(f"the peer at localhost:{ports[1]} did not get it: Connection refused")
    server[0].expect('received "first"')
    two = begin(start, server[1], *reversed(ports))
    one.type("second\n")
    two.expect("second\n")
    server[0].expect('received "second"')


def test_a_peer_whose_name_is_unknown_is_told(start: Start, server: tuple[Program, int]) -> None:
    one = start("udp_peer", "--server", f"{LOOPBACK}:{server[1]}", "--listen", "0", "--peer", "nobody.invalid:12000")
    server[0].expect("client connected")
    one.type("hello\n")
    one.expect("* not sent to the peer at nobody.invalid:12000: ")
    server[0].expect('received "hello"')


def test_a_server_that_comes_later_is_joined(start: Start, connect: Connect, ports: tuple[int, int]) -> None:
    port = free_port()
    one = begin(start, port, *ports)
    one.expect(f"* no server at {LOOPBACK}:{port}: Connection refused\n* trying again in 0.1 s\n")
    one.type("lost\n")
    one.expect("* not sent to the server: there is no connection")
    server = start("project3.tcp_server", "--port", port, "--host", LOOPBACK)
    server.expect("client connected")


def test_a_port_in_use_is_one_line(start: Start, server: tuple[Program, int], ports: tuple[int, int]) -> None:
    begin(start, server[1], *ports)
    second = start("udp_peer", "--server", f"{LOOPBACK}:1", "--listen", ports[0], "--peer", f"{LOOPBACK}:1")
    assert second.end(None) == 1
    assert second.output.count("\n") == 1
    assert "Address already in use" in second.output


def test_strangers_do_not_have_the_peer_looked_up_each_time(monkeypatch: pytest.MonkeyPatch, stack: ExitStack) -> None:
    looked_up: list[str] = []

    def look_up(name: str) -> str:
        looked_up.append(name)
        return LOOPBACK

    here = DatagramSocket(Endpoint(LOOPBACK, 0))
    stack.callback(here._socket.close)
    stranger, peer = (stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(2))
    peer.bind((LOOPBACK, 0))
    stranger.bind(("127.0.0.2", peer.getsockname()[1]))
    monkeypatch.setattr("services.shared.udp.socket.gethostbyname", look_up)
    for number in range(50):
        stranger.sendto(b"psst", here.endpoint)
        peer.sendto(b"it is me %d" % number, here.endpoint)
        assert here.receive(Endpoint("bob", peer.getsockname()[1])) == b"it is me %d" % number
    assert looked_up[0] == "bob"
    assert len(looked_up) < 20  # one, unless the machine is so busy that this takes seconds
