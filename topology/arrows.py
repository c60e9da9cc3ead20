"""The arrows of a drawing: who dials whom, who is whose peer, who sends to which multicast group; and links as lines.

Arrows arch over the boxes of a row (under those of a lower row), the longer the higher. Where several meet at
a box, each has a place of its own on the box's edge, given out so that no two arrows of a group cross.
"""

from collections.abc import Iterator
from html import escape

from topology import labels
from topology.captions import link_caption
from topology.layout import ARC, PILL, WIDTH, Box, Layout, rise, sign_height
from topology.plan import Node, Topology
from topology.style import kind

_LETTER = 7.4  # the width of a letter of an address


def links(topology: Topology, layout: Layout) -> Iterator[str]:
    """Draw who dials whom, and peers."""
    arrows: dict[tuple[Box, Box, bool], Node] = {}
    for node in topology.nodes.values():
        for name, is_peer in ((node.upstream, False), (node.peer, True)):
            here, there = layout.boxes[node.name], layout.boxes.get(name or "")
            if there is not None and there is not here and (there, here, is_peer) not in arrows:
                arrows.setdefault((here, there, is_peer), node)
    ends = _ends([(here, there) for here, there, _ in arrows])
    for (here, there, is_peer), node in arrows.items():
        path = _arc(ends[here, there], ends[there, here], here, there)
        yield line(kind(node.role), path, " udp" if is_peer else "", both=is_peer)


def groups(topology: Topology, layout: Layout) -> Iterator[str]:
    """Draw each multicast group as a sign over its members, with arrows from who sends to it."""
    members: dict[str, list[Box]] = {}
    for node in topology.nodes.values():
        if node.joins is not None and layout.boxes[node.name] not in members.setdefault(node.joins, []):
            members[node.joins].append(layout.boxes[node.name])
    for group, boxes in members.items():
        out = -1 if boxes[0].upper else 1
        x = sum(box.x for box in boxes) / len(boxes)
        row = {name: box for name, box in layout.boxes.items() if box.y == boxes[0].y}
        y = boxes[0].outer + out * sign_height(row)
        half = len(group) * _LETTER / 2 + 12
        senders = [layout.boxes[node.name] for node in topology.nodes.values() if node.sends_to == group]
        for box in dict.fromkeys(senders):
            yield line("multicast", _to_sign(box, x, y, half), " group")
        for box in boxes:
            start = x + max(16 - half, min(half - 16, box.x - x))
            yield line("multicast", f"M{start:.1f},{y - out * PILL / 2:.1f} L{box.x:.1f},{box.outer:.1f}", " group")
        yield from _sign("multicast", x, y, half, group)


def shared(topology: Topology, layout: Layout) -> Iterator[str]:
    """Draw each address that servers share as a sign under them, with arrows to those who answer at it."""
    for address, (x, y) in layout.signs.items():
        servers = [node for node in topology.nodes.values() if str(node.anycast) == address]
        text = f"anycast {address}"
        half = len(text) * _LETTER / 2 + 12
        for box in dict.fromkeys(layout.boxes[node.name] for node in servers):
            path = f"M{box.x:.1f},{y - PILL / 2:.1f} V{box.outer:.1f}"
            if abs(box.x - x) > half:
                side = 1 if box.x > x else -1
                turn = min(ARC, abs(box.x - x) - half)
                path = (
                    f"M{x + side * half:.1f},{y:.1f} H{box.x - side * turn:.1f}"
                    f" Q{box.x:.1f},{y:.1f} {box.x:.1f},{y - ARC:.1f} V{box.outer:.1f}"
                )
            yield line(kind(servers[0].role), path, " udp")
        yield from _sign(kind(servers[0].role), x, y, half, text)


def edges(layout: Layout) -> Iterator[str]:
    """Draw the links of packet switches, then their labels, which lie on all lines."""
    for edge in layout.edges:
        path = " L".join(f"{x:.1f},{y:.1f}" for x, y in edge.points)
        yield f'<path class="link" d="M{path}"/>'
    for edge in layout.edges:
        x, y = edge.label
        texts = link_caption(edge.link)
        for i, text in enumerate(texts):  # of two, one goes above the middle and one below: a level line stays whole
            middle = y + (i - (len(texts) - 1) / 2) * labels.LINE
            width = labels.width(text)
            place = f'x="{x - width / 2:.1f}" y="{middle - 6.5:.1f}" width="{width:.1f}" height="13"'
            yield f'<rect class="paper" {place}/>'
            yield f'<text class="label" x="{x:.1f}" y="{middle + 4:.1f}">{text}</text>'


def line(name: str, path: str, style: str, *, both: bool = False) -> str:
    """Return an arrow in a role's colour."""
    marks = f' marker-end="url(#to-{name})"' + (f' marker-start="url(#to-{name})"' if both else "")
    return f'<path class="arrow {name}{style}" d="{path}"{marks}/>'


def _sign(name: str, x: float, y: float, half: float, text: str) -> Iterator[str]:
    yield (
        f'<g class="{name}"><rect class="box" x="{x - half:.1f}" y="{y - PILL / 2:.1f}"'
        f' width="{half * 2:.1f}" height="{PILL}" rx="{PILL / 2:.0f}"/>'
        f'<text class="address" x="{x:.1f}" y="{y + 4:.1f}">{escape(text)}</text></g>'
    )


def _ends(arrows: list[tuple[Box, Box]]) -> dict[tuple[Box, Box], float]:
    """Return where on a box's edge each arrow ends: {(this box, the other): x}.

    Arrows from the left end on the left half, the farthest next to the middle; from the right, mirrored.
    """
    others: dict[Box, dict[Box, None]] = {}  # ordered sets
    for here, there in arrows:
        others.setdefault(here, {})[there] = None
        others.setdefault(there, {})[here] = None
    ends = {}
    for box, far in others.items():
        sends = any(node.sends_to for node in box.nodes)  # that arrow has the middle
        for side in (-1, 1):
            there_are = [other for other in far if (-1 if other.x < box.x else 1) == side]
            gap = min(12.0, (WIDTH / 2 - 16) / max(1, len(there_are)))
            for place, other in enumerate(sorted(there_are, key=lambda other: -abs(other.x - box.x))):
                ends[box, other] = box.x if len(far) == 1 and not sends else box.x + side * (8 + gap * place)
    return ends


def _arc(start: float, end: float, here: Box, there: Box) -> str:
    """Return an arc between two boxes of a row; between rows, a curve."""
    out = (-1 if here.upper else 1) * rise(here, there) * 4 / 3  # a cubic's top is at 3/4 of its handles
    back = out if here.upper == there.upper else -out
    return (
        f"M{start:.1f},{here.outer:.1f} C{start:.1f},{here.outer + out:.1f}"
        f" {end:.1f},{there.outer + back:.1f} {end:.1f},{there.outer:.1f}"
    )


def _to_sign(box: Box, x: float, y: float, half: float) -> str:
    """Return a line up from a box, round a corner, and along to the near side of a sign."""
    towards = 1 if box.x < x else -1
    corner = ARC if y > box.outer else -ARC
    return (
        f"M{box.x:.1f},{box.outer:.1f} V{y - corner:.1f}"
        f" Q{box.x:.1f},{y:.1f} {box.x + towards * ARC:.1f},{y:.1f} H{x - towards * half:.1f}"
    )
