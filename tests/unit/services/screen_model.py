"""A terminal as far as readline and services/shared/screen.py use one: text in, rows of a screen out."""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"\x1b\[(\??)([\d;]*)([A-Za-z])|\x1b([78D])|\x1b[=>]|(\x1b[^\[]?)|([^\x1b])", re.DOTALL)


class ScreenModel:
    """A screen of `columns` by `rows`; `scrolled` are the rows that have left it at the top."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.scrolled: list[str] = []
        self.row = self.column = 0
        self._saved = (0, 0)
        self._wraps = True

    def text(self) -> list[str]:
        """The rows from top to bottom, without blanks at their ends and without empty ones below."""
        return "\n".join("".join(row).rstrip() for row in self.cells).rstrip("\n").split("\n")

    def feed(self, data: str) -> None:
        for match in _TOKEN.finditer(data):
            private, numbers, code, escape, unknown, character = match.groups()
            if character:
                self._print(character)
            elif escape:
                {"7": self._save, "8": self._restore, "D": self._down}[escape]()
            elif code == "h" or code == "l":
                assert private
                self._wraps = code == "h" if numbers == "7" else self._wraps
            elif code and code != "m":
                self._obey(code, int(numbers or 0))
            else:
                assert not unknown, f"unknown escape sequence {unknown!r}"

    def _save(self) -> None:
        self._saved = (self.row, self.column)

    def _restore(self) -> None:
        self.row, self.column = self._saved

    def _down(self) -> None:
        if self.row < self.rows - 1:
            self.row += 1
            return
        self.scrolled.append("".join(self.cells.pop(0)).rstrip())
        self.cells.append([" "] * self.columns)

    def _print(self, character: str) -> None:
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self._down()
        elif character == "\b":
            self.column = max(0, self.column - 1)
        elif character >= " ":
            width = 2 if unicodedata.east_asian_width(character) in "WF" else 1
            if self.column + width > self.columns:
                if self._wraps:
                    self.column = 0
                    self._down()
                else:
                    self.column = self.columns - width
            self.cells[self.row][self.column : self.column + width] = [character] + [""] * (width - 1)
            self.column += width

    def _obey(self, code: str, number: int) -> None:
        line, count = self.cells[self.row], number or 1
        if code == "A":
            self.row = max(0, self.row - count)
        elif code == "B":
            self.row = min(self.rows - 1, self.row + count)
        elif code == "C":
            self.column = min(self.columns - 1, self.column + count)
        elif code == "D":
            self.column = max(0, self.column - count)
        elif code == "K":
            assert number == 0
            line[self.column :] = [" "] * (self.columns - self.column)
        elif code == "J":
            assert number == 0
            line[self.column :] = [" "] * (self.columns - self.column)
            for row in range(self.row + 1, self.rows):
                self.cells[row] = [" "] * self.columns
        elif code == "P":
            del line[self.column : self.column + count]
            line += [" "] * (self.columns - len(line))
        elif code == "@":
            line[self.column : self.column] = [" "] * count
            del line[self.columns :]
        elif code == "L":
            self.cells[self.row : self.row] = [[" "] * self.columns for _ in range(count)]
            del self.cells[self.rows :]
        else:
            raise AssertionError(f"unknown control sequence {code!r}")
