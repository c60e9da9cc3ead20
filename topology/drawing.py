"""A drawing of a lab, as SVG: networks as buses, nodes as boxes on them, and arrows for who reaches whom.

Where links join packet switches, these are a graph, and the bus is a note.

    solid arrow   dials, over TCP          dashed, both ways   peers, over UDP
    dotted        what is sent to a multicast group, and to its members
    dashed        from an address that servers share to each of them

The same topology gives the same text. Light and dark follow the reader's setting; there are no scripts and no
fonts of our own, so that it shows wherever an image does.
"""

from collections.abc import Iterator
from html import escape

from topology import abreast, arrows, graph
from topology.captions import USUAL_LINK, caption, host6
from topology.layout import MARGIN, WIDTH, Box, Bus, Layout, home_of, lay_out
from topology.plan import Node, Topology
from topology.style import COLOURS, kind, sheet

_LEGEND, _LINE = 28, 20  # the height of the line below the drawing, and of each further one
_LETTER = 7  # the width of a letter of the legend
Entry = tuple[str, str, str]  # of the legend: the colour and style of an arrow, if it is one, and a text

_LONG = {"name": 13, "role": 18, "six": 17}  # letters that fit into a box


def svg(topology: Topology) -> str:
    """Return the drawing of a lab."""
    layout = graph.lay_out(topology) or abreast.lay_out(topology) or lay_out(topology)
    routed = any(network.routed for network in topology.networks.values())
    entries = _explained(topology, layout)
    lines = _lines(entries, layout.width)
    legend = max(MARGIN + sum(map(_width, line)) for line in lines)
    width = f"{max(layout.width, legend):.0f}"
    height = f"{layout.height + _LEGEND + _LINE * (len(lines) - 1):.0f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img">',
        f"<title>The lab {escape(topology.name)}</title>",
        f"<style>\n{sheet(routed=routed, linked=bool(layout.edges))}</style>",
        "<defs>",
        *map(_arrow_head, COLOURS),
        "</defs>",
        f'<rect class="paper" width="{width}" height="{height}" rx="12"/>',
        *(part for bus in layout.buses for part in _stubs(topology, bus, layout)),
        *(part for bus in layout.buses for part in _bus(bus)),
        *arrows.edges(layout),
        *arrows.links(topology, layout),
        *arrows.groups(topology, layout),
        *arrows.shared(topology, layout),
        *(part for box in dict.fromkeys(layout.boxes.values()) for part in _box(box, layout)),
        *(part for i, line in enumerate(lines) for part in _legend(line, layout.height + i * _LINE)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _arrow_head(name: str) -> str:
    return (
        f'<marker id="to-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7.5" markerHeight="7.5"'
        f' markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
        f'<path class="head {name}" d="M0,0.5 L8,4 L0,7.5 Z"/></marker>'
    )


def _bus(bus: Bus) -> Iterator[str]:
    place = f'x="{bus.left:.0f}" y="{bus.y:.1f}" width="{bus.width:.1f}"'
    yield f'<rect class="bus" {place} height="{bus.height}" rx="{min(bus.height / 2, 13):.0f}"/>'
    texts = caption(bus.network)
    if bus.middle is None:
        yield _caption("bus-name", bus.left + 14, bus.y + bus.height / 2 + 4, texts)
        return
    lines = [("bus-name middle", texts[:2]), ("bus-name middle dim", texts[2:])]
    lines = [(style, line) for style, line in lines if line]
    for i, (style, line) in enumerate(lines):
        yield _caption(style, bus.middle, bus.y + bus.height / 2 + 4 + 17 * (i - (len(lines) - 1) / 2), line)


def _caption(style: str, x: float, y: float, texts: tuple[str, ...]) -> str:
    spans = "".join(f'<tspan dx="{16 if i else 0}">{escape(text)}</tspan>' for i, text in enumerate(texts))
    return f'<text class="{style}" x="{x:.0f}" y="{y:.1f}">{spans}</text>'


def _stubs(topology: Topology, bus: Bus, layout: Layout) -> Iterator[str]:
    """Draw the lines from boxes to a bus: from the inner edge to that of their row, else the outer.

    A box that stands on the bus needs none.
    """
    for box in dict.fromkeys(layout.boxes.values()):
        node = box.nodes[0]
        if bus.network.name in node.addresses and not _stands_on(box, bus):
            start = box.inner if bus.network.name == home_of(topology, node) else box.outer
            end = bus.y if start < bus.y else bus.y + bus.height
            yield f'<path class="stub" d="M{box.x:.1f},{start:.1f} V{end:.1f}"/>'


def _box(box: Box, layout: Layout) -> Iterator[str]:
    node = box.nodes[0]
    more = len(box.nodes) > 1
    hint = f"{node.name} to {box.nodes[-1].name}" if more else " ".join(node.command)
    for network, address in node.addresses6.items() if not more else ():
        hint += f"\n{network} {node.addresses[network]} {address}"
    yield f'<g class="{kind(node.role)}"><title>{escape(hint)}</title>'
    yield (
        f'<rect class="box{" more" if more else ""}" x="{box.x - box.width / 2:.1f}"'
        f' y="{box.y:.1f}" width="{box.width:.0f}" height="{box.height:.0f}" rx="8"/>'
    )
    yield _text("name", box, 20, f"{len(box.nodes)} more" if more else node.name)
    is_signed = node.anycast is None or str(node.anycast) in layout.signs
    yield _text("role", box, 36, node.role.name.replace("-", " ") if is_signed else f"anycast {node.anycast}")
    on = [bus.network.name for bus in layout.buses if _stands_on(box, bus) and bus.network.name in node.addresses]
    if more:
        yield _text("address", box, 52, "...")
    elif on:  # the addresses of each side, on that side
        yield f'<path class="side" d="M{box.x:.1f},{box.y + 44:.1f} V{box.y + box.height - 8:.1f}"/>'
        for place, name in enumerate(on):
            yield from _addresses(box, node, name, (place + 0.5) / len(on) - 0.5)
    elif len(node.addresses) > 1:
        yield _text("address", box, 52, f"{len(node.addresses)} networks")
    else:
        yield from _addresses(box, node, next(iter(node.addresses)), 0)
    yield "</g>"


def _addresses(box: Box, node: Node, network: str, aside: float) -> Iterator[str]:
    x = box.x + aside * box.width * 0.94
    yield f'<text class="address" x="{x:.1f}" y="{box.y + 52:.1f}">{node.addresses[network]}</text>'
    if network in node.addresses6:
        host = host6(node, network)
        fit = _fit("six", host)
        yield f'<text class="address six" x="{x:.1f}" y="{box.y + 66:.1f}"{fit}>{host}</text>'


def _stands_on(box: Box, bus: Bus) -> bool:
    return box.y < bus.y < box.y + box.height


def _text(style: str, box: Box, down: float, text: str) -> str:
    return f'<text class="{style}" x="{box.x:.1f}" y="{box.y + down:.1f}"{_fit(style, text)}>{escape(text)}</text>'


def _fit(style: str, text: str) -> str:
    """Squeeze a text that is too long for a box."""
    squeezed = f' textLength="{WIDTH - 10}" lengthAdjust="spacingAndGlyphs"'
    return squeezed if len(text) > _LONG.get(style, len(text)) else ""


def _explained(topology: Topology, layout: Layout) -> list[Entry]:
    """Return what there is to explain."""
    nodes = topology.nodes.values()
    entries = [("client", "", "dials (TCP)")] * any(node.upstream for node in nodes)
    entries += [("peer", " udp", "peers (UDP)")] * any(node.peer for node in nodes)
    entries += [("multicast", " group", "multicast group (UDP)")] * any(node.joins for node in nodes)
    entries += [("server", " udp", "one address, several servers: the nearest answers")] * bool(layout.signs)
    if layout.edges:
        entries.append(("link", "", f"link, with its UDP port; {USUAL_LINK}"))
        entries += [("", "", f"all on one bridge: {', '.join(caption(each))}") for each in topology.networks.values()]
    six = any(node.addresses6 for node in nodes)
    return entries + [("", "", "IPv6 addresses are shown without the subnet that they begin with")] * six


def _lines(entries: list[Entry], width: float) -> list[list[Entry]]:
    """Share the legend out among lines of a width, each entry after the other."""
    lines: list[list[Entry]] = [[]]
    for entry in entries:
        if lines[-1] and MARGIN + sum(map(_width, [*lines[-1], entry])) > width:
            lines.append([])
        lines[-1].append(entry)
    return lines


def _width(entry: Entry) -> int:
    name, _, text = entry
    return 42 * bool(name) + 26 + len(text) * _LETTER


def _legend(entries: list[Entry], y: float) -> Iterator[str]:
    x = MARGIN
    for name, style, text in entries:
        if name == "link":
            yield f'<path class="link" d="M{x},{y:.1f} h34"/>'
        elif name:
            yield arrows.line(name, f"M{x},{y:.1f} h34", style, both=name == "peer")
        start = x + 42 * bool(name)
        yield f'<text class="legend" x="{start}" y="{y + 4:.1f}">{text}</text>'
        x += _width((name, style, text))
