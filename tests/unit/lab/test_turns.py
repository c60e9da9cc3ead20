"""One verb at a time changes a lab; the next one waits, and does not have to when the first was killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from lab import state
from lab.turns import turn

WAITS = """
import sys
from pathlib import Path
from lab import state
from lab.turns import turn
state.RUNS = Path(sys.argv[1])
with turn(sys.argv[2], lambda line: print(line, flush=True)):
    print("mine", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(state, "RUNS", tmp_path)
    return tmp_path


def other(runs: Path, lab: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WAITS, runs, lab], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=state.ROOT,
    )  # fmt: skip


def test_a_second_one_says_so_and_waits(runs: Path) -> None:
    with turn("x", print):
        waits = other(runs, "x")
        assert waits.stdout is not None
        assert waits.stdout.readline() == "Waiting for another make that starts or removes x\n"
    assert waits.stdout.readline() == "mine\n"
    waits.communicate()


def test_labs_of_other_names_do_not_wait(runs: Path) -> None:
    with turn("x", print), other(runs, "y") as goes_on:
        assert goes_on.communicate()[0] == "mine\n"


def test_who_was_killed_keeps_nobody_waiting(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with other(runs, "x") as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "mine\n"
        holder.kill()
        holder.wait()
    with turn("x", print):
        pass
    assert capsys.readouterr().out == ""
