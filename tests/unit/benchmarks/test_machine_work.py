"""What is read from the kernel's counters."""

import pytest

from benchmarks.machine_work import Work, work

STAT = """\
cpu  1000 10 500 90000 70 20 30 400 0 0
cpu0 500 5 250 45000 35 10 15 200 0 0
ctxt 123456
btime 1700000000
processes 4321
procs_running 2
"""


def test_waiting_and_what_others_took_is_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sysconf", {"SC_CLK_TCK": 100}.get)
    assert work(STAT) == Work(15.6, 4321)


def test_work_since_before() -> None:
    assert Work(15.5, 4321).since(Work(10.25, 4300)) == Work(5.25, 21)
