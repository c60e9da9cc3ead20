from __future__ import annotations

import socket
from typing import NoReturn

import pytest

from services import anycast_responder
from services.shared.endpoint import Endpoint
from tests.unit.services.conftest import Connect, Start
from tests.unit.services.programs import LOOPBACK, SECONDS, Program, free_port


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
