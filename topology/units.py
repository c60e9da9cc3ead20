"""Rates and times, as `tc` writes them: a number and its unit, `64kbit`, `1mbit`, `5ms`, `0.5s`.

A plain number is a rate in bit/s. A time always has its unit: as a plain number some mean seconds, some microseconds.
"""

import re
from typing import Any

from topology.errors import short

_RATES = {"bit": 1, "kbit": 10**3, "mbit": 10**6, "gbit": 10**9}  # in bit/s
_TIMES = {"us": 1, "ms": 10**3, "s": 10**6}  # in microseconds: whole numbers, so that 5ms is 0.005 and nothing else
_NUMBER = r"\d+(\.\d+)?"
_MOST_RATE = 10 * _RATES["gbit"]
_MOST_DELAY = 60  # seconds

RATE = rf"^{_NUMBER}({'|'.join(_RATES)})?$"
DELAY = rf"^{_NUMBER}({'|'.join(_TIMES)})$|^0$"


def rate(value: Any) -> int:
    """Parse a rate; return bit/s."""
    number = _amount(str(value), {"": 1, **_RATES}) if _is_plain(value) else None
    if number is None:
        raise ValueError(f"{short(value)} is no rate; write bit/s as 64000, 64kbit or 1mbit")
    if not 1 <= number <= _MOST_RATE or number != int(number):
        raise ValueError(f"{short(value)} is no rate for a link; take 1bit to 10gbit, and no part of a bit")
    return int(number)


def delay(value: Any) -> float:
    """Parse a time; return seconds."""
    number = _amount(str(value), {**_TIMES, "": 1}) if _is_plain(value) else None
    if number is None or (number and str(value)[-1].isdigit()):
        raise ValueError(f"{short(value)} is no time; write it with its unit, as 5ms or 0.5s")
    if number > _MOST_DELAY * _TIMES["s"]:
        raise ValueError(f"{short(value)} is too long for a link; take at most {_MOST_DELAY}s")
    return number / _TIMES["s"]


def rate_text(rate: float) -> str:
    """Return a rate as a person would write it."""
    return _text(rate, _RATES)


def delay_text(delay: float) -> str:
    """Return a time as a person would write it."""
    return _text(delay * _TIMES["s"], _TIMES) if delay else "no delay"


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _amount(text: str, units: dict[str, int]) -> float | None:
    match = re.fullmatch(rf"({_NUMBER})([a-z]*)", text, re.ASCII)
    if match is None or match[3] not in units:
        return None
    return round(float(match[1]) * units[match[3]], 6)  # 1.001mbit is 1001000 bit, not a little less


def _text(amount: float, units: dict[str, int]) -> str:
    fitting = [unit for unit, size in units.items() if amount >= size]
    unit = fitting[-1] if fitting else next(iter(units))
    return f"{round(amount / units[unit], 3):g}{unit}"
