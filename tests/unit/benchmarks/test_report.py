"""What was found is kept, and the page is made of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.bars import bars
from benchmarks.contest import Better, Contest, Curve, Goal, Measure
from benchmarks.record import Record, read, split, write
from benchmarks.report import anchor, drawings, renew, summary, text

RACE = Contest(
    "Bulk: 1 hop",
    (Measure("rate", "GB/s"), Measure("cost", "CPU s", Better.LOW)),
    (Goal("rate", "Socklab", ("socat", "nginx"), at_least=1.4), Goal("cost", "Socklab", ("socat",), at_most=0.6)),
    "A note.",
    [
        {"Socklab": {"rate": 3.0, "cost": 1.0}, "socat": {"rate": 2.0, "cost": 1.0}, "nginx": {"rate": 1.0}},
        {"Socklab": {"rate": 3.2, "cost": 1.0}, "socat": {"rate": 2.0, "cost": 1.25}, "nginx": {"rate": 1.0}},
    ],
)
CURVE = Curve(
    "Against hops", "hops", "delay", "us", {"Socklab": {1.0: [10.0, 12.0], 64.0: [500.0]}, "socat": {1.0: [9.0]}}
)
RECORD = Record("race", "how fast", "make bench ONLY=race", "2026-01-02", {"Kernel": "6.1"}, (RACE,), (CURVE,))
PAGE = """# Speed

<!-- measured: goals -->
old
<!-- end -->
<!-- measured: machine -->
<!-- end -->
Text.
<!-- measured: race -->
<!-- end -->
"""


def test_a_record_is_kept_whole(tmp_path: Path) -> None:
    assert read(write(RECORD, tmp_path)) == RECORD


def test_six_digits_of_a_number_are_kept(tmp_path: Path) -> None:
    curve = replace(CURVE, series={"Socklab": {1.0: [1.23456789]}})
    assert read(write(replace(RECORD, curves=(curve,)), tmp_path)).curves[0].series["Socklab"] == {1.0: [1.23457]}


def test_contests_and_curves_are_told_apart() -> None:
    assert split([CURVE, RACE]) == ((RACE,), (CURVE,))


def test_the_page_has_a_part_of_each_record() -> None:
    page = text(PAGE, [RECORD])
    assert "old" not in page
    assert "\n\nText.\n" not in page and "\nText.\n" in page
    goal = "rate: Socklab against socat, the best of 2: at least 1.4 | 1.55 (1.50 to 1.60) | yes |"
    assert f"| [Bulk: 1 hop](#bulk-1-hop) | {goal}" in page
    assert "| cost: Socklab against socat: at most 0.6 | 0.90 (0.80 to 1.00) | **no** |" in page
    assert "| Kernel | 6.1 |" in page
    assert "| | rate, GB/s | cost, CPU s |" in page
    assert "| Socklab | 3.10 (3.00 to 3.20) | 1.00 (1.00 to 1.00) |" in page
    assert "| nginx | 1.00 (1.00 to 1.00) |  |" in page
    assert "| hops | Socklab, us | socat, us |" in page
    assert "| 64 | 500 |  |" in page
    assert "![Bulk: 1 hop](speed/race-bulk-1-hop.svg)" in page
    assert "A note." in page
    assert "Measured on 2026-01-02 by `make bench ONLY=race`." in page


def test_a_page_made_twice_is_the_same() -> None:
    assert text(text(PAGE, [RECORD]), [RECORD]) == text(PAGE, [RECORD])


def test_a_page_is_renewed_with_its_drawings(tmp_path: Path) -> None:
    page, folder = tmp_path / "speed.md", tmp_path / "speed"
    page.write_text(PAGE)
    write(RECORD, folder)
    renew(page, folder)
    assert page.read_text() == text(PAGE, [RECORD])
    drawn = {path.stem: path.read_text() for path in folder.glob("*.svg")}
    assert drawn == drawings([RECORD])
    assert set(drawn) == {"race-bulk-1-hop", "race-against-hops"}


def test_ours_is_drawn_otherwise_than_theirs_and_longer_is_more() -> None:
    drawn = bars(RACE, RACE.measures[0])
    assert drawn.count('class="ours"') == 1
    assert drawn.count('class="theirs"') == 2
    widths = [float(part.split('"')[0]) for part in drawn.split('width="')[3:]]
    assert widths == sorted(widths, reverse=True)


def test_nothing_is_drawn_of_what_nobody_has() -> None:
    with pytest.raises(ValueError, match="nothing to draw of memory in 'Bulk: 1 hop'"):
        bars(RACE, Measure("memory"))


def test_an_anchor_is_as_forges_make_it() -> None:
    assert anchor(RACE) == "#bulk-1-hop"


def test_a_goal_may_be_a_figure() -> None:
    race = replace(RACE, goals=(Goal("cost", "Socklab", (), at_most=0.9),))
    told = "\n".join(summary([race], []))
    assert "goal: cost: Socklab: at most 0.9 CPU s: 1.00 (1.00 to 1.00): no" in told


def test_a_terminal_is_told_all() -> None:
    told = "\n".join(summary([RACE], [CURVE]))
    assert "3.10 (3.00 to 3.20)" in told
    assert "goal: cost: Socklab against socat: at most 0.6: 0.90 (0.80 to 1.00): no" in told
    assert "Socklab: 1: 11.0, 64: 500" in told
