"""docs/speed.md shows what was measured: its tables and drawings are made of the records beside it."""

import pytest

from benchmarks.catalogue import BENCHMARKS
from benchmarks.record import FOLDER
from benchmarks.report import PAGE, drawings, stored, text


def test_the_page_is_made_of_the_records() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == text(page, stored()), "run `python -m benchmarks` or report.renew()"


def test_the_drawings_are_made_of_the_records() -> None:
    assert {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.svg")} == drawings(stored())


@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_benchmark_has_its_part_in_the_page(name: str) -> None:
    assert f"<!-- measured: {name} -->" in PAGE.read_text(encoding="utf-8")
    assert (FOLDER / f"{name}.json").exists(), f"run `make bench ONLY={name}`"
