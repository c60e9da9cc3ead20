import socket
from collections.abc import Callable

import pytest

from tests.unit.services.conftest import Connect, Start
from tests.unit.services.programs import LOOPBACK, free_port, listen

Accept = Callable[[socket.socket], socket.socket]


def address(listener: socket.socket) -> str:
    return f"{LOOPBACK}:{listener.getsockname()[1]}"


def test_what_is_typed_is_sent_and_what_comes_is_shown(start: Start, upstream: socket.socket, accepted: Accept) -> None:
    client = start("broadcast_client", "--server", address(upstream))
    server = accepted(upstream)
    server.sendall(b"* you are 1\n[2] hi\x1b[2J\n")
    client.expect("[2] hi?[2J\n")
    client.type("hello\n")
    assert server.recv(100) == b"hello\n"
    client.type("exit\n")
    assert server.recv(100) == b"exit\n"
    assert server.recv(100) == b""
    server.close()
    assert client.end(None) == 0
    assert "server gone" not in client.output


def test_the_end_of_the_input_leaves_in_good_order(start: Start, upstream: socket.socket, accepted: Accept) -> None:
    client = start("broadcast_client", "--server", address(upstream))
    client.type("one\ntwo\n")
    client.close_input()
    server = accepted(upstream)
    said = b""
    while chunk := server.recv(100):
        said += chunk
    assert said == b"one\ntwo\nexit\n"
    server.sendall(b"[2] last words\n")
    server.close()
    assert client.end(None) == 0
    assert "[2] last words" in client.output


def test_refused_it_says_when_it_tries_again_and_does(start: Start, connect: Connect) -> None:
    server = start("broadcast_server", "--port", 0, "--max-clients", 1)
    port = int(server.expect("listening on 0.0.0.0:").split(",")[0])
    first = connect(port)
    first.expect(b"* you are 1\n")
    client = start("broadcast_client", "--server", f"localhost:{port}", "--retry", "0.05")
    client.expect("* server full\n* trying again in 0.05 s\n", times=2)
    assert "server gone" not in client.output
    first.send(b"exit\n")
    client.expect("* you are 2\n")


def test_a_server_that_is_gone_or_not_there_yet_is_told(start: Start, accepted: Accept) -> None:
    port = free_port()
    client = start("broadcast_client", "--server", f"{LOOPBACK}:{port}", "--retry", "0.05")
    client.expect(f"* no server at {LOOPBACK}:{port}: Connection refused\n* trying again in 0.05 s\n")
    client.type("lost\n")
    client.expect("* not sent: there is no connection to the server")
    with listen(port) as listener:
        server = accepted(listener)
        server.sendall(b"* you are 1\n")
        client.expect("* you are 1\n")
    server.close()
    client.expect("* server gone\n* trying again in 0.05 s\n")


@pytest.mark.parametrize("typed", ["exit\n", ""])
def test_it_can_be_left_while_there_is_no_server(start: Start, typed: str) -> None:
    client = start("broadcast_client", "--server", f"{LOOPBACK}:{free_port()}", "--retry", "100")
    client.expect("* trying again in 100 s")
    client.type(typed)
    client.close_input()
    assert client.end(None) == 0
