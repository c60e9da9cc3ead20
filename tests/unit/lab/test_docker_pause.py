"""A pause that runc did not get done on a busy machine is asked for again."""

import pytest
from docker.errors import APIError

from lab.docker.engine import FREEZES, NOT_FROZEN, DockerEngine
from lab.errors import EngineError

BUSY = f"Cannot pause container 867d: OCI runtime pause failed: {NOT_FROZEN}: unknown"


class Freezer:
    """A container that says these words when it is paused, one after the other, and then is."""

    def __init__(self, *words: str) -> None:
        self.words = list(words)
        self.asked = 0

    def pause(self) -> None:
        self.asked += 1
        if self.words:
            raise APIError(self.words.pop(0))


def pause(monkeypatch: pytest.MonkeyPatch, container: Freezer) -> None:
    monkeypatch.setattr(DockerEngine, "_container", lambda self, node: container)
    DockerEngine.__new__(DockerEngine).pause("alice")


def test_a_busy_machine_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    container = Freezer(BUSY, BUSY)
    pause(monkeypatch, container)
    assert container.asked == 3


def test_one_that_never_freezes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    container = Freezer(*[BUSY] * FREEZES)
    with pytest.raises(EngineError, match=NOT_FROZEN):
        pause(monkeypatch, container)
    assert container.asked == FREEZES


def test_another_refusal_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    container = Freezer("Container 867d is not running")
    with pytest.raises(EngineError, match="is not running"):
        pause(monkeypatch, container)
    assert container.asked == 1
