"""Where everything in a drawing goes.

Each network is a storey:

      [a] [b] [c]      upper row
    =================  the bus, which is the bridge
      [d] [e]          lower row; nodes on further networks stand here, with a line down to those

A group stays in one row, and receivers in the row of whoever publishes to them. Of more than six nodes that
one entry of the file made, the middle is one box: "12 more".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from topology.groups import grouped, in_line
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

_MOST_SHOWN = 6


@dataclass(frozen=True, eq=False)
class Box:
    """One node, or a few left out of the drawing, in its place."""

    nodes: tuple[Node, ...]
    x: float  # of its middle
    y: float  # of its upper edge
    upper: bool  # above the bus: arrows leave at the upper edge

    @property
    def outer(self) -> float:
        """Where arrows leave and arrive."""
        return self.y if self.upper else self.y + HEIGHT

    @property
    def inner(self) -> float:
        """Where the line to the bus begins."""
        return self.y + HEIGHT if self.upper else self.y


@dataclass(frozen=True)
class Bus:
    """A network's bridge."""

    network: Network
    y: float  # of its upper edge


@dataclass(frozen=True)
class Layout:
    """A drawing's boxes by node name (those left out share one), its buses, and its size."""

    boxes: dict[str, Box]
    buses: list[Bus]
    width: float
    height: float


Cell = tuple[Node, ...]
Row = list[list[Cell]]  # groups of cells, from left to right


def lay_out(topology: Topology) -> Layout:
    """Give every node and network of a lab its place."""
    boxes: dict[str, Box] = {}
    buses: list[Bus] = []
    reserved: list[float] = []  # where lines to networks further down pass
    y = float(MARGIN)
    for network in topology.networks.values():
        upper, lower = _rows(topology, network)
        if upper:
            placed = _place(upper, True, reserved)
            y += _headroom(placed)
            boxes |= _moved(placed, y)
            y += HEIGHT + STUB
        buses.append(Bus(network, y))
        y += BUS
        if lower:
            placed = _place(lower, False, reserved)
            boxes |= _moved(placed, y + STUB)
            y += STUB + HEIGHT + _headroom(placed)
            reserved += {box.x for box in placed.values() if len(box.nodes[0].addresses) > 1}
        y += MARGIN
    right = max(box.x for box in boxes.values()) + WIDTH / 2
    return Layout(boxes, buses, right + MARGIN, y)


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
            row = upper if _size(upper) <= _size(lower) else lower
            heard = {node.joins for node in single} - {None}
            for candidate in (upper, lower):
                if any(node.sends_to in heard for cells in candidate for cell in cells for node in cell):
                    row = candidate
            row.append(_cells(in_line(single)))
    return upper, lower + joints


def _cells(nodes: list[Node]) -> list[Cell]:
    """Put the middle of a long run of nodes from one entry into one cell."""
    cells: list[Cell] = []
    start = 0
    while start < len(nodes):
        end = start
        while end < len(nodes) and nodes[end].entry == nodes[start].entry:
            end += 1
        run = nodes[start:end]
        if len(run) > _MOST_SHOWN:
            cells += [(run[0],), (run[1],), tuple(run[2:-1]), (run[-1],)]
        else:
            cells += [(node,) for node in run]
        start = end
    return cells


def _place(row: Row, upper: bool, reserved: list[float]) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    x = MARGIN + WIDTH / 2
    for cells in row:
        for cell in cells:
            while any(abs(x - taken) < STEP - 1 for taken in reserved):
                x += STEP / 2
            box = Box(cell, x, 0, upper)
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


def _headroom(row: dict[str, Box]) -> float:
    has_sign = any(node.joins for box in row.values() for node in box.nodes)
    return sign_height(row) + PILL / 2 if has_sign else highest(row)


def _moved(placed: dict[str, Box], y: float) -> dict[str, Box]:
    """Move a row; boxes that several nodes share stay shared."""
    moved = {box: replace(box, y=y) for box in placed.values()}
    return {name: moved[box] for name, box in placed.items()}


def _size(row: Row) -> int:
    return sum(map(len, row))
