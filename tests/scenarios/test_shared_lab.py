"""The scenarios that can share a lab, each topology's one after the other in one lab of its own."""

import shutil
from collections.abc import Iterator
from itertools import groupby

import pytest

from scenarios.catalogue import CATALOGUE
from scenarios.run import Result, run_together
from tests.scenarios.test_scenarios import KEEP, expect_pass

SHARING = sorted((s for s in CATALOGUE.values() if s.shares), key=lambda scenario: scenario.topology)

pytestmark = pytest.mark.timeout(300)  # the first test waits until all were played


@pytest.fixture(scope="module")
def results() -> Iterator[dict[str, Result]]:
    """Play them all."""
    found = [
        result
        for _, scenarios in groupby(SHARING, lambda scenario: scenario.topology)
        for result in run_together([*scenarios], keep=KEEP)
    ]
    yield {result.scenario.name: result for result in found}
    for directory in {result.directory for result in found}:
        if not KEEP:
            shutil.rmtree(directory)


@pytest.mark.parametrize("name", [scenario.name for scenario in SHARING])
def test_scenario(results: dict[str, Result], name: str) -> None:
    expect_pass(results[name])
