"""A contest drawn as bars, as SVG: a bar a contender, as long as its median, with a line from the least to the most.

The bars of those that goals are set for are filled; the others are pale.
"""

from collections.abc import Iterator
from statistics import median

from benchmarks.contest import Contest, Measure
from benchmarks.numbers import shown
from lab.drawing import HUES, LETTER, opening, text, ticks

WIDTH, TOP, ROW, BOTTOM, RIGHT = 640, 62, 34, 52, 84
"""Pixels: of the drawing, above the bars, of a bar with its gap, below them for the axis, and beside for a number."""
BAR = 20


def bars(contest: Contest, measure: Measure) -> str:
    """Return the drawing. ValueError if nobody has the measure."""
    values = {name: found for name in contest.contenders if (found := contest.values(name, measure.name))}
    if not values:
        raise ValueError(f"there is nothing to draw of {measure.name} in {contest.title!r}")
    return "\n".join(_parts(contest, measure, values)) + "\n"


def _parts(contest: Contest, measure: Measure, values: dict[str, list[float]]) -> Iterator[str]:
    ours = {goal.ours for goal in contest.goals}
    left = 24 + max(len(name) for name in values) * LETTER * 1.15 + 12
    numbers = ticks(0.0, max(max(found) for found in values.values()) or 1.0, 7)
    scale = (WIDTH - RIGHT - left) / numbers[-1]
    bottom = TOP + ROW * len(values)
    yield from opening(WIDTH, bottom + BOTTOM, contest.title, _colours(0), _colours(1))
    yield text("title ink", 24, 34, contest.title)
    for number in numbers:
        x = left + number * scale
        yield f'<path class="rule faint" d="M{x:.1f},{TOP - 8} V{bottom}"/>'
        yield text("number dim", x, bottom + 17, f"{number:.12g}")
    unit = f"{measure.name} ({measure.unit})" if measure.unit else measure.name
    yield text("label ink", (left + WIDTH - RIGHT) / 2, bottom + 38, f"{unit}, {measure.better.value}")
    for row, (name, found) in enumerate(values.items()):
        y = TOP + ROW * row
        kind = "ours" if name in ours else "theirs"
        yield text("label ink end", left - 10, y + BAR / 2 + 4, name)
        yield f'<rect class="{kind}" x="{left:.1f}" y="{y}" width="{median(found) * scale:.1f}" height="{BAR}"/>'
        least, most, middle = left + min(found) * scale, left + max(found) * scale, y + BAR / 2
        ends = f"M{least:.1f},{y + 5} v10 M{most:.1f},{y + 5} v10"
        yield f'<path class="spread" d="M{least:.1f},{middle:.0f} H{most:.1f} {ends}"/>'
        yield text("number ink start", most + 8, middle + 4, shown(median(found)))
    yield f'<path class="axis" d="M{left:.1f},{TOP - 8} V{bottom}"/>'
    yield "</svg>"


def _colours(place: int) -> str:
    pale, ink = (("#cbd5e1", "#0f172a"), ("#475569", "#e6edf3"))[place]
    return (
        f".ours {{ fill: {HUES[0][place]}; }} .theirs {{ fill: {pale}; }}"
        f" .spread {{ fill: none; stroke: {ink}; stroke-width: 1.25; }}\n"
    )
