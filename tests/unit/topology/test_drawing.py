import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from topology.drawing import svg
from topology.groups import grouped, in_line
from topology.layout import lay_out
from topology.plan import ROOT, load

from .conftest import Loads

FILES = sorted((ROOT / "topology").glob("*.yaml"))
BIG = """\
s: {role: broadcast-server}
f: {role: forwarder, chain: 64, upstream: s}
c: {role: broadcast-client, upstream: f}
d: {role: broadcast-client, upstream: s, count: 40}
"""


def boxes_apart(text: str) -> None:
    """Check that no box, sign or bus lies on another, but for routers on buses, and all on the paper."""
    shape = r'class="(box|box more|bus|paper)"(?: x="([\d.]+)" y="([\d.]+)")? width="([\d.]+)" height="([\d.]+)"'
    (_, _, _, *size), *found = re.findall(shape, text)
    places = [(kind, *map(float, place)) for kind, *place in found]
    for i, (kind, x, y, width, height) in enumerate(places):
        assert x >= 0
        assert y >= 0
        assert x + width <= float(size[0])
        assert y + height <= float(size[1])
        for other_kind, other_x, other_y, other_width, other_height in places[:i]:
            apart = x >= other_x + other_width or other_x >= x + width
            apart = apart or y >= other_y + other_height or other_y >= y + height
            stands = (kind == "bus") != (other_kind == "bus") and text.count(">router</text>")
            assert apart or stands


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_node_and_address_is_in_it(path: Path) -> None:
    topology = load(path)
    text = svg(topology)
    ElementTree.fromstring(text)  # noqa: S314 - our own
    for node in topology.nodes.values():
        assert f">{node.name}</text>" in text
        assert all(f">{address}</text>" in text for address in node.addresses.values())
    links = sum((node.upstream is not None) + (node.peer is not None) / 2 for node in topology.nodes.values())
    drawn = [line for line in text.split("\n") if re.search(r'class="arrow \w+( udp)?"', line) and " h34" not in line]
    abreast = "anycast 10." in text
    assert len(drawn) == links + sum(node.anycast is not None for node in topology.nodes.values() if abreast)
    boxes_apart(text)


def test_the_middle_of_long_chains_and_counts_is_one_box(loads: Loads) -> None:
    text = svg(loads(BIG))
    for name in ("f1", "f2", "61 more", "f64", "d1", "d2", "37 more", "d40"):
        assert f">{name}</text>" in text
    assert ">f3</text>" not in text
    assert text.count('class="arrow forwarder"') == 4  # f1 -> f2 -> 61 more -> f64 -> s
    boxes_apart(text)


def test_it_knows_dark(loads: Loads) -> None:
    assert "@media (prefers-color-scheme: dark)" in svg(loads("a: {role: host}"))


def test_nothing_breaks_out_of_the_drawing(loads: Loads) -> None:
    nodes = "s: {role: project3-server, args: ['<script>&\"']}\nr: {role: multicast-receiver, args: {group: '<a&b>:1'}}"
    ElementTree.fromstring(svg(loads(nodes)))  # noqa: S314
    assert "<script>" not in svg(loads(nodes))


def test_a_node_on_several_networks_reaches_each_bus(loads: Loads) -> None:
    topology = loads("""\
name: two
base: 10.83.0.0/16
networks:
  a: {subnet: 10.83.1.0/24}
  b: {subnet: 10.83.2.0/24}
  c: {subnet: 10.83.3.0/24}
nodes:
  x: {role: host, networks: [a], count: 3}
  r: {role: host, networks: [a, b, c]}
  y: {role: host, networks: [b], count: 3}
  z: {role: project3-server, networks: [c]}
  w: {role: project3-client, networks: [c, b], upstream: z}
""")
    layout = lay_out(topology)
    text = svg(topology)
    boxes_apart(text)
    for name, further in (("r", 2), ("w", 1)):
        box = layout.boxes[name]
        assert text.count(f'class="stub" d="M{box.x:.1f},{box.inner:.1f} ') == 1
        assert text.count(f'class="stub" d="M{box.x:.1f},{box.outer:.1f} ') == further


def test_groups_are_what_is_linked(loads: Loads) -> None:
    topology = loads(
        "s: {role: broadcast-server, args: {publish: '224.1.1.1:11000'}}\nh: {role: host}\n"
        "c: {role: broadcast-client, upstream: s, count: 2}\nr: {role: multicast-receiver, count: 2}\ni: {role: host}"
    )
    assert [[node.name for node in group] for group in grouped(topology)] == [
        ["s", "c1", "c2"],
        ["h", "i"],
        ["r1", "r2"],
    ]


def test_servers_stand_amid_those_who_dial_them(loads: Loads) -> None:
    nodes = "s: {role: project3-server}\nf: {role: forwarder, chain: 3, upstream: s}\n"
    nodes += "c: {role: project3-client, upstream: f}\nd: {role: project3-client, upstream: s, count: 2}"
    (group,) = grouped(loads(nodes))
    assert [node.name for node in in_line(group)] == ["c", "f1", "f2", "f3", "s", "d1", "d2"]
