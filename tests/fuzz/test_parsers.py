"""Every parser of what comes from outside, fuzzed for a second or so each: the same inputs in every run.

An input that is a defect is named by the failure; `python -m reliability fuzz` looks for others, and longer.
"""

import pytest

from reliability.fuzz.campaign import fuzz, missing
from reliability.fuzz.catalogue import find, targets

TARGETS = targets()


@pytest.mark.skipif(bool(missing()), reason=missing())
@pytest.mark.parametrize("name", TARGETS)
def test_what_must_hold_of_a_parser(name: str) -> None:
    target = find(name)
    outcome = fuzz(target, target.runs)
    assert not outcome.defect, f"{target.holds}: {outcome.defect}"
    assert outcome.runs >= target.runs and outcome.reached, "the fuzzer did not see what it ran"


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_its_seeds_also_where_there_is_no_fuzzer(name: str) -> None:
    target = find(name)
    for seed in (b"", *target.seeds):
        assert len(seed) <= target.longest, "the fuzzer would cut it short"
        target.check(seed)
