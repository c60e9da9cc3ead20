"""The broadcast client on a real terminal (a pty), with readline, seen through a model of a screen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.unit.services.programs import ENVIRONMENT, LOOPBACK, REPO, SECONDS, eventually
from tests.unit.services.screen_model import ScreenModel

COLUMNS, ROWS = 40, 8


class Person:
    """Somebody at a terminal where the broadcast client runs."""

    def __init__(self, server: int, term: str = "xterm") -> None:
        self.keyboard, self.terminal = pty.openpty()
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.settings = termios.tcgetattr(self.terminal)
        self.screen = ScreenModel(COLUMNS, ROWS)
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-m", "services.broadcast_client", "--server", f"{LOOPBACK}:{server}"],
            cwd=REPO,
            env={**ENVIRONMENT, "TERM": term, "INPUTRC": "/dev/null"},
            stdin=self.terminal,
            stdout=self.terminal,
            stderr=self.terminal,
            start_new_session=True,
        )
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    def _watch(self) -> None:
        pending = ""
        while True:
            try:
                pending += os.read(self.keyboard, 65536).decode()
            except OSError:  # the terminal is closed
                return
            half = re.search(r"\x1b(\[[?\d;]*)?$", pending)  # a sequence whose end has not come yet
            cut = half.start() if half else len(pending)
            text, pending = pending[:cut], pending[cut:]
            self.screen.feed(text)

    def type(self, keys: str) -> None:
        os.write(self.keyboard, keys.encode())

    def sees(self, *rows: str) -> None:
        eventually(lambda: self.screen.text() == list(rows), f"the screen should show {rows}", SECONDS)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.terminal)
        self._watching.join(SECONDS)
        os.close(self.keyboard)


@pytest.fixture
def person(upstream: socket.socket) -> Iterator[Person]:
    person = Person(upstream.getsockname()[1])
    yield person
    person.close()


@pytest.fixture
def server(
    person: Person, upstream: socket.socket, accepted: Callable[[socket.socket], socket.socket]
) -> socket.socket:
    return accepted(upstream)


def test_what_arrives_does_not_garble_the_line_being_typed(person: Person, server: socket.socket) -> None:
    person.sees(">")
    person.type("helo")
    person.sees("> helo")
    server.sendall(b"[2] first\n")
    person.sees("[2] first", "> helo")
    person.type("\x1b[D")  # one to the left
    server.sendall(b"[2] " + b"y" * 50 + b"\n")
    person.sees("[2] first", "[2] " + "y" * 36, "y" * 14, "> helo")
    person.type("l")
    person.sees("[2] first", "[2] " + "y" * 36, "y" * 14, "> hello")
    server.sendall(b"".join(b"[2] line %d\n" % number for number in range(20)))
    person.sees(*(f"[2] line {number}" for number in range(13, 20)), "> hello")
    person.type("\r")
    assert server.recv(100) == b"hello\n"
    person.sees(*(f"[2] line {number}" for number in range(14, 20)), "> hello", ">")
    person.type("\x1b[A!\r")  # the line before, once more
    assert server.recv(100) == b"hello!\n"


def test_a_line_longer_than_the_screen_stays_one_row(person: Person, server: socket.socket) -> None:
    person.sees(">")
    person.type("a" * 30 + "b" * 30)
    eventually(lambda: "b" in "".join(person.screen.text()), "the end of the line should be in sight")
    row = person.screen.text()[0]
    server.sendall(b"[2] hi\n")
    person.sees("[2] hi", row)
    person.type("\x01")  # to its beginning
    eventually(lambda: person.screen.text()[1].startswith("> aaa"), "the beginning of the line should be in sight")
    person.type("\r")
    assert server.recv(100) == b"a" * 30 + b"b" * 30 + b"\n"


def test_others_cannot_command_the_terminal(person: Person, server: socket.socket) -> None:
    person.sees(">")
    server.sendall(b"[2] \x1b[2Jgone?\x9b2J\xc2\x9b2J\n")
    person.sees("[2] ?[2Jgone??2J?2J", ">")


@pytest.mark.parametrize("way", ["exit\r", "\x04", "\x03", signal.SIGTERM])
def test_however_it_ends_the_terminal_is_as_it_was(
    person: Person, server: socket.socket, way: str | signal.Signals
) -> None:
    person.sees(">")
    if isinstance(way, str):
        # A Ctrl-C comes as a signal from the terminal, which the process has to have for its own.
        person.process.send_signal(signal.SIGINT) if way == "\x03" else person.type(way)
    else:
        person.process.send_signal(way)
    server.close()
    assert person.process.wait(SECONDS) == 0
    assert termios.tcgetattr(person.terminal) == person.settings
    eventually(lambda: person.screen.column == 0, "the shell's prompt should begin on a line of its own")
