"""What switches tell their neighbours, taken together."""

from math import inf

import pytest

from lab.history import History
from scenarios.switching.checks.vectors import Told, expect_no_stall, vectors
from scenarios.verdict import UnseenError, Verdict, check, passed
from tests.unit.scenarios.expecting import cannot_tell, passes
from tests.unit.scenarios.histories import BEGINNING
from tests.unit.scenarios.switching.wires import Links


def test_vectors_are_found_by_who_told_whom() -> None:
    wire = Links()
    wire.vector("a", "c", a=0)
    wire.vector("c", "a", c=0)
    wire.vector("c", "e", c=0)
    wire.datagram("h1 a c e f h2")
    history = wire.history()
    assert len(vectors(history)) == 3
    assert [each.receiver for each in vectors(history, "c")] == ["a", "e"]
    assert [each.sender for each in vectors(history, listener="a")] == ["c"]
    assert [each.switched.metrics for each in vectors(history, "a", "c")] == [{"a": 0}]
    assert vectors(history, "e", "c") == []


def said(*pauses: float, dies: bool = False) -> Links:
    wire = Links()
    for pause in pauses:
        wire.vector("a", "c", a=0)
        wire.later(pause)
        if dies:
            wire.exited("a")
    wire.vector("a", "b", a=0)
    return wire


def test_a_node_that_runs_and_is_silent_for_three_periods_has_stalled() -> None:
    expect_no_stall(said(1.4, 1.4).history(), 0.5, 0, inf)
    with pytest.raises(UnseenError, match="too busy: a said nothing"):
        expect_no_stall(said(1.4, 1.5).history(), 0.5, 0, inf)


def test_the_dead_and_what_was_before_or_after_do_not_count() -> None:
    expect_no_stall(said(5, dies=True).history(), 0.5, 0, inf)
    stalled = said(5)
    expect_no_stall(stalled.history(), 0.5, stalled.time + 1, inf)
    expect_no_stall(stalled.history(), 0.5, 0, BEGINNING)


def test_a_stall_is_unknown_and_nobody_s_fault() -> None:
    @check
    def judge(history: History) -> Verdict:
        """Nobody stalls."""
        expect_no_stall(history, 0.5, 0, inf)
        return passed("")

    cannot_tell(judge, said(2).history(), "too busy")
    passes(judge, said(1).history())


def test_what_is_poisoned_on_one_line_is_told_on_the_others() -> None:
    told = Told()
    told.hear("a", "b", {"a": 0, "b": 16, "c": 1, "h2": 4})
    told.hear("a", "c", {"a": 0, "b": 1, "c": 16, "h2": 16})
    assert told.metrics("a") == {"b": 1, "c": 1, "h2": 4}


def test_what_was_told_last_counts() -> None:
    told = Told()
    told.hear("a", "b", {"a": 0, "h2": 4})
    told.hear("a", "b", {"a": 0, "h2": 16})
    assert told.metrics("a") == {}
    told.hear("a", "b", {"a": 0})
    assert told.metrics("a") == told.metrics("who said nothing") == {}
