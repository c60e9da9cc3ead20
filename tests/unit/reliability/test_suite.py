"""How runs of the suite are counted."""

import pytest

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
    assert list(table.figures.values()) == [10, 8]


def test_a_part_of_the_suite_is_run() -> None:
    found = suite.run(suite.SMOKE_PARTS[0])
    assert found.passed > 0
    assert not found.failed
