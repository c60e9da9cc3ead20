"""How a lab ends when something has failed: what was not kept or removed is told, and nobody is judged by it."""

import errno
from pathlib import Path
from typing import cast

import pytest

from lab.engine import Engine, NodeState
from lab.errors import LostEngineError
from lab.history import History
from lab.lab import Lab
from lab.state import Wish
from tests.unit.lab.test_lab import PaperEngine


class Stops(PaperEngine):
    """An engine that stops answering when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.has_stopped = False

    def states(self) -> dict[str, NodeState]:
        self._answer()
        return super().states()

    def remove(self) -> list[str]:
        self._answer()
        return super().remove()

    def _answer(self) -> None:
        if self.has_stopped:
            raise LostEngineError("the Docker engine stopped answering (broken pipe)")


@pytest.fixture
def engine() -> Stops:
    return Stops()


@pytest.fixture
def lab(engine: Stops, tmp_path: Path) -> Lab:
    lab = Lab(Wish("chain").load(), cast(Engine, engine), tmp_path)
    lab.create()
    return lab


def blindness(history: History) -> str:
    return history.blindness() or ""


def test_a_lab_that_is_gone_is_settled(lab: Lab) -> None:
    with lab:
        pass
    assert lab.is_settled


def test_of_an_engine_that_stopped_nobody_judges_and_the_lab_is_left(
    lab: Lab, engine: Stops, caplog: pytest.LogCaptureFixture
) -> None:
    with lab:
        engine.has_stopped = True
    assert "the lab failed: the Docker engine stopped answering" in blindness(lab.history)
    assert not lab.is_settled
    assert [record.getMessage() for record in caplog.records] == [
        "the Docker engine stopped answering (broken pipe);"
        " `make down NAME=chain` removes what is left, once `docker info` shows that it runs"
    ]


def test_a_full_disk_is_told_and_the_lab_is_removed(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*words: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(History, "save", full)
    with lab:
        pass
    assert f"No space left on device: {lab.directory}; free some, then try again" in blindness(lab.history)
    assert lab.is_settled
