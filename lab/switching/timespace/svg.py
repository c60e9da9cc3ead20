"""A time-space diagram as SVG; several side by side have one scale of time, so that they can be compared."""

import textwrap
from collections.abc import Iterator, Sequence

from lab.drawing import opening, safe, text, ticks
from lab.switching.timespace.model import Band, Diagram
from topology.units import delay_text, rate_text

LEFT, RIGHT, GAP, BOX = 70, 24, 66, 32
"""Pixels: left of the first node, right of the last, between two diagrams, and the height of a box with a name."""
BETWEEN, CLOSE = 68, 48
"""Pixels from one box to the next: of one diagram, and of several side by side."""
NAME = 8.8
"""Pixels of a letter of a node's name."""
TALL = 460
"""Pixels of the longest of the diagrams, from the first bit to the last."""
TICKS = 9
SHADES = (
    (("#1d4ed8", "#ffffff"), ("#60a5fa", "#0b1f4d")),
    (("#93c5fd", "#1e3a8a"), ("#1e40af", "#dbeafe")),
    (("#3b82f6", "#ffffff"), ("#3b82f6", "#ffffff")),
    (("#bfdbfe", "#1e3a8a"), ("#1e3a8a", "#dbeafe")),
)
"""Bands of packets that follow each other, and the numbers in them: in light, and in dark. Neighbours differ."""
CAPTION = (
    "Each band is a packet on a link: as high as its transmission takes, and slanted by the propagation delay. "
    "The capture shows the arrival of its last bit, the band's lower right corner; the rest is drawn back from there "
    "by the link's rate and delay."
)

_STYLE = """\
.node { font-size: 14px; font-weight: 600; }
.life { stroke-width: 1.5; }
.band { stroke-width: .75; }
.took { font-size: 12px; font-weight: 600; }
.lost { stroke: #dc2626; stroke-width: 2.5; fill: none; }
.inside { font-size: 11px; font-weight: 600; }
.bracket { fill: none; stroke-width: 1.25; }
"""


def svg(title: str, *diagrams: Diagram) -> str:
    """Return the drawing of one diagram or more."""
    return "\n".join(_Drawing(title, diagrams).parts()) + "\n"


class _Drawing:
    """One drawing: its scale, and where each diagram is."""

    def __init__(self, title: str, diagrams: Sequence[Diagram]) -> None:
        self.title, self.diagrams = title, diagrams
        self.longest = max(diagram.took for diagram in diagrams) or 1e-3
        self.scale = TALL / self.longest
        self.box = max(64.0, *(len(name) * NAME + 14 for diagram in diagrams for name in diagram.nodes))
        self.pitch = self.box + (BETWEEN if len(diagrams) == 1 else CLOSE)
        self.ticks = ticks(0, self.longest * 1000, TICKS)
        widths = [LEFT + self.pitch * len(diagram.spans) + RIGHT + GAP for diagram in diagrams]
        self.left = [sum(widths[:i]) + LEFT for i in range(len(widths))]
        self.width = max(sum(widths), 520.0)
        self.notes = textwrap.wrap(CAPTION, int((self.width - 48) / 5.9))
        self.notes += [_elsewhere(diagram) for diagram in diagrams if diagram.elsewhere]
        self.subtitled = len(diagrams) > 1 or diagrams[0].title != title
        self.top = 112 + 20 * self.subtitled + 14
        self.height = self.top + TALL + 34 + 15 * len(self.notes) + 10

    def parts(self) -> Iterator[str]:
        light, dark = (_shades(place) for place in (0, 1))
        yield from opening(self.width, self.height, self.title, _STYLE + light, dark)
        yield text("title ink", 24, 34, self.title)
        for diagram, left in zip(self.diagrams, self.left, strict=True):
            yield from self._diagram(diagram, left)
        for number, note in enumerate(self.notes):
            yield text("note dim", 24, self.top + TALL + 42 + 15 * number, note)
        yield "</svg>"

    def _diagram(self, diagram: Diagram, left: float) -> Iterator[str]:
        xs = [left + self.pitch * place for place in range(len(diagram.nodes))]
        if self.subtitled:
            yield text("label ink start", left - 14, 64, diagram.title)
        yield text("number dim end", left - 20, self.top - 14, "ms")
        for tick in self.ticks:
            if (y := self._y(tick / 1000)) <= self._y(diagram.took) + 12:
                yield f'<path class="rule faint" d="M{left - 14:.1f},{y:.1f} H{xs[-1]:.1f}"/>'
                yield text("number dim end", left - 20, y + 4, f"{tick:g}")
        yield from self._nodes(diagram, xs)
        for band in diagram.bands:
            yield from self._band(band, xs[band.span], xs[band.span + 1])
        yield from self._took(diagram, xs[-1] + 16)

    def _nodes(self, diagram: Diagram, xs: list[float]) -> Iterator[str]:
        y = self.top - 62
        for number, (name, x) in enumerate(zip(diagram.nodes, xs, strict=True)):
            bottom = self._y(diagram.took) + 12
            yield f'<path class="stub life" d="M{x:.1f},{y + BOX:.1f} V{bottom:.1f}"/>'
            kind = "client" if number in (0, len(xs) - 1) else "forwarder"
            place = f'x="{x - self.box / 2:.1f}" y="{y:.1f}" width="{self.box:.1f}" height="{BOX}"'
            yield f'<g class="{kind}"><rect class="box" {place} rx="6"/>'
            yield f"{text('node', x, y + 21, name)}</g>"
        for span, x in zip(diagram.spans, xs, strict=False):
            yield text("number dim", x + self.pitch / 2, y + 13, rate_text(span.rate))
            yield text("number dim", x + self.pitch / 2, y + 28, delay_text(span.delay))

    def _band(self, band: Band, x: float, to_x: float) -> Iterator[str]:
        corners = ((x, band.began), (to_x, band.reached), (to_x, band.arrived), (x, band.sent))
        points = " ".join(f"{at:.1f},{self._y(time):.1f}" for at, time in corners)
        about = f"packet {band.packet}, {band.length} bytes: last bit arrived after {band.arrived * 1000:.1f} ms"
        yield f'<g class="s{band.packet % len(SHADES)}"><title>{safe(about)}</title>'
        yield f'<polygon class="band" points="{points}"/>'
        if (band.sent - band.began) * self.scale >= 12:
            middle = sum(self._y(time) for _, time in corners) / 4
            yield text("inside", (x + to_x) / 2, middle + 4, str(band.packet))
        yield "</g>"
        if band.lost:
            y = self._y(band.arrived)
            yield f'<path class="lost" d="M{to_x - 5:.1f},{y - 5:.1f} l10,10 m0,-10 l-10,10"/>'

    def _took(self, diagram: Diagram, x: float) -> Iterator[str]:
        """Say how long it took, beside the last node."""
        first, last = self._y(0), self._y(diagram.took)
        yield f'<path class="stub bracket" d="M{x - 4:.1f},{first:.1f} h4 V{last:.1f} h-4"/>'
        yield text("took ink start", x + 6, (first + last) / 2 + 4, f"{diagram.took * 1000:.0f} ms")

    def _y(self, time: float) -> float:
        return self.top + time * self.scale


def _elsewhere(diagram: Diagram) -> str:
    packets = "1 packet" if diagram.elsewhere == 1 else f"{diagram.elsewhere} packets"
    return f"{diagram.title}: {packets} on other ways are not drawn."


def _shades(place: int) -> str:
    """Return the colours of bands, in light (0) or in dark (1)."""
    paper = ("#ffffff", "#0d1117")[place]
    rules = []
    for number, shades in enumerate(SHADES):
        band, words = shades[place]
        rules.append(f".s{number} .band {{ fill: {band}; stroke: {paper}; }} .s{number} text {{ fill: {words}; }}\n")
    return "".join(rules)
