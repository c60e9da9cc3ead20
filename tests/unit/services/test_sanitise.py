import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shared.sanitise import sanitise


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (b"plain\n", b"plain\n"),
        (b"one\r\ntwo\r\n", b"one\ntwo\n"),
        (b"me\r[2] you\n", b"me?[2] you\n"),
        (b"\x1b[2K\x1b[1G[2] hi\n", b"?[2K?[1G[2] hi\n"),
        (b"tab\tstays\n", b"tab\tstays\n"),
        (b"\x00\x07\x08\x0b\x7f\n", b"?????\n"),
        ("caf\u00e9 \u65e5\u672c \U0001f600\n".encode(), "caf\u00e9 \u65e5\u672c \U0001f600\n".encode()),
        ("csi \u009b2J\n".encode(), b"csi ?2J\n"),
        (b"csi \x9b2J\n", b"csi ?2J\n"),
        (b"latin \xe9t\xe9\n", b"latin \xe9t\xe9\n"),
    ],
)
def test_control_characters_become_question_marks(raw: bytes, clean: bytes) -> None:
    assert sanitise(raw) == clean


@given(st.binary())
def test_nothing_that_commands_a_terminal_is_left(raw: bytes) -> None:
    clean = sanitise(raw)
    assert not set(clean) & ({*range(0x20), 0x7F} - set(b"\t\n"))
    characters = clean.decode("utf-8", "surrogateescape")
    assert not [c for c in characters if "\x80" <= c <= "\x9f" or "\udc80" <= c <= "\udc9f"]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_text_without_controls_stays_as_it_is(text: str) -> None:
    assert sanitise(text.encode()) == text.encode()


@given(st.binary())
def test_lines_stay_lines(raw: bytes) -> None:
    assert sanitise(raw).count(b"\n") == raw.count(b"\n")
    assert sanitise(sanitise(raw)) == sanitise(raw)
