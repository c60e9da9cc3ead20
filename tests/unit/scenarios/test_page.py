from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from lab.history import History
from scenarios import page
from scenarios.catalogue import CATALOGUE
from scenarios.page import files, stale
from scenarios.scenario import Page, Scenario

NOTHING = History([])


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(page, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "try.md").write_text("before\n<!-- played: try -->\nold\n<!-- end -->\nafter\n")
    return tmp_path


def scenario(*rows: str, drawings: Mapping[str, str] | None = None) -> Scenario:
    some = next(iter(CATALOGUE.values()))
    return replace(
        some, name="try", page=Page("docs/try.md", lambda history: rows), drawings=lambda history: drawings or {}
    )


def write(made: Scenario, root: Path) -> None:
    for name, text in files(made, NOTHING).items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)


def test_rows_go_between_the_comments() -> None:
    made = files(scenario("| a |", "| b |"), NOTHING)
    assert made == {"docs/try.md": "before\n<!-- played: try -->\n\n| a |\n| b |\n\n<!-- end -->\nafter\n"}


def test_comments_with_nothing_between_them_take_the_rows_and_leave_the_next_ones_alone(elsewhere: Path) -> None:
    next_one = "<!-- played: other -->\nrows\n<!-- end -->\n"
    (elsewhere / "docs" / "try.md").write_text(f"<!-- played: try -->\n<!-- end -->\n{next_one}")
    made = files(scenario("| a |"), NOTHING)
    assert made["docs/try.md"] == f"<!-- played: try -->\n\n| a |\n\n<!-- end -->\n{next_one}"


def test_drawings_go_into_the_folder_of_the_page() -> None:
    assert files(scenario(drawings={"way": "<svg/>"}), NOTHING)["docs/try/way.svg"] == "<svg/>"


def test_a_scenario_without_a_page_makes_none() -> None:
    assert files(replace(scenario("row"), page=None), NOTHING) == {}


def test_what_was_written_is_not_stale_and_what_is_missing_is(elsewhere: Path) -> None:
    made = scenario("| 3 hosts |", drawings={"way": "<svg/>"})
    assert stale(made, NOTHING) == ["docs/try.md", "docs/try/way.svg"]
    write(made, elsewhere)
    assert stale(made, NOTHING) == []


@pytest.mark.parametrize(
    ("row", "is_stale"),
    [("≈ 5.0 ms, 3 of 4", False), ("≈ 4.0 ms, 3 of 4", False), ("≈ 3.0 ms, 3 of 4", True), ("≈ 4.0 ms, 2 of 4", True),
     ("≈ 4.0 s, 3 of 4", True), ("4.0 ms, 3 of 4", True)],
)  # fmt: skip
def test_measured_numbers_may_differ_a_little_and_others_not_at_all(elsewhere: Path, row: str, is_stale: bool) -> None:
    write(scenario("≈ 4.5 ms, 3 of 4"), elsewhere)
    assert bool(stale(scenario(row), NOTHING)) == is_stale


def test_a_drawing_may_be_moved_but_not_changed(elsewhere: Path) -> None:
    write(scenario(drawings={"way": '<path d="M1.5,2"/><text>#</text>'}), elsewhere)
    assert not stale(scenario(drawings={"way": '<path d="M1.75,-3"/><text>#</text>'}), NOTHING)
    assert stale(scenario(drawings={"way": '<path d="M1.5,2"/><path d="M1.5,2"/><text>#</text>'}), NOTHING)
    assert stale(scenario(drawings={"way": '<path d="M1.5,2"/><text>lost</text>'}), NOTHING)
