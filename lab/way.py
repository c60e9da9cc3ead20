"""The way of one datagram, as SVG: which node sent which frame on which network, and what became of it at every node.

    [w1] [w2] [w3]                             [e1] [e2] [e3]
    ─┴────────────────► [r1] ──────────► [r2] ───►
    west: 1 frame            backbone: 1 frame    east: 1 frame

It is for networks that routers join in a row, drawn where the topology's own drawing has them. Addresses and times are
not shown, so the same way gives the same text in every lab.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from html import escape
from itertools import pairwise

from topology import abreast
from topology.layout import MARGIN, Box, Bus
from topology.plan import Topology
from topology.style import COLOURS, sheet


class Part(Enum):
    """What a node had to do with a datagram: the words in its box, those in the legend, and its colours."""

    SENT = ("sent it", "sent it", "server")
    GOT = ("program got it", "its program got it", "client")
    TOOK = ("stack took it", "its stack took it, no program wanted it", "multicast")
    PASSED = ("passed it on", "passed it on", "forwarder")
    STOPPED = ("kept it from going on", "", "host")
    NOTHING = ("", "nothing was counted", "host")


@dataclass(frozen=True)
class Hop:
    """The frames that one node put on one network, who was reached by them, and which routers let them go no further.

    `ttl` is what the first of them had left.
    """

    network: str
    sender: str
    frames: int
    ttl: int | None
    reached: tuple[str, ...]
    stopped: tuple[str, ...] = ()


STYLE = """\
.status { font-size: 11px; font-weight: 600; }
.place { font-size: 12px; text-anchor: start; }
.count { font-size: 11px; font-weight: 600; }
.frame { stroke-width: 2.25; }
.end { fill: none; stroke-width: 4; }
.apart { opacity: .6; }
.apart .box { stroke-dasharray: 4 3; }
"""
# bus, its edge, words beside it; in light, then in dark
GROUND = (("#e8edf3", "#94a3b8", "#334155"), ("#1b2431", "#5b6b7f", "#cbd5e1"))
LETTER = 6.2
"""Pixels of a letter of a count or of the legend."""
LEGEND = 40
"""How much room the legend has, below the lowest box."""


def svg(topology: Topology, title: str, hops: Sequence[Hop], parts: Mapping[str, tuple[Part, ...]]) -> str:
    """Return the drawing. ValueError if the networks are not in a row."""
    layout = abreast.lay_out(topology)
    if layout is None:
        raise ValueError(f"the networks of {topology.name} are not joined in a row, so no way is drawn in them")
    bottom = max(box.y + box.height for box in layout.boxes.values())
    size = f'width="{layout.width:.0f}" height="{bottom + LEGEND:.0f}"'
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width:.0f} {bottom + LEGEND:.0f}" {size}'
        ' role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{_sheet()}</style>",
        "<defs>",
        *map(_arrow_head, ("server", "forwarder")),
        "</defs>",
        f'<rect class="paper" {size} rx="12"/>',
    ]
    for bus in layout.buses:
        on = {name: box for name, box in layout.boxes.items() if bus.network.name in topology.nodes[name].addresses}
        here = [hop for hop in hops if hop.network == bus.network.name]
        out += _network(bus, on, here)
        for place, hop in enumerate(here, 1):
            lane = bus.y + bus.height * (place - 0.5) / len(here)
            colour = "forwarder" if topology.nodes[hop.sender].role.forwards else "server"
            out += _hop(bus, on, hop, lane, colour)
    for name, box in layout.boxes.items():
        out += _box(box, name, topology.nodes[name].role.name, parts.get(name, (Part.NOTHING,)))
    return "\n".join([*out, *_legend(bottom + LEGEND / 2), "</svg>"]) + "\n"


def _network(bus: Bus, on: Mapping[str, Box], hops: Sequence[Hop]) -> Iterator[str]:
    """Draw a network with the lines to its nodes; below, how many frames it bore."""
    for box in on.values():
        if not _stands_on(box, bus):
            yield f'<path class="stub" d="M{box.x:.1f},{box.inner:.1f} V{bus.y + bus.height / 2:.1f}"/>'
    place = f'x="{bus.left:.0f}" y="{bus.y:.1f}" width="{bus.width:.1f}"'
    yield f'<rect class="wire" {place} height="{bus.height}" rx="13"/>'
    told = _frames(sum(hop.frames for hop in hops)) if hops else "no frame"
    x, y = _inside(bus, on)[0] + 10, bus.y + bus.height + 17
    yield f'<text class="place" x="{x:.1f}" y="{y:.1f}"><tspan class="name">{bus.network.name}</tspan>: {told}</text>'


def _hop(bus: Bus, on: Mapping[str, Box], hop: Hop, lane: float, colour: str) -> Iterator[str]:
    """Draw frames from their sender along the network, to each that they reached and each that stopped them."""
    sender = on[hop.sender]
    ends = {name: _edge(on[name], bus, sender.x) for name in (*hop.reached, *hop.stopped)}
    start = _edge(sender, bus, sum(ends.values()) / max(1, len(ends)))
    line = f'<path class="arrow frame {colour}" d="'
    if not _stands_on(sender, bus):
        yield f'{line}M{start:.1f},{sender.inner:.1f} V{lane:.1f}"/>'
    yield f'{line}M{min([start, *ends.values()]):.1f},{lane:.1f} H{max([start, *ends.values()]):.1f}"/>'
    for name in hop.reached:
        box, x = on[name], ends[name]
        way = f"M{start:.1f},{lane:.1f} H{x:.1f}" if _stands_on(box, bus) else f"M{x:.1f},{lane:.1f} V{box.inner:.1f}"
        yield f'{line}{way}" marker-end="url(#to-{colour})"/>'
    for name in hop.stopped:
        x = ends[name] + (-4 if ends[name] > start else 4)
        yield f'<path class="end arrow {colour}" d="M{x:.1f},{lane - 9:.1f} V{lane + 9:.1f}"/>'
    yield from _count(hop, sorted({start, *ends.values()}), _inside(bus, on), lane, colour)


def _count(hop: Hop, marks: Sequence[float], inside: tuple[float, float], lane: float, colour: str) -> Iterator[str]:
    """Write how many frames a line stands for: on it, or at one of its ends, where there is most room."""
    text = _frames(hop.frames) + (f", TTL {hop.ttl}" if hop.ttl is not None else "")
    half = len(text) * LETTER / 2 + 5
    gaps = [(right - left, (left + right) / 2) for left, right in pairwise(marks)]
    gaps += [(marks[0] - inside[0], marks[0] - half - 2), (inside[1] - marks[-1], marks[-1] + half + 2)]
    x = next((x for width, x in gaps if width > 2 * half + 8), max(gaps)[1])
    yield f'<rect class="ground" x="{x - half:.1f}" y="{lane - 8:.1f}" width="{2 * half:.1f}" height="16"/>'
    yield f'<text class="count {colour}" x="{x:.1f}" y="{lane + 4:.1f}">{text}</text>'


def _box(box: Box, name: str, role: str, parts: tuple[Part, ...]) -> Iterator[str]:
    apart = " apart" if parts == (Part.NOTHING,) else ""
    place = f'x="{box.x - box.width / 2:.1f}" y="{box.y:.1f}" width="{box.width:.0f}" height="{box.height:.0f}"'
    yield f'<rect class="paper" {place} rx="8"/>'  # a pale box lets nothing shine through
    yield f'<g class="{parts[0].value[2]}{apart}"><rect class="box" {place} rx="8"/>'
    lines = [("name", 20, name), ("role", 36, role.replace("-", " "))]
    lines += [("status", 53 + 13 * i, part.value[0]) for i, part in enumerate(parts) if part.value[0]]
    for style, down, text in lines:
        yield f'<text class="{style}" x="{box.x:.1f}" y="{box.y + down:.1f}">{escape(text)}</text>'
    yield "</g>"


def _legend(y: float) -> Iterator[str]:
    x = float(MARGIN)
    for part in Part:
        _, text, colour = part.value
        if text:
            apart = " apart" if part is Part.NOTHING else ""
            yield (
                f'<g class="{colour}{apart}"><rect class="box" x="{x:.1f}" y="{y - 8:.1f}" width="24" height="16"'
                ' rx="4"/></g>'
            )
            yield f'<text class="legend" x="{x + 32:.1f}" y="{y + 4:.1f}">{text}</text>'
            x += 32 + len(text) * LETTER + 26


def _inside(bus: Bus, on: Mapping[str, Box]) -> tuple[float, float]:
    """Return where a network is seen, between the routers that stand on it."""
    left, right = bus.left, bus.left + bus.width
    for box in on.values():
        if _stands_on(box, bus):
            if box.x < (bus.left + bus.left + bus.width) / 2:
                left = box.x + box.width / 2
            else:
                right = box.x - box.width / 2
    return left, right


def _edge(box: Box, bus: Bus, towards: float) -> float:
    """Return where a node's line meets its network: its middle or, of one that stands on it, the nearer side."""
    if not _stands_on(box, bus):
        return box.x
    return box.x + box.width / 2 if towards > box.x else box.x - box.width / 2


def _stands_on(box: Box, bus: Bus) -> bool:
    return box.y < bus.y < box.y + box.height


def _frames(count: int) -> str:
    return "1 frame" if count == 1 else f"{count} frames"


def _arrow_head(name: str) -> str:
    return (
        f'<marker id="to-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9"'
        f' markerUnits="userSpaceOnUse" orient="auto"><path class="head {name}" d="M0,0.5 L8,4 L0,7.5 Z"/></marker>'
    )


def _sheet() -> str:
    light, dark = ("".join(_colours(place, GROUND[place])) for place in (0, 1))
    return f"{sheet()}{STYLE}{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _colours(place: int, ground: tuple[str, str, str]) -> Iterator[str]:
    bus, edge, words = ground
    yield f".wire {{ fill: {bus}; stroke: {edge}; }} .ground {{ fill: {bus}; }} .place {{ fill: {words}; }}\n"
    for name in ("server", "forwarder"):
        yield f"text.{name} {{ fill: {COLOURS[name][3 * place + 2]}; }}\n"
