"""The catalogue is whole: nothing in it is empty, and nothing that belongs to it is forgotten."""

import importlib
import pkgutil

import pytest

import scenarios
from lab.state import TOPOLOGIES
from scenarios.catalogue import CATALOGUE
from scenarios.scenario import Scenario
from scenarios.verdict import Check

DEFAULT_LAB = "lab"
everyone = pytest.mark.parametrize("scenario", CATALOGUE.values(), ids=CATALOGUE.keys())


def all_checks() -> dict[str, Check]:
    """Return every function that `check` was put on, wherever in a folder called checks it stands."""
    names = [m.name for m in pkgutil.walk_packages(scenarios.__path__, "scenarios.") if ".checks." in m.name]
    modules = [importlib.import_module(name) for name in names]
    return {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if callable(value) and hasattr(value, "__wrapped__") and value.__module__ == module.__name__
        if not hasattr(value, "cache_info")  # an lru_cache is a wrapper, too
    }


@everyone
def test_an_intent_is_one_sentence(scenario: Scenario) -> None:
    assert scenario.intent.endswith(".") and scenario.intent.count(". ") == 0
    assert scenario.intent[0].isupper() and len(scenario.intent.split()) >= 4


@everyone
def test_there_is_something_to_check(scenario: Scenario) -> None:
    assert scenario.checks
    assert len(set(scenario.checks)) == len(scenario.checks)


@everyone
def test_its_topology_is_good(scenario: Scenario) -> None:
    topology = scenario.wish(name="try", base="10.99.0.0/16").load()
    assert topology.name == "try"
    assert topology.nodes
    chain = [node for node in topology.nodes.values() if node.role.name == "forwarder"]
    assert scenario.forwarders in (None, len(chain))


@everyone
def test_its_play_says_what_it_does(scenario: Scenario) -> None:
    assert (scenario.play.__doc__ or "").strip().endswith(".")


def test_no_scenario_is_forgotten() -> None:
    names = [m.name for m in pkgutil.walk_packages(scenarios.__path__, "scenarios.") if not m.name.endswith("__main__")]
    modules = [importlib.import_module(name) for name in names]
    told = [scenario for module in modules for scenario in getattr(module, "SCENARIOS", ())]
    assert {scenario.name for scenario in told} == set(CATALOGUE)
    assert len(told) == len(CATALOGUE), "two scenarios have one name"


def test_every_check_is_used_by_a_scenario() -> None:
    used = {check for scenario in CATALOGUE.values() for check in scenario.checks}
    assert [name for name, check in all_checks().items() if check not in used] == []
    assert used <= set(all_checks().values())


def test_every_topology_is_used_by_a_scenario_or_is_the_default_lab() -> None:
    used = {scenario.topology for scenario in CATALOGUE.values()} | {DEFAULT_LAB}
    assert {path.stem for path in TOPOLOGIES.glob("*.yaml")} == used


def test_every_program_in_scenarios_is_used_by_a_topology() -> None:
    programs = {path.name for path in (TOPOLOGIES.parent / "scenarios" / "programs").glob("*.py")}
    used = {
        node.program.name
        for scenario in CATALOGUE.values()
        for node in scenario.wish(name="try").load().nodes.values()
        if node.program
    }
    assert programs == used
