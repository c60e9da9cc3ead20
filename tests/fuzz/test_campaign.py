"""The fuzzer finds what is there to be found: a defect behind several branches, which no chance would hit."""

import sys

import pytest

from reliability.fuzz.campaign import fuzz, missing
from reliability.fuzz.target import Pieces, as_text, targets_of
from reliability.fuzz.trial import table

TARGETS = targets_of("tests.fuzz.planted")
needs_a_fuzzer = pytest.mark.skipif(bool(missing()), reason=missing())


@needs_a_fuzzer
@pytest.mark.parametrize(
    ("name", "told"), [("planted.raises", "KeyError: 'a defect', for the input b'oops"), ("planted.ends", "b'oops")]
)
def test_a_defect_is_found_and_its_input_told(name: str, told: str) -> None:
    outcome = fuzz(TARGETS[name], 30_000)
    assert told in outcome.defect
    assert table([outcome]).wrong == (f"{name}: {outcome.defect}",)


@needs_a_fuzzer
def test_the_same_seed_gives_the_same_inputs() -> None:
    one, two = (fuzz(TARGETS["planted.sound"], 2000) for _ in range(2))
    assert one == two and not one.defect
    assert one.runs == 2000 and one.corpus > 1 and one.reached > 2
    assert table([one]).wrong == ()
    assert table([one]).figures == {"inputs made by a fuzzer for the parsers": 2000}


def test_where_there_is_no_fuzzer_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "atheris", None)
    assert "atheris is not installed" in missing() and "setup/fuzz.sh" in missing()


def test_an_input_is_taken_apart_to_its_end() -> None:
    pieces = Pieces(b"\x07\x02abc")
    assert (pieces.byte(), pieces.part(), bool(pieces)) == (7, b"ab", True)
    assert (pieces.rest(), bool(pieces), pieces.byte(), pieces.part(), pieces.rest()) == (b"c", False, 0, b"", b"")
    assert as_text(b"a\xff") == "a\udcff"
