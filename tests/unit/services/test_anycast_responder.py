from __future__ import annotations

import resource
import socket
import threading
from contextlib import suppress
from typing import NoReturn

import pytest

from services import anycast_responder
from services.shared.endpoint import Endpoint
from services.shared.listener import Listener
from tests.unit.services.conftest import Connect, Start
from tests.unit.services.programs import LOOPBACK, SECONDS, Program, eventually, free_port

LITTLE_MEMORY = 400 * 1024 * 1024


@pytest.fixture
def port() -> int:
    return free_port()


def respond(start: Start, port: int, address: str = LOOPBACK, name: str = "one") -> Program:
    responder = start("anycast_responder", "--address", address, "--port", port, "--name", name)
    responder.expect(f"* answering as {name} on ")
    return responder


@pytest.mark.parametrize(("address", "family"), [(LOOPBACK, socket.AF_INET), ("::1", socket.AF_INET6)])
def test_each_datagram_is_answered_from_the_address(start: Start, port: int, address: str, family: int) -> None:
    responder = respond(start, port, address)
    with socket.socket(family, socket.SOCK_DGRAM) as client:
        client.settimeout(SECONDS)
        for text in (b"hello", b"", b"two\nlines"):
            client.sendto(text, (address, port))
            answer, source = client.recvfrom(1000)
            assert (answer, source[:2]) == (b"one: " + text, (address, port))
    responder.expect(f"{address} hello\n{address} \n{address} two?lines\n")


def test_each_line_is_answered_on_its_connection(start: Start, connect: Connect, port: int) -> None:
    responder = respond(start, port)
    first, second = connect(port), connect(port)
    first.send(b"a\nb\nun")
    assert first.expect(b"b\n") == b"one: a\none: b\n"
    second.send(b"\x1b[2J\n")
    assert second.expect(b"\n") == b"one: \x1b[2J\n"
    first.send(b"done")
    first.socket.shutdown(socket.SHUT_WR)
    assert first.read_to_end() == b"one: undone\n"
    responder.expect(f"{LOOPBACK} ?[2J\n")


def test_two_never_answer_each_other_for_ever(start: Start, port: int) -> None:
    """Anybody can send the first datagram in the name of another responder, whose port this one has."""
    respond(start, port)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as another,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
    ):
        another.bind(("127.0.0.2", port))
        another.sendto(b"two: hello", (LOOPBACK, port))
        client.settimeout(SECONDS)
        client.sendto(b"hello", (LOOPBACK, port))
        assert client.recv(1000) == b"one: hello"  # so what came before has been seen to
        another.setblocking(False)
        with pytest.raises(BlockingIOError):
            another.recv(1000)


def test_without_threads_a_client_is_let_go_and_all_else_goes_on(start: Start, connect: Connect, port: int) -> None:
    def little_memory() -> None:  # of addresses, which the stack of a thread takes
        resource.setrlimit(resource.RLIMIT_AS, (LITTLE_MEMORY, LITTLE_MEMORY))

    arguments = ("--address", LOOPBACK, "--port", port, "--name", "one")
    responder = start("anycast_responder", *arguments, preexec=little_memory)
    responder.expect("* answering as one on ")
    wires = [connect(port) for _ in range(100)]
    responder.expect("* let ")
    wires[0].send(b"still here\n")
    assert wires[0].expect(b"\n") == b"one: still here\n"
    assert "Traceback" not in responder.output
    for wire in wires:
        wire.close()
    eventually(lambda: served(port), "a client is served when the others have left")


def test_with_all_places_taken_a_client_is_let_go_until_one_leaves(connect: Connect) -> None:
    listener = Listener(Endpoint(LOOPBACK, 0))
    listener.listen()
    port = listener.endpoint.port
    threading.Thread(target=anycast_responder.serve, args=(listener, b"one", 2), daemon=True).start()
    first, second = connect(port), connect(port)
    for client in (first, second):
        client.send(b"hello\n")
        client.expect(b"one: hello\n")
    assert not served(port)
    first.send(b"still here\n")
    first.expect(b"one: still here\n")
    second.close()
    eventually(lambda: served(port), "a place that was left is taken")


def served(port: int) -> bool:
    with socket.create_connection((LOOPBACK, port), SECONDS) as client, suppress(OSError):
        client.sendall(b"hello\n")
        return client.recv(100) == b"one: hello\n"
    return False


def test_the_nearest_is_told_by_its_name(start: Start, port: int) -> None:
    """Two machines with one address, as far as one machine can have them: two addresses of its own."""
    for address, name in ((LOOPBACK, "near"), ("127.0.0.2", "far")):
        respond(start, port, address, name)
        sender = start("datagram_sender", "--to", f"{address}:{port}")
        sender.type("who?\n")
        sender.expect(f"{address} {name}: who?\n")


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # the process would have ended, and its socket with it
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_address_that_does_not_come_is_said_in_one_line(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(message: str) -> NoReturn:  # the real one ends the process
        raise RuntimeError(message)

    monkeypatch.setattr(anycast_responder, "_PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(anycast_responder, "fail", fail)
    with pytest.raises(RuntimeError, match=r"203\.0\.113\.1 for 0\.1 s.*give it to an interface$"):
        anycast_responder.when_there_is(Endpoint("203.0.113.1", port))


def test_a_port_that_is_taken_is_said_in_one_line(start: Start, port: int) -> None:
    respond(start, port)
    second = start("anycast_responder", "--address", LOOPBACK, "--port", port, "--name", "two")
    assert second.end(None) == 1
    assert second.output.count("\n") == 1
    assert f"{LOOPBACK}:{port}" in second.output


@pytest.mark.parametrize(
    ("flag", "value"), [("--address", "here"), ("--port", "0"), ("--name", "two\nlines"), ("--name", "")]
)
def test_a_bad_argument_is_one_line(start: Start, flag: str, value: str) -> None:
    arguments = {"--address": LOOPBACK, "--port": "7000", "--name": "one"} | {flag: value}
    responder = start("anycast_responder", *(word for pair in arguments.items() for word in pair))
    assert responder.end(None) == 2
    assert responder.output.count("\n") == 1
    assert flag in responder.output
