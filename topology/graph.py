"""Where everything goes in a drawing of nodes that links join: a graph, from the first host of the file to the right.

    [h1]          [b] ────── [d]          [h2]       column 0: hosts of the first switch, column 1: that switch,
         > [a] <              │   > [f] <            column 2: its neighbours, and so on. A link joins two that are in
    [h3]          [c] ────── [e]          [h4]       columns side by side, or in one: it passes through no box.

Nodes that no links lead to from there are a graph of their own below; those without any link stand in a row at the end.
"""

from topology.groups import grouped, in_line
from topology.labels import place_labels, widest
from topology.layout import MARGIN, WIDTH, Box, Edge, Layout, Point, cells, headroom, height, moved, place
from topology.plan import Topology
from topology.untangle import Columns, untangle

_AROUND_LABEL = 44  # between two columns, beside the widest label
_BETWEEN_ROWS = 46
_CORNER = 40  # how far from its column the corner of a link is that does not go straight
_BETWEEN_GRAPHS = 40
_STRETCHES = (1.0, 1.25, 1.6, 2.0, 2.5)  # so much more room is tried, until no label lies on another


def lay_out(topology: Topology) -> Layout | None:
    """Give every node and link its place, or return None where there are no links."""
    if not topology.links:
        return None
    parts = graphs(topology)
    for stretch in _STRETCHES:
        boxes, y = _boxes(topology, parts, stretch)
        bare = [Edge(link, _points(boxes[link.ends[0]], boxes[link.ends[1]], stretch)) for link in topology.links]
        edges, clear = place_labels(bare, boxes.values())
        if clear:
            break
    apart = [cells(in_line(group)) for group in grouped(topology) if not group[0].lines]
    if apart:
        row = place(apart, True, MARGIN, height(topology))
        boxes |= moved(row, y + headroom(row))
        y += headroom(row) + height(topology) + MARGIN
    right = max([box.x + WIDTH / 2 for box in boxes.values()] + [x for edge in edges for x, _ in edge.points])
    return Layout(boxes, [], right + MARGIN, y, edges=tuple(edges))


def graphs(topology: Topology) -> list[Columns]:
    """Return the columns of each part of a lab that links hold together: names, from left to right, top to bottom."""
    neighbours = {name: [line.neighbour for line in node.lines] for name, node in topology.nodes.items() if node.lines}
    hosts = [name for name in neighbours if _is_host(topology, name)]
    found: list[Columns] = []
    done: set[str] = set()
    for first in [*hosts, *neighbours]:
        if first not in done:
            columns = _columns(topology, first)
            done.update(name for column in columns for name in column)
            found.append(untangle(columns, neighbours))
    return found


def _columns(topology: Topology, first: str) -> Columns:
    """Return who is how many links from the first node; but hosts of the first switch stand where the first host is."""
    columns: Columns = [[first]]
    seen = {first}
    while columns[-1]:
        columns.append([])
        for name in columns[-2]:
            further = [line.neighbour for line in topology.nodes[name].lines if line.neighbour not in seen]
            seen.update(further)
            columns[-1] += further
    columns.pop()
    if _is_host(topology, first) and len(columns) > 2:
        beside = [name for name in columns[2] if _is_host(topology, name)]
        if beside == columns[2]:  # there is no other switch: half of the hosts stand on its right
            beside = beside[: (len(beside) - 1) // 2]
        columns[0] += beside
        columns[2] = [name for name in columns[2] if name not in beside]
    return columns


def _is_host(topology: Topology, name: str) -> bool:
    return topology.nodes[name].role.most_links == 1


def _boxes(topology: Topology, parts: list[Columns], stretch: float) -> tuple[dict[str, Box], float]:
    """Return the boxes of all graphs, one graph below the other, and where the next thing below them can be."""
    tall = height(topology)
    column_step = WIDTH + (widest(topology.links) + _AROUND_LABEL) * stretch
    row_step = tall + _BETWEEN_ROWS * stretch
    boxes: dict[str, Box] = {}
    y = float(MARGIN)
    for columns in parts:
        most = max(map(len, columns))
        for i, column in enumerate(columns):
            x, top = MARGIN + WIDTH / 2 + i * column_step, y + (most - len(column)) / 2 * row_step
            for place_in_column, name in enumerate(column):
                boxes[name] = Box((topology.nodes[name],), x, top + place_in_column * row_step, True, tall)
        y += (most - 1) * row_step + tall + _BETWEEN_GRAPHS
    return boxes, y - _BETWEEN_GRAPHS + MARGIN


def _points(one: Box, other: Box, stretch: float) -> tuple[Point, ...]:
    """Return a link's ends, at the sides that face each other; past boxes of its own column, with a corner between."""
    if one.x != other.x:
        left, right = sorted((one, other), key=lambda box: box.x)
        return (left.x + WIDTH / 2, left.y + left.height / 2), (right.x - WIDTH / 2, right.y + right.height / 2)
    upper, lower = sorted((one, other), key=lambda box: box.y)
    if lower.y - upper.y < 2 * (upper.height + _BETWEEN_ROWS * stretch) - 1:
        return (upper.x, upper.y + upper.height), (lower.x, lower.y)
    side, ends = one.x + WIDTH / 2, (upper.y + upper.height / 2, lower.y + lower.height / 2)
    return (side, ends[0]), (side + _CORNER, sum(ends) / 2), (side, ends[1])
