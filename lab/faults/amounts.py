"""How much of a fault: "20%", "100ms~20ms", "1mbit", read into numbers. ValueError says what would be right."""

import re

PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)%", re.ASCII)
TIME = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(us|ms|s)", re.ASCII)
RATE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([kmg]?)bit(?:/s)?", re.ASCII | re.IGNORECASE)

MICROSECONDS = {"us": 1, "ms": 1_000, "s": 1_000_000}
BITS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
LONGEST = 60 * MICROSECONDS["s"]
SLOWEST, FASTEST = 8 * BITS["k"], 10 * BITS["g"]


def per_10000(text: str) -> int:
    """Read percent, as ten-thousandths: `20%` is 2000."""
    found = PERCENT.fullmatch(text.strip())
    share = round(float(found[1]) * 100) if found else 0
    if not 0 < share <= 10_000:
        raise ValueError("more than 0% and at most 100%")
    return share


def microseconds(text: str) -> tuple[int, int]:
    """Read a time and how much it varies, in microseconds: `100ms~20ms` is (100000, 20000)."""
    mean, varies_too, jitter = text.partition("~")
    delay, varies = _time(mean), _time(jitter) if varies_too else 0
    if varies > delay:
        raise ValueError("a jitter that is no longer than the delay itself")
    return delay, varies


def _time(text: str) -> int:
    found = TIME.fullmatch(text.strip())
    value = round(float(found[1]) * MICROSECONDS[found[2]]) if found else 0
    if not 0 < value <= LONGEST:
        raise ValueError("more than 0 and at most 60s, in us, ms or s")
    return value


def bits_per_second(text: str) -> int:
    """Read a rate: `1mbit` is 1000000."""
    found = RATE.fullmatch(text.strip())
    rate = round(float(found[1]) * BITS[found[2].lower()]) if found else 0
    if not SLOWEST <= rate <= FASTEST:
        raise ValueError("from 8kbit to 10gbit, in bit, kbit, mbit or gbit (a second)")
    return rate
