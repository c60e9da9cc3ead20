"""Every topology file comes up, and is ready: most in a scenario or a document, the others here, by `up` alone."""

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from lab.bases import free_base
from lab.docker import DockerEngine
from lab.passing import passing
from lab.state import TOPOLOGIES, Wish
from lab.up import READY, REFUSED, up
from scenarios.catalogue import CATALOGUE
from scenarios.scenario import Scenario
from tests.repo.documents import all_sections

DEFAULT = "lab"
"""That one is brought up by test_verbs.py."""


class AllAtOnceError(Exception):
    """The play brings up all nodes, in the order of `up`, and waits until all are ready."""


class StepByStepError(Exception):
    """The play does something else first."""


class PaperLab:
    """A lab in which nothing is done: it tells what a play does first."""

    def __init__(self, scenario: Scenario) -> None:
        self.topology = scenario.wish(name="paper").load()

    def step(self, sentence: str) -> AbstractContextManager[None]:
        return nullcontext()

    def start(self, *names: str) -> None:
        raise StepByStepError if names else AllAtOnceError

    def complete(self) -> None:
        raise AllAtOnceError

    def __getattr__(self, name: str) -> None:
        raise StepByStepError


def begins_with_all(scenario: Scenario) -> bool:
    with pytest.raises((AllAtOnceError, StepByStepError)) as first:
        scenario.play(PaperLab(scenario))  # type: ignore[arg-type]
    return first.type is AllAtOnceError


PLAYED = {scenario.topology for scenario in CATALOGUE.values() if begins_with_all(scenario)}
SHOWN = {
    word.removeprefix("TOPOLOGY=")
    for section in all_sections()
    for command in section.commands
    for word in command.split()
    if command.startswith("make up ") and word.startswith("TOPOLOGY=")
}
EVERY = {path.stem for path in TOPOLOGIES.glob("*.yaml")}


@pytest.mark.parametrize("topology", sorted(EVERY - PLAYED - SHOWN - {DEFAULT}))
def test_it_comes_up(topology: str, tmp_path: Path) -> None:
    name = f"socklab-up-{topology}-{os.getpid()}"
    with passing(name) as settled:
        engine = DockerEngine(name)
        try:
            with free_base() as base:
                words = up(Wish(topology, base=base, name=name).load(), engine, tmp_path, lambda text: None)
            assert set(words.values()) <= {READY, REFUSED}
            assert list(words.values()).count(REFUSED) == (topology == "broadcast")
        finally:
            engine.remove()
            engine.close()
            settled()


def test_of_a_play_is_told_what_it_does_first() -> None:
    assert begins_with_all(CATALOGUE["unicast"])
    assert not begins_with_all(CATALOGUE["q2"])
