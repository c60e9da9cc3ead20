"""All benchmarks, by the name that `make bench ONLY=` knows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.contest import Contest, Curve
from benchmarks.effort import Effort


@dataclass(frozen=True)
class Benchmark:
    """What is measured, in a sentence, and how."""

    what: str
    measure: Callable[[Effort], Iterator[Contest | Curve]]


BENCHMARKS: dict[str, Benchmark] = {}
