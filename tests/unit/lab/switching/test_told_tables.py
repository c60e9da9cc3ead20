"""What a switch tells of its tables, read and put into words."""

import json

import pytest

from lab.switching.told_tables import Entry, entries, read, words

TOLD = {
    "name": "a",
    "routes": {"h2": {"via": "c", "metric": 4}, "h4": {"via": None, "metric": 16}, "b": {"via": "b", "metric": None}},
    "circuits": [{"in_line": "h1", "in_label": 1, "out_line": "c", "out_label": 2, "state": "open"}],
    "lines": {},
}


def test_tables_are_read_and_told() -> None:
    tables = read(json.dumps(TOLD))
    assert tables == TOLD
    assert entries(TOLD) == [Entry("h1", 1, "c", 2)]
    assert words(TOLD) == "circuits: h1 1 -> c 2; routes: h2 by c 4, h4 unreachable 16, b by b"
    assert words({"routes": {}, "circuits": []}) == "circuits: none; routes: none"


@pytest.mark.parametrize("line", ["a: c is lost", json.dumps(TOLD)[:40], '{"name": "a"}', ""])
def test_what_is_none(line: str) -> None:
    assert read(line) is None


@pytest.mark.parametrize(
    "more",
    [
        {"routes": 5},
        {"routes": {"h2": {}}},
        {"circuits": [{}]},
        {"circuits": None},
        {"routes": {"h2": {"via": 5, "metric": 1}}},
    ],
)
def test_tables_of_another_shape_are_none(more: dict[str, object]) -> None:
    """A program in the role of a switch may print what it likes."""
    assert read(json.dumps(TOLD | more)) is None
    assert read('{"name": ' + "[" * 100_000) is None


def test_no_name_in_a_table_commands_a_terminal() -> None:
    tables = read(json.dumps(TOLD | {"routes": {"\x1b[2J\n": {"via": "\x9b1m", "metric": 1}}}))
    assert tables is not None and words(tables).isprintable()
