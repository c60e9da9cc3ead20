"""A terminal over a pair of sockets: a program of the test's own at the other end."""

import contextlib
import re
import socket
from collections.abc import Iterator

import pytest

from lab.errors import GaveUp
from lab.terminal import Terminal


class Pipe:
    """A two-way stream whose other end, `program`, the test holds."""

    def __init__(self) -> None:
        self._mine, self.program = socket.socketpair()
        self.program.settimeout(5)

    def read(self) -> bytes:
        with contextlib.suppress(OSError):
            return self._mine.recv(1 << 16)
        return b""

    def write(self, data: bytes) -> None:
        self._mine.sendall(data)

    def close_input(self) -> None:
        self._mine.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._mine.shutdown(socket.SHUT_RDWR)
        self._mine.close()


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    pipe.close()
    pipe.program.close()


@pytest.fixture
def terminal(pipe: Pipe) -> Iterator[Terminal]:
    terminal = Terminal("alice", pipe)
    yield terminal
    terminal.close()


def test_keys_go_in_as_text_or_as_bytes(pipe: Pipe, terminal: Terminal) -> None:
    terminal.type("größe\n")
    terminal.type(b"\x03")
    keys = "größe\n\x03".encode()
    assert pipe.program.recv(len(keys), socket.MSG_WAITALL) == keys


def test_a_text_is_found_though_it_comes_in_pieces(pipe: Pipe, terminal: Terminal) -> None:
    for byte in "[2] größe\r\n".encode():
        pipe.program.send(bytes([byte]))
    assert terminal.wait_for("[2] größe\n") == "[2] größe\n"
    assert terminal.transcript == "[2] größe\n"


def test_a_text_is_found_though_colours_stand_in_it(pipe: Pipe, terminal: Terminal) -> None:
    pipe.program.send(b"he\x1b[31mllo\x1b[0m")
    assert terminal.wait_for("hello") == "hello"


def test_a_text_is_not_a_pattern_and_a_pattern_is(pipe: Pipe, terminal: Terminal) -> None:
    pipe.program.send(b"you are 12. you are 7.")
    assert terminal.wait_for(re.compile(r"you are \d+"), count=2) == "you are 7"
    with pytest.raises(GaveUp):
        terminal.wait_for(r"you are \d+", within=0)


def test_a_text_is_waited_for_as_often_as_asked(pipe: Pipe, terminal: Terminal) -> None:
    pipe.program.send(b"me too\nme ")
    terminal.wait_for("me too")
    pipe.program.send(b"too\n")
    assert terminal.wait_for("me too", count=2) == "me too"


def test_it_gives_up_with_all_that_was_shown(pipe: Pipe, terminal: Terminal) -> None:
    pipe.program.send(b"one\r\ntwo\x1b[K\r\n")
    terminal.wait_for("two\n")
    with pytest.raises(GaveUp) as gave_up:
        terminal.wait_for("three", count=2, within=0.01)
    assert gave_up.value.expected == "'three' 2 times on the terminal of alice within 0.01 s"
    assert gave_up.value.got == r"'one\ntwo\n'"


def test_it_does_not_wait_for_a_program_that_has_ended(pipe: Pipe, terminal: Terminal) -> None:
    pipe.program.send(b"bye\n")
    pipe.program.close()
    with pytest.raises(GaveUp, match="and the end of the program"):
        terminal.wait_for("hello", within=60)
    terminal.wait_for_end()
    assert terminal.wait_for("bye") == "bye"


def test_it_waits_for_the_end(pipe: Pipe, terminal: Terminal) -> None:
    with pytest.raises(GaveUp, match=r"the end of the program of alice within 0 s, but got ''"):
        terminal.wait_for_end(within=0)


def test_the_programs_input_ends_and_its_output_goes_on(pipe: Pipe, terminal: Terminal) -> None:
    terminal.type("last words")
    terminal.end_input()
    assert b"".join(iter(lambda: pipe.program.recv(4), b"")) == b"last words"
    pipe.program.send(b"heard")
    terminal.wait_for("heard")


def test_who_listens_is_told_of_every_byte_before_a_wait_ends(pipe: Pipe) -> None:
    told: list[bytes] = []
    terminal = Terminal("alice", pipe, on_output=told.append)
    pipe.program.send(b"\x1b[1mhe")
    pipe.program.send(b"llo\r\n")
    terminal.wait_for("hello")
    assert b"".join(told).startswith(b"\x1b[1mhello")
    terminal.close()


def test_what_was_shown_is_kept_after_the_end(pipe: Pipe, terminal: Terminal) -> None:
    pipe.program.send(b"kept")
    terminal.wait_for("kept")
    terminal.close()
    assert terminal.transcript == "kept"


def test_it_tells_when_the_program_is_gone(pipe: Pipe) -> None:
    terminal = Terminal("alice", pipe)
    assert not terminal.ended
    pipe.program.close()
    terminal.wait_for_end()
    assert terminal.ended
