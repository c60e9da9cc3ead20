"""What a node takes: its image on the disk, and the memory of its processes while it waits.

images          as `docker images` tells their size
default lab     a node of each role, idle; PSS of all its processes, without the engine's shim
beside it       a host, which runs no program of ours; and Python alone, which is the least that a program takes
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.contest import Better, Contest, Goal, Measure
from benchmarks.effort import Effort
from benchmarks.memory import family, pss
from benchmarks.start_up import LAB, NAME, down, up
from benchmarks.stations import LABEL, docker

SMALL = LAB.with_name("peers.yaml")
NODE, HOST, PYTHON = "socklab-node", "host", "Python alone"
IMAGES = ("debian:trixie-slim", NODE, "socklab-router", "socklab-tap")
MEGABYTES, MEGABYTES_PSS = 120.0, 5.0
SIZE = Measure("size", "MB", Better.LOW)
MEMORY = Measure("memory", "MB", Better.LOW)
WAIT = "import signal; signal.pause()"


def measure(effort: Effort) -> Iterator[Contest]:
    """Measure the images once, since they do not change; and the nodes of a lab, one lab a round."""
    sizes = {image: {SIZE.name: size(image)} for image in IMAGES}
    yield Contest("Images", (SIZE,), (Goal(SIZE.name, NODE, (), at_most=MEGABYTES),), rounds=[sizes])
    nodes = Contest(
        "Memory of an idle node, by role",
        (MEMORY,),
        (Goal(MEMORY.name, HOST, (), at_most=MEGABYTES_PSS),),
        f"PSS of a node's own processes in the default lab; the median of a role's nodes. {PYTHON} imports nothing but "
        "what it needs to wait. The programs' nodes take what it takes and what they import, mostly argparse, socket "
        "and threading.",
    )
    for _ in range(effort.rounds):
        nodes.rounds.append(
            {role: {MEMORY.name: taken} for role, taken in by_role(SMALL if effort.smoke else LAB).items()}
        )
    yield nodes


def size(image: str) -> float:
    """Return the size of an image in MB."""
    return int(docker("image", "inspect", "--format", "{{.Size}}", image)) / 1e6


def by_role(topology: Path) -> dict[str, float]:
    """Bring a lab up, and return the memory of a node of each role, in MB. OSError if we may not see it."""
    try:
        up(topology)
        containers = docker("ps", "--quiet", "--filter", f"label=socklab.lab={NAME}").split()
        roles: dict[str, list[float]] = {}
        with beside("sleep", "infinity") as host, beside("python3", "-I", "-c", WAIT) as python:
            for container in containers:
                role = docker("inspect", "--format", '{{index .Config.Labels "socklab.role"}}', container).strip()
                roles.setdefault(role, []).append(memory(container))
            roles |= {HOST: [memory(host)], PYTHON: [memory(python)]}
        return {role: median(taken) for role, taken in roles.items()}
    finally:
        down()


@contextmanager
def beside(*command: str) -> Iterator[str]:
    """Have a node that runs this command; yield its container."""
    options = ("--detach", "--rm", "--init", "--network", "none", "--label", LABEL)
    container = docker("run", *options, NODE, *command).strip()
    try:
        yield container
    finally:
        docker("kill", container)


def memory(container: str) -> float:
    """Return the memory of a container's processes in MB, each page that several share in equal parts to each."""
    first = int(docker("inspect", "--format", "{{.State.Pid}}", container))
    return sum(pss(process) for process in family(first)) / 1e6
