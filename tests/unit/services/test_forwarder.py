import errno
import os
import re
import resource
import select
import signal
import socket
import struct
from collections.abc import Callable

import pytest

from services.forwarder import Forwarder
from services.shared.endpoint import Endpoint
from services.shared.listener import Listener
from tests.unit.services.conftest import Connect, Start
from tests.unit.services.programs import LOOPBACK, SECONDS, Program, eventually, free_port, is_refused, listen

Accept = Callable[[socket.socket], socket.socket]


def begin(start: Start, upstream: int, listen_port: int = 0) -> Program:
    return start("forwarder", "--listen", f"{LOOPBACK}:{listen_port}", "--upstream", f"{LOOPBACK}:{upstream}")


def port_of(forwarder: Program) -> int:
    return int(forwarder.expect(f"ready: listening on {LOOPBACK}:").split(",")[0])


def test_it_dials_first_and_gives_that_connection_to_the_first_client(
    start: Start, connect: Connect, upstream: socket.socket, accepted: Accept
) -> None:
    forwarder = begin(start, upstream.getsockname()[1])
    waiting = accepted(upstream)
    waiting.sendall(b"welcome")  # who speaks first is heard by the first client
    client = connect(port_of(forwarder))
    client.expect(b"welcome")
    client.send(b"hello")
    assert waiting.recv(100) == b"hello"
    second = connect(port_of(forwarder))
    fresh = accepted(upstream)
    second.send(b"me too")
    assert fresh.recv(100) == b"me too"
    fresh.sendall(b"for the second")
    second.expect(b"for the second")
    assert client.nothing_for(0.05)


def test_while_the_upstream_is_down_clients_are_refused(start: Start, connect: Connect) -> None:
    here, there = free_port(), free_port()
    forwarder = begin(start, there, here)
    forwarder.expect("no upstream at")
    assert is_refused(here)
    with listen(there) as upstream:
        assert port_of(forwarder) == here
        waiting, _ = upstream.accept()
        waiting.close()  # the upstream ends the connection that waits: back to dialing, at once
        forwarder.expect("not listening: the upstream ended the connection that was waiting")
        forwarder.expect("ready: ", times=2)
        again, _ = upstream.accept()
    again.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    again.close()
    forwarder.expect("not listening: ", times=2)
    eventually(lambda: is_refused(here), "a client should be refused while the upstream is down")
    assert forwarder.output.count("no upstream at") <= 3, "what has not changed is said once"


@pytest.mark.parametrize("reached", [False, True])
def test_of_two_on_one_port_one_says_that_it_cannot_listen(
    start: Start, upstream: socket.socket, reached: bool
) -> None:
    here, there = free_port(), free_port()
    first = begin(start, upstream.getsockname()[1] if reached else there, here)
    first.expect("ready: " if reached else "no upstream at")
    second = begin(start, upstream.getsockname()[1], here)
    if not reached:
        second.expect("ready: ")
        with listen(there):
            first, second = second, first
            second.process.wait(SECONDS)
    assert second.end(None) == 1
    assert second.output.splitlines()[-1] == (
        f"forwarder: cannot listen on {LOOPBACK}:{here}: Address already in use; give another --listen"
    )


def test_after_the_last_client_a_connection_waits_again(
    start: Start, connect: Connect, upstream: socket.socket, accepted: Accept
) -> None:
    forwarder = begin(start, upstream.getsockname()[1])
    first = accepted(upstream)
    client = connect(port_of(forwarder))
    forwarder.expect("serving: client-1")
    assert not select.select([upstream], [], [], 0.05)[0], "one client, one connection"
    client.close()
    assert first.recv(100) == b""
    first.close()
    forwarder.expect("client-1 left")
    again = accepted(upstream)
    again_client = connect(port_of(forwarder))
    again_client.send(b"hello")
    assert again.recv(100) == b"hello"


def test_a_client_without_a_path_is_reset_and_those_inside_stay(
    start: Start, connect: Connect, accepted: Accept
) -> None:
    upstream = listen()
    forwarder = begin(start, upstream.getsockname()[1])
    first = accepted(upstream)
    client = connect(port_of(forwarder))
    forwarder.expect("serving: client-1")
    upstream.close()
    second = connect(port_of(forwarder))
    with pytest.raises(ConnectionResetError):
        second.read_to_end()
    forwarder.expect("not listening: ")
    assert is_refused(port_of(forwarder))
    client.send(b"still here")
    assert first.recv(100) == b"still here"


@pytest.mark.parametrize("hops", [1, 3, 16])
def test_a_chain_comes_up_from_the_server_in_any_start_order(start: Start, hops: int) -> None:
    ports = [free_port() for _ in range(hops + 1)]  # the last is the server's
    chain = [begin(start, ports[hop + 1], ports[hop]) for hop in range(hops)]
    chain[-1].expect("no upstream at")
    assert is_refused(ports[0])
    server = start("project3.tcp_server", "--port", ports[-1], "--host", LOOPBACK)
    chain[0].expect("ready: listening")
    clients = [start("project3.tcp_client", "--host", LOOPBACK, "--port", ports[0]) for _ in range(2)]
    for number, client in enumerate(clients):
        client.expect("connected")
        client.type(f"word {number}\n")
        server.expect(f'received "word {number}"')
    for client in clients:
        client.type("exit\n")
        assert client.end(None) == 0
    server.expect('received "exit"', times=2)
    for forwarder in chain:
        forwarder.expect(" left", times=2)
    again = start("project3.tcp_client", "--host", LOOPBACK, "--port", ports[0])
    again.type("once more\n")
    server.expect('received "once more"')


def test_a_forwarder_killed_in_mid_chain_ends_both_sides_and_the_chain_comes_back(
    start: Start, connect: Connect, upstream: socket.socket, accepted: Accept
) -> None:
    ports = [free_port() for _ in range(3)]
    server_port = upstream.getsockname()[1]
    last = begin(start, server_port, ports[2])
    middle = begin(start, ports[2], ports[1])
    first = begin(start, ports[1], ports[0])
    server = accepted(upstream)
    first.expect("ready: ")
    client = connect(ports[0])
    client.send(b"hello")
    assert server.recv(100) == b"hello"
    middle.end(signal.SIGKILL)
    assert client.read_to_end() == b""
    assert server.recv(100) == b""
    server.close()
    client.close()
    first.expect("not listening: ")
    last.expect("ready: ", times=2)
    begin(start, ports[2], ports[1])
    first.expect("ready: ", times=2)
    again, back = connect(ports[0]), accepted(upstream)
    again.send(b"hello again")
    assert back.recv(100) == b"hello again"


def test_running_out_of_descriptors_says_nothing_of_the_upstream(
    start: Start, connect: Connect, upstream: socket.socket, accepted: Accept
) -> None:
    def few_descriptors() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (14, 14))

    ends = ("--listen", f"{LOOPBACK}:0", "--upstream", f"{LOOPBACK}:{upstream.getsockname()[1]}")
    forwarder = start("forwarder", *ends, preexec=few_descriptors)
    first = accepted(upstream)
    port = port_of(forwarder)
    clients = [connect(port) for _ in range(20)]
    forwarder.expect("Too many open files")
    clients[0].send(b"still here")
    assert first.recv(100) == b"still here"
    for client in clients[1:]:
        client.close()

    def others_are_gone() -> bool:
        if select.select([upstream], [], [], 0)[0]:
            with accepted(upstream) as other:
                assert other.recv(100) == b"", "nothing but the ends of those before"
        return len(re.findall(r"client-\d+ (?:left|reset)", forwarder.output)) == len(clients) - 1

    eventually(others_are_gone, "the others should be gone")
    again, back = connect(port), accepted(upstream)
    again.send(b"hello")
    assert back.recv(100) == b"hello"
    assert "not listening" not in forwarder.output


def test_it_waits_for_a_descriptor_when_it_stops_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    forwarder = Forwarder(Endpoint(LOOPBACK, 0), Endpoint(LOOPBACK, 1))
    tried: list[Endpoint] = []

    def listener(where: Endpoint) -> Listener:
        tried.append(where)
        if len(tried) < 3:
            raise OSError(errno.EMFILE, "Too many open files")
        return Listener(where)

    monkeypatch.setattr("services.forwarder.Listener", listener)
    forwarder._stop_listening()
    assert len(tried) == 3
    assert is_refused(tried[0].port)
    forwarder._listener.close()
    monkeypatch.setattr("services.forwarder.Listener", in_use)
    with pytest.raises(OSError, match="in use"):
        forwarder._stop_listening()
    for end in (forwarder._wake, forwarder._waker):
        os.close(end)


def in_use(where: Endpoint) -> Listener:
    raise OSError(errno.EADDRINUSE, "Address already in use")
