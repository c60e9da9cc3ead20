"""Who runs when, and what the figures are compared with."""

from collections.abc import Callable

import pytest

from benchmarks.contest import Better, Contest, Goal, Measure, Run, compete
from benchmarks.effort import SMOKE, Effort

RATE = Measure("rate", "GB/s")
COST = Measure("cost", "s", Better.LOW)


def contest(*rounds: dict[str, dict[str, float]], goals: tuple[Goal, ...] = ()) -> Contest:
    return Contest("A race", (RATE, COST), goals, rounds=list(rounds))


def rates(**values: float) -> dict[str, dict[str, float]]:
    return {name: {"rate": value} for name, value in values.items()}


@pytest.mark.parametrize(
    ("effort", "expected"), [(Effort(2, 1.0), ["a", "b", "a", "b", "a", "b"]), (SMOKE, ["a", "b"])]
)
def test_contenders_run_in_turn_after_one_that_does_not_count(effort: Effort, expected: list[str]) -> None:
    ran: list[str] = []

    def runner(name: str) -> Run:
        def run() -> dict[str, float]:
            ran.append(name)
            return {"rate": float(len(ran))}

        return run

    done = compete(contest(), {"a": runner("a"), "b": runner("b")}, effort)
    assert ran == expected
    assert len(done.rounds) == effort.rounds
    assert done.rounds[-1] == rates(a=len(expected) - 1.0, b=float(len(expected)))


def test_the_best_of_a_measure_has_most_or_least() -> None:
    race = contest({"a": {"rate": 1.0, "cost": 1.0}, "b": {"rate": 2.0, "cost": 2.0}})
    assert race.best("rate", ("a", "b")) == "b"
    assert race.best("cost", ("a", "b")) == "a"


def test_the_best_goes_by_the_median() -> None:
    race = contest(rates(a=9.0, b=2.0), rates(a=1.0, b=2.0), rates(a=1.0, b=2.0))
    assert race.best("rate", ("a", "b")) == "b"


def test_nobody_is_best_in_what_nobody_has() -> None:
    with pytest.raises(ValueError, match="nobody of a has cost in 'A race'"):
        contest(rates(a=1.0)).best("cost", ("a",))


def test_ratios_are_of_one_round() -> None:
    race = contest(rates(ours=2.0, theirs=1.0, slow=0.1), rates(ours=9.0, theirs=3.0, slow=0.1))
    assert race.ratios(Goal("rate", "ours", ("theirs", "slow"), at_least=1)) == [2.0, 3.0]


@pytest.mark.parametrize(
    ("goal", "ratio", "met"),
    [
        (lambda: Goal("rate", "a", ("b",), at_least=1.4), 1.4, True),
        (lambda: Goal("rate", "a", ("b",), at_least=1.4), 1.394, False),
        (lambda: Goal("rate", "a", ("b",), at_most=0.6), 0.604, True),
        (lambda: Goal("rate", "a", ("b",), at_most=0.6), 0.61, False),
    ],
)
def test_a_goal_is_met_or_not_as_the_ratio_is_shown(goal: Callable[[], Goal], ratio: float, met: bool) -> None:
    assert goal().is_met(ratio) is met


def test_a_measure_may_be_one_contenders_alone() -> None:
    race = contest({"a": {"rate": 1.0}, "b": {"rate": 2.0, "cost": 3.0}})
    assert race.values("a", "cost") == []
    assert race.values("b", "cost") == [3.0]
