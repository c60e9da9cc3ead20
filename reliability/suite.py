"""The whole suite again and again: what passes nine times of ten is broken.

    before ---> make test ---> make test ---> ... ---> after
      '------- the engine's containers and networks: the same as before, each time -------'

Each run is `pytest` as `make test` calls it, and tells in JUnit's XML how many tests passed and which did not.
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.errors import BenchmarkError
from benchmarks.stations import docker
from lab.errors import MISCOUNTED
from reliability.effort import Effort
from reliability.record import Cell, Table

ROOT = Path(__file__).parents[1]
PARTS = (("-n", "3", "tests/unit", "tests/repo", "tests/fuzz"), ("-n", "4", "tests/scenarios"))
SMOKE_PARTS = (("-n", "0", "tests/unit/reliability/test_page.py"),)
TIMES = 10
COLUMNS = ("Run", "Tests passed", "Skipped", "Failed", "Seconds", "Left behind", "Kept by the engine")


@dataclass(frozen=True)
class Outcome:
    """How many tests passed and were skipped, and the names of those that failed."""

    passed: int
    skipped: int
    failed: tuple[str, ...]

    def __add__(self, other: "Outcome") -> "Outcome":
        """Return both together."""
        return Outcome(self.passed + other.passed, self.skipped + other.skipped, self.failed + other.failed)


def try_out(effort: Effort) -> Table:
    """Run the suite ten times, or one small part of it twice. BenchmarkError if pytest cannot run."""
    times, parts = (TIMES, PARTS) if effort is Effort.FULL else (2, SMOKE_PARTS)
    before = there()
    rows: list[tuple[Cell, ...]] = []
    wrong: list[str] = []
    for number in range(1, times + 1):
        began = time.monotonic()
        outcome = sum((run(part) for part in parts), Outcome(0, 0, ()))
        took = round(time.monotonic() - began)
        found = there() - before if effort is Effort.FULL else frozenset()  # a part's run may have others beside it
        kept = frozenset(filter(is_kept_by_the_engine, found))
        left = found - kept
        before |= found
        rows.append((number, outcome.passed, outcome.skipped, len(outcome.failed), took, len(left), len(kept)))
        print(f"run {number}: {outcome.passed} passed, {len(outcome.failed)} failed, {took} s", flush=True)
        worse = [f"run {number}: {name} failed" for name in outcome.failed]
        worse += [f"run {number} left {name}" for name in sorted(left)]
        for line in worse:
            print(f"    {line}", flush=True)
        wrong += worse
    green = sum(row[3] == 0 and row[5] == 0 for row in rows)
    figures: dict[str, Cell] = {
        "whole runs of the suite": times,
        "whole runs that were green and left nothing": green,
        "networks that the engine kept meanwhile, for its own mistake": sum(int(row[6]) for row in rows),
    }
    return Table(COLUMNS, tuple(rows), figures=figures, wrong=tuple(wrong))


def run(words: tuple[str, ...]) -> Outcome:
    """Run some tests. BenchmarkError if they could not even be collected."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junit-xml={report}", *words]
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if not report.exists() or done.returncode not in (0, 1):  # 1: some failed, or Python could not run pytest
            last = (done.stdout + done.stderr).strip().splitlines()[-1:]
            raise BenchmarkError(f"`pytest {' '.join(words)}` ended with {done.returncode}: {''.join(last)}")
        found = outcome(report.read_text(encoding="utf-8"))
        if found.failed:
            print(done.stdout, flush=True)  # with the stories of plays, and where to look
        return found


def outcome(xml: str) -> Outcome:
    """Read a report in JUnit's XML."""
    cases = list(ElementTree.fromstring(xml).iter("testcase"))  # noqa: S314  (pytest's own)
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = sum(case.find("skipped") is not None for case in cases)
    names = tuple(f"{case.get('classname')}::{case.get('name')}" for case in failed)
    return Outcome(len(cases) - len(failed) - skipped, skipped, names)


def there() -> frozenset[str]:
    """Return the names of all containers and networks of the engine."""
    containers = docker("ps", "--all", "--format", "container {{.Names}}")
    networks = docker("network", "ls", "--format", "network {{.Name}}")
    return frozenset((containers + networks).splitlines())


def is_kept_by_the_engine(name: str) -> bool:
    """Tell whether something that was left is a network with nothing on it that the engine refuses to remove."""
    kind, _, name = name.partition(" ")
    if kind != "network" or docker("network", "inspect", "--format", "{{len .Containers}}", name).strip() != "0":
        return False
    try:
        docker("network", "rm", name)
    except BenchmarkError as error:
        return MISCOUNTED in str(error)
    return False
