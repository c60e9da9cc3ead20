"""Two switches that count to infinity, two that do not, and some that only look so."""

from collections.abc import Sequence

import pytest

from scenarios.switching import counting as play
from scenarios.switching.checks import counting
from scenarios.verdict import Check, FailedError
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.switching.wires import Links

CHECKS = (
    counting.with_no_guard_they_count,
    counting.with_poisoned_reverse_nobody_counts,
    counting.with_poisoned_reverse_bad_news_is_told_at_once,
    counting.with_no_guard_it_takes_longer,
)
UP = (1, 1, 16, 3, 3, 16, 5, 7, 16, 9, 11, 13, 15, 15, 16, 16)
"""What b1 tells: between the steps, the bad news, which is on the way as well."""
DOWN = (2, 2, 16, 4, 6, 16, 8, 10, 12, 14, 16, 16)


def lab(
    up: Sequence[int] = UP,
    down: Sequence[int] = DOWN,
    guarded: Sequence[int] = (1, 1, 16, 16),
    back: Sequence[int] = (16, 16, 16),
    *,
    pause: float = 0.4,
    delay: float = 1.0,
    stall: float = 0.0,
) -> Links:
    """Let the hosts say something, and their switches tell these metrics, `pause` apart."""
    wire = Links("count-to-infinity")
    wire.vector("x1", "b1", x1=0)
    wire.vector("x2", "b2", x2=0)
    wire.later(delay)
    for metric in guarded:
        wire.vector("b2", "c2", b2=0, x2=metric)
    for metric in back:
        wire.vector("c2", "b2", c2=0, x2=metric)
    for metric in down:
        wire.vector("c1", "b1", c1=0, x1=metric)
    for metric in up:
        wire.vector("b1", "c1", b1=0, x1=metric)
        wire.later(pause)
    wire.later(stall)
    wire.vector("b1", "c1", b1=0)
    return wire


@pytest.mark.parametrize("check", CHECKS)
def test_a_good_run(check: Check) -> None:
    passes(check, lab().history())
    cannot_tell(check, lab().history(dropped=1), "lost 1 of")


@pytest.mark.parametrize("up", [(1, 16), (1, 3, 5, 16), (1, 5, 9, 13, 16), (1, 2, 3, 4, 16), (3, 1, 16)])
def test_who_does_not_rise_by_two_to_the_end_does_not_count(up: Sequence[int]) -> None:
    fails(counting.with_no_guard_they_count, lab(up).history(), f"b1 told {', '.join(map(str, up))}")


def test_both_have_to_count() -> None:
    fails(counting.with_no_guard_they_count, lab(down=(2, 16)).history(), "c1 told 2, 16")


def test_who_stays_finite_did_not_come_to_infinity() -> None:
    fails(counting.with_no_guard_they_count, lab(UP[:-2]).history(), "b1 told c1 at last a finite way to x1")


def test_who_never_knew_cannot_count() -> None:
    fails(counting.with_no_guard_they_count, lab((16,)).history(), "b1 told c1 no finite way to x1")
    fails(counting.with_poisoned_reverse_nobody_counts, lab(guarded=()).history(), "b2 told c2 no finite way to x2")


@pytest.mark.parametrize(("guarded", "back"), [((1, 16, 3, 16), (16,)), ((1, 16), (16, 2, 4))])
def test_who_counts_has_no_guard(guarded: Sequence[int], back: Sequence[int]) -> None:
    fails(counting.with_poisoned_reverse_nobody_counts, lab(guarded=guarded, back=back).history(), "told of a way of")


def test_bad_news_that_comes_late_is_not_at_once() -> None:
    history = lab(delay=counting.TOLD_WITHIN).history()
    fails(counting.with_poisoned_reverse_bad_news_is_told_at_once, history, "of 1.55 s")


def test_a_count_that_is_over_at_once_was_none() -> None:
    fails(counting.with_no_guard_it_takes_longer, lab(pause=0.0).history(), "7 times to and fro takes 4.2 s")


def test_a_machine_that_was_too_busy_shows_nothing() -> None:
    cannot_tell(counting.with_no_guard_they_count, lab(stall=0.5).history(), "too busy: b1 said nothing for 0.9 s")


def test_a_host_that_said_nothing_cannot_fall_silent() -> None:
    history = Links("count-to-infinity").history()
    fails(counting.with_no_guard_it_takes_longer, history, "b1 told c1 no finite way")
    fails(counting.with_poisoned_reverse_bad_news_is_told_at_once, history, "b2 told c2 no finite way")
    with pytest.raises(FailedError, match="x2 said nothing"):
        counting.last_word(history, "x2")


def test_the_page_tells_what_was_told() -> None:
    assert play.rows(lab().history())[2:] == [
        "| b1 | none | 1, 3, 5, 7, 9, 11, 13, 15, infinity | ≈ 6.6 |",
        "| b2 | poisoned reverse | 1, infinity | ≈ 1.0 |",
    ]
    (drawing,) = play.drawings(lab().history()).values()
    assert drawing.count("<circle") == 9 + 8 + 3 + 3  # of b1, c1, b2, and in the legend
