"""What is shown of measured networks: a table of medians, and drawings."""

from pathlib import Path

from lab.mesh import write_mesh
from lab.state import Wish
from scenarios.switching.growth import SIZES, charts, rows
from scenarios.switching.measures import Measured

FOUND = [
    [Measured(6, 10, 7, settling, healing, 3600.4) for settling, healing in ((0.1, 1.2), (0.3, 1.5), (0.2, 1.1))],
    [Measured(30, 42, 31, 0.5, 1.4, 52_416.0)],
]


def test_rows_have_the_median_the_least_and_the_most() -> None:
    _, _, six, thirty = rows(FOUND)
    assert six == "| 6 | 10 | 7 | 0.20 (0.10 to 0.30) | 1.20 (1.10 to 1.50) | 3,600 |"
    assert thirty == "| 30 | 42 | 31 | 0.50 (0.50 to 0.50) | 1.40 (1.40 to 1.40) | 52,416 |"


def test_drawings_have_a_point_for_each_size() -> None:
    drawn = charts(FOUND)
    assert sorted(drawn) == ["growth-tables", "growth-times", "growth-vectors"]
    assert drawn["growth-vectors"].count("<circle") == 2


def test_each_size_can_be_played(tmp_path: Path) -> None:
    for size in SIZES:
        topology = Wish(str(write_mesh(size, tmp_path))).load()
        assert len(topology.nodes) == size + 2
