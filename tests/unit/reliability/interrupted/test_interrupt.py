"""What a run may say that was interrupted."""

import signal

import pytest

from reliability.interrupted.interrupt import judge_words


@pytest.mark.parametrize(
    "said",
    [
        [],
        ["interrupted; `make down NAME=x` removes what was started"],
        ["interrupted"],
        ["Building ... interrupted after 1 s; run make again, or make down"],
        ["socklab-interrupted-down-1455 is down: 3 nodes removed in 0.5 s"],
    ],
)
def test_one_line_is_well(said: list[str]) -> None:
    assert judge_words(said, signal.SIGTERM) == []


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (["Traceback (most recent call last):", "KeyboardInterrupt"], "a traceback"),
        (["interrupted; make down", "interrupted; make down"], "in 2 lines"),
        (["it was interrupted"], "does not say what to do"),
    ],
)
def test_anything_else_is_not(said: list[str], wrong: str) -> None:
    (found,) = judge_words(said, signal.SIGINT)
    assert wrong in found
