"""Run a scenario in a lab of its own, and judge what was recorded."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab import state
from lab.bases import free_base
from lab.docker import DockerEngine, DockerNodes
from lab.errors import GaveUp, LabError
from lab.events import AnyEvent, Step
from lab.history import History
from lab.lab import Lab
from lab.passing import passing, remove_abandoned
from lab.recorder import now
from scenarios.scenario import Scenario
from scenarios.verdict import Outcome, Verdict, check, failed, passed, worst


@dataclass(frozen=True)
class Result:
    """What came of one run."""

    scenario: Scenario
    directory: Path
    history: History
    verdicts: tuple[tuple[str, Verdict], ...]

    @property
    def outcome(self) -> Outcome:
        """The verdict on the whole."""
        return worst(verdict for _, verdict in self.verdicts)


def judge(scenario: Scenario, history: History) -> tuple[tuple[str, Verdict], ...]:
    """Let the play and every check of a scenario judge a history, fresh or stored."""
    return tuple((each.__name__, each(history)) for each in (the_play, *scenario.checks))


@check
def the_play(history: History) -> Verdict:
    """Every step of the play worked."""
    steps = history.of(Step)
    broken = [step for step in steps if not step.worked]
    if broken:
        return failed(f"{broken[0].sentence}: expected {broken[0].expected}, but got {broken[0].got}")
    if not steps:
        return failed("no step was taken")
    return passed(f"{len(steps)} steps")


def run(scenario: Scenario, *, keep: bool = False, listener: Callable[[AnyEvent], None] = lambda event: None) -> Result:
    """Play a scenario once, in a lab of its own that is removed in the end.

    What was recorded stays in the result's directory. With `keep`, a lab that did not pass stays, too, and the verbs
    reach it by its name. LabError if no lab could be made to play in.
    """
    return run_together([scenario], keep=keep, listener=listener)[0]


def run_together(
    scenarios: Sequence[Scenario],
    *,
    keep: bool = False,
    listener: Callable[[AnyEvent], None] = lambda event: None,
) -> list[Result]:
    """Play scenarios of one topology, one after the other, in one lab. Each is judged by its part of the history.

    Before one that does not share a running lab (`Scenario.shares`), all programs are ended.
    """
    first = scenarios[0]
    name = f"socklab-{first.name if len(scenarios) == 1 else first.topology}-{os.getpid()}"
    times: list[tuple[float, float]] = []

    def parts(history: History) -> list[History]:
        if len(scenarios) == 1:
            return [history]
        return [
            history.between(began, ended, afresh=not scenario.shares)
            for scenario, (began, ended) in zip(scenarios, times, strict=True)
        ]

    def results(history: History) -> list[Result]:
        return [
            Result(scenario, state.directory(name), part, judge(scenario, part))
            for scenario, part in zip(scenarios, parts(history), strict=True)
        ]

    def kept(history: History) -> bool:
        return keep and not all(result.outcome is Outcome.PASS for result in results(history))

    remove_abandoned(remove)  # of runs that were killed: they hold subnets
    with passing(name) as settled:
        with free_base() as base:
            wish = first.wish(name=name, base=base)
            lab = Lab(
                wish.load(),
                DockerEngine(name),
                state.directory(name),
                keep=kept,
                listener=listener,
            )
            lab.create()
        with lab:
            for scenario in scenarios:
                if times and not scenario.shares:
                    lab.clear()
                began = now()
                _play(scenario, lab)
                times.append((began, now()))
        if lab.is_settled:
            settled()
    found = results(lab.history)
    if keep and not all(result.outcome is Outcome.PASS for result in found):
        state.remember(wish, name)
    return found


def remove(lab: str) -> None:
    """Remove a lab by its name, whoever made it."""
    engine = DockerNodes(lab)
    try:
        engine.remove()
    finally:
        engine.close()


def _play(scenario: Scenario, lab: Lab) -> None:
    try:
        scenario.play(lab)
    except GaveUp as gave_up:
        if gave_up is not lab.stopped_by:  # the play waits outside a step: its author must hear of it
            raise
    except LabError as error:
        lab.failed(error)
