import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology import units


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        (64000, 64_000), (9600.0, 9600), ("64000", 64_000), ("1.001mbit", 1_001_000),
        ("1bit", 1), ("64kbit", 64_000), ("1mbit", 10**6),
        ("1.5mbit", 1_500_000), ("10gbit", 10**10),
    ],
)  # fmt: skip
def test_rates(written: object, rate: float) -> None:
    assert units.rate(written) == rate
    assert isinstance(written, int | float) or re.search(units.RATE, str(written))


@pytest.mark.parametrize(
    ("written", "delay"),
    [("5ms", 0.005), ("0.5s", 0.5), ("60s", 60), ("250us", 0.00025), (0, 0), ("0", 0), ("0ms", 0), ("1.5ms", 0.0015)],
)
def test_delays(written: object, delay: float) -> None:
    assert units.delay(written) == delay
    assert written == 0 or re.search(units.DELAY, str(written))


@pytest.mark.parametrize(
    "written", [True, None, [], "", "fast", "1 mbit", "1MBIT", "-1kbit", "1mbit/s", "1e6", "٣", ".5mbit"]
)
def test_no_rates(written: object) -> None:
    with pytest.raises(ValueError, match=r"is no rate; write bit/s as 64000, 64kbit or 1mbit"):
        units.rate(written)


@pytest.mark.parametrize(
    "written", [True, None, {}, "", "5", 5, 0.5, "5 ms", "5m", "-5ms", "1:00", float("nan"), "infs"]
)
def test_no_delays(written: object) -> None:
    with pytest.raises(ValueError, match=r"is no time; write it with its unit, as 5ms or 0.5s"):
        units.delay(written)


@pytest.mark.parametrize("written", [0, "0kbit", "0.5bit", "11gbit", 10**11, 9600.5, "1.0005kbit", "9" * 400])
def test_rates_out_of_range(written: object) -> None:
    with pytest.raises(ValueError, match=r"is no rate for a link; take 1bit to 10gbit"):
        units.rate(written)


@pytest.mark.parametrize("written", ["61s", "60001ms"])
def test_delays_out_of_range(written: object) -> None:
    with pytest.raises(ValueError, match=r"is too long for a link; take at most 60s"):
        units.delay(written)


@given(st.integers(1, 999), st.sampled_from(["bit", "kbit", "mbit"]), st.sampled_from(["us", "ms"]))
def test_what_is_shown_is_what_was_written(number: int, rate: str, time: str) -> None:
    assert units.rate_text(units.rate(f"{number}{rate}")) == f"{number}{rate}"
    assert units.delay_text(units.delay(f"{number}{time}")) == f"{number}{time}"


def test_what_is_shown_is_short() -> None:
    assert units.rate_text(1_234_567) == "1.235mbit"
    assert units.delay_text(0.5) == "500ms"
    assert units.delay_text(0) == "no delay"
