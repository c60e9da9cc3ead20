"""What an attack's outcome means."""

from dataclasses import replace
from typing import Any

import pytest

from reliability.hostile.attack import ATTACKS, Attack, Over
from reliability.hostile.judge import COLUMNS, row, wrong
from reliability.hostile.run import NOBODY, Outcome
from reliability.hostile.target import TARGETS, Target
from reliability.hostile.trial import table

SERVER, GIVEN = (next(each for each in TARGETS if each.name == name) for name in ("broadcast_server", "tcp_server"))
RECEIVER = next(each for each in TARGETS if each.name == "datagram_receiver")
FLOOD = next(each for each in ATTACKS if each.over is Over.TCP)
FORGED = next(each for each in ATTACKS if each.over is Over.UDP)
FULL = next(each for each in ATTACKS if each.over is Over.UDP and each.limits)
FEW = next(each for each in ATTACKS if not each.newcomers)

WAYS = {"p50": 0.25, "p99": 1.5, "worst": 20.0}
SERVED = {
    "asked": 100, "answered": 100, "lost": "", "ways": WAYS, "came": 9, "served": 9, "new": WAYS, "last": True,
}  # fmt: skip
WELL = {
    "died": False, "status": 0, "peak": 15_000_000, "traceback": "", "printed": 10, "controls": 0, "honest": 0,
    "twice": 0, "ways": {},
}  # fmt: skip
SIZE = {"alive": True, "threads": 2, "descriptors": 4}


def outcome(
    target: Target = SERVER, attack: Attack = FLOOD, honest: dict[str, Any] | None = None, **watched: object
) -> Outcome:
    thrown = {"connections": 1000, "let in": 990, "cut off or refused": 10, "bytes": 5_000_000}
    return Outcome(target, attack, thrown, SERVED | (honest or {}), WELL | watched, SIZE, SIZE)


def test_all_well_is_a_row_and_nothing_wrong() -> None:
    assert not list(wrong(outcome()))
    assert dict(zip(COLUMNS, row(outcome()), strict=True)) == {
        "program": "broadcast_server",
        "attack": FLOOD.name,
        "thrown": "1,000 connections, 5.00 MB",
        "what it did": "990 let in, 10 cut off or refused",
        "honest, p50, ms": 0.25,
        "p99, ms": 1.5,
        "worst, ms": 20.0,
        "newcomers, worst, ms": 20.0,
        "memory, at most, MB": 15.0,
        "bound, MB": 64,
        "left over": "nothing",
    }


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (outcome(died=True, status=1), "it ended with 1"),
        (outcome(status=-9), "it ended with -9"),
        (outcome(traceback="OSError: gone"), "it printed a traceback: OSError: gone"),
        (outcome(controls=3), "it printed 3 control bytes"),
        (outcome(peak=65_000_000), "it took 65.0 MB, and may take 64"),
        (replace(outcome(), after={**SIZE, "threads": 3}), "more than before: 1 threads"),
        (replace(outcome(), after={**SIZE, "descriptors": 6}), "more than before: 2 descriptors"),
        (outcome(honest={"answered": 99, "lost": "nothing came"}), "an honest client was not served: nothing came"),
        (outcome(honest={"served": 8}), "1 of 9 honest newcomers were not served"),
        (outcome(honest={"last": False}), "afterwards it served no newcomer"),
        (outcome(RECEIVER, FORGED, {"answered": 0}), "no honest datagram came through"),
        (outcome(RECEIVER, FORGED, twice=2), "2 honest datagrams were shown twice"),
    ],
)
def test_what_is_wrong_is_said(bad: Outcome, says: str) -> None:
    (said,) = wrong(bad)
    assert says in said
    assert said.startswith(f"{bad.target.name}, {bad.attack.name}: ")
    assert table([outcome(), bad]).wrong == (said,)


def test_where_newcomers_cannot_be_served_they_need_not() -> None:
    assert not list(wrong(outcome(attack=FEW, honest={"served": 8})))


def test_what_goes_to_a_full_disk_nobody_sees() -> None:
    assert not list(wrong(outcome(RECEIVER, FULL, {"answered": 0})))
    assert "served" not in str(row(outcome(RECEIVER, FULL, {"answered": 0}))[3])


def test_datagrams_that_came_through_are_counted() -> None:
    some = outcome(RECEIVER, FORGED, {"answered": 0})
    some = replace(some, watched={**some.watched, "honest": 25})
    assert str(row(some)[3]).endswith("served 25.0% of 100 honest datagrams")


def test_of_the_given_program_it_is_only_said_what_it_does() -> None:
    dead = replace(outcome(GIVEN, died=True, status=1, peak=0, traceback="OSError: disk"), thrown={}, honest=NOBODY)
    assert not list(wrong(dead))
    assert row(dead)[3] == "died: OSError: disk"


def test_all_that_was_thrown_is_added_up() -> None:
    figures = table([outcome(), outcome()]).figures
    assert figures["connections thrown at programs that listen"] == 2000
    assert figures["attacks on them"] == 2
