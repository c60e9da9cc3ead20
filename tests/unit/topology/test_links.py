"""Links between packet switches and hosts: what becomes of them, and what cannot be."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from topology.compose import render
from topology.links import Line, Link
from topology.plan import ROOT, load

from .conftest import Loads, Refuses, whole

NODES = """\
h: {role: packet-host}
a: {role: packet-switch}
b: {role: packet-switch}
i: {role: packet-host}
x: {role: host}
s: {role: packet-switch, count: 2}
"""
RIGHT = "[h, a]", "[a, b]", "[b, i]", "[b, s1]", "[s1, s2]"


def linked(*links: str, nodes: str = NODES) -> str:
    """Make a topology file of nodes, from line 6 on, and links, whose key is on line 12 if the nodes are NODES."""
    return whole(nodes) + "links:\n" + "".join(f"  - {{between: {link}}}\n" for link in links)


def test_links_are_numbered_and_have_what_the_file_says_or_leaves_out(loads: Loads) -> None:
    topology = loads(linked("[h, a]", "[b, a], rate: 64kbit, delay: 0.2s, queue: 4, cost: 3", *RIGHT[2:]))
    first, second, *_ = topology.links
    assert first == Link(1, ("h", "a"), rate=1_000_000, delay=0.005, queue=32, cost=1)
    assert second == Link(2, ("b", "a"), rate=64_000, delay=0.2, queue=4, cost=3)
    assert [link.port for link in topology.links] == [6001, 6002, 6003, 6004, 6005]
    assert second.other("a") == "b"
    assert second.other("b") == "a"


def test_a_node_has_a_line_for_each_of_its_links(loads: Loads) -> None:
    nodes = loads(linked(*RIGHT)).nodes
    assert nodes["a"].lines == (
        Line("h", 6001, 1_000_000, 0.005, 32, 1),
        Line("b", 6002, 1_000_000, 0.005, 32, 1),
    )
    assert [line.neighbour for line in nodes["b"].lines] == ["a", "i", "s1"]
    assert nodes["x"].lines == ()


def test_a_link_is_found_by_its_ends(loads: Loads) -> None:
    topology = loads(linked(*RIGHT))
    assert topology.link("b", "a") is topology.link("a", "b") is topology.links[1]
    with pytest.raises(LookupError, match="there is no link between a and i in test; choose from h, b"):
        topology.link("a", "i")
    with pytest.raises(LookupError, match="there is no node z in test"):
        topology.link("z", "a")


@pytest.mark.parametrize(
    ("line", "option"),
    [
        (Line("b", 6001, 1_000_000, 0.0, 32, 1), "b=6001:b:6001"),
        (Line("b", 6001, 64_000, 0.005, 32, 1), "b=6001:b:6001,rate=64000,delay=0.005"),
        (Line("b", 6001, 10**9, 60.0, 1, 15), "b=6001:b:6001,rate=1000000000,delay=60,queue=1,cost=15"),
        (Line("b", 6001, 9600, 0.00002, 32, 1), "b=6001:b:6001,rate=9600,delay=2e-05"),
    ],
)
def test_what_a_program_takes_anyway_is_not_said_to_it(line: Line, option: str) -> None:
    assert line.option == option


@pytest.mark.parametrize(
    ("links", "said"),
    [
        (("[h, z]",), "13: an end of link 1, z, does not exist; choose from h, a, b, i, x, s1, s2"),
        (("[h, a]", "[z1, z2]"), "14: an end of link 2, z1, does not exist; "),
        (("[h, s]",), "13: an end of link 1, s, is 2 nodes; name one of s1 to s2"),
        (("[h, x]",), "13: an end of link 1, x, is a host, which has no links; name a packet-switch or a packet-host"),
        (("[a, a]",), "13: both ends of link 1 are a; name two nodes"),
        ((*RIGHT, "[b, a]"), "18: b and a are joined by link 2 already; remove one of the two"),
        (RIGHT[1:], "6: h is a packet-host with no link; add `- {between: [h, NODE]}` to links"),
        (RIGHT[:-1], "11: s2 is a packet-switch with no link; add"),
        ((*RIGHT, "[h, b]"), "6: h has 2 links, and a packet-host has at most 1; join it to one switch, and others to"),
        (("[h, a, b]",), "13: links.1.between: ['h', 'a', 'b'] is not the two ends of a link; write [a, b]"),
        (("h",), "13: links.1.between: 'h' is not the two ends of a link; write [a, b]"),
        (("[H, a]",), "13: links.1.between: 'H' is no name for a node"),
        (("[h, a], rate: 1mb",), "13: links.1.rate: '1mb' is no rate; write bit/s as 64000, 64kbit or 1mbit"),
        (("[h, a], delay: 5",), "13: links.1.delay: 5 is no time; write it with its unit, as 5ms or 0.5s"),
        (("[h, a], queue: 0",), "13: links.1.queue is 0; give a whole number from 1 to 1000"),
        (("[h, a]", "[a, b], cost: 16"), "14: links.2.cost is 16; give a whole number from 1 to 15"),
        (("[h, a], speed: 3",), "13: links.1 has an unknown key speed; choose from between, rate, delay, queue, cost"),
    ],
)
def test_refused(refuses: Refuses, links: tuple[str, ...], said: str) -> None:
    assert said in refuses(linked(*links))


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ("links: {a: b}", "7: links is a mapping, not a list; write [...], or lines that begin with a dash"),
        ("links: [3]", "7: links.1 is 3, not a mapping; write"),
        ("links: [{}]", "7: links.1 has no between; add `between: ...`"),
        ("links: []", "6: a is a packet-switch with no link; add"),
        (
            "",
            "6: a is a packet-switch, and the file has no links; add `links:` and below it `- {between: [NODE, NODE]}`",
        ),
    ],
)
def test_links_as_a_whole(refuses: Refuses, links: str, said: str) -> None:
    assert said in refuses(whole("a: {role: packet-switch}") + links)


def test_one_mistake_is_said_once(refuses: Refuses) -> None:
    assert refuses(whole(NODES)).count("\n") == 0  # no links at all: not once for each node
    assert refuses(linked("[h, zz]", *RIGHT[1:])).count("\n") == 0  # nor that h has none


def test_ends_on_no_network_together(refuses: Refuses) -> None:
    text = """\
name: two
base: 10.83.0.0/16
networks:
  left: {subnet: 10.83.1.0/24}
  right: {subnet: 10.83.2.0/24}
nodes:
  a: {role: packet-switch, networks: [left]}
  b: {role: packet-switch, networks: [right]}
links:
  - {between: [a, b]}
"""
    assert "10: a and b, which link 1 joins, are on no network together; put both on one" in refuses(text)


@pytest.mark.parametrize("name", ["ninechars", "a" * 40])
def test_names_that_packets_have_no_room_for(refuses: Refuses, loads: Loads, name: str) -> None:
    nodes = f"{name}: {{role: packet-switch}}\na: {{role: packet-host}}\n"
    said = refuses(linked(f"[{name}, a]", nodes=nodes))
    assert said == f"6: the name {name} is too long for the header of a packet; take at most 8 characters"
    assert loads(linked(f"[{name[:8]}, a]", nodes=nodes.replace(name, name[:8]))).links


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ("a: {role: packet-switch, routes: {h: h, z: b}}", "a has a route to z, which is no other packet-switch or"),
        ("a: {role: packet-switch, routes: {a: b}}", "a has a route to a, which is no other packet-switch or"),
        ("a: {role: packet-switch, routes: {x: b}}", "a has a route to x, which is no other packet-switch or"),
        (
            "a: {role: packet-switch, routes: {i: i}}",
            "a reaches i by way of i, which is no neighbour; choose from h, b",
        ),
        ("h: {role: packet-host, routes: {i: a}}", "h is a packet-host, which has no table of routes; remove `routes`"),
        ("x: {role: host, routes: {i: a}}", "x is a host, which has no table of routes; remove `routes`"),
        ("a: {role: packet-switch, routes: {}}", "nodes.a.routes: routes has to be next hops by destination; write"),
        ("a: {role: packet-switch, routes: [h]}", "nodes.a.routes: routes has to be next hops by destination; write"),
        ("a: {role: packet-switch, routes: {h: 3}}", "nodes.a.routes: 3 is not text; put it in quotes"),
    ],
)
def test_wrong_routes(refuses: Refuses, node: str, said: str) -> None:
    name = node.partition(":")[0]
    lines = [node if line.startswith(f"{name}:") else line for line in NODES.splitlines()]
    assert f"{6 + lines.index(node)}: {said}" in refuses(linked(*RIGHT, nodes="\n".join(lines)))


@settings(max_examples=40)
@given(st.sets(st.frozensets(st.integers(1, 6), min_size=2, max_size=2), min_size=1))
def test_both_ends_of_every_link_are_told_the_same(
    tmp_path_factory: pytest.TempPathFactory, joins: set[frozenset[int]]
) -> None:
    names = sorted({number for join in joins for number in join})
    nodes = "".join(f"n{number}: {{role: packet-switch}}\n" for number in names)
    path = tmp_path_factory.mktemp("links") / "test.yaml"
    path.write_text(linked(*("[" + ", ".join(f"n{number}" for number in join) + "]" for join in joins), nodes=nodes))
    topology = load(path)
    services = yaml.safe_load(render(topology, ROOT))["services"]
    told = {
        (name, neighbour, other, int(here), int(there))
        for name, service in services.items()
        for option in service["command"]
        if "=" in option
        for neighbour, _, end in [option.split(",")[0].partition("=")]
        for here, other, there in [end.split(":")]
    }
    expected = {
        (*ends, ends[1], link.port, link.port) for link in topology.links for ends in (link.ends, link.ends[::-1])
    }
    assert told == expected
    assert len({link.port for link in topology.links}) == len(joins)
