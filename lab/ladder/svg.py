"""A ladder diagram as SVG, for a slide or a page: no scripts, no fonts of our own, light and dark as the reader has it.

Every row has a height of its own and at most one label, so labels cannot overlap; a label covers the lines that it
crosses. The same ladder gives the same text.
"""

import textwrap
from collections.abc import Iterator
from html import escape
from itertools import accumulate

from rich.cells import cell_len, set_cell_size

from lab.ladder.model import Arrow, Column, Happening, Heading, Ladder, Mark
from lab.visible import visible
from topology.roles import ROLES
from topology.style import COLOURS, kind, sheet

LEFT, RIGHT, ROW, BOX, GAP = 96, 40, 30, 34, 18
"""Pixels: left of the first column's middle and right of the last's, a row, a box with a name, around both."""
LETTER = 6.95
"""Pixels of a letter of a label (monospace, 11.5 px), with a little to spare in the fonts that we name."""
LINE = 18
"""Pixels of a line of text in a heading."""
WIDTHS = (720.0, 2000.0)
"""The least and, where there are many columns, the most that a drawing is wide."""

STYLE = """\
.life { stroke-width: 1.5; stroke-dasharray: 1 5; opacity: .55; }
.runs { stroke-width: 3; }
.wire { stroke-width: 1.8; }
.label, .time { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 11.5px; }
.time { text-anchor: end; }
.title { font-size: 16px; font-weight: 600; text-anchor: start; }
.step { font-size: 13px; font-weight: 600; text-anchor: start; }
.note { font-size: 11px; text-anchor: start; }
.reset .wire { stroke-dasharray: 7 3; }
.member { stroke-dasharray: 2 4; }
"""
# paper, text, dim text, band of a step, band of one that failed, its text, reset
LIGHT = ("#ffffff", "#0f172a", "#64748b", "#eef2f7", "#fee2e2", "#991b1b", "#dc2626")
DARK = ("#0d1117", "#e6edf3", "#9aa7b8", "#1a2230", "#45161a", "#fecaca", "#f87171")
KINDS = {"tcp": "server", "udp": "peer"}
"""The colours of arrows, by protocol: those of topology/style.py. To a group it is that of groups, else a host's."""


def svg(ladder: Ladder, title: str) -> str:
    """Return the drawing. `title` stands above it."""
    return "\n".join(_Drawing(ladder, title).parts()) + "\n"


class _Drawing:
    """One drawing: where each column and each row is."""

    def __init__(self, ladder: Ladder, title: str) -> None:
        self.ladder = ladder
        count = max(1, len(ladder.columns))
        name = max((cell_len(c.name) for c in ladder.columns), default=0) * 7.8 + 24
        label = max((cell_len(r.label) for r in ladder.rows if isinstance(r, Arrow)), default=0) * LETTER + 24
        wanted = min(max(label, 170.0), max(250.0, (WIDTHS[0] - LEFT - RIGHT) / count))
        pitch = max(min(name, 220.0), min(wanted, WIDTHS[1] / count))
        self.box = min(pitch - 10, max(name, 92))
        self.width = max(WIDTHS[0], LEFT + RIGHT + pitch * count)
        self.x = [LEFT + pitch * (i + 0.5) for i in range(count)]
        self.title = self._wrapped(visible(title), 8.6)
        self.notes = self._wrapped(ladder.left_out, 5.9)
        self.texts = [self._wrapped(r.label, 7.2) if isinstance(r, Heading) else [] for r in ladder.rows]
        heights = [LINE * len(lines) + 20 if lines else ROW for lines in self.texts]
        self.top = GAP + 24 * len(self.title) + GAP + BOX
        *self.y, self.bottom = accumulate(heights, initial=self.top + 10)
        self.height = self.bottom + 10 + BOX + GAP + 15 * len(self.notes) + GAP

    def parts(self) -> Iterator[str]:
        """Yield the drawing, from the back to the front."""
        place = f'width="{self.width:.0f}" height="{self.height:.0f}"'
        box = f"0 0 {self.width:.0f} {self.height:.0f}"
        yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" {place} role="img">'
        yield f"<title>{_safe(' '.join(self.title))}</title>"
        yield f"<style>\n{_sheet()}</style>"
        yield "<defs>"
        for name in (*COLOURS, "reset"):
            yield (
                f'<marker id="to-{name}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="9" markerHeight="9"'
                f' markerUnits="userSpaceOnUse" orient="auto">'
                f'<path class="head {name}" d="M0,0.5 L8,4 L0,7.5 Z"/></marker>'
            )
        yield f'</defs>\n<rect class="paper" {place}/>'
        yield from self._lines("title ink", GAP, self.title, 24)
        yield f'<text class="time dim" x="{LEFT - 30}" y="{self.top - BOX / 2 + 4:.0f}">seconds</text>'
        yield from self._columns()
        for number, row in enumerate(self.ladder.rows):
            if isinstance(row, Heading):
                yield from self._heading(number, row)
            else:
                yield f'<text class="time dim" x="{LEFT - 30}" y="{self.y[number] + 20:.0f}">{row.time:.3f}</text>'
                yield from self._arrow(number, row) if isinstance(row, Arrow) else self._mark(number, row)
        yield from self._lines("note dim", self.bottom + 10 + BOX + GAP - 4, self.notes, 15)
        yield "</svg>"

    def _columns(self) -> Iterator[str]:
        for number, column in enumerate(self.ladder.columns):
            x = self.x[number]
            yield f'<path class="stub life" d="M{x:.1f},{self.top:.0f} V{self.bottom + 10:.0f}"/>'
            for first, last in self.ladder.lives(number) if self.ladder.rows else []:
                row = self.ladder.rows[last]
                ended = isinstance(row, Mark) and row.column == number and row.what is Happening.EXITED
                start, end = self.y[first] + ROW / 2, self.y[last] + ROW / 2 if ended else self.bottom + 10
                if column.role is not None:
                    yield f'<path class="stub runs" d="M{x:.1f},{start:.0f} V{end:.0f}"/>'
            for y in (self.top - BOX, self.bottom + 10):
                yield self._name(column, x, y)

    def _name(self, column: Column, x: float, y: float) -> str:
        role = ROLES.get(column.role or "")
        style = kind(role) if role else "multicast" if column.is_group else "host"
        name = set_cell_size(column.name, min(cell_len(column.name), int((self.box - 10) / 7.8)))
        return (
            f'<g class="{style}"><title>{_safe(visible(column.role or column.name))}</title>'
            f'<rect class="box" x="{x - self.box / 2:.1f}" y="{y:.0f}"'
            f' width="{self.box:.1f}" height="{BOX}" rx="{BOX / 2 if column.role is None else 6}"/>'
            f'<text class="name" x="{x:.1f}" y="{y + 22:.0f}">{_safe(name)}</text></g>'
        )

    def _heading(self, number: int, row: Heading) -> Iterator[str]:
        y, lines = self.y[number], self.texts[number]
        state = "ok" if row.worked else "bad"
        yield (
            f'<rect class="band {state}" x="10" y="{y + 4:.0f}" width="{self.width - 20:.0f}"'
            f' height="{LINE * len(lines) + 12}" rx="6"/>'
        )
        yield from self._lines(f"step {'ink' if row.worked else 'wrong'}", y + 9, lines, LINE)

    def _arrow(self, number: int, row: Arrow) -> Iterator[str]:
        to_group = self.ladder.columns[row.target].is_group
        style = "reset" if row.reset else "multicast" if to_group else KINDS.get(row.protocol, "host")
        source, target, y = self.x[row.source], self.x[row.target], self.y[number] + 21
        yield f'<g class="{"reset" if row.reset else "message"}"><title>{_safe(row.where)}</title>'
        if row.also:
            reach = [self.x[member] for member in row.also]
            left, right = min(target, *reach), max(target, *reach)
            yield f'<path class="arrow wire member {style}" d="M{left:.1f},{y:.0f} H{right:.1f}"/>'
            for x in reach:
                yield f'<circle class="head {style}" cx="{x:.1f}" cy="{y:.0f}" r="4.5"/>'
        yield from self._label(row.label, (source + target) / 2, y - 6, "middle")
        way = f"M{source:.1f},{y:.0f} H{target:.1f}"
        if row.source == row.target:  # a message to itself: out and back
            way = f"M{source:.1f},{y - 4:.0f} h26 v8 H{source + 2:.1f}"
        yield f'<path class="arrow wire {style}" d="{way}" marker-end="url(#to-{style})"/></g>'

    def _mark(self, number: int, row: Mark) -> Iterator[str]:
        x, y = self.x[row.column], self.y[number] + ROW / 2
        shape = {
            Happening.STARTED: f'<circle class="head client" cx="{x:.1f}" cy="{y:.0f}" r="6"/>',
            Happening.TYPED: f'<path class="head forwarder" d="M{x - 6:.1f},{y - 6:.0f} h12 v12 h-12 Z"/>',
            Happening.FAULT: f'<path class="head reset" d="M{x:.1f},{y - 8:.0f} l8,8 -8,8 -8,-8 Z"/>',
            Happening.EXITED: f'<path class="arrow gone host" d="M{x - 6:.1f},{y - 6:.0f} l12,12 m0,-12 l-12,12"/>',
        }
        yield shape[row.what]
        left = x > self.width / 2 and x + 14 + cell_len(row.label) * LETTER > self.width - RIGHT / 2
        yield from self._label(row.label, x - 14 if left else x + 14, y + 4, "end" if left else "start")

    def _label(self, text: str, x: float, y: float, anchor: str) -> Iterator[str]:
        """Write a label on a piece of paper of its own, moved or cut so that it stays in the drawing."""
        low, high = float(LEFT - 20), self.width - 12
        room = {"middle": high - low, "start": high - x, "end": x - low}[anchor]
        if cell_len(text) * LETTER > room:
            text = set_cell_size(text, int(room / LETTER) - 1).rstrip() + "…"
        wide = cell_len(text) * LETTER
        left = {"middle": x - wide / 2, "start": x, "end": x - wide}[anchor]
        left = min(max(left, low), high - wide)
        place = f'x="{left - 3:.1f}" y="{y - 11:.1f}" width="{wide + 6:.1f}" height="14"'
        yield f'<rect class="paper" {place} opacity=".9"/>'
        yield f'<text class="label ink" x="{left + wide / 2:.1f}" y="{y:.1f}">{_safe(text)}</text>'

    def _lines(self, style: str, y: float, lines: list[str], height: int) -> Iterator[str]:
        for number, line in enumerate(lines):
            yield f'<text class="{style}" x="24" y="{y + height * (number + 0.8):.1f}">{_safe(line)}</text>'

    def _wrapped(self, text: str, letter: float) -> list[str]:
        return textwrap.wrap(text, max(20, int((self.width - 48) / letter)))


def _safe(text: str) -> str:
    """Escape for XML. Spaces in a row count, as they do on a terminal."""
    return escape(text).replace("  ", " \u00a0")


def _sheet() -> str:
    return f"{sheet()}{STYLE}{_ground(LIGHT)}@media (prefers-color-scheme: dark) {{\n{_ground(DARK)}}}\n"


def _ground(colours: tuple[str, ...]) -> str:
    paper, ink, dim, band, bad, wrong, reset = colours
    return (
        f".paper {{ fill: {paper}; }} .ink {{ fill: {ink}; }} .dim {{ fill: {dim}; }} .ok {{ fill: {band}; }}"
        f" .bad {{ fill: {bad}; }} .wrong {{ fill: {wrong}; }} .gone {{ stroke-width: 3; }}"
        f" .arrow.reset {{ stroke: {reset}; }} .head.reset {{ fill: {reset}; }}\n"
    )
