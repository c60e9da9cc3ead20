import pytest

from topology.labels import place_labels, widest
from topology.layout import Box, Edge
from topology.links import Link
from topology.plan import ROOT, load

PLAIN = Link(1, ("a", "b"), delay=0.005)
SLOW = Link(2, ("a", "b"), delay=0.06, cost=2)
NODE = load(ROOT / "topology" / "datagram.yaml").nodes["a"]


def test_a_lone_label_is_in_the_middle_of_its_line() -> None:
    found, clear = place_labels([Edge(PLAIN, ((0, 0), (100, 50)))], [])
    assert clear
    assert [edge.label for edge in found] == [(50, 25)]


def test_of_a_line_with_a_corner_the_middle_is_along_the_line() -> None:
    (found,), _ = place_labels([Edge(PLAIN, ((0, 0), (40, 100), (0, 200)))], [])
    assert found.label == pytest.approx((40, 100))


def test_where_two_lines_cross_the_labels_are_not() -> None:
    cross = [Edge(PLAIN, ((0, 0), (200, 200))), Edge(SLOW, ((0, 200), (200, 0)))]
    found, clear = place_labels(cross, [])
    assert clear
    for edge in found:
        assert abs(edge.label[0] - 100) > 10  # so that nobody asks which line it belongs to


def test_no_room_is_said() -> None:
    short = [Edge(PLAIN, ((0, 0), (10, 0))), Edge(SLOW, ((0, 2), (10, 2)))]
    assert not place_labels(short, [])[1]
    assert not place_labels(short[:1], [Box((NODE,), 5, -20, True)])[1]


def test_a_label_is_as_wide_as_its_longer_line() -> None:
    assert widest([PLAIN]) < widest([SLOW]) == widest([PLAIN, SLOW])
