"""The scenarios that can share a lab, each topology's one after the other in one lab of its own."""

import shutil
from collections.abc import Iterator

import pytest

from scenarios.catalogue import CATALOGUE
from scenarios.run import Result, run_together
from tests.scenarios.test_scenarios import KEEP, expect_pass

SHARING = [scenario for scenario in CATALOGUE.values() if scenario.shares]

pytestmark = pytest.mark.timeout(300)  # the first test of a lab waits until all were played


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> Iterator[dict[str, Result]]:
    """Play all that share the lab of a topology."""
    found = run_together([scenario for scenario in SHARING if scenario.topology == request.param], keep=KEEP)
    yield {result.scenario.name: result for result in found}
    if not KEEP:
        shutil.rmtree(found[0].directory)


@pytest.mark.parametrize(
    ("results", "name"),
    [pytest.param(s.topology, s.name, id=f"{s.topology}.{s.name}") for s in SHARING],
    indirect=["results"],
    scope="module",  # else a parameter is a function's, and the lab is made anew for each test
)
def test_scenario(results: dict[str, Result], name: str) -> None:
    expect_pass(results[name])
