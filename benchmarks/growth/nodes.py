"""How a lab's size tells on the time that it takes to start, and on memory.

    make up            so many hosts on one network, up and found ready          10 ... 200
    compose            as many idle containers of the same image
    memory             of the nodes' processes, and of the engine's shims, one a node, while the lab is up

Hosts run nothing but their container's init and a program that waits, so this is what a node costs before it does
anything. Two hundred take a minute or more, each way: the larger the lab, the fewer the rounds.
"""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks import start_up
from benchmarks.contest import Curve
from benchmarks.effort import Effort
from benchmarks.errors import BenchmarkError
from benchmarks.memory import family, parent, pss
from benchmarks.start_up import COMPOSE, HOSTS, NAME
from benchmarks.stations import docker

NODES = {10: 2, 25: 1, 50: 1, 100: 1, 200: 1}
"""How many, and how often."""

OURS = "make up"
PROCESSES, SHIMS = "nodes' processes", "engine's shims"
MEGABYTE = 1e6
LABEL = "socklab.lab"

START_UP = (
    "Nearly straight lines, since every node costs the same work, and both processors are busy with it all the time. "
    "Most of that is the kernel's and the engine's."
)
MEMORY = (
    "PSS, which counts a page that several processes share in equal parts to each. So a node's own processes take the "
    "less the more there are of them: what they share, programs and libraries, is there once. A shim shares only its "
    "program's text. It is a program in Go with a heap of its own, and that is why its line is straight."
)

Points = dict[float, list[float]]


def measure(effort: Effort) -> Iterator[Curve]:
    """Yield how long labs of several sizes take to start, and what memory they take, if this machine lets us see it."""
    times: dict[str, Points] = {OURS: {}, COMPOSE: {}}
    memory: dict[str, Points] = {PROCESSES: {}, SHIMS: {}}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hosts.yaml"
        for nodes, rounds in ({1: 1} if effort.smoke else NODES).items():
            file.write_text(HOSTS % nodes)
            for _ in range(rounds):
                up, taken = lab(file)
                times[OURS].setdefault(nodes, []).append(up)
                for name, megabytes in taken.items():
                    memory[name].setdefault(nodes, []).append(megabytes)
                times[COMPOSE].setdefault(nodes, []).append(start_up.compose(nodes)["up"])
    yield Curve("Start-up of larger and larger labs", "nodes", "time", "s", times, START_UP)
    if memory[SHIMS]:
        yield Curve("Memory of larger and larger labs", "nodes", "memory", "MB", memory, MEMORY)


def lab(file: Path) -> tuple[float, dict[str, float]]:
    """Bring a lab up and down; return the seconds until it was up, and its memory then, in MB."""
    try:
        return start_up.up(file), memory_of(NAME)
    finally:
        start_up.down()


def memory_of(name: str) -> dict[str, float]:
    """Return the PSS, in MB, of the nodes of a lab that is up, and of their shims; nothing where we may not see it."""
    containers = docker("ps", "--quiet", "--filter", f"label={LABEL}={name}").split()
    if not containers:
        raise BenchmarkError(f"no container of the lab {name} runs; see `make status NAME={name}`")
    first = [int(process) for process in docker("inspect", "--format", "{{.State.Pid}}", *containers).split()]
    with suppress(OSError):  # an engine elsewhere, or we are not root
        nodes = sum(pss(process) for one in first for process in family(one))
        shims = sum(pss(shim) for shim in {parent(one) for one in first})
        return {PROCESSES: nodes / MEGABYTE, SHIMS: shims / MEGABYTE}
    return {}
