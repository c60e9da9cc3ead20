"""A drawing of a lab, as SVG: networks as buses, nodes as boxes on them, and arrows for who reaches whom.

    solid arrow   dials, over TCP          dashed, both ways   peers, over UDP
    dotted        what is sent to a multicast group, and to its members

The same topology gives the same text. Light and dark follow the reader's setting; there are no scripts and no
fonts of our own, so that it shows wherever an image does.
"""

from collections.abc import Iterator
from html import escape

from topology import arrows
from topology.layout import BUS, HEIGHT, MARGIN, WIDTH, Box, Bus, Layout, home_of, lay_out
from topology.plan import Topology
from topology.style import COLOURS, kind, sheet

_LEGEND = 28  # the height of the line below the drawing
_LONG = 17  # letters of a name that fit into a box


def svg(topology: Topology) -> str:
    """Return the drawing of a lab."""
    layout = lay_out(topology)
    width, height = f"{layout.width:.0f}", f"{layout.height + _LEGEND:.0f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img">',
        f"<title>The lab {escape(topology.name)}</title>",
        f"<style>\n{sheet()}</style>",
        "<defs>",
        *map(_arrow_head, COLOURS),
        "</defs>",
        f'<rect class="paper" width="{width}" height="{height}" rx="12"/>',
        *(part for bus in layout.buses for part in _stubs(topology, bus, layout)),
        *(part for bus in layout.buses for part in _bus(bus, layout)),
        *arrows.links(topology, layout),
        *arrows.groups(topology, layout),
        *(part for box in dict.fromkeys(layout.boxes.values()) for part in _box(box)),
        *_legend(topology, layout.height),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _arrow_head(name: str) -> str:
    return (
        f'<marker id="to-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7.5" markerHeight="7.5"'
        f' markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
        f'<path class="head {name}" d="M0,0.5 L8,4 L0,7.5 Z"/></marker>'
    )


def _bus(bus: Bus, layout: Layout) -> Iterator[str]:
    left, width = MARGIN - 8, layout.width - 2 * MARGIN + 16
    place = f'x="{left}" y="{bus.y:.1f}" width="{width:.1f}"'
    yield f'<rect class="bus" {place} height="{BUS}" rx="{BUS / 2:.0f}"/>'
    texts = (bus.network.name, str(bus.network.subnet), f"gateway {bus.network.gateway}")
    spans = "".join(f'<tspan dx="{16 if i else 0}">{escape(text)}</tspan>' for i, text in enumerate(texts))
    yield f'<text class="bus-name" x="{left + 14}" y="{bus.y + BUS / 2 + 4:.1f}">{spans}</text>'


def _stubs(topology: Topology, bus: Bus, layout: Layout) -> Iterator[str]:
    """Draw the lines from boxes to a bus: from the inner edge to that of their row, else the outer."""
    for box in dict.fromkeys(layout.boxes.values()):
        node = box.nodes[0]
        if bus.network.name in node.addresses:
            start = box.inner if bus.network.name == home_of(topology, node) else box.outer
            end = bus.y if start < bus.y else bus.y + BUS
            yield f'<path class="stub" d="M{box.x:.1f},{start:.1f} V{end:.1f}"/>'


def _box(box: Box) -> Iterator[str]:
    node = box.nodes[0]
    name, hint = node.name, " ".join(node.command)
    shown = [str(address) for address in node.addresses.values()]
    if len(box.nodes) > 1:
        name, hint = f"{len(box.nodes)} more", f"{node.name} to {box.nodes[-1].name}"
        shown = ["..."]
    address = shown[0] if len(shown) == 1 else f"{len(shown)} networks"
    yield f'<g class="{kind(node.role)}"><title>{escape(hint)}</title>'
    yield (
        f'<rect class="box{" more" if len(box.nodes) > 1 else ""}" x="{box.x - WIDTH / 2:.1f}"'
        f' y="{box.y:.1f}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>'
    )
    yield _text("name", box, 20, name)
    yield _text("role", box, 36, node.role.name.replace("-", " "))
    yield _text("address", box, 52, address)
    yield "</g>"


def _text(style: str, box: Box, down: float, text: str) -> str:
    squeezed = f' textLength="{WIDTH - 10}" lengthAdjust="spacingAndGlyphs"'
    fit = squeezed if style == "name" and len(text) > _LONG - 4 else ""
    return f'<text class="{style}" x="{box.x:.1f}" y="{box.y + down:.1f}"{fit}>{escape(text)}</text>'


def _legend(topology: Topology, y: float) -> Iterator[str]:
    """Say what the arrows mean, as far as there are any."""
    nodes = topology.nodes.values()
    entries = [("client", "", "dials (TCP)")] * any(node.upstream for node in nodes)
    entries += [("peer", " udp", "peers (UDP)")] * any(node.peer for node in nodes)
    entries += [("multicast", " group", "multicast group (UDP)")] * any(node.joins for node in nodes)
    x = MARGIN
    for name, style, text in entries:
        yield arrows.line(name, f"M{x},{y:.1f} h34", style, both=style == " udp")
        yield f'<text class="legend" x="{x + 42}" y="{y + 4:.1f}">{text}</text>'
        x += 68 + len(text) * 7
