import threading

import pytest

from lab.metronome import BEAT, Metronome

SECONDS = 10.0


@pytest.mark.parametrize(
    ("awakenings", "late"),
    [([1, 2, 3, 4], 0.0), ([1, 2, 6, 7, 9], 3 * BEAT), ([4, 5], 3 * BEAT), ([1, 2, 3.5], BEAT / 2)],
)
def test_the_latest_awakening_counts(awakenings: list[float], late: float, monkeypatch: pytest.MonkeyPatch) -> None:
    times, told = [0.0, *awakenings], threading.Event()

    def clock() -> float:
        if len(times) == 1:
            told.set()  # it is on time from now on
            times.append(times[0] + 1)
        return times.pop(0) * BEAT

    monkeypatch.setattr("lab.metronome.monotonic", clock)
    with Metronome() as metronome:
        assert told.wait(SECONDS)
    assert metronome.late == pytest.approx(late)


def test_it_ends_with_the_block() -> None:
    before = threading.active_count()
    with Metronome():
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
