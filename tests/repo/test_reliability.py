"""docs/reliability.md shows what was found: its tables are made of the records beside it."""

import pytest

from reliability.catalogue import TRIALS
from reliability.page import PAGE, stored, text


def test_the_page_is_made_of_the_records() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == text(page, stored(), TRIALS), "run `make reliability`, or page.renew(TRIALS)"


@pytest.mark.parametrize("name", TRIALS)
def test_every_trial_has_its_part_in_the_page(name: str) -> None:
    assert f"<!-- measured: {name} -->" in PAGE.read_text(encoding="utf-8")


def test_every_record_is_of_a_trial() -> None:
    assert {record.name for record in stored()} <= set(TRIALS)
