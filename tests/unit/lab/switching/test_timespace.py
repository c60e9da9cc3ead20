"""Time-space diagrams: bands drawn back from what the tap saw."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from lab.history import History
from lab.switching.timespace.model import Diagram, diagram
from lab.switching.timespace.svg import svg
from lab.switching.ways import Way, flows
from services.switching.header import Kind, encode
from services.switching.header import Packet as Bits
from tests.unit.lab.switching.links import NODES, topology, wire

SVG = "{http://www.w3.org/2000/svg}"
SIZE = 1000  # bytes of a packet: 1 s at 8 kbit/s, which is what the links have; their delay is 100 ms


def message(packets: int, way: str = "h1 a c e f h2", *, drop: int | None = None) -> list[Way]:
    """Return the ways of a message's packets over switches that lose no time; one is seen on two links only."""
    nodes = way.split()
    seen = []
    for number in range(packets):
        bits = Bits(Kind.DATAGRAM, "h1", "h2", sequence=number, payload=bytes(SIZE - 24), last=number == packets - 1)
        for place, ends in enumerate(pairwise(nodes)):
            if number != drop or place < 2:
                seen.append(wire(100 + number + 1.1 * (place + 1), *ends, encode(bits)))
    (flow,) = flows(History([*NODES, *seen]), "h1", "h2")
    return flow


def drawn(packets: int, *, drop: int | None = None) -> Diagram:
    return diagram(topology(), message(packets, drop=drop))


def test_a_band_is_drawn_back_from_the_arrival_of_the_last_bit() -> None:
    first, second = drawn(1).bands[:2]
    assert (first.began, first.sent, first.reached, first.arrived) == pytest.approx((0, 1, 0.1, 1.1))
    assert (second.began, second.arrived) == pytest.approx((1.1, 2.2))
    assert (first.length, first.lost) == (SIZE, False)


def test_a_message_takes_the_sum_of_its_links_and_packets_overlap() -> None:
    assert drawn(1).took == pytest.approx(5.5)
    three = drawn(3)
    assert three.took == pytest.approx(7.5)  # two packets more, each a second behind the one before
    assert three.nodes == ("h1", "a", "c", "e", "f", "h2")
    assert three.title == "2928 bytes from h1 to h2 in 3 packets"
    assert [(span.rate, span.delay) for span in three.spans] == [(8000, 0.1)] * 5


def test_a_packet_that_is_lost_ends_in_a_cross_and_one_on_another_way_is_counted() -> None:
    bands = drawn(3, drop=1).bands
    assert [(band.packet, band.span) for band in bands if band.lost] == [(1, 1)]
    mixed = diagram(topology(), [*message(2), *message(1, "h1 a b f h2")])
    assert (mixed.elsewhere, len(mixed.bands)) == (1, 10)
    assert "1 packet on other ways" in svg("both", mixed)


def test_nothing_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="no packet"):
        diagram(topology(), [])


def test_the_drawing_is_to_scale() -> None:
    root = ElementTree.fromstring(svg("a message", drawn(2, drop=1)))  # noqa: S314  (our own text)
    corners = [
        [tuple(map(float, point.split(","))) for point in polygon.attrib["points"].split()]
        for polygon in root.iter(f"{SVG}polygon")
    ]
    assert len(corners) == 5 + 2
    heights = {round(sent - began) for (_, began), _, _, (_, sent) in corners}
    slants = {round(reached - began, 1) for (_, began), (_, reached), _, _ in corners}
    assert len(heights) == len(slants) == 1
    assert heights.pop() == pytest.approx(10 * slants.pop(), abs=1)
    assert len([path for path in root.iter(f"{SVG}path") if path.get("class") == "lost"]) == 1
    told = [text.text for text in root.iter(f"{SVG}text")]
    assert {"a message", "h1", "8kbit", "100ms", "ms", "5500 ms", "0", "1"} <= {*told}


def test_several_side_by_side_have_one_scale() -> None:
    root = ElementTree.fromstring(svg("two", drawn(1), drawn(5)))  # noqa: S314  (our own text)
    lives = [path.attrib["d"].rpartition("V")[2] for path in root.iter(f"{SVG}path") if "life" in path.get("class", "")]
    assert len({*lives}) == 2
    assert [t.text for t in root.iter(f"{SVG}text")].count("976 bytes from h1 to h2 in 1 packet") == 1


def test_what_is_written_is_escaped() -> None:
    assert "<script" not in svg("<script>", drawn(1))
