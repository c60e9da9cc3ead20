import re
from xml.etree import ElementTree

import pytest

from lab.state import TOPOLOGIES
from lab.way import Hop, Part, svg
from topology.plan import load

CASTS = load(TOPOLOGIES / "casts.yaml")
SVG = "{http://www.w3.org/2000/svg}"


def draw(*hops: Hop, **parts: tuple[Part, ...]) -> ElementTree.Element:
    return ElementTree.fromstring(svg(CASTS, "a <way>", hops, parts))  # noqa: S314  (our own text)


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def arrows(root: ElementTree.Element) -> list[str]:
    return [path.get("d", "") for path in root.iter(f"{SVG}path") if path.get("marker-end")]


def test_it_names_every_node_and_says_what_each_did() -> None:
    shown = texts(draw(Hop("west", "w1", 1, 64, ("w2",)), w1=(Part.SENT, Part.GOT), w2=(Part.TOOK,)))
    assert set(CASTS.nodes) <= set(shown)
    for words in ("sent it", "program got it", "stack took it", "nothing was counted"):
        assert words in shown


def test_it_counts_the_frames_of_each_hop_and_network() -> None:
    shown = texts(draw(Hop("west", "w1", 1, 64, ("r1",)), Hop("west", "r1", 2, 63, ("anycast1",))))
    for words in ("1 frame, TTL 64", "2 frames, TTL 63", "west: 3 frames", "east: no frame"):
        assert words in shown


def test_an_arrow_ends_at_each_that_was_reached() -> None:
    assert len(arrows(draw(Hop("west", "w1", 1, 3, ("r1", "w2"))))) == 2
    assert arrows(draw(Hop("west", "w1", 1, 64, (), ("r1",)))) == []


def test_a_line_ends_at_a_router_that_stops_it() -> None:
    stopped = svg(CASTS, "", [Hop("west", "w1", 1, 64, ("w2",), ("r1",))], {})
    assert stopped.count('class="end arrow') == 1
    assert 'class="end arrow' not in svg(CASTS, "", [Hop("west", "w1", 1, 64, ("w2",))], {})


def test_it_is_the_same_wherever_the_lab_is() -> None:
    hops = [Hop("west", "w1", 1, 64, ("r1",))]
    assert not re.search(r"\b10\.\d+\.\d+", svg(CASTS, "", hops, {}))
    assert svg(CASTS, "", hops, {}) == svg(load(TOPOLOGIES / "casts.yaml", base="10.94.0.0/16"), "", hops, {})


def test_networks_that_are_not_in_a_row_are_refused() -> None:
    with pytest.raises(ValueError, match="not joined in a row"):
        svg(load(TOPOLOGIES / "lab.yaml"), "", [], {})
