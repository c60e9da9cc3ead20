"""A ladder diagram for a terminal of any width.

wide enough: names above their columns      narrower: names in a cascade      narrower still: no columns
    p3client   forwarder1   p3server            p3client                          p3client → forwarder1  TCP SYN
       ├────────────▶           │               │ forwarder1
                                                │ │ p3server
What a row is about stands at its right end, so nothing can overlap.
"""

import textwrap
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.text import Text

from lab.ladder.model import Arrow, Column, Happening, Heading, Ladder, Mark

TIME = 9
"""Cells of the time at the left, with a space on both sides."""
LABEL, LONG_LABEL = 30, 50
"""Cells that are kept for what a row is about; in a cascade that says from whom to whom, too."""
WIDEST, CASCADE, NARROWEST = 16, 4, 2
"""Cells from one column to the next: at most, at most in a cascade, and at least."""

SIGNS = {Happening.STARTED: "●", Happening.TYPED: "■", Happening.FAULT: "◆", Happening.EXITED: "✕"}
STYLES = {Happening.STARTED: "green", Happening.TYPED: "bold", Happening.FAULT: "red", Happening.EXITED: "green"}
COLOURS = {"tcp": "blue", "udp": "magenta", "igmp": "magenta", "mld": "magenta"}


def draw(ladder: Ladder, width: int = 100) -> list[Text]:
    """Return the lines of the diagram, each at most `width` cells long (40 at least)."""
    return [line for part in _Drawing(ladder, max(40, width)).parts() for line in part]


class _Drawing:
    """One diagram under way: where each column is, and which of them has its program running."""

    def __init__(self, ladder: Ladder, width: int) -> None:
        self.ladder, self.width = ladder, width
        columns = range(len(ladder.columns))
        share = max(1, len(columns))
        name = 2 + max((cell_len(c.name) for c in ladder.columns), default=0)
        label = max((cell_len(row.label) for row in ladder.rows if not isinstance(row, Heading)), default=0)
        self.cascade = (width - TIME - LABEL) // share < name
        if self.cascade:
            self.gap = min(CASCADE, max(NARROWEST, (width - TIME - LONG_LABEL) // share))
        else:
            self.gap = max(name, min(WIDEST, (width - TIME - 2 - label) // share))
        self.listed = self.cascade and TIME + self.gap * len(columns) + LABEL > width
        self.at = [TIME + i * self.gap + (0 if self.cascade else self.gap // 2) for i in columns]
        self.lives = [ladder.lives(column) for column in columns]

    def parts(self) -> Iterator[list[Text]]:
        yield from self._names()
        for number, row in enumerate(self.ladder.rows):
            if isinstance(row, Heading):
                yield self._heading(row)
            else:
                yield [self._row(number, row)]
        if not self.cascade:
            yield from self._names()
        yield [Text(line, "dim") for line in textwrap.wrap(self.ladder.left_out, self.width)]

    def _names(self) -> Iterator[list[Text]]:
        columns = self.ladder.columns
        if self.listed or not columns:
            return
        if self.cascade:
            for number, column in enumerate(columns):
                cells = self._cells("│" * number)
                yield [Text("".join(cells[: self.at[number]]) + self._fit(column, self.width - self.at[number]))]
        else:
            line = " " * TIME
            for column in columns:
                name = self._fit(column, self.gap)
                before = (self.gap - cell_len(name) + 1) // 2
                line += " " * before + name + " " * (self.gap - before - cell_len(name))
            yield [Text(line.rstrip(), "bold")]

    def _fit(self, column: Column, most: int) -> str:
        return set_cell_size(column.name, min(most, cell_len(column.name)))

    def _heading(self, row: Heading) -> list[Text]:
        room = self.width - TIME
        lines = [part for line in textwrap.wrap(row.label, room) for part in chop_cells(line, room)]
        return [Text(f"{'':{TIME}}{line}", "bold" if row.worked else "bold red") for line in lines]

    def _row(self, number: int, row: Arrow | Mark) -> Text:
        names = self.ladder.columns
        if isinstance(row, Arrow):
            style = "red" if row.reset else COLOURS.get(row.protocol, "cyan")
            who = f"{names[row.source].name} → {names[row.target].name}  "
        else:
            style, who = STYLES[row.what], f"{names[row.column].name}  "
        label = (who if self.cascade else "") + row.label
        line = Text(f"{row.time:{TIME - 2}.3f}  ", "dim")
        if not self.listed:
            alive = "".join("│" if any(a <= number <= b for a, b in lives) else " " for lives in self.lives)
            cells = self._cells(alive)
            if isinstance(row, Mark):
                cells[self.at[row.column]] = SIGNS[row.what]
            else:
                self._arrow(cells, row)
            line.append("".join(cells[TIME:]), style)
            line.append("  ")
        line.append(label, style)
        if cell_len(line.plain) > self.width:
            line = line[: len(set_cell_size(line.plain, self.width - 1).rstrip())] + Text("…", "dim")
        return line

    def _cells(self, lines: str) -> list[str]:
        """Return a row of blank cells with these signs at the columns."""
        cells = [" "] * (TIME + self.gap * len(self.ladder.columns))
        for at, sign in zip(self.at, lines, strict=False):
            cells[at] = sign
        return cells

    def _arrow(self, cells: list[str], row: Arrow) -> None:
        source, target = self.at[row.source], self.at[row.target]
        if source == target:
            cells[source] = "↺"
            return
        for member in row.also:
            reach = self.at[member]
            for cell in range(min(target, reach), max(target, reach)):
                cells[cell] = "┄"
        low, high = sorted((source, target))
        for cell in range(low + 1, high):
            cells[cell] = "┼" if cells[cell] == "│" else "─"
        cells[source] = "├" if source < target else "┤"
        cells[target] = "▶" if source < target else "◀"
        for member in row.also:
            cells[self.at[member]] = "•"
