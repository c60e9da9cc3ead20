"""Every scenario of the catalogue, on real containers; and the tests' guests. Those of one topology share one lab.

A lab takes longer to be made than most plays take. So each topology is made once, its scenarios are played one after
the other, and each is judged by its own part of the history. With KEEP=1, where the lab of one that failed is to be
looked at, each has a lab to itself.
"""

import os
import shutil
from collections.abc import Iterator

import pytest

from scenarios.catalogue import CATALOGUE
from scenarios.page import stale
from scenarios.run import Result, run_together
from scenarios.scenario import Scenario
from scenarios.story import story
from scenarios.verdict import Outcome
from tests.repo.documents import ROOT
from tests.scenarios.guests import faults, greeting, link_faults, packet_faults, third_party, third_party_casts

KEEP = os.environ.get("KEEP", "0") not in ("", "0")

# Guests come last: they need a lab that is up, and some of the others one in which nothing runs yet.
GUESTS = [
    guest
    for module in (greeting, faults, link_faults, packet_faults, third_party, third_party_casts)
    for guest in module.GUESTS
]
PLAYED = [*CATALOGUE.values(), *GUESTS]

pytestmark = pytest.mark.timeout(300)  # the first test of a lab waits until all were played


def lab_of(scenario: Scenario) -> str:
    """Name the lab that a scenario is played in. conftest.py keeps those of one lab at one worker, by this name."""
    length = "" if scenario.forwarders is None else f"-{scenario.forwarders}"
    return f"{scenario.topology}{length}" + f"-{scenario.name}" * KEEP


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> Iterator[dict[str, Result]]:
    """Play all that share a lab."""
    found = run_together([scenario for scenario in PLAYED if lab_of(scenario) == request.param], keep=KEEP)
    yield {result.scenario.name: result for result in found}
    if not KEEP and all(result.outcome is Outcome.PASS for result in found):
        shutil.rmtree(found[0].directory)


@pytest.mark.parametrize(
    ("results", "name"),
    [pytest.param(lab_of(s), s.name, id=f"{lab_of(s)}.{s.name}") for s in PLAYED],
    indirect=["results"],
    scope="module",  # else a parameter is a function's, and the lab is made anew for each test
)
def test_scenario(results: dict[str, Result], name: str) -> None:
    """Fail unless all that was checked was seen to hold, and the documents show it."""
    result = results[name]
    assert result.outcome is Outcome.PASS, f"\n{story(result)}"
    rewrite = f"if the run is right, `.venv/bin/python -m scenarios page {result.scenario.name}` writes them anew"
    assert not stale(result.scenario, result.history), rewrite


@pytest.mark.parametrize("command", third_party_casts.SHOWN)
def test_the_page_shows_what_a_guest_runs(command: str) -> None:
    assert command in (ROOT / "docs" / "casts.md").read_text()
