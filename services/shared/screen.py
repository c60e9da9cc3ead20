r"""Lines put above the one that a person is typing, on a terminal, without knowing what is typed.

    before               during                      after
    | bob: hi       |    | bob: hi              |    | bob: hi       |
    | > half a li_  |    | (room made here)     |    | carol: hello  |
                         | > half a li_         |    | > half a li_  |

Where the typed line is, and where its cursor, only readline knows. So the terminal is asked to remember it.
All of it is one write, which nothing that readline writes can come between. The codes are those of VT100 and
VT102 (ECMA-48).
"""

import unicodedata
from collections.abc import Iterator

_INDEX = "\x1bD"  # one row down; at the bottom the screen scrolls
_SAVE, _RESTORE = "\x1b7", "\x1b8"  # the place of the cursor
_WRAP_OFF, _WRAP_ON = "\x1b[?7l", "\x1b[?7h"


def insertions(text: str, columns: int, rows: int) -> Iterator[str]:
    """Yield what to write, each in one call, so that `text` appears above the line being typed.

    `text` is lines without control characters but tab and newline; the screen has `columns` and `rows`.
    """
    lines = text.removesuffix("\n").split(
        "\n"
    )  # splitlines also cuts at U+2028: its writer could begin a line with a tag
    output = [row for line in lines for row in wrap(line.expandtabs(), columns)]
    most = max(rows - 1, 1)  # the typed line must stay on the screen
    for start in range(0, len(output), most):
        yield _insertion(output[start : start + most])


def _insertion(output: list[str]) -> str:
    count = len(output)
    # Going down `count` rows and up again makes sure that there are as many below: at the bottom the screen
    # scrolls.
    make_room = f"{_INDEX * count}\x1b[{count}A"
    move_typed_line_down = f"{_SAVE}\r\x1b[{count}L"
    # A terminal may take a character for wider than we do. It must not wrap then: it would hit the typed
    # line.
    # Each row ends with a newline, the last one too: what keeps a log of the terminal (an engine, say) keeps lines.
    text = _WRAP_OFF + "".join(f"{row}\r\n" for row in output) + _WRAP_ON
    return f"{make_room}{move_typed_line_down}{text}{_RESTORE}\x1b[{count}B"


def wrap(line: str, columns: int) -> list[str]:
    """Cut a line into the rows that it takes on a screen, at least one."""
    if line.isascii():
        return [line[start : start + columns] for start in range(0, len(line), columns)] or [""]
    result, row, used = [], "", 0
    for character in line:
        width = _width(character)
        if used + width > columns:
            result.append(row)
            row, used = "", 0
        row += character
        used += width
    return [*result, row]


def _width(character: str) -> int:
    """Columns that a character takes: Unicode Standard Annex 11; marks that combine take none."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
