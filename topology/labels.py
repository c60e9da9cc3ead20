"""Where the labels of links go: on their lines, as near to the middle as other labels, boxes and lines let them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from math import dist

from topology.captions import link_caption
from topology.layout import WIDTH, Box, Edge, Point
from topology.links import Link

LINE = 18  # from one line of a label to the next
_PLACES = (0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74)  # tried on each line, as parts of its length

Area = tuple[float, float, float, float]  # left, top, right, bottom


def width(text: str) -> float:
    """Return how wide a text is in a label."""
    return len(text) * 6.7 + 8


def _size(link: Link) -> tuple[float, float]:
    texts = link_caption(link)
    return max(map(width, texts)), len(texts) * LINE


def widest(links: Iterable[Link]) -> float:
    """Return how wide the widest label is."""
    return max(_size(link)[0] for link in links)


def place_labels(edges: Sequence[Edge], boxes: Iterable[Box]) -> tuple[list[Edge], bool]:
    """Return the links with places for their labels, and whether no label lies on another or on a box."""
    taken = [(box.x - WIDTH / 2, box.y, box.x + WIDTH / 2, box.y + box.height) for box in boxes]
    found: list[Edge] = []
    clear = True
    for edge in edges:
        others = [other for other in edges if other is not edge]
        costs = {}
        for part in _PLACES:
            area = _around(_along(edge.points, part), *_size(edge.link))
            covered = sum(_overlap(area, other) for other in taken)
            costs[part] = covered, sum(_crosses(other, area) for other in others)
        best = min(_PLACES, key=costs.__getitem__)  # of equal ones the first, which is the nearest to the middle
        middle = _along(edge.points, best)
        taken.append(_around(middle, *_size(edge.link)))
        found.append(replace(edge, label=middle))
        clear &= costs[best][0] == 0
    return found, clear


def _along(points: Sequence[Point], part: float) -> Point:
    """Return the point at a part of the way along a line."""
    left = part * sum(map(dist, points, points[1:]))
    for start, end in pairwise(points):
        if (length := dist(start, end)) >= left:
            break
        left -= length
    return tuple(a + (b - a) * left / length for a, b in zip(start, end, strict=True))  # type: ignore[return-value]


def _around(middle: Point, wide: float, high: float) -> Area:
    x, y = middle
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _crosses(edge: Edge, area: Area) -> bool:
    """Tell whether a line passes through an area."""
    return any(_passes(start, end, area) for start, end in pairwise(edge.points))


def _passes(start: Point, end: Point, area: Area) -> bool:
    """Tell whether a straight line meets an area: it is near enough, and has corners of it on both sides."""
    (x, y), (to_x, to_y) = start, end
    left, top, right, bottom = area
    if not _overlap((min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)), area):
        return False
    corners = ((left, top), (right, top), (left, bottom), (right, bottom))
    sides = [(to_x - x) * (corner_y - y) - (to_y - y) * (corner_x - x) for corner_x, corner_y in corners]
    return min(sides) <= 0 <= max(sides)
