import signal
import socket
from collections.abc import Callable

from tests.unit.services.conftest import Connect, Start
from tests.unit.services.programs import LOOPBACK, Program, free_port


def start_server(start: Start) -> tuple[Program, int]:
    server = start("project3.tcp_server", "--port", 0, "--host", LOOPBACK)
    return server, int(server.expect("waiting for connections on port "))


def test_words_are_printed_as_they_come(start: Start, connect: Connect) -> None:
    server, port = start_server(start)
    wire = connect(port)
    server.expect("client connected: address ('127.0.0.1', ")
    wire.send(b"hello")
    server.expect('received "hello"')
    wire.send("h\u00e9".encode()[:2])  # a character that is cut is no reason to stop
    server.expect('received "h\ufffd"')
    wire.send(b"exit")
    assert wire.read_to_end() == b""


def test_many_clients_at_once(start: Start, connect: Connect) -> None:
    server, port = start_server(start)
    wires = []
    for number in range(7):  # one by one, since only five may queue at the door
        wires.append(connect(port))
        server.expect("client connected", times=number + 1)
    for number, wire in enumerate(wires):
        wire.send(b"%d" % number)
        server.expect(f'received "{number}"')
    wires[3].close()
    server.expect("client gone")
    wires[4].send(b"still")
    server.expect('received "still"')


def test_the_client_sends_each_word_as_it_is(
    start: Start, upstream: socket.socket, accepted: Callable[[socket.socket], socket.socket]
) -> None:
    client = start("project3.tcp_client", "--host", LOOPBACK, "--port", upstream.getsockname()[1])
    server = accepted(upstream)
    for word in ("hello", "two words", "exit"):
        client.type(word + "\n")
        assert server.recv(100) == word.encode()
    assert server.recv(100) == b""
    assert client.end(None) == 0


def test_the_end_of_the_input_ends_the_client(start: Start) -> None:
    server, port = start_server(start)
    client = start("project3.tcp_client", "--port", port)
    server.expect("client connected")
    client.close_input()
    assert client.end(None) == 0
    server.expect("client gone")


def test_no_server_is_one_line(start: Start) -> None:
    client = start("project3.tcp_client", "--host", LOOPBACK, "--port", free_port())
    assert client.end(None) == 1
    assert client.output.count("\n") == 1
    assert "Connection refused" in client.output


def test_a_port_in_use_is_one_line(start: Start) -> None:
    _, port = start_server(start)
    second = start("project3.tcp_server", "--port", port, "--host", LOOPBACK)
    assert second.end(None) == 1
    assert second.output.count("\n") == 1
    assert "Address already in use" in second.output


def test_ctrl_c_ends_both_without_a_traceback(start: Start) -> None:
    server, port = start_server(start)
    client = start("project3.tcp_client", "--port", port)
    client.expect("connected")
    for program in (client, server):
        assert program.end(signal.SIGINT) == 0
        assert "Traceback" not in program.output
