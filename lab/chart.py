"""A chart of numbers that were measured, as SVG: points joined by lines, axes with round numbers, bars for the spread.

chart = Chart("Convergence", Axis("switches"), Axis("time", "ms"))
chart.add("poisoned reverse", [(4, 310.0), (8, 420.0)], spread=[(290.0, 330.0), (400.0, 450.0)])
Path("convergence.svg").write_text(chart.svg())
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lab.drawing import HUES, LETTER, opening, text, ticks

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 78, 28, 66, 62
"""Pixels around what the axes enclose."""
LEGEND = 24
"""Pixels of the legend, which stands above."""
ACROSS, UP = 9, 7
"""How many numbers an axis has at most."""

_STYLE = ".line { fill: none; stroke-width: 2; stroke-linejoin: round; } .spread { stroke-width: 1.25; fill: none; }\n"


@dataclass(frozen=True)
class Axis:
    """What is measured, and its unit. From zero on, unless the numbers are to be seen for themselves.

    An axis that reaches a number, if no point is beyond it, has the same numbers for every run.
    """

    what: str
    unit: str = ""
    from_zero: bool = True
    reaches: float | None = None

    @property
    def words(self) -> str:
        """Say both."""
        return f"{self.what} ({self.unit})" if self.unit else self.what


@dataclass(frozen=True)
class Series:
    """Points of one kind, from left to right, and of each the least and the most that was measured, if it was."""

    name: str
    points: tuple[tuple[float, float], ...]
    spread: tuple[tuple[float, float], ...] = ()


@dataclass
class Chart:
    """A chart under way."""

    title: str
    across: Axis
    up: Axis
    series: list[Series] = field(default_factory=list)

    def add(self, name: str, points: Sequence[tuple[float, float]], spread: Sequence[tuple[float, float]] = ()) -> None:
        """Add a series. `spread` has (least, most) of each point, or nothing."""
        if spread and len(spread) != len(points):
            raise ValueError(f"{name} has {len(points)} points and {len(spread)} spreads; give each point one, or none")
        order = sorted(range(len(points)), key=lambda place: points[place])
        bounds = tuple(spread[place] for place in order) if spread else ()
        self.series.append(Series(name, tuple(points[place] for place in order), bounds))

    def svg(self) -> str:
        """Return the drawing. ValueError if there is no point to draw."""
        return "\n".join(_Drawing(self).parts()) + "\n"


class _Drawing:
    """One drawing: its scales."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        xs = [x for series in chart.series for x, _ in series.points]
        ys = [y for series in chart.series for _, y in series.points]
        ys += [bound for series in chart.series for bounds in series.spread for bound in bounds]
        if not xs:
            raise ValueError("there is no point to draw")
        self.xs, self.ys = _numbers(xs, chart.across, ACROSS), _numbers(ys, chart.up, UP)
        self.right, self.bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
        self.legend = self._places() if len(chart.series) > 1 else []
        self.top = TOP + LEGEND * (self.legend[-1][1] + 1 if self.legend else 0)

    def parts(self) -> Iterator[str]:
        light, dark = (_colours(place, len(self.chart.series)) for place in (0, 1))
        yield from opening(WIDTH, HEIGHT, self.chart.title, _STYLE + light, dark)
        yield text("title ink", 24, 34, self.chart.title)
        yield from self._axes()
        for number, series in enumerate(self.chart.series):
            yield from self._series(f"c{number % len(HUES)}", series)
        yield from self._legend()
        yield "</svg>"

    def _axes(self) -> Iterator[str]:
        for number in self.ys:
            y = self._y(number)
            yield f'<path class="rule faint" d="M{LEFT},{y:.1f} H{self.right}"/>'
            yield text("number dim end", LEFT - 8, y + 4, f"{number:.12g}")
        for number in self.xs:
            x = self._x(number)
            yield f'<path class="axis" d="M{x:.1f},{self.bottom} v5"/>'
            yield text("number dim", x, self.bottom + 19, f"{number:.12g}")
        yield f'<path class="axis" d="M{LEFT},{self.top - 6} V{self.bottom} H{self.right}"/>'
        yield text("label ink", (LEFT + self.right) / 2, HEIGHT - 20, self.chart.across.words)
        middle = (self.top + self.bottom) / 2
        yield f'<g transform="rotate(-90 24 {middle:.1f})">{text("label ink", 24, middle + 4, self.chart.up.words)}</g>'

    def _series(self, colour: str, series: Series) -> Iterator[str]:
        yield f'<g class="{colour}">'
        for (x, _), (least, most) in zip(series.points, series.spread, strict=False):
            at, low, high = self._x(x), self._y(least), self._y(most)
            ends = f"M{at - 4:.1f},{low:.1f} h8 M{at - 4:.1f},{high:.1f} h8"
            yield f'<path class="spread" d="M{at:.1f},{low:.1f} V{high:.1f} {ends}"/>'
        way = " L".join(f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in series.points)
        yield f'<path class="line" d="M{way}"/>'
        for x, y in series.points:
            yield f'<circle cx="{self._x(x):.1f}" cy="{self._y(y):.1f}" r="4"/>'
        yield "</g>"

    def _legend(self) -> Iterator[str]:
        for number, ((x, line), series) in enumerate(zip(self.legend, self.chart.series, strict=False)):
            y = TOP - 6 + LEGEND * line
            yield f'<g class="c{number % len(HUES)}"><path class="line" d="M{x:.1f},{y} h26"/>'
            yield f'<circle cx="{x + 13:.1f}" cy="{y}" r="4"/></g>'
            yield text("label ink start", x + 34, y + 4, series.name)

    def _places(self) -> list[tuple[float, int]]:
        """Return where each series is explained: how far right, and in which line."""
        places: list[tuple[float, int]] = []
        x, line = float(LEFT), 0
        for series in self.chart.series:
            wide = 34 + len(series.name) * LETTER * 1.1
            if x > LEFT and x + wide > self.right:
                x, line = float(LEFT), line + 1
            places.append((x, line))
            x += wide + 24
        return places

    def _x(self, number: float) -> float:
        return LEFT + (number - self.xs[0]) / (self.xs[-1] - self.xs[0]) * (self.right - LEFT)

    def _y(self, number: float) -> float:
        return self.bottom - (number - self.ys[0]) / (self.ys[-1] - self.ys[0]) * (self.bottom - self.top)


def _numbers(values: Sequence[float], axis: Axis, most: int) -> list[float]:
    """Return the round numbers of an axis, at least two."""
    low, high = min(values), max(values)
    if axis.from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if axis.reaches is not None:
        high = max(high, axis.reaches)
    return ticks(low, high if high > low else low + 1, most)


def _colours(place: int, count: int) -> str:
    """Return the colours of so many series, in light (0) or in dark (1)."""
    rules = (
        f".c{number} path {{ stroke: {hue[place]}; }} .c{number} circle {{ fill: {hue[place]}; }}\n"
        for number, hue in enumerate(HUES[:count])
    )
    return "".join(rules)
