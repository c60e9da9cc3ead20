"""All interruptions, of all three verbs at the same time; and what is others' meanwhile."""

import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import product

from lab.bases import free_base
from reliability.effort import Effort
from reliability.interrupted.cases import SIGNALS, VERBS, Verb
from reliability.interrupted.interrupt import Outcome, interrupt
from reliability.record import Cell, Table

COLUMNS = ("Run", "When", *(number.name for number in SIGNALS))
SMOKE = (7,)
"""Which moments are enough to show that it works."""


def try_out(effort: Effort) -> Table:
    """Interrupt `make up`, a test run and `make down` at ten moments each, in three ways."""
    with strangers() as changed:
        with ThreadPoolExecutor(len(VERBS)) as pool:
            found = dict(zip(VERBS, pool.map(lambda verb: _outcomes(verb, effort), VERBS), strict=True))
        wrong = changed()
    rows: list[tuple[Cell, ...]] = []
    for verb, outcomes in found.items():
        for moment, of_moment in outcomes.items():
            rows.append((verb.what, moment, *(_left(of_moment[number.name]) for number in SIGNALS)))
            wrong += [each for outcome in of_moment.values() for each in outcome.wrong]
    count = len(rows) * len(SIGNALS)
    return Table(
        COLUMNS,
        tuple(rows),
        "What was left of a lab of three nodes when all processes of the run had ended. SIGINT came to all of them, as "
        "from a terminal; SIGTERM to the first alone; SIGKILL to all at once. Then `make down` removed the rest; after "
        "every second moment, a second `make up` over it had to work first. A container, a network, an image and a lab "
        "that were there before had to stay.",
        {
            "interruptions of `make up`, a test run and `make down`": count,
            "leaks, tracebacks and hangs found after them": len(wrong),
        },
        tuple(wrong),
    )


def _outcomes(verb: Verb, effort: Effort) -> dict[str, dict[str, Outcome]]:
    found: dict[str, dict[str, Outcome]] = {}
    name = f"socklab-interrupted-{verb.what.split()[-1]}-{os.getpid()}"
    chosen = range(len(verb.moments)) if effort is Effort.FULL else SMOKE
    for place, number in product(chosen, SIGNALS):
        moment = verb.moments[place]
        found.setdefault(moment.what, {})[number.name] = interrupt(verb, moment, number, name, again=place % 2 == 1)
    return found


def _left(outcome: Outcome) -> str:
    containers, networks = outcome.containers, outcome.networks
    if not containers and not networks:
        return "nothing"
    return f"{containers} container{'s' * (containers != 1)}, {networks} network{'s' * (networks != 1)}"


@contextmanager
def strangers() -> Iterator[Callable[[], list[str]]]:
    """Make what is nobody's of ours, and a lab of another name; give what tells which of it has changed."""
    name = f"stranger-{os.getpid()}"
    with free_base() as base:
        subnet = base.removesuffix("/16") + "/24"
        labelled = ["--label", f"socklab.lab={name}"]
        _docker("network", "create", "--internal", "--subnet", subnet, *labelled, name)
    try:
        _docker("tag", "socklab-node", name)
        _docker("run", "--detach", "--name", name, "--network", "none", name, "sleep", "infinity")
        before = _look(name)
        yield lambda: [f"what is others' has changed: {a} is now {b}" for a, b in _differences(before, _look(name))]
    finally:
        for words in (("rm", "--force"), ("network", "rm"), ("rmi",)):
            subprocess.run(["docker", *words, name], capture_output=True, check=False)


def _look(name: str) -> list[str]:
    return [
        _docker("container", "inspect", "--format", "container {{.Id}} {{.State.StartedAt}} {{.State.Status}}", name),
        _docker("network", "inspect", "--format", "network {{.Id}} {{.Created}}", name),
        _docker("image", "inspect", "--format", "image {{.Id}}", name),
    ]


def _differences(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    return [(a, b) for a, b in zip(before, after, strict=True) if a != b]


def _docker(*words: str) -> str:
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
    return (done.stdout if done.returncode == 0 else done.stderr).strip()
