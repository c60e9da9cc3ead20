"""What is known of labs that are up, as it is read again."""

from pathlib import Path

import pytest

from lab import state
from lab.state import Wish


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(state, "RUNS", tmp_path)
    return tmp_path


def test_a_wish_is_read_as_it_was_written(runs: Path) -> None:
    wish = Wish("chain", forwarders=5, base="10.99.0.0/16", name="second")
    state.remember(wish, "second")
    assert state._read(runs / "second/lab.json") == wish


@pytest.mark.parametrize(
    "text",
    ["", "5", "[]", "null", '{"topology": 5}', '{"forwarders": "3"}', '{"forwarders": ""}', '{"forwarders": true}',
     '{"base": 0}', '{"name": []}', '{"other": 1}', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_wish_is_none(runs: Path, text: str) -> None:
    file = runs / "second" / "lab.json"
    file.parent.mkdir()
    file.write_text(text)
    assert state._read(file) is None
    assert state.chosen(None) == state.DEFAULT
