"""Run a scenario in a lab of its own, and judge what was recorded."""

import contextlib
import fcntl
import ipaddress
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lab import state
from lab.docker import DockerEngine, subnets_in_use
from lab.errors import GaveUp, LabError
from lab.events import AnyEvent, Step
from lab.history import History
from lab.lab import Lab
from scenarios.scenario import Scenario
from scenarios.verdict import Outcome, Verdict, check, failed, passed, worst

BASES = [ipaddress.IPv4Network((f"10.{second}.0.0", 16)) for second in range(84, 250)]
"""Where the subnets of scenario labs are taken from. The default lab's own base is not among them."""


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
    name = f"socklab-{scenario.name}-{os.getpid()}"

    def kept(history: History) -> bool:
        return keep and worst(verdict for _, verdict in judge(scenario, history)) is not Outcome.PASS

    with free_base() as base:
        wish = scenario.wish(name=name, base=base)
        lab = Lab(wish.load(), DockerEngine(name), state.directory(name), keep=kept, listener=listener)
        lab.create()
    with lab:
        try:
            scenario.play(lab)
        except GaveUp as gave_up:
            if gave_up is not lab.stopped_by:  # the play waits outside a step: its author must hear of it
                raise
        except LabError as error:
            lab.failed(error)
    result = Result(scenario, state.directory(name), lab.history, judge(scenario, lab.history))
    if keep and result.outcome is not Outcome.PASS:
        state.remember(wish, name)
    return result


@contextlib.contextmanager
def free_base() -> Iterator[str]:
    """Name a base that no network of the engine overlaps; nobody else takes it while the block lasts.

    All checkouts and users of a machine share its engine, so what they lock is what they all have: the folder for
    temporary files. The lock is on the folder itself; no file is made in it.
    """
    lock = os.open(tempfile.gettempdir(), os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        taken = subnets_in_use()
        base = next((base for base in BASES if not any(base.overlaps(subnet) for subnet in taken)), None)
        if base is None:
            raise LabError(f"every subnet from {BASES[0]} to {BASES[-1]} is in use; remove labs with `make clean`")
        yield str(base)
    finally:
        os.close(lock)
