"""Drawings of routed networks: side by side where routers join them in a row, else as storeys."""

import re
from xml.etree import ElementTree

import pytest

from topology import abreast
from topology.drawing import svg
from topology.plan import ROOT, load

from .conftest import Loads
from .test_drawing import boxes_apart

CASTS = load(ROOT / "topology" / "casts.yaml")
TOP = """\
name: row
base: 10.84.0.0/16
networks:
  west: {subnet: 10.84.1.0/24, ipv6: true}
  backbone: {subnet: 10.84.2.0/24}
  east: {subnet: 10.84.3.0/24, ipv6: true}
nodes:
"""
ROW = """\
  r1: {role: router, networks: [west, backbone]}
  r2: {role: router, networks: [backbone, east]}
"""
CROWD = """\
  w: {role: host, count: 40, networks: [west]}
  s: {role: broadcast-server, networks: [east], args: {publish: '224.1.1.1:11000'}}
  c: {role: broadcast-client, networks: [east], upstream: s, count: 3}
  m: {role: multicast-sender, networks: [west]}
  g: {role: multicast-receiver, networks: [east], count: 2}
  a: {role: anycast-server, anycast: 10.84.255.1, networks: [west]}
  b: {role: anycast-server, anycast: 10.84.255.1, networks: [east]}
  d: {role: anycast-server, anycast: 10.84.255.2, networks: [east]}
"""


def test_networks_stand_side_by_side_and_routers_on_both_of_theirs() -> None:
    layout = abreast.lay_out(CASTS)
    assert layout is not None
    west, backbone, east = layout.buses
    assert [bus.network.name for bus in layout.buses] == ["west", "backbone", "east"]
    assert len({bus.y for bus in layout.buses}) == 1
    for left, right, name in ((west, backbone, "r1"), (backbone, east, "r2")):
        box = layout.boxes[name]
        assert left.left + left.width == right.left == box.x
        assert box.y < left.y < left.y + left.height < box.y + box.height
    for name, bus in (("w1", west), ("anycast1", west), ("e3", east), ("anycast2", east)):
        assert bus.left <= layout.boxes[name].x <= bus.left + bus.width


def test_all_that_a_reader_asks_is_in_it() -> None:
    text = svg(CASTS)
    spans = re.findall(r"<tspan[^>]*>([^<]*)</tspan>", text)
    assert spans == [
        "west", "10.84.1.0/24", "fd00:a54:100::/64", "gateway 10.84.1.1 (r1)",
        "backbone", "10.84.2.0/24", "fd00:a54:200::/64",
        "east", "10.84.3.0/24", "fd00:a54:300::/64", "gateway 10.84.3.1 (r2)",
    ]  # fmt: skip
    for node in CASTS.nodes.values():
        for network, six in node.addresses6.items():
            assert f"{network} {node.addresses[network]} {six}" in text  # shown while the pointer is on it
    assert ">::42:aff:fe54:103</text>" in text
    assert text.count(">::2</text>") == 3
    assert text.count(">::3</text>") == 1


def test_a_shared_address_is_one_sign_with_arrows_to_all_who_answer() -> None:
    text = svg(CASTS)
    assert text.count(">anycast 10.84.255.1</text>") == 1
    layout = abreast.lay_out(CASTS)
    assert layout is not None
    ends = [f"V{layout.boxes[name].outer:.1f}" for name in ("anycast1", "anycast2")]
    arrows = [line for line in text.split("\n") if 'class="arrow server udp"' in line and " h34" not in line]
    assert len(arrows) == 2
    assert all(end in arrow for end, arrow in zip(ends, arrows, strict=True))


@pytest.mark.parametrize(
    ("nodes", "order"),
    [
        (ROW, ["west", "backbone", "east"]),
        (ROW.replace("[west, backbone]", "[east, west]"), ["west", "east", "backbone"]),
        (ROW.replace("[west, backbone]", "[backbone, west]"), ["west", "backbone", "east"]),
    ],
)
def test_the_order_is_that_of_the_routers(loads: Loads, nodes: str, order: list[str]) -> None:
    layout = abreast.lay_out(loads(TOP + nodes))
    assert layout is not None
    assert [bus.network.name for bus in layout.buses] == order
    assert [bus.left for bus in layout.buses] == sorted(bus.left for bus in layout.buses)


@pytest.mark.parametrize(
    "nodes",
    [
        ROW + "  r3: {role: router, networks: [east, west]}\n",
        ROW + "  r3: {role: router, networks: [west, backbone]}\n",
        "  r: {role: router, networks: [west, backbone, east]}\n",
        ROW + "  h: {role: host, networks: [west, east]}\n",
    ],
    ids=["a ring", "two between the same", "one with three", "a host on two"],
)
def test_other_ways_are_storeys(loads: Loads, nodes: str) -> None:
    topology = loads(TOP + nodes + CROWD)
    assert abreast.lay_out(topology) is None
    text = svg(topology)
    ElementTree.fromstring(text)  # noqa: S314 - our own
    boxes_apart(text)
    for said in ("fd00:a54:100::/64", "gateway 10.84.1.1 (r", ">anycast 10.84.255.1</text>", ">::42:aff:fe54:1"):
        assert said in text
    assert "several servers" not in text  # what is not drawn is not explained


def test_a_star_is_not_a_row(loads: Loads) -> None:
    star = TOP.replace("nodes:", "  far: {subnet: 10.84.4.0/24}\nnodes:") + ROW
    assert abreast.lay_out(loads(star + "  r3: {role: router, networks: [backbone, far]}\n")) is None
    assert abreast.lay_out(loads(star + "  r3: {role: router, networks: [east, far]}\n")) is not None


def test_a_lab_without_routers_is_drawn_as_ever(loads: Loads) -> None:
    assert abreast.lay_out(load(ROOT / "topology" / "lab.yaml")) is None


def test_a_crowd_has_room(loads: Loads) -> None:
    topology = loads(TOP + ROW + CROWD)
    text = svg(topology)
    boxes_apart(text)
    assert svg(topology) == text
    assert ">37 more</text>" in text
    assert text.count(">anycast 10.84.255.1</text>") == text.count(">anycast 10.84.255.2</text>") == 1


def test_routers_alone(loads: Loads) -> None:
    text = svg(loads(TOP + ROW))
    boxes_apart(text)
    assert "gateway" not in text
