"""What others wrote, on its way to a person's terminal: nothing of it is obeyed, and no line of it becomes two."""

import re

from lab import visible
from reliability.fuzz.lines import CONTROLS
from reliability.fuzz.target import Pieces, target
from services.shared.sanitise import sanitise
from services.shared.screen import insertions

OURS = re.compile(r"\x1bD|\x1b\[\d+[ABL]|\x1b7|\x1b8|\x1b\[\?7[lh]|\r\n|\r")
"""What `insertions` itself commands."""

ESCAPES = [
    b"\x1b[2J",
    b"\x1b]0;t\x07",
    b"\x1b(B",
    b"\x9b1m",
    b"\xc2\x9b",
    b"\xe2\x80\xa8",
    b"\xe2\x80\xae",
    b"\r",
    b"\x85",
]


def rows_of(piece: str) -> list[str]:
    """Return the rows of an insertion, less what commands the terminal."""
    _, text = piece.split("\x1b[?7l")
    text, _ = text.split("\x1b[?7h")
    return text.split("\r\n")[:-1]


@target(
    "lines above the one being typed: a row begins where a line does or a row is full, and commands are ours alone",
    seeds=[b"\x08\x04hello\nthere", b"\x08\x02" + "a\u2028[2] forged".encode(), b"\x05\x09\xe4\xbd\xa0\xe5\xa5\xbd"],
    words=[*ESCAPES, b"\n", b"\t", b"\xcc\x81", b"\xe4\xbd\xa0", b"\x0c", b"\x1e"],
)
def lines_above_the_typed_one(data: bytes) -> None:
    pieces = Pieces(data)
    columns, most = pieces.byte() % 40 + 2, pieces.byte() % 12
    text = sanitise(pieces.rest() + b"\n").decode(errors="replace")
    shown = list(insertions(text, columns, most))
    rows = [row for piece in shown for row in rows_of(piece)]
    for piece in shown:
        assert not CONTROLS.search(OURS.sub("", piece)), f"not ours: {piece!r}"
        assert len(rows_of(piece)) <= max(most - 1, 1)
    lines = [line.expandtabs() for line in text[:-1].split("\n")]
    assert "".join(rows) == "".join(lines)
    ends = 0
    for line in lines:  # each line takes whole rows: as many as it fills, and one at least
        taken = ""
        while taken != line or not taken:
            assert line.startswith(taken), f"{line!r} shares a row with others: {rows}"
            taken += rows[ends]
            ends += 1
            if not line:
                break
    assert ends == len(rows), f"a line became two: {rows}"


@target(
    "a datagram is shown as one line",
    seeds=[b"hello", b"a\nb\r\n\x1b[A"],
    words=[*ESCAPES, b"\n"],
)
def datagrams(data: bytes) -> None:
    shown = sanitise(b"10.83.0.3 " + data.replace(b"\n", b"?") + b"\n")  # as services/shared/hearing.py has it
    assert shown.count(b"\n") == 1 and shown.endswith(b"\n") and shown.startswith(b"10.83.0.3 ")
    assert not CONTROLS.search(shown.decode("utf-8", "surrogateescape"))


@target(
    "text of nodes in the lab's own words is printable, one line, and cut to its length",
    seeds=[b"hello", *ESCAPES],
    words=ESCAPES,
)
def visible_text(data: bytes) -> None:
    for text in (visible.visible(data), visible.visible(data.decode("utf-8", "surrogateescape"))):
        assert text == "" or text.isprintable(), text
        assert len(visible.cut(text, 9)) <= 9
    quoted = visible.excerpt(data)
    assert quoted is None or (quoted.isprintable() and len(quoted) <= 26)


@target(
    "what a person reads of a terminal's bytes has no command in it",
    seeds=[b"> hello\r\n", *ESCAPES],
    words=ESCAPES,
)
def shown_text(data: bytes) -> None:
    shown = visible.shown(data)
    assert "\r" not in shown
    assert not visible.CONTROL_SEQUENCE.search(shown), f"a command is left: {shown!r}"
    assert visible.visible(shown) == "" or visible.visible(shown).isprintable()
