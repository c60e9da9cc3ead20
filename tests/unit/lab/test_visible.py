import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.visible import CONTROL_SEQUENCE, cut, excerpt, shown, visible, visible_lines
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


def put_above(text: str) -> str:
    return "".join(insertions(text, columns=80, rows=24)).replace("\n", "\r\n")  # as a terminal passes it on


def test_what_comes_while_a_line_is_typed_stands_above_it() -> None:
    assert shown(f"> p{put_above('peer2 line 75.')}eer1 line 74.\r\n> ".encode()) == (
        "peer2 line 75.\n> peer1 line 74.\n> "
    )


def test_all_that_comes_stands_above_it_in_order() -> None:
    typed = f"* joined\r\n> {put_above('one')}he{put_above('two')}{put_above('three')}llo"
    assert shown(typed.encode()) == "* joined\none\ntwo\nthree\n> hello"


def test_what_is_put_above_the_second_line() -> None:
    assert shown(f"> a{put_above('one')}b\n> c{put_above('two')}d\n".encode()) == "one\n> ab\ntwo\n> cd\n"


def test_lines_whose_end_an_engine_keeps_back_stand_above_too() -> None:
    first, last = put_above("one"), put_above("two")
    assert shown(f"> {first}{last[: last.rindex(chr(10)) + 1]}".encode()) == "one\ntwo\n> "


@given(st.lists(st.sampled_from(["\x1b7\r\x1b[1L", "\x1b8", "\x1b7", "\r", "\n", "a", "b"])))
def test_no_character_is_lost_or_made(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert sorted(shown(text.encode())) == sorted(CONTROL_SEQUENCE.sub("", text).replace("\r", ""))
