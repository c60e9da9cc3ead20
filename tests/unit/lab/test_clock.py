"""Clocks that are set, that sleep, that differ: told, so that nobody judges by the order of times."""

import pytest

from lab.clock import Clock
from lab.events import LabFailed, Typed
from lab.recorder import Recorder

NOON = 1_000_000.0


class Clocks:
    """One that is set, and one that nobody sets."""

    def __init__(self) -> None:
        self.wall, self.steady = NOON, 50.0
        self.clock = Clock(lambda: self.wall, lambda: self.steady)

    def passes(self, seconds: float, *, of_wall: float | None = None) -> str | None:
        self.steady += seconds
        self.wall += seconds if of_wall is None else of_wall
        return self.clock.wrong(self.wall)


def test_time_that_passes_is_right_however_long() -> None:
    clocks = Clocks()
    assert [clocks.passes(seconds) for seconds in (0, 0.001, 30, 86400)] == [None] * 4


def test_a_clock_that_is_kept_right_bit_by_bit_is_right() -> None:
    assert Clocks().passes(1000, of_wall=1000.5) is None


@pytest.mark.parametrize(("of_wall", "told"), [(3601.0, "forward by 3600.0 s"), (-3599.0, "back by 3600.0 s")])
def test_a_clock_that_is_set_is_told(of_wall: float, told: str) -> None:
    words = Clocks().passes(1, of_wall=of_wall)
    assert words is not None
    assert told in words
    assert words.endswith("play again")


def test_a_clock_that_is_set_forth_and_back_between_two_events_each_is_told_each_time() -> None:
    clocks = Clocks()
    assert clocks.passes(1, of_wall=61) is not None
    assert clocks.passes(1, of_wall=-59) is not None
    assert clocks.passes(1) is None


def test_an_engine_whose_clock_is_ahead_is_told() -> None:
    clocks = Clocks()
    assert clocks.clock.wrong(NOON + 0.2) is None
    assert "engine is 7.0 s ahead" in (clocks.clock.wrong(NOON + 7) or "")


def test_clocks_between_whose_readings_we_were_interrupted_are_read_again() -> None:
    readings = iter([50.0, 50.0, 51.0, 53.0, 53.0, 53.0])  # between the third and the fourth, two seconds are lost
    walls = iter([NOON, NOON + 3, NOON + 3])
    clock = Clock(lambda: next(walls), lambda: next(readings))
    assert clock.wrong(NOON) is None


def test_a_history_in_which_the_clock_was_set_can_not_be_judged() -> None:
    clocks = Clocks()
    recorder = Recorder(clock=clocks.clock)
    recorder.add(Typed(time=clocks.wall, node="alice", data=b"one"))
    assert not recorder.history().of(LabFailed)
    for seconds in (-100, 200):
        clocks.wall += seconds
        recorder.add(Typed(time=clocks.wall, node="alice", data=b"two"))
    blind = recorder.history().blindness()
    assert blind is not None
    assert "set back by 100.0 s" in blind
    assert len(recorder.history().of(LabFailed)) == 1
