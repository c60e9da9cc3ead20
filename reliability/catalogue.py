"""All trials, by the name that `make reliability ONLY=` knows: one row each, beside its module.

A trial is a function that takes an Effort, does what it does to labs and programs, cleans up, and returns a Table. When
it cannot be done at all, it raises BenchmarkError, in one line; what it finds wrong stands in Table.wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reliability import chaos, suite
from reliability.effort import Effort
from reliability.fuzz import trial as fuzz
from reliability.hostile import trial as hostile
from reliability.interrupted import trial as interrupted
from reliability.record import Table


@dataclass(frozen=True)
class Trial:
    """What is done, in a sentence, and the function that does it."""

    what: str
    try_out: Callable[[Effort], Table]


TRIALS: dict[str, Trial] = {
    "hostile": Trial("load and hostile input for each program that listens", hostile.try_out),
    "fuzz": Trial("every parser, under inputs that a fuzzer makes", fuzz.try_out),
    "chaos": Trial("random faults in busy labs, by many seeds", chaos.try_out_chaos),
    "soak": Trial("random faults in one busy lab for half an hour", chaos.try_out_soak),
    "interrupted": Trial("signals at ten moments of make up, a test run and make down", interrupted.try_out),
    "suite": Trial("the whole suite ten times", suite.try_out),
}
