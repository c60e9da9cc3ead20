r"""Text from nodes and wires, safe to show: no byte of it reaches a terminal or a drawing as a command.

What is not printable (control characters, C1, marks that change the direction of writing) becomes an escape: `\n`,
`\x1b`, `\u202e`. Bytes that are not UTF-8 become `\xff`.
"""

SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str | bytes) -> str:
    """Return one line of printable characters."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else SHORT.get(c) or _escape(c) for c in text)


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
