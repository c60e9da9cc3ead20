"""What leads out of a lab, or into it: what may be asked for, and what is said of the rest."""

import pytest

from .conftest import Loads, Refuses

OPEN = """\
name: open
base: 10.83.0.0/16
networks:
  out: {subnet: 10.83.0.0/24, internal: false}
  lab: {subnet: 10.83.1.0/24}
nodes:
"""


def test_a_network_is_on_its_own_unless_the_file_says_otherwise(loads: Loads) -> None:
    topology = loads(OPEN + "  s: {role: project3-server, networks: [lab], upstream: null}\n")
    assert {name: network.internal for name, network in topology.networks.items()} == {"out": False, "lab": True}


def test_nothing_is_published_unless_the_file_says_so(loads: Loads) -> None:
    nodes = "  s: {role: project3-server, networks: [lab, out], publish: 8080}\n"
    topology = loads(OPEN + nodes + "  t: {role: project3-server, networks: [out]}\n")
    assert (topology.nodes["s"].publish, topology.nodes["t"].publish) == (8080, None)


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ("{role: host, networks: [out], publish: 80}", "7: s listens on no port that could be published; "),
        (
            "{role: project3-server, networks: [lab], publish: 80}",
            "7: s is on internal networks only, where no port leads in; add `internal: false` to lab",
        ),
        (
            "{role: project3-server, networks: [out], count: 2, publish: 80}",
            "7: s2 and s1 would both be at port 80 of this computer; publish one of them, or another port",
        ),
        (
            "{role: project3-server, networks: [out], publish: 0}",
            "7: nodes.s.publish is 0; give a whole number from 1 to 65535",
        ),
        (
            "{role: project3-server, networks: [out], publish: '127.0.0.1:80'}",
            "7: nodes.s.publish is '127.0.0.1:80'; give a whole number from 1 to 65535",
        ),
    ],
)
def test_what_cannot_be_published(refuses: Refuses, node: str, said: str) -> None:
    assert said in refuses(f"{OPEN}  s: {node}\n")


def test_two_protocols_may_have_the_same_port(loads: Loads) -> None:
    peers = "".join(
        f"  {one}: {{role: udp-peer, networks: [out], upstream: s, peer: {other}{port}}}\n"
        for one, other, port in (("a", "b", ", publish: 80"), ("b", "a", ""))
    )
    loads(f"{OPEN}  s: {{role: project3-server, networks: [out], publish: 80}}\n{peers}")


def test_a_lab_with_routers_is_on_its_own(refuses: Refuses) -> None:
    said = refuses(OPEN + "  r: {role: router, networks: [out, lab]}\n")
    assert said == "4: out cannot lead out: a lab with routers is on its own; remove `internal: false`"
