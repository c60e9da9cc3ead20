"""The shares that are worked out."""

import pytest

from benchmarks import costs
from benchmarks.stations import Cost


@pytest.mark.parametrize(("cost", "part"), [(Cost(2.0, 1.5), 75.0), (Cost(0.0, 0.0), 0.0)])
def test_the_kernels_part(cost: Cost, part: float) -> None:
    assert costs.kernel_part(cost) == part


def test_a_cost_since_another() -> None:
    assert Cost(3.0, 1.0).since(Cost(1.0, 0.25)) == Cost(2.0, 0.75)
