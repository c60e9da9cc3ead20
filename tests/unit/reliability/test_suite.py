"""How runs of the suite are counted."""

import sys
from pathlib import Path

import pytest

from benchmarks.errors import BenchmarkError
from reliability import suite
from reliability.effort import Effort
from reliability.suite import Outcome

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="5">
<testcase classname="tests.unit.a" name="test_one" time="0.1" />
<testcase classname="tests.unit.a" name="test_two[x]" time="0.1" />
<testcase classname="tests.unit.a" name="test_three"><failure message="assert 0">...</failure></testcase>
<testcase classname="tests.unit.b" name="test_four"><error message="a fixture">...</error></testcase>
<testcase classname="tests.unit.b" name="test_five"><skipped type="pytest.skip" message="no netem" /></testcase>
</testsuite></testsuites>"""


def test_a_report_is_read() -> None:
    assert suite.outcome(REPORT) == Outcome(2, 1, ("tests.unit.a::test_three", "tests.unit.b::test_four"))


def test_what_fails_or_stays_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = iter([Outcome(3, 0, ()), Outcome(2, 0, ()), *[Outcome(1, 0, ("a::b",))] * 2] + [Outcome(3, 0, ())] * 16)
    looks = iter([frozenset({"network bridge"})] * 10 + [frozenset({"network bridge", "container x"})])
    monkeypatch.setattr(suite, "run", lambda part: next(outcomes))
    monkeypatch.setattr(suite, "there", lambda: next(looks))
    table = suite.try_out(Effort.FULL)
    assert [row[1] for row in table.rows] == [5, 2, *[6] * 8]
    assert table.wrong == ("run 2: a::b failed", "run 2: a::b failed", "run 10 left container x")
    assert list(table.figures.values()) == [10, 8, 0]


class Docker:
    """A docker that has these containers on a network, and removes it, or says why not."""

    def __init__(self, containers: int, refuses: str = "") -> None:
        self.containers, self.refuses = containers, refuses

    def __call__(self, *words: str) -> str:
        if words[1] == "inspect":
            return f"{self.containers}\n"
        if self.refuses:
            raise BenchmarkError(f"docker network rm x_lab failed: {self.refuses}")
        return "x_lab\n"


MISCOUNTED = "Error response from daemon: network x_lab has active endpoints"


@pytest.mark.parametrize(
    ("docker", "kept"),
    [
        (Docker(0, MISCOUNTED), True),
        (Docker(1, MISCOUNTED), False),
        (Docker(0), False),
        (Docker(0, "Error response from daemon: permission denied"), False),
    ],
)
def test_a_network_that_the_engine_does_not_remove_though_nothing_is_on_it(
    monkeypatch: pytest.MonkeyPatch, docker: Docker, kept: bool
) -> None:
    monkeypatch.setattr(suite, "docker", docker)
    assert suite.is_kept_by_the_engine("network x_lab") is kept


def test_what_the_engine_keeps_is_counted_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([frozenset[str](), *[frozenset({"network x_lab"})] * 10])
    monkeypatch.setattr(suite, "run", lambda part: Outcome(3, 0, ()))
    monkeypatch.setattr(suite, "there", lambda: next(looks))
    monkeypatch.setattr(suite, "docker", Docker(0, MISCOUNTED))
    table = suite.try_out(Effort.FULL)
    assert [row[5:] for row in table.rows] == [(0, 1), *[(0, 0)] * 9]
    assert (list(table.figures.values()), table.wrong) == ([10, 10, 1], ())


def test_a_container_is_never_kept_by_the_engine() -> None:
    assert not suite.is_kept_by_the_engine("container x")


def test_a_suite_that_cannot_be_run_is_told_in_a_line() -> None:
    with pytest.raises(BenchmarkError, match=r"`pytest no/such/test.py` ended with 4: .*no/such/test.py"):
        suite.run(("no/such/test.py",))


def test_a_python_without_pytest_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho No module named pytest >&2\nexit 1\n")
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(BenchmarkError, match="`pytest -q` ended with 1: No module named pytest"):
        suite.run(("-q",))


def test_a_part_of_the_suite_is_run() -> None:
    found = suite.run(suite.SMOKE_PARTS[0])
    assert found.passed > 0
    assert not found.failed
