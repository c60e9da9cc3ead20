"""Drawings of labs with links: columns from the first host on, and every line beside the boxes."""

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topology import graph, mesh
from topology.drawing import svg
from topology.layout import Layout
from topology.plan import ROOT, Topology, load

from .conftest import Loads, whole
from .test_drawing import boxes_apart

LINKED = [load(path) for path in sorted((ROOT / "topology").glob("*.yaml")) if "\nlinks:" in path.read_text()]
DATAGRAM = load(ROOT / "topology" / "datagram.yaml")


def laid_out(topology: Topology) -> Layout:
    layout = graph.lay_out(topology)
    assert layout is not None
    return layout


def through_boxes(layout: Layout) -> list[str]:
    """Return which links pass through which boxes, by many points on each."""
    found = []
    for edge in layout.edges:
        points = [
            (x + (to_x - x) * part / 100, y + (to_y - y) * part / 100)
            for (x, y), (to_x, to_y) in pairwise(edge.points)
            for part in range(1, 100)
        ]
        for name, box in layout.boxes.items():
            if any(abs(x - box.x) < box.width / 2 - 1 and box.y + 1 < y < box.y + box.height - 1 for x, y in points):
                found.append(f"{edge.link.ends} through {name}")
    return found


def test_the_columns_of_a_textbook() -> None:
    (columns,) = graph.graphs(DATAGRAM)
    assert [sorted(column) for column in columns] == [
        ["h1", "h3"], ["a"], ["b", "c"], ["d", "e"], ["f"], ["h2", "h4"]
    ]  # fmt: skip
    boxes = laid_out(DATAGRAM).boxes
    assert boxes["h1"].x == boxes["h3"].x < boxes["a"].x < boxes["b"].x == boxes["c"].x
    assert boxes["b"].y == boxes["d"].y < boxes["a"].y == boxes["f"].y < boxes["c"].y == boxes["e"].y


@pytest.mark.parametrize("topology", LINKED, ids=lambda topology: topology.name)
def test_lines_and_labels_are_clear(topology: Topology) -> None:
    layout = laid_out(topology)
    assert [edge.link for edge in layout.edges] == [*topology.links]
    assert through_boxes(layout) == []
    assert all(len(edge.points) == 2 for edge in layout.edges)
    text = svg(topology)
    ElementTree.fromstring(text)  # noqa: S314 - our own
    boxes_apart(text)  # and the labels, which have paper under them


def test_labels_say_the_port_and_what_is_unusual() -> None:
    text = svg(DATAGRAM)
    for link in DATAGRAM.links:
        assert f">{link.port}</text>" in text
    assert text.count("100ms cost 2</text>") == 1
    assert "mbit" not in text.replace("1mbit, 5ms and cost 1 if not said", "")
    assert "all on one bridge: wire, 10.86.0.0/24" in text
    assert "12kbit 30ms</text>" in svg(load(ROOT / "topology" / "store-and-forward.yaml"))


def test_what_no_link_leads_to_is_a_graph_of_its_own_below() -> None:
    topology = load(ROOT / "topology" / "store-and-forward.yaml")
    assert graph.graphs(topology) == [
        [["h1"], ["s1"], ["g1"]],
        [["h2"], ["s2"], ["s3"], ["g2"]],
        [["h3"], ["s4"], ["s5"], ["s6"], ["s7"], ["g3"]],
    ]
    boxes = laid_out(topology).boxes
    assert boxes["h1"].y < boxes["h2"].y < boxes["h3"].y


def test_switches_alone_and_two_hosts_alone(loads: Loads) -> None:
    text = "s: {role: packet-switch, count: 3}\nh: {role: packet-host, count: 2}\n"
    links = "links:\n  - {between: [s1, s2]}\n  - {between: [s2, s3]}\n  - {between: [h1, h2]}\n"
    assert graph.graphs(loads(whole(text) + links)) == [[["h1"], ["h2"]], [["s1"], ["s2"], ["s3"]]]


def test_a_lab_with_no_links_is_no_graph(loads: Loads) -> None:
    assert graph.lay_out(loads("a: {role: host}")) is None
    assert ".link" not in svg(loads("a: {role: host}"))


def test_nodes_without_links_stand_below(loads: Loads) -> None:
    nodes = "h: {role: packet-host}\ns: {role: packet-switch}\n"
    nodes += "p: {role: project3-server}\nc: {role: project3-client, upstream: p}\nx: {role: host}\n"
    topology = loads(whole(nodes) + "links: [{between: [h, s]}]\n")
    boxes = laid_out(topology).boxes
    assert boxes["h"].y == boxes["s"].y < boxes["p"].y == boxes["c"].y == boxes["x"].y
    text = svg(topology)
    boxes_apart(text)
    assert text.count('class="arrow client"') == 2  # who dials whom, and what that means


@settings(max_examples=25)
@given(st.sets(st.tuples(st.integers(1, 7), st.integers(1, 7)).filter(lambda ends: ends[0] < ends[1]), min_size=1))
def test_no_line_passes_through_a_box(tmp_path_factory: pytest.TempPathFactory, joins: set[tuple[int, int]]) -> None:
    nodes = "".join(f"s{number}: {{role: packet-switch}}\n" for number in sorted({n for join in joins for n in join}))
    links = "".join(f"  - {{between: [s{one}, s{other}]}}\n" for one, other in sorted(joins))
    path = tmp_path_factory.mktemp("graph") / "test.yaml"
    path.write_text(whole(nodes) + "links:\n" + links)
    layout = laid_out(load(path))
    assert through_boxes(layout) == []
    assert all(0 < x < layout.width for edge in layout.edges for x, _ in edge.points)


@pytest.mark.parametrize("switches", [2, 3, 6, 10, 40])
def test_meshes(tmp_path: Path, switches: int) -> None:
    path = tmp_path / "mesh.yaml"
    path.write_text(mesh.text(switches, "mesh"))
    topology = load(path)
    assert through_boxes(laid_out(topology)) == []
    boxes_apart(svg(topology))
