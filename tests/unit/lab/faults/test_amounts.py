"""How much of a fault, read from what a person says."""

import pytest

from lab.faults.amounts import bits_per_second, microseconds, per_10000


@pytest.mark.parametrize(("text", "share"), [("100%", 10_000), ("20%", 2000), ("0.01%", 1), ("12.5%", 1250)])
def test_percent(text: str, share: int) -> None:
    assert per_10000(text) == share


@pytest.mark.parametrize("text", ["", "20", "0%", "0.001%", "101%", "-1%", "many%", "1e1%", "20 %%", "٢%"])
def test_no_percent(text: str) -> None:
    with pytest.raises(ValueError, match="at most 100%"):
        per_10000(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("100ms", (100_000, 0)),
        ("1s", (1_000_000, 0)),
        ("250us", (250, 0)),
        ("1.5ms", (1500, 0)),
        ("100ms~20ms", (100_000, 20_000)),
        ("1s ~ 1s", (1_000_000, 1_000_000)),
    ],
)
def test_time(text: str, read: tuple[int, int]) -> None:
    assert microseconds(text) == read


@pytest.mark.parametrize("text", ["", "100", "0ms", "61s", "ms", "-1ms", "100ms~", "100ms~0ms", "10ms~11ms", "~1ms"])
def test_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"at most 60s|no longer than"):
        microseconds(text)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("1mbit", 1_000_000), ("56kbit", 56_000), ("1.5Mbit", 1_500_000), ("8000bit", 8000), ("10gbit", 10**10),
     ("1mbit/s", 1_000_000)],
)  # fmt: skip
def test_rate(text: str, rate: int) -> None:
    assert bits_per_second(text) == rate


@pytest.mark.parametrize("text", ["", "1", "1mb", "7kbit", "11gbit", "0mbit", "1tbit", "mbit"])
def test_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match="from 8kbit to 10gbit"):
        bits_per_second(text)
