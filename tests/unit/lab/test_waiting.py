"""To wait on a condition: its first true value, or, past the deadline, what was expected and what came."""

import pytest

from lab.errors import GaveUp
from lab.waiting import eventually


def test_the_first_true_value_is_returned() -> None:
    answers = iter([None, "", 0, "here", "too late"])
    assert eventually(lambda: next(answers), "something", every=0) == "here"


def test_past_the_deadline_it_gives_up_and_says_what_came_instead() -> None:
    with pytest.raises(GaveUp) as gave_up:
        eventually(lambda: None, "a port open", within=0, otherwise=lambda: "no port at all")
    assert gave_up.value.expected == "a port open within 0 s"
    assert gave_up.value.got == "no port at all"
    assert str(gave_up.value) == "expected a port open within 0 s, but got no port at all"


def test_it_looks_at_least_once() -> None:
    assert eventually(lambda: "there already", "it", within=0) == "there already"


def test_what_came_is_asked_for_once_and_at_the_end() -> None:
    asked: list[str] = []

    def look() -> None:
        asked.append("look")

    def otherwise() -> str:
        asked.append("otherwise")
        return "something else"

    with pytest.raises(GaveUp, match="something else"):
        eventually(look, "it", within=0.005, every=0, otherwise=otherwise)
    assert asked.count("otherwise") == 1
    assert asked[-1] == "otherwise"
