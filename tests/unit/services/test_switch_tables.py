from __future__ import annotations

import json
from typing import Any

import pytest

from services.switch_tables import NoSwitchError, aligned, shown, text

LINE = {"rate": 64000, "delay": 0.06, "sent": 3, "bytes": 300, "received": 12, "dropped": 2, "queued": 1,
        "most_queued": 32, "reserved": 8000}  # fmt: skip
CIRCUIT = {"source": "h1", "destination": "h2", "in_line": "h1", "in_label": 1, "out_line": "b", "out_label": 12,
           "state": "open", "reserved": 8000}  # fmt: skip
SEEN: dict[str, Any] = {
    "name": "a",
    "routes": {
        "b": {"via": "b", "metric": 1},
        "h2": {"via": "b", "metric": 10},
        "x": {"via": None, "metric": 16},
        "y": {"via": "b", "metric": None},
    },
    "circuits": [CIRCUIT],
    "lines": {"b": LINE, "h1": {**LINE, "delay": 0.0, "rate": 1_000_000}},
    "delivered": 0,
    "drops": {"checksum": 1, "short": 0, "no route": 20},
}


def test_tables_are_aligned_and_say_all() -> None:
    routes, circuits, lines, dropped = text(SEEN).removeprefix("switch a\n\n").split("\n\n")
    assert routes.splitlines() == [
        "destination  next hop  metric",
        "b            b         1",
        "h2           b         10",
        "x            none      16",
        "y            b         fixed",
    ]
    assert circuits.splitlines() == [
        "in line  in label  out line  out label  from  to  state  reserved bit/s",
        "h1              1  b                12  h1    h2  open             8000",
    ]
    assert lines.splitlines() == [
        "line to    bit/s  delay s  sent  bytes  received  dropped  queued  most queued  reserved bit/s",
        "b          64000     0.06     3    300        12        2       1           32            8000",
        "h1       1000000        0     3    300        12        2       1           32            8000",
    ]
    assert dropped == "dropped: 1 checksum, 20 no route, 4 queue full"


def test_what_is_empty_is_said_in_words() -> None:
    seen = {**SEEN, "routes": {}, "circuits": [], "lines": {"b": {**LINE, "dropped": 0}}, "drops": {"short": 0}}
    parts = text(seen).split("\n\n")
    assert parts[1:3] == ["no routes", "no circuits"]
    assert parts[-1] == "dropped: nothing"


def test_circuits_that_are_left_out_are_counted() -> None:
    assert "\nand 7 more\n" in text({**SEEN, "circuits_left_out": 7})


def test_words_begin_below_each_other_and_numbers_end_so() -> None:
    assert aligned(("name", "n"), [("a", 1), ("bcdefg", 100)]) == "name      n\na         1\nbcdefg  100"


def test_an_answer_of_a_switch_is_shown() -> None:
    assert shown(json.dumps(SEEN).encode()) == text(SEEN)


@pytest.mark.parametrize(
    "answer", [b"", b"\xff", b"[]", b"{}", b"[" * 100_000, json.dumps({**SEEN, "lines": 5}).encode()]
)
def test_what_no_switch_says_is_told_to_be_none(answer: bytes) -> None:
    with pytest.raises(NoSwitchError):
        shown(answer)
