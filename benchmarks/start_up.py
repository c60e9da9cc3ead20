"""How long `make up` and `make down` take, beside Docker Compose alone and Mininet for as many nodes.

    make up      set-up checked, lab made, every node ready         (warm: everything is installed)
    compose      docker compose up --detach: the same image, `sleep infinity`; nothing checked, nothing waited for
    mininet      as many network namespaces on a bridge, in one container with the rights to make them

A lab of hosts runs as little as what Compose starts. The default lab runs its programs, and is up when they are ready.
"""

import itertools
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.contest import OURS, Better, Contest, Goal, Measure, Run, compete
from benchmarks.effort import Effort
from benchmarks.errors import BenchmarkError
from benchmarks.stations import PREFIX, Where, stations
from lab.bases import free_base
from lab.errors import MISCOUNTED
from topology.plan import load

ROOT = Path(__file__).parents[1]
LAB = ROOT / "topology" / "lab.yaml"
NAME = PREFIX
BASE = "10.83.0.0/16"
HOSTS = f"name: hosts\nbase: {BASE}\nnetworks: {{lab: {{subnet: {BASE}}}}}\nnodes:\n  n: {{role: host, count: %d}}\n"
SIZES = {20: (1.0, 3), 50: (0.8, 2), 100: (0.7, 2)}
"""Hosts: what `make up` may take at most of the time of Compose, and how many rounds, since these are long."""

_NUMBERS = itertools.count()

DEFAULT_AT_MOST, DOWN_AT_MOST = 1.3, 0.75
COMPOSE, MININET = "docker compose", "mininet"
MEASURES = (Measure("up", "s", Better.LOW), Measure("down", "s", Better.LOW))
RIGHTS = ("--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN", "--security-opt", "seccomp=unconfined")
"""What Mininet needs to make network namespaces and mount what it mounts in them."""


def measure(effort: Effort) -> Iterator[Contest]:
    """Measure labs of hosts of several sizes, and the default lab."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hosts.yaml"
        for nodes, (at_most, rounds) in ({1: (1.0, 1)} if effort.smoke else SIZES).items():
            file.write_text(HOSTS % nodes)
            contest = _contest(f"{nodes} hosts", at_most)
            contenders = {OURS: partial(ours, file), COMPOSE: partial(compose, nodes), MININET: partial(mininet, nodes)}
            yield compete(contest, contenders, replace(effort, rounds=min(rounds, effort.rounds)))
        if not effort.smoke:
            nodes = len(load(LAB).nodes)
            contest = _contest(f"The default lab of {nodes} nodes, beside as many idle containers", DEFAULT_AT_MOST)
            default: dict[str, Run] = {OURS: partial(ours, LAB), COMPOSE: partial(compose, nodes)}
            yield compete(contest, default, effort)


def _contest(title: str, at_most: float) -> Contest:
    goals = (
        Goal("up", OURS, (COMPOSE,), at_most=at_most),
        Goal("down", OURS, (COMPOSE,), at_most=DOWN_AT_MOST),
    )
    return Contest(title, MEASURES, goals)


def ours(topology: Path) -> dict[str, float]:
    """Bring a lab up and down."""
    try:
        took = up(topology)
    finally:
        down_took = down()
    return {"up": took, "down": down_took}


def up(topology: Path) -> float:
    """Bring a lab up; return the seconds until it was ready."""
    with free_base() as base:
        return seconds("make", "up", f"TOPOLOGY={topology}", f"NAME={NAME}", f"SUBNET_BASE={base}")


def down() -> float:
    """Remove it; return the seconds that this took."""
    return taken_down("make", "down", f"NAME={NAME}")


def compose(nodes: int) -> dict[str, float]:
    """Have Compose start idle containers, and remove them without waiting for their programs to end by themselves."""
    idle = {"image": "socklab-node", "command": ["sleep", "infinity"]}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "compose.yaml"
        file.write_text(json.dumps({"services": {f"n{number}": idle for number in range(nodes)}}))
        project = f"{NAME}-bare-{next(_NUMBERS)}"
        call = ("docker", "compose", "--project-name", project, "--file", str(file), "--progress", "quiet")
        try:
            took = seconds(*call, "up", "--detach")
        finally:
            down_took = taken_down(*call, "down", "--timeout", "0")
    return {"up": took, "down": down_took}


def mininet(nodes: int) -> dict[str, float]:
    """Have Mininet make hosts on a bridge. The container that it does so in is there already."""
    with stations(1, Where.LOOPBACK, *RIGHTS) as (station,):
        return station.run("python3", "-m", "benchmarks.load.mininet_hosts", "--hosts", str(nodes))


def taken_down(*command: str) -> float:
    """Return how long it took to remove a lab, also where the engine keeps the network of it for its own mistake."""
    return seconds(*command, despite=MISCOUNTED)


def seconds(*command: str, despite: str = "") -> float:
    """Run a command; return how long it took. BenchmarkError with what it said if it fails, `despite` these words."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # so that, as in most shells, what is compiled once is kept
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, env=environment
    )
    took = time.monotonic() - began
    if done.returncode and not (despite and despite in done.stderr):
        said = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
        raise BenchmarkError(f"{' '.join(command)} failed: {said[-1] if said else f'status {done.returncode}'}")
    return took
