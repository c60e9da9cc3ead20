import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.visible import cut, excerpt, shown, visible, visible_lines
from services.shared.screen import insertions


def test_control_bytes_are_shown_as_escapes() -> None:
    assert visible(b"a\x1b[2K\r\n\t\xc2\x9b\xff") == "a\\x1b[2K\\r\\n\\t\\x9b\\xff"


def test_marks_that_turn_the_writing_round_are_shown_as_escapes() -> None:
    assert visible("a\u202eb\U000e0001") == "a\\u202eb\\U000e0001"


def test_text_stays_as_it_is() -> None:
    assert visible("größe 字 <&>") == "größe 字 <&>"


@given(st.binary() | st.text())
def test_anything_becomes_one_printable_line(data: bytes | str) -> None:
    assert visible(data).isprintable()


@given(st.text())
def test_lines_stay_lines_and_each_is_printable(text: str) -> None:
    assert all(line.isprintable() for line in visible_lines(text).split("\n"))
    assert visible_lines(text).count("\n") == text.count("\n")


def test_an_excerpt_is_quoted_and_cut() -> None:
    assert excerpt(b"hello\n") == '"hello\\n"'
    assert excerpt(b"x" * 30, 5) == '"xxxx…"'


def test_what_is_no_text_has_no_excerpt() -> None:
    assert excerpt(b"\xff\xfe") is None


def test_cut_leaves_what_fits() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"


@pytest.mark.parametrize("inner", ["\x1b[m", "\x1b(B", "\x1bM", "\r"])
def test_a_command_that_another_cuts_in_two_is_not_whole_afterwards(inner: str) -> None:
    assert shown(f"a\x1b[{inner}2Jb".encode()) == "a2Jb"


@pytest.mark.parametrize("broken", ["\x1b", "\x1b[", "\x1b[1;2", "\x1b("])
def test_a_command_that_is_broken_off_is_gone(broken: str) -> None:
    assert shown(f"a{broken}\nb".encode()) == "a\nb"


def test_a_line_that_is_put_in_above_the_one_being_typed_is_a_line_of_its_own() -> None:
    (above,) = insertions("peer2 line 75.", columns=80, rows=24)
    assert shown(f"p{above}eer1 line 74.".encode()) == "p\npeer2 line 75.\neer1 line 74."
