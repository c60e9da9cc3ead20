"""How long the tests on real containers take, and what of that is the start of their containers alone.

the tests             as `make test` runs them, and all else that they do
idle containers       as many, by Docker Compose, some at a time: what no change to the tests or to the lab saves
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryFile
from typing import IO

from benchmarks import start_up
from benchmarks.contest import Better, Contest, Goal, Measure
from benchmarks.effort import Effort
from benchmarks.errors import BenchmarkError
from benchmarks.machine_work import work_during

TESTS = ("-n", "4", "tests/scenarios")
SMOKE_TESTS = ("-n", "0", "tests/scenarios/test_creation.py::test_a_moved_lab_is_made_anew")
PLAYED, IDLE = "the tests", "as many idle containers"
AT_A_TIME = 40
BEFORE = 261
"""Seconds that the tests took before they were made faster."""
TIME = Measure("time", "s", Better.LOW)
CPU = Measure("CPU of the machine", "s", Better.LOW)
BUSY = Measure("processors busy", "% of the time")
CONTAINERS = Measure("containers started", "", Better.LOW)


def measure(effort: Effort) -> Iterator[Contest]:
    """Measure the tests, then the containers without them; once, since it takes minutes."""
    tests = measured(partial(play, SMOKE_TESTS if effort.smoke else TESTS))
    containers = 2 if effort.smoke else round(tests[CONTAINERS.name])
    yield Contest(
        "The tests on real containers",
        (TIME, CPU, BUSY, CONTAINERS),
        (Goal(TIME.name, PLAYED, (), at_most=BEFORE / 2),),
        f"The goal is half of the {BEFORE} s that the tests took at first; they check more since then.",
        [{PLAYED: tests, IDLE: measured(partial(start_idle, containers))}],
    )


def measured(run: Callable[[], object]) -> dict[str, float]:
    """Run something; return how long it took, what the machine did for it, and how many containers it started."""
    with TemporaryFile() as starts:
        with told_to(starts):
            began = time.monotonic()
            cpu = work_during(run).cpu
            took = time.monotonic() - began
        starts.seek(0)
        containers = len(starts.readlines())
    busy = 100 * cpu / (took * (os.cpu_count() or 1))
    return {TIME.name: took, CPU.name: cpu, BUSY.name: busy, CONTAINERS.name: containers}


def play(tests: tuple[str, ...]) -> None:
    """Run tests. BenchmarkError if they do not pass, or cannot run."""
    command = [sys.executable, "-m", "pytest", "-q", *tests]
    done = subprocess.run(
        command, cwd=start_up.ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stdout + done.stderr).strip().splitlines()[-1:]
        raise BenchmarkError(f"`pytest {' '.join(tests)}` ended with {done.returncode}: {''.join(last)}; try make test")


def start_idle(containers: int) -> None:
    """Have Compose start so many idle containers and remove them, some at a time."""
    while containers > 0:
        start_up.compose(min(containers, AT_A_TIME))
        containers -= AT_A_TIME


@contextmanager
def told_to(file: IO[bytes]) -> Iterator[None]:
    """Have the engine write a line to the file for each container that starts in the block."""
    listen = ("docker", "events", "--since", f"{time.time():.6f}", "--filter", "event=start", "--format", "started")
    with subprocess.Popen(listen, stdout=file) as engine:
        try:
            yield
        finally:
            engine.terminate()
