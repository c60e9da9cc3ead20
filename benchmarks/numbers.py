"""Numbers as people read them, three digits that mean something; and as they are kept, six."""

from collections.abc import Sequence
from math import floor, log10
from statistics import median
from typing import Any


def shown(value: float) -> str:
    """Return a number with three significant digits: 0.0123, 1.50, 42.0, 1,230."""
    if not value:
        return "0"
    rounded = float(f"{value:.3g}")
    digits = max(0, 2 - floor(log10(abs(rounded))))
    return f"{rounded:,.{digits}f}"


def spread(values: Sequence[float]) -> str:
    """Return the median and, of more than one value, the least and the most."""
    if len(values) == 1:
        return shown(values[0])
    return f"{shown(median(values))} ({shown(min(values))} to {shown(max(values))})"


def rounded(value: Any) -> Any:
    """Return a value of JSON with six digits of each number in it: more were never measured."""
    if isinstance(value, dict):
        return {str(key): rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(each) for each in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
