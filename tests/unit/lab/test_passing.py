"""Labs that go with their process: those of one that was killed are found, and those of others are left alone."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import state
from lab.passing import passing, remove_abandoned

PLAYS = """
import sys
from pathlib import Path
from lab import state
from lab.passing import passing
state.RUNS = Path(sys.argv[1])
with passing("abandoned"):
    print("plays", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(state, "RUNS", tmp_path)
    return tmp_path


@pytest.fixture
def player(runs: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that plays in a lab."""
    with subprocess.Popen(
        [sys.executable, "-c", PLAYS, runs], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=state.ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "plays\n"
        yield process
        process.kill()


def abandoned() -> list[str]:
    removed: list[str] = []
    assert remove_abandoned(removed.append) == removed
    return removed


def test_a_lab_is_its_players_until_he_is_killed(player: "subprocess.Popen[str]") -> None:
    assert abandoned() == []
    player.kill()
    player.wait()
    assert abandoned() == ["abandoned"]
    assert abandoned() == []


def test_a_lab_that_is_settled_is_nobodys() -> None:
    with passing("mine") as settled:
        settled()
    assert abandoned() == []


def test_a_lab_that_could_not_be_removed_is_abandoned() -> None:
    with passing("mine"):
        assert abandoned() == []
    assert abandoned() == ["mine"]


def test_what_could_not_be_removed_is_tried_again() -> None:
    def refuse(lab: str) -> None:
        raise OSError("no")

    with passing("mine"):
        pass
    with pytest.raises(OSError, match="no"):
        remove_abandoned(refuse)
    assert abandoned() == ["mine"]


def test_who_finds_another_removing_it_waits_for_him() -> None:
    with passing("mine"):
        pass
    begun, done = threading.Event(), threading.Event()
    removed: list[str] = []

    def slowly(lab: str) -> None:
        begun.set()
        done.wait()
        removed.append(lab)

    first = threading.Thread(target=remove_abandoned, args=(slowly,))
    second = threading.Thread(target=remove_abandoned, args=(removed.append,))
    first.start()
    begun.wait()
    second.start()
    second.join(timeout=0.2)
    assert second.is_alive()
    done.set()
    second.join()
    first.join()
    assert removed == ["mine"]


def test_a_lab_that_a_person_made_is_never_abandoned(runs: Path) -> None:
    state.remember(state.Wish(), "socklab")
    assert abandoned() == []
