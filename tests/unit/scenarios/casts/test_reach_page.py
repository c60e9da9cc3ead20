from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lab.way import Hop, Part
from scenarios import __main__ as command
from scenarios import page as pages
from scenarios.casts.reach_page import PAGE, hops, parts
from scenarios.catalogue import CATALOGUE
from scenarios.page import ROOT, files
from scenarios.run import Result
from scenarios.verdict import Verdict, failed, passed

from .casting import OneOfEach

REACH = CATALOGUE["reach"]
SEEN = OneOfEach().play().routed.history()


def test_what_is_committed_is_what_such_a_run_makes() -> None:
    for name, text in files(REACH, SEEN).items():
        assert (ROOT / name).read_text(encoding="utf-8") == text, name


def test_there_is_a_drawing_of_each_kind_and_no_other() -> None:
    drawn = {str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "casts").iterdir()}
    assert drawn == set(files(REACH, SEEN)) - {PAGE.file}
    assert len(drawn) == 5


def test_hops_are_in_order_and_say_whom_they_reached() -> None:
    assert hops(SEEN, "unicast") == [
        Hop("west", "w1", 1, 64, ("r1",)),
        Hop("backbone", "r1", 1, 63, ("r2",)),
        Hop("east", "r2", 1, 62, ("e1",)),
    ]
    assert hops(SEEN, "anycast") == [Hop("west", "w1", 1, 64, ("r1",)), Hop("west", "r1", 1, 63, ("anycast1",))]
    assert hops(SEEN, "multicast")[0] == Hop("west", "w1", 1, 3, ("r1", "w2"))
    assert hops(SEEN, "limited broadcast") == [Hop("west", "w1", 1, 64, ("w2", "w3"), ("r1",))]


def test_parts_are_those_that_were_seen() -> None:
    assert parts(SEEN, "limited broadcast") == {
        "w1": (Part.SENT, Part.GOT), "w2": (Part.GOT,), "w3": (Part.TOOK,), "r1": (Part.STOPPED,),
    }  # fmt: skip
    assert parts(SEEN, "unicast") == {
        "w1": (Part.SENT,), "r1": (Part.PASSED,), "r2": (Part.PASSED,), "e1": (Part.GOT,),
    }  # fmt: skip


def test_what_was_seen_otherwise_is_drawn_otherwise() -> None:
    other = OneOfEach().play("multicast", got="w2").routed.history()
    assert parts(other, "multicast")["e1"] == (Part.TOOK,)
    made = files(REACH, other)
    stale = [name for name, text in files(REACH, SEEN).items() if made[name] != text]
    assert stale == [PAGE.file, "docs/casts/multicast.svg"]


# The command


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder in which there is nothing but a page without its table."""
    (tmp_path / "docs").mkdir()
    (tmp_path / PAGE.file).write_text("<!-- played: reach -->\n<!-- end -->\n")
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    return tmp_path


def played(verdict: Verdict) -> Callable[..., Result]:
    return lambda scenario: Result(REACH, Path("runs"), SEEN, (("a check", verdict),))


def test_page_writes_what_is_stale(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "run", played(passed("as it should be")))
    first = CliRunner().invoke(command.app, ["page", "reach"])
    assert (first.exit_code, first.stdout.count("written: docs/")) == (0, 6)
    assert "| unicast | one host |" in (elsewhere / PAGE.file).read_text()
    assert CliRunner().invoke(command.app, ["page", "reach"]).stdout == ""


def test_page_writes_nothing_of_a_run_that_is_wrong(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "run", played(failed("not as it should be")))
    result = CliRunner().invoke(command.app, ["page", "reach"])
    assert (result.exit_code, "not as it should be" in result.stdout) == (1, True)
    assert not (elsewhere / "docs" / "casts").exists()
