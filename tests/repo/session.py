"""Runs a section of a document in its order, as a person at as many terminals would, and compares what comes."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from lab.errors import GaveUp
from lab.state import directory
from lab.terminal import Terminal
from lab.waiting import eventually
from tests.repo.compare import difference, interrupts_talk, matches
from tests.repo.documents import ROOT, Block, Section
from tests.repo.elsewhere import Base, Elsewhere
from tests.scenarios.pty_stream import PtyStream
from tests.unit.services.screen_model import ScreenModel

KEYS = {"read escape sequence": b"\x1d", "^C": b"\x03"}
"""What a screen shows when a key is pressed that types no letter: Ctrl-] (to leave `make attach`), and Ctrl-C."""

ANOTHER_MAKE = "Waiting for another make that sets up here"
"""Said when another test runs make at the same time; not what a person at a quiet machine sees."""

TYPED = re.compile(r"(> |\w+:\S+[$#] )(.+)")
"""A line that a person types, behind the prompt of one of our programs, or of the shell of a node."""
PROMPT = re.compile(r">|\w+:\S+[$#]")
SECONDS = 10.0
"""The longest that a line on a terminal may take to come. A command in no terminal has the time that a test has."""

# The python3 of the documents is ours, and finds our packages also from a file that is elsewhere.
_ENVIRONMENT = {"PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "TERM": "xterm"}
_UNFINISHED = re.compile(r"\x1b(\[[?\d;]*)?$")
_ROWS, _COLUMNS = 400, 100


def run(section: Section, folder: Path, base: Base | None = None) -> None:
    """Run all commands of a section; AssertionError where a block shows something else than what comes."""
    elsewhere = Elsewhere(section, folder, base)
    terminals: dict[str, Person] = {}
    try:
        for block in section.blocks:
            if block.language == "console" and block.name:
                terminals.setdefault(block.name, Person(block.name, elsewhere)).follow(block)
            elif block.language == "console":
                _run_plain(block, elsewhere)
            elif block.name:
                elsewhere.file(block)
        for person in terminals.values():
            person.finish(section)
    finally:
        for person in terminals.values():
            person.close()
        for lab in elsewhere.labs:
            _remove(lab)
        elsewhere.passing.close()


def _remove(lab: str) -> None:
    """Remove a lab, if the document has not, and its files. conftest.py of the scenarios tells what is left."""
    if (directory(lab) / "lab.json").exists():
        subprocess.run(["make", "down", f"NAME={lab}"], cwd=ROOT, capture_output=True, check=False)
    shutil.rmtree(directory(lab), ignore_errors=True)


def _run_plain(block: Block, elsewhere: Elsewhere) -> None:
    """Run commands one after the other, each to its end."""
    starts = [number for number, line in enumerate(block.lines) if line.startswith("$ ")]
    assert starts[:1] == [0], f"{block.where}: the first line has to be a command, after `$ `"
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
        with elsewhere.command(block.lines[start].removeprefix("$ ")) as command:
            done = subprocess.run(
                ["sh", "-c", command],
                cwd=ROOT, env=os.environ | _ENVIRONMENT, text=True, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
        came = [line for line in elsewhere.back(done.stdout).splitlines() if line != ANOTHER_MAKE]
        shown = [*block.lines[start + 1 : end]]
        assert matches(shown, came), difference(shown, came, f"{block.where}, $ {command}")


def _but_a_prompt(rows: list[str]) -> list[str]:
    """Leave out a prompt that waits in the last row."""
    return rows[:-1] if rows and PROMPT.fullmatch(rows[-1].rstrip()) else rows


class Person:
    """Someone at a terminal, with a document in hand."""

    def __init__(self, name: str, elsewhere: Elsewhere) -> None:
        self.name = name
        self._elsewhere = elsewhere
        self._terminal: Terminal | None = None
        self._output = bytearray()
        self._read = 0  # rows of the screen that were compared
        self._interrupted_talk = False

    def follow(self, block: Block) -> None:
        """Do what a block shows: start its command, type what it types, and see on the screen what it shows."""
        lines = list(block.lines)
        if lines[0].startswith("$ "):
            self._start(lines.pop(0).removeprefix("$ "))
        shown: list[str] = []
        for line in lines:
            prompt, typed = found.groups() if (found := TYPED.fullmatch(line)) else ("", "")
            key = KEYS.get(typed or line)
            if typed or key:
                self._see([*shown, *([prompt.rstrip()] if typed else [])], block, at_prompt=bool(typed))
                self._press(key or f"{self._elsewhere.there(typed)}\n".encode())
            shown.append(line)
        self._see(shown, block)
        self._read += len(self.unread())
        self._interrupted_talk = interrupts_talk(shown)

    def unread(self) -> list[str]:
        """Return the rows of the screen that were not compared yet, but for a prompt that waits."""
        return _but_a_prompt(self._rows())

    def finish(self, section: Section) -> None:
        """See the program end, as the document has ended it, with nothing on the screen that was not shown."""
        assert self._terminal, f"nothing was started on {self.name}"
        try:
            self._terminal.wait_for_end(within=SECONDS)
        except GaveUp:
            raise AssertionError(f"{section.title}: in the end {self.name} still runs; end it there, too") from None
        if not self._interrupted_talk:
            assert not self.unread(), f"{section.title}: in the end {self.name} also shows {self.unread()}"

    def close(self) -> None:
        if self._terminal:
            self._terminal.close()

    def _start(self, command: str) -> None:
        self.close()
        self._output.clear()
        self._read = 0
        with self._elsewhere.command(command) as used:
            words = [f"{name}={value}" for name, value in _ENVIRONMENT.items()]
            stream = PtyStream("env", *words, "sh", "-c", f"exec {used}")
        self._terminal = Terminal(self.name, stream, on_output=self._output.extend)

    def _press(self, keys: bytes) -> None:
        assert self._terminal, f"nothing was started on {self.name}"
        self._terminal.type(keys)

    def _screen(self) -> ScreenModel:
        screen = ScreenModel(_COLUMNS, _ROWS)
        screen.feed(_UNFINISHED.sub("", bytes(self._output).decode(errors="ignore")))
        return screen

    def _rows(self) -> list[str]:
        screen = self._screen()
        rows = [row for row in screen.text() if row != ANOTHER_MAKE] if "".join(screen.text()) else []
        return [self._elsewhere.back(row) for row in rows[self._read :]]

    def _is_at_prompt(self) -> bool:
        """Tell whether all of a prompt has come: its space may come after the rest."""
        screen = self._screen()
        return screen.column > 0 and screen.cells[screen.row][screen.column - 1] == " "

    def _see(self, shown: list[str], block: Block, *, at_prompt: bool = False) -> None:
        looked = -1

        def look() -> bool:
            nonlocal looked
            if looked == (looked := len(self._output)):  # to work out a screen takes long, so not for nothing new
                return False
            rows = self._rows()
            seen = matches(shown, rows) or matches(shown, _but_a_prompt(rows))
            return seen and (not at_prompt or self._is_at_prompt())

        try:
            eventually(look, "", within=SECONDS)
        except GaveUp:
            raise AssertionError(difference(shown, self._rows(), f"{block.where}, {self.name}")) from None
