"""What is read from the kernel's counters, and the shares that are worked out."""

import pytest

from benchmarks import costs
from benchmarks.stations import Cost

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
    assert costs.machine(STAT) == {costs.A_NODE.name: 15.6, costs.STARTED.name: 4321.0}


@pytest.mark.parametrize(("cost", "part"), [(Cost(2.0, 1.5), 75.0), (Cost(0.0, 0.0), 0.0)])
def test_the_kernels_part(cost: Cost, part: float) -> None:
    assert costs.kernel_part(cost) == part


def test_a_cost_since_another() -> None:
    assert Cost(3.0, 1.0).since(Cost(1.0, 0.25)) == Cost(2.0, 0.75)
