"""The links that packets took, as SVG: the graph that the topology's own drawing has, with how many were seen on each.

    [h1] ══ 90 ══► [a] ══ 90 ══► [c] ══ 90 ══► [e]      one picture for each phase, as before and after a cut
                      ────────── [b] ──────────

A packet is lost on the link that it was seen on last: there, or in the node at its end, which did not send it on.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import dist

from lab.drawing import LETTER, opening, safe, text
from lab.switching.ways import Way
from topology import graph
from topology.layout import Box, Edge, Layout
from topology.plan import Topology
from topology.style import kind

WIDEST = 1500
"""Pixels that a drawing is wide at most, if one phase is not wider: so many phases are side by side."""
TOP, HEAD, NOTE = 58, 40, 34
"""Pixels: above all, above each phase, and of the note below."""
LINE = 16
CAPTION = "Numbers are packets that were seen on a link. A lost one is counted where it was seen last."

_STYLE = """\
.way { fill: none; stroke-width: 4; }
.idle { fill: none; stroke-width: 1.5; opacity: .7; }
.apart { opacity: .45; }
.count { font-size: 13px; font-weight: 700; }
.gone { font-size: 12px; font-weight: 700; }
.phase { font-size: 13.5px; font-weight: 600; text-anchor: start; }
"""
# what was taken, and what was lost; in light and in dark
_LIGHT, _DARK = ("#2563eb", "#dc2626"), ("#60a5fa", "#f87171")


@dataclass(frozen=True)
class Phase:
    """Some packets of a flow, and what holds for them: `before the cut`."""

    title: str
    ways: Sequence[Way]
    notes: Mapping[frozenset[str], str] = field(default_factory=dict)  # on a link between two nodes: `label 2`

    @property
    def words(self) -> str:
        """Say what became of the packets, too."""
        came = sum(way.came for way in self.ways)
        return f"{self.title}: {came} of {len(self.ways)} packets came"


def svg(topology: Topology, title: str, *phases: Phase) -> str:
    """Return the drawing of one phase or more. ValueError if the topology has no links."""
    layout = graph.lay_out(topology)
    if layout is None:
        raise ValueError(f"{topology.name} has no links, so no way over them is drawn")
    return "\n".join(_parts(topology, title, phases, layout)) + "\n"


def _parts(topology: Topology, title: str, phases: Sequence[Phase], layout: Layout) -> Iterator[str]:
    side = max(1, min(len(phases), int(WIDEST // layout.width)))
    down = -(-len(phases) // side)
    width, height = layout.width * side, TOP + (layout.height + HEAD) * down + NOTE
    yield from opening(width, height, title, _STYLE + _colours(*_LIGHT), _colours(*_DARK))
    yield (
        '<defs><marker id="on" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="13" markerHeight="13"'
        ' markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0,0.5 L8,4 L0,7.5 Z"/></marker></defs>'
    )
    yield text("title ink", 24, 34, title)
    for number, phase in enumerate(phases):
        x, y = layout.width * (number % side), TOP + (layout.height + HEAD) * (number // side)
        yield f'<g transform="translate({x:.1f} {y:.1f})">'
        yield text("phase ink", 24, 18, phase.words)
        yield f'<g transform="translate(0 {HEAD - 14})">'
        yield from _phase(topology, phase, layout)
        yield "</g></g>"
    yield text("note dim", 24, height - 18, CAPTION)
    yield "</svg>"


def _phase(topology: Topology, phase: Phase, layout: Layout) -> Iterator[str]:
    taken = Counter((c.sender, c.receiver) for way in phase.ways for c in way.crossings)
    lost = Counter(way.lost_on for way in phase.ways if way.lost_on)
    labels: list[str] = []
    for edge in layout.edges:
        one, other = edge.link.ends
        on, back = taken[one, other], taken[other, one]
        gone = lost[one, other] + lost[other, one]
        yield from _edge(edge, layout, bool(on), bool(back))
        if on or back:
            count = f"{on} to {other}, {back} to {one}" if on and back else str(on or back)
            note = phase.notes.get(frozenset(edge.link.ends), "")
            labels += _label(edge, count, note, f"{gone} lost" if gone else "")
    passed = {end for ends in taken for end in ends}
    for name, box in layout.boxes.items():
        yield from _box(box, name, topology, apart=name not in passed)
    yield from labels  # over all lines


def _edge(edge: Edge, layout: Layout, on: bool, back: bool) -> Iterator[str]:
    """Draw a link, with arrows in the directions in which packets went."""
    points = list(edge.points)
    first = layout.boxes[edge.link.ends[0]]
    if dist(points[0], _middle(first)) > dist(points[-1], _middle(first)):
        points.reverse()  # now from the first end to the second
    if not on and not back:
        yield f'<path class="stub idle" d="{_path(points)}"/>'
    if on:
        yield f'<path class="way" d="{_path(points)}" marker-end="url(#on)"/>'
    if back:
        yield f'<path class="way" d="{_path(points[::-1])}" marker-end="url(#on)"/>'


def _label(edge: Edge, count: str, note: str, gone: str) -> list[str]:
    """Write how many packets there were on a piece of paper of its own."""
    x, y = edge.label
    all_lines = [("count taken", count), ("gone ink", note), ("gone lost", gone)]
    lines = [(style, words) for style, words in all_lines if words]
    wide = max(len(words) for _, words in lines) * LETTER * 1.3 + 10
    top = y - LINE * len(lines) / 2
    place = f'x="{x - wide / 2:.1f}" y="{top - 1:.1f}" width="{wide:.1f}" height="{LINE * len(lines) + 2}"'
    drawn = [text(style, x, top + LINE * (number + 0.78), words) for number, (style, words) in enumerate(lines)]
    return [f'<rect class="paper" {place} rx="3"/>', *drawn]


def _box(box: Box, name: str, topology: Topology, *, apart: bool) -> Iterator[str]:
    role = topology.nodes[name].role
    place = f'x="{box.x - box.width / 2:.1f}" y="{box.y:.1f}" width="{box.width:.0f}" height="{box.height:.0f}" rx="8"'
    yield f'<rect class="paper" {place}/><g class="{kind(role)}{" apart" if apart else ""}">'
    yield f'<title>{safe(name)}</title><rect class="box" {place}/>'
    yield text("name", box.x, box.y + box.height / 2 - 3, name)
    yield f"{text('role', box.x, box.y + box.height / 2 + 14, role.name.replace('-', ' '))}</g>"


def _middle(box: Box) -> tuple[float, float]:
    return box.x, box.y + box.height / 2


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _colours(taken: str, lost: str) -> str:
    return f".way {{ stroke: {taken}; }} .tip, .taken {{ fill: {taken}; }} .lost {{ fill: {lost}; }}\n"
