"""What our drawings of measured things have in common: paper and ink, light and dark, and round numbers on an axis.

No scripts, no fonts of our own; the same numbers give the same text.
"""

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, floor, log10

from lab.visible import visible
from topology.style import sheet

STYLE = """\
.title { font-size: 16px; font-weight: 600; text-anchor: start; }
.note { font-size: 11px; text-anchor: start; }
.label { font-size: 12px; }
.number { font-size: 11px; }
.start { text-anchor: start; }
.end { text-anchor: end; }
.rule { stroke-width: 1; }
.axis { stroke-width: 1.5; fill: none; }
"""
# paper, text, dim text, faint lines; in light and in dark
_LIGHT = ("#ffffff", "#0f172a", "#64748b", "#e2e8f0")
_DARK = ("#0d1117", "#e6edf3", "#9aa7b8", "#27303c")
HUES = (
    ("#2563eb", "#60a5fa"), ("#ea580c", "#fb923c"), ("#16a34a", "#4ade80"), ("#7c3aed", "#a78bfa"),
    ("#db2777", "#f472b6"), ("#0e7490", "#22d3ee"),
)  # fmt: skip
"""Colours that are told apart, in light and in dark: those of topology/style.py, and one more."""

LETTER = 6.2
"""Pixels of a letter of a note or a label, with a little to spare."""


def opening(width: float, height: float, title: str, style: str = "", dark: str = "") -> Iterator[str]:
    """Yield the beginning of a drawing. `style` is added to the sheet, `dark` to what changes in the dark."""
    size = f'width="{width:.0f}" height="{height:.0f}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" {size} role="img">'
    yield f"<title>{safe(title)}</title>"
    night = f"@media (prefers-color-scheme: dark) {{\n{_ground(_DARK)}{dark}}}\n"
    yield f"<style>\n{sheet()}{STYLE}{_ground(_LIGHT)}{style}{night}</style>"
    yield f'<rect class="paper" {size}/>'


def text(style: str, x: float, y: float, words: str) -> str:
    """Return a line of text."""
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}">{safe(words)}</text>'


def safe(words: str) -> str:
    """Escape for XML, whatever the words hold."""
    return escape(visible(words))


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most so many round numbers (1, 2 or 5 times a power of ten apart) from `low` or below to `high`."""
    room = max(high - low, 1e-12) / max(1, most - 1)
    power = 10.0 ** floor(log10(room))
    step = next(power * factor for factor in (1, 2, 5, 10, 20) if power * factor >= room * (1 - 1e-9))
    first = floor(low / step + 1e-9)
    return [round(number * step, 12) for number in range(first, ceil(high / step - 1e-9) + 1)]


def _ground(colours: Sequence[str]) -> str:
    paper, ink, dim, faint = colours
    return (
        f".paper {{ fill: {paper}; }} .ink {{ fill: {ink}; }} .dim {{ fill: {dim}; }}"
        f" .faint {{ stroke: {faint}; }} .axis {{ stroke: {dim}; }}\n"
    )
