"""Where everything in a drawing goes.

Each network is a storey:

      [a] [b] [c]      upper row
    =================  the bus, which is the bridge
      [d] [e]          lower row; nodes on further networks stand here, with a line down to those

A group stays in one row, and receivers in the row of whoever publishes to them. Of more than six nodes that
one entry of the file made, the middle is one box: "12 more".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from topology.captions import caption
from topology.groups import grouped, in_line
from topology.links import Link
from topology.plan import Network, Node, Topology

WIDTH, HEIGHT = 106, 60  # of a box
STEP = WIDTH + 8  # from box to box
APART = 20  # more between two groups
MARGIN = 24
STUB = 24  # from a box to the bus
BUS = 26  # how thick it is
ARC, RISE = 24, 13  # how high an arrow to the next box goes, and how much higher for each box further
SIGN = 46  # how high the sign of a multicast group is over its members, or
CLEAR = 18  # over the highest arrow of their row
PILL = 22  # the height of the sign itself
LETTER = 6.95  # the width of a letter of an address

_MOST_SHOWN = 6


@dataclass(frozen=True, eq=False)
class Box:
    """One node, or a few left out of the drawing, in its place."""

    nodes: tuple[Node, ...]
    x: float  # of its middle
    y: float  # of its upper edge
    upper: bool  # above the bus: arrows leave at the upper edge
    height: float = HEIGHT
    width: float = WIDTH

    @property
    def outer(self) -> float:
        """Where arrows leave and arrive."""
        return self.y if self.upper else self.y + self.height

    @property
    def inner(self) -> float:
        """Where the line to the bus begins."""
        return self.y + self.height if self.upper else self.y


@dataclass(frozen=True)
class Bus:
    """A network's bridge."""

    network: Network
    y: float  # of its upper edge
    left: float
    width: float
    height: float = BUS
    middle: float | None = None  # where its caption is, if not at its beginning


Point = tuple[float, float]


@dataclass(frozen=True)
class Edge:
    """A link between packet switches or hosts, as a line."""

    link: Link
    points: tuple[Point, ...]  # from end to end: straight, or over one corner
    label: Point = (0, 0)  # the middle of what is written on it


@dataclass(frozen=True)
class Layout:
    """A drawing's boxes by node name (those left out share one), its buses, its size, and signs of shared addresses.

    Or, where links join the nodes, the edges of a graph in place of the buses.
    """

    boxes: dict[str, Box]
    buses: list[Bus]
    width: float
    height: float
    signs: dict[str, Point] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()


Cell = tuple[Node, ...]
Row = list[list[Cell]]  # groups of cells, from left to right


def lay_out(topology: Topology) -> Layout:
    """Give every node and network of a lab its place."""
    boxes: dict[str, Box] = {}
    buses: list[tuple[Network, float]] = []
    tall = height(topology)
    reserved: list[float] = []  # where lines to networks further down pass
    y = float(MARGIN)
    for network in topology.networks.values():
        upper, lower = _rows(topology, network)
        if upper:
            placed = place(upper, True, MARGIN, tall, reserved)
            y += headroom(placed)
            boxes |= moved(placed, y)
            y += tall + STUB
        buses.append((network, y))
        y += BUS
        if lower:
            placed = place(lower, False, MARGIN, tall, reserved)
            boxes |= moved(placed, y + STUB)
            y += STUB + tall + headroom(placed)
            reserved += {box.x for box in placed.values() if len(box.nodes[0].addresses) > 1}
        y += MARGIN
    captions = [LETTER * len("  ".join(caption(network))) + MARGIN for network in topology.networks.values()]
    right = max(max(box.x for box in boxes.values()) + WIDTH / 2, MARGIN + max(captions))
    left, width = MARGIN - 8, right - MARGIN + 16
    return Layout(boxes, [Bus(network, at, left, width) for network, at in buses], right + MARGIN, y)


def height(topology: Topology) -> float:
    """Return how high the boxes are: a line more where nodes have IPv6 addresses, too."""
    return HEIGHT + 15 * any(node.addresses6 for node in topology.nodes.values())


def home_of(topology: Topology, node: Node) -> str:
    """Return the highest network in the drawing that a node is on: its box stands there."""
    return next(name for name in topology.networks if name in node.addresses)


def _rows(topology: Topology, network: Network) -> tuple[Row, Row]:
    """Share the groups at home on a network out between its two rows."""
    upper: Row = []
    lower: Row = []
    joints: Row = []
    for group in grouped(topology):
        home = [node for node in group if home_of(topology, node) == network.name]
        single = [node for node in home if len(node.addresses) == 1]
        joints += [[(node,)] for node in home if len(node.addresses) > 1]
        if single:
            row = upper if size(upper) <= size(lower) else lower
            heard = {node.joins for node in single} - {None}
            for candidate in (upper, lower):
                if any(node.sends_to in heard for others in candidate for cell in others for node in cell):
                    row = candidate
            row.append(cells(in_line(single)))
    return upper, lower + joints


def cells(nodes: list[Node]) -> list[Cell]:
    """Put the middle of a long run of nodes from one entry into one cell."""
    found: list[Cell] = []
    start = 0
    while start < len(nodes):
        end = start
        while end < len(nodes) and nodes[end].entry == nodes[start].entry:
            end += 1
        run = nodes[start:end]
        if len(run) > _MOST_SHOWN:
            found += [(run[0],), (run[1],), tuple(run[2:-1]), (run[-1],)]
        else:
            found += [(node,) for node in run]
        start = end
    return found


def place(row: Row, upper: bool, left: float, tall: float, reserved: Iterable[float] = ()) -> dict[str, Box]:
    """Put a row's boxes side by side, clear of the lines to networks further down."""
    boxes: dict[str, Box] = {}
    x = left + WIDTH / 2
    for group in row:
        for cell in group:
            while any(abs(x - taken) < STEP - 1 for taken in reserved):
                x += STEP / 2
            box = Box(cell, x, 0, upper, tall)
            boxes |= {node.name: box for node in cell}
            x += STEP
        x += APART
    return boxes


def rise(one: Box, other: Box) -> float:
    """Return how high an arrow between two boxes of a row goes."""
    return ARC + RISE * max(0.0, abs(one.x - other.x) / STEP - 1)


def highest(row: Mapping[str, Box]) -> float:
    """Return how high the arrows of a row go."""
    reached = [
        (box, row.get(name or "")) for box in row.values() for node in box.nodes for name in (node.upstream, node.peer)
    ]
    return max((rise(box, other) for box, other in reached if other and other is not box), default=0.0)


def sign_height(row: Mapping[str, Box]) -> float:
    """Return how high over a row the sign of a multicast group is."""
    return max(SIGN, highest(row) + CLEAR)


def headroom(row: dict[str, Box]) -> float:
    """Return how much room a row needs for its arrows and signs."""
    has_sign = any(node.joins for box in row.values() for node in box.nodes)
    return sign_height(row) + PILL / 2 if has_sign else highest(row)


def moved(placed: dict[str, Box], y: float) -> dict[str, Box]:
    """Move a row; boxes that several nodes share stay shared."""
    there = {box: replace(box, y=y) for box in placed.values()}
    return {name: there[box] for name, box in placed.items()}


def size(row: Row) -> int:
    """Return how many boxes a row has."""
    return sum(map(len, row))
