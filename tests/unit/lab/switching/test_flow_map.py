"""The links that packets took, drawn strong, with how many there were, and where they were lost."""

from itertools import chain
from xml.etree import ElementTree

import pytest

from lab.state import Wish
from lab.switching.flow_map import Phase, svg
from lab.switching.ways import Way, flows
from tests.unit.lab.switching.links import datagram, switched_history, topology

SVG = "{http://www.w3.org/2000/svg}"


def flow(*ways: str) -> list[Way]:
    last = len(ways) - 1
    packets = [datagram(1 + i / 10, way, i, b"%d" % i, last=i == last) for i, way in enumerate(ways)]
    return [*chain(*flows(switched_history(*packets), "h1", "h2"))]


def drawn(*phases: Phase) -> ElementTree.Element:
    return ElementTree.fromstring(svg(topology(), "a flow", *phases))  # noqa: S314  (our own text)


def texts(root: ElementTree.Element, style: str) -> list[str]:
    return [t.text or "" for t in root.iter(f"{SVG}text") if style in t.attrib["class"].split()]


def paths(root: ElementTree.Element, style: str) -> list[str]:
    return [path.attrib["d"] for path in root.iter(f"{SVG}path") if style in path.attrib["class"].split()]


def test_links_that_packets_took_are_strong_and_numbered() -> None:
    root = drawn(Phase("before", flow("h1 a c e f h2", "h1 a c e f h2", "h1 a b f h2")))
    assert texts(root, "phase") == ["before: 3 of 3 packets came"]
    assert sorted(texts(root, "count")) == ["1", "1", "2", "2", "2", "3", "3"]
    assert (len(paths(root, "way")), len(paths(root, "idle"))) == (7, 0)


def test_links_and_nodes_that_no_packet_came_to_are_pale() -> None:
    root = drawn(Phase("after", flow("h1 a b f h2")))
    assert (len(paths(root, "way")), len(paths(root, "idle"))) == (4, 3)
    pale = [group for group in root.iter(f"{SVG}g") if "apart" in group.get("class", "").split()]
    assert [title.text for group in pale for title in group.iter(f"{SVG}title")] == ["c", "e"]


def test_a_packet_is_lost_where_it_was_seen_last() -> None:
    root = drawn(Phase("cut", flow("h1 a c e", "h1 a c e", "h1 a c e f h2")))
    assert texts(root, "lost") == ["2 lost"]
    assert texts(root, "phase") == ["cut: 1 of 3 packets came"]


def test_a_note_on_a_link_is_written_where_packets_went() -> None:
    notes = {frozenset(("a", "c")): "label 2", frozenset(("a", "b")): "label 3"}
    root = drawn(Phase("on", flow("h1 a c e f h2"), notes))
    assert [words for words in texts(root, "gone") if "label" in words] == ["label 2"]


def test_packets_that_go_to_and_fro_are_told_by_direction() -> None:
    root = drawn(Phase("loop", flow("h1 a b a b a c")))
    assert "2 to b, 2 to a" in texts(root, "count")
    assert len(paths(root, "way")) == 1 + 2 + 1  # both ways between a and b


def test_an_arrow_goes_from_the_sender_to_the_receiver() -> None:
    there = drawn(Phase("on", flow("h1 a b f h2")))
    answers = flows(switched_history(datagram(1, "h2 f b a h1", ends="h2 h1")), "h2", "h1")
    back = drawn(Phase("back", [*chain(*answers)]))
    turned = [" L".join(reversed(path[1:].split(" L"))) for path in paths(back, "way")]
    assert sorted(path[1:] for path in paths(there, "way")) == sorted(turned)


def test_phases_are_drawn_one_by_one() -> None:
    one, two = Phase("before", flow("h1 a c e f h2")), Phase("after", flow("h1 a b f h2"))
    root = drawn(one, two)
    assert texts(root, "phase") == ["before: 1 of 1 packets came", "after: 1 of 1 packets came"]
    assert len({group.attrib["transform"] for group in root.iter(f"{SVG}g") if "transform" in group.attrib}) >= 2


def test_a_lab_without_links_has_no_such_map() -> None:
    with pytest.raises(ValueError, match="socklab has no links"):
        svg(Wish().load(), "nothing")
