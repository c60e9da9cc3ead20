"""Every scenario of the catalogue that has a lab of its own, on real containers."""

import os
import shutil

import pytest

from scenarios.catalogue import CATALOGUE
from scenarios.run import run
from scenarios.story import story
from scenarios.verdict import Outcome

KEEP = os.environ.get("KEEP", "0") not in ("", "0")

# The longest first, so that two workers end at about the same time.
ALONE = [name for name, scenario in CATALOGUE.items() if not scenario.shares]
LONGEST_FIRST = sorted(ALONE, key=lambda name: (name != "q2-sixteen", not name.startswith("q1"), name))


@pytest.mark.parametrize("name", LONGEST_FIRST)
def test_scenario(name: str) -> None:
    result = run(CATALOGUE[name], keep=KEEP)
    assert result.outcome is Outcome.PASS, f"\n{story(result)}"
    if not KEEP:
        shutil.rmtree(result.directory)
