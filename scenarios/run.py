"""Run a scenario in a lab of its own, and judge what was recorded."""

import fcntl
import ipaddress
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.docker import DockerEngine, subnets_in_use
from lab.errors import GaveUp, LabError
from lab.events import AnyEvent
from lab.history import History
from lab.lab import Lab
from scenarios.scenario import Scenario
from scenarios.verdict import Outcome, Verdict, failed, unknown, worst

RUNS = Path(__file__).parents[1] / "runs"
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
    """Let every check of a scenario judge a history, fresh or stored."""
    return tuple((check.__name__, check(history)) for check in scenario.checks)


def run(scenario: Scenario, *, keep: bool = False, listener: Callable[[AnyEvent], None] = lambda event: None) -> Result:
    """Play a scenario once. What it recorded stays in `directory`; `keep` leaves its containers running, too."""
    name = f"socklab-{scenario.name}-{os.getpid()}"
    directory = RUNS / name
    trouble: list[tuple[str, Verdict]] = []
    with free_base() as base:
        lab = Lab(scenario.load(name=name, base=base), DockerEngine(name), directory, keep=keep, listener=listener)
        lab.open()
    try:
        scenario.play(lab)
    except GaveUp as gave_up:
        trouble.append(("the_play", failed(str(gave_up))))
    except LabError as error:
        trouble.append(("the_lab", unknown(str(error))))
    finally:
        lab.close()
    return Result(scenario, directory, lab.history, (*trouble, *judge(scenario, lab.history)))


@contextmanager
def free_base() -> Iterator[str]:
    """Name a base that no network of the engine overlaps; nobody else takes it while the block lasts."""
    RUNS.mkdir(exist_ok=True)
    with (RUNS / "subnets.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        taken = subnets_in_use()
        for base in BASES:
            if not any(base.overlaps(subnet) for subnet in taken):
                yield str(base)
                return
    raise LabError(f"every subnet from {BASES[0]} to {BASES[-1]} is in use; remove labs with `make clean`")
