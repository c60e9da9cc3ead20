import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shared.screen import insertions, wrap
from tests.unit.services.screen_model import ScreenModel

a_message = st.text(st.sampled_from("ab \t\u65e5\u00e9"), max_size=40)


@given(st.lists(a_message, max_size=12), st.integers(0, 5), st.integers(2, 7), st.integers(0, 6))
def test_messages_land_above_a_typed_line_that_stays(
    messages: list[str], first_row: int, rows: int, typed: int
) -> None:
    screen = ScreenModel(columns=10, rows=rows)
    screen.feed("\r\n" * first_row + "> " + "x" * typed + "\b" * (typed // 2))
    before, column = screen.cells[screen.row].copy(), screen.column
    for message in messages:
        for piece in insertions(message + "\n", screen.columns, screen.rows):
            screen.feed(piece)
    assert (screen.cells[screen.row], screen.column) == (before, column)
    expected = [row.rstrip() for message in messages for row in wrap(message.expandtabs(), screen.columns)]
    shown = [*screen.scrolled, *("".join(row).rstrip() for row in screen.cells[: screen.row])]
    assert shown[first_row:] == expected
    assert not any("".join(row).strip() for row in screen.cells[screen.row + 1 :])


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("", [""]),
        ("short", ["short"]),
        ("0123456789", ["0123456789"]),
        ("0123456789a", ["0123456789", "a"]),
        ("123456789\u65e5", ["123456789", "\u65e5"]),
        ("e\u0301" * 10, ["e\u0301" * 10]),
    ],
)
def test_a_line_is_cut_where_the_screen_ends(line: str, rows: list[str]) -> None:
    assert wrap(line, 10) == rows


@pytest.mark.parametrize("separator", "\u2028\u2029\x85\x0b\x1e")
def test_only_a_newline_begins_a_line(separator: str) -> None:
    """Else who writes U+2028 could begin a line with the tag of another."""
    (piece,) = insertions(f"[1] a{separator}[2] forged\n", 40, 9)
    assert piece.count("\r\n") == 1 and f"[1] a{separator}[2] forged\r\n" in piece
