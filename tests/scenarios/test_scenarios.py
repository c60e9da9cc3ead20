"""Every scenario of the catalogue that has a lab of its own, on real containers."""

import os
import shutil

import pytest

from scenarios.catalogue import CATALOGUE
from scenarios.page import stale
from scenarios.run import Result, run
from scenarios.story import story
from scenarios.verdict import Outcome

KEEP = os.environ.get("KEEP", "0") not in ("", "0")

# The longest first, so that two workers end at about the same time.
ALONE = [name for name, scenario in CATALOGUE.items() if not scenario.shares]
LONGEST_FIRST = sorted(ALONE, key=lambda name: (name != "q2-sixteen", not name.startswith("q1"), name))


def expect_pass(result: Result) -> None:
    """Fail unless all that was checked was seen to hold, and the documents show it."""
    assert result.outcome is Outcome.PASS, f"\n{story(result)}"
    rewrite = f"if the run is right, `.venv/bin/python -m scenarios page {result.scenario.name}` writes them anew"
    assert not stale(result.scenario, result.history), rewrite


@pytest.mark.parametrize("name", LONGEST_FIRST)
def test_scenario(name: str) -> None:
    result = run(CATALOGUE[name], keep=KEEP)
    expect_pass(result)
    if not KEEP:
        shutil.rmtree(result.directory)
