r"""Text from nodes and wires, safe to show: no byte of it reaches a terminal or a drawing as a command.

What is not printable (control characters, C1, marks that change the direction of writing) becomes an escape: `\n`,
`\x1b`, `\u202e`. Bytes that are not UTF-8 become `\xff`.
"""

import re

SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

CONTROL_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]?"  # CSI: moves, erasures, colours
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC: the window's title
    r"|[ -/]+[0-~]?|[0-Z\\^-~]?)"  # character sets; and the two-byte escapes
)
"""What a terminal obeys instead of showing (ECMA-48, ECMA-35), and what is broken off: else a command that was cut in
two by another would be one again when that is gone."""
PUT_ABOVE = re.compile(r"\x1b7\r\x1b\[\d*L((?:(?!\x1b7).)*?)(?:\x1b8|\Z)", re.DOTALL)
"""Lines that are put in above the one that is being typed: its cursor is kept, lines inserted, and it goes on there.

An engine keeps the end of it back until it has a whole line."""


def visible(text: str | bytes) -> str:
    """Return one line of printable characters."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else SHORT.get(c) or _escape(c) for c in text)


def visible_lines(text: str) -> str:
    """Return a text of several lines, each of printable characters."""
    return "\n".join(map(visible, text.split("\n")))


def excerpt(data: bytes, most: int = 24) -> str | None:
    """Return the beginning of a text in quotes, or None if the bytes are not UTF-8."""
    try:
        text = visible(data.decode())
    except UnicodeDecodeError:
        return None
    return f'"{cut(text, most)}"'


def cut(text: str, most: int) -> str:
    """Return at most so many characters of a text; the last one is an ellipsis if there were more."""
    return text if len(text) <= most else text[: max(0, most - 1)] + "…"


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def shown(data: bytes) -> str:
    """Return what a person reads of a terminal's bytes: text with control sequences and carriage returns gone.

    What came while a line was being typed stands above that line, as on the screen.
    """
    text = _in_order(data.decode("utf-8", "backslashreplace"))
    return CONTROL_SEQUENCE.sub("", text).replace("\r", "")


def _in_order(text: str) -> str:
    before, *rest = PUT_ABOVE.split(text)
    lines, end, typed = before.rpartition("\n")
    pieces = [lines, end]
    for above, after in zip(rest[::2], rest[1::2], strict=True):
        lines, end, begun = after.rpartition("\n")
        pieces.append(above)
        if end:
            pieces += [typed, lines, end]
            typed = begun
        else:
            typed += begun
    return "".join([*pieces, typed])
