"""What was found is kept, and the page is made of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from reliability.page import renew, summary, text
from reliability.record import Record, Table, read, write

TABLE = Table(
    ("program", "attack", "p99, ms"),
    (("server", "a|b", 1.23456789), ("forwarder", 10_000, 42)),
    note="How to read it.",
    figures={"connections": 12345},
    wrong=("server died of a flood of empty lines",),
)
RECORD = Record("storm", "all at once", "make reliability ONLY=storm", "2026-01-02", 61.0, {"Kernel": "6.1"}, TABLE)
PAGE = """# Reliability

<!-- measured: figures -->
as it was before
<!-- end -->
<!-- measured: machine -->
<!-- end -->
Text.
<!-- measured: storm -->
<!-- end -->
"""


def test_a_record_is_kept_whole_but_for_digits_that_nobody_measured(tmp_path: Path) -> None:
    kept = read(write(RECORD, tmp_path))
    assert kept.table.rows[0] == ("server", "a|b", 1.23457)
    assert replace(kept, table=TABLE) == RECORD
    assert replace(kept.table, rows=TABLE.rows) == TABLE


def test_the_page_has_a_part_of_each_record() -> None:
    page = text(PAGE, [RECORD])
    assert "as it was" not in page
    assert "\nText.\n" in page
    assert "| connections | 12,345 | `make reliability ONLY=storm` | **1**, see below |" in page
    assert "| Kernel | 6.1 |" in page
    assert "Found on 2026-01-02 by `make reliability ONLY=storm`, in 61.0 s." in page
    assert "| program | attack | p99, ms |\n|---|---|---|\n" in page
    assert "| server | a\\|b | 1.23 |\n| forwarder | 10,000 | 42 |" in page
    assert "\nHow to read it.\n" in page
    assert "- server died of a flood of empty lines" in page


def test_nothing_wrong_is_said_to_be_nothing() -> None:
    page = text(PAGE, [replace(RECORD, table=replace(TABLE, wrong=()))])
    assert "| connections | 12,345 | `make reliability ONLY=storm` | nothing |" in page
    assert "did not hold:" not in page


def test_a_trial_without_a_record_says_how_to_have_one() -> None:
    page = text(PAGE, [], trials=("storm",))
    assert "Not tried yet; `make reliability ONLY=storm` does it." in page
    assert text(page, [RECORD], trials=("storm",)) == text(PAGE, [RECORD])


def test_a_page_made_twice_is_the_same() -> None:
    assert text(text(PAGE, [RECORD]), [RECORD]) == text(PAGE, [RECORD])


def test_a_page_is_renewed_from_its_folder(tmp_path: Path) -> None:
    page, folder = tmp_path / "reliability.md", tmp_path / "reliability"
    page.write_text(PAGE)
    write(RECORD, folder)
    renew(("never",), page, folder)
    assert page.read_text() == text(PAGE, [read(folder / "storm.json")])
    assert "server died" in page.read_text()


def test_a_row_has_a_cell_for_every_column() -> None:
    with pytest.raises(ValueError, match="1 cells in a row for 2 columns"):
        Table(("one", "two"), (("only",),))


def test_a_terminal_is_told_all() -> None:
    told = list(summary(TABLE))
    assert told[0] == "program    attack  p99, ms"
    assert "connections: 12,345" in told
    assert "did not hold: server died of a flood of empty lines" in told
