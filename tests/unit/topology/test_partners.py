import pytest

from topology.plan import ROOT, load

from .conftest import Loads, Refuses

S = "s: {role: project3-server}\n"
PEERS = "p: {role: udp-peer, upstream: s, peer: q}\nq: {role: udp-peer, upstream: s, peer: p}\n"


def test_upstreams_and_peers(loads: Loads) -> None:
    nodes = loads(S + PEERS).nodes
    assert (nodes["p"].upstream, nodes["p"].peer) == ("s", "q")
    assert (nodes["q"].upstream, nodes["q"].peer) == ("s", "p")
    assert (nodes["s"].upstream, nodes["s"].peer) == (None, None)


def test_a_member_of_a_chain_and_a_count_of_one_can_be_named(loads: Loads) -> None:
    nodes = loads(
        "s: {role: project3-server, count: 1}\nf: {role: forwarder, chain: 3, upstream: s}\n"
        "c: {role: project3-client, upstream: f2}"
    ).nodes
    assert (nodes["c"].upstream, nodes["f3"].upstream) == ("f2", "s1")


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        (
            S + "c: {role: project3-client}",
            "7: c has no upstream, and a project3-client needs one; add `upstream: NODE`",
        ),
        (S + "c: {role: host, upstream: s}", "7: c is a host, which uses no upstream; remove `upstream`"),
        (S + "c: {role: host, peer: s}", "7: c is a host, which uses no peer; remove `peer`"),
        (S + "c: {role: project3-client, upstream: z}", "7: the upstream of c, z, does not exist; choose from s, c"),
        (
            S + "c: {role: forwarder, upstream: cc}\ncd: {role: host}",
            "the upstream of c, cc, does not exist; did you mean c",
        ),
        (S + "c: {role: forwarder, upstream: c}", "7: c is its own upstream; name another node"),
        (
            "h: {role: host}\nc: {role: forwarder, upstream: h}",
            "7: c dials h, a host, which listens on no TCP port; name",
        ),
        (
            S + PEERS + "c: {role: forwarder, upstream: p}",
            "9: c dials p, a udp-peer, which listens on no TCP port; name",
        ),
        (
            "s: {role: project3-server, count: 2}\nc: {role: forwarder, upstream: s}",
            "7: the upstream of c, s, is 2 nodes; name one of s1 to s2",
        ),
        (S + "c: {role: udp-peer, upstream: s}", "7: c has no peer, and a udp-peer needs one; add `peer: NODE`"),
        (S + "c: {role: udp-peer, upstream: s, peer: c}", "7: c is its own peer; name another node"),
        (S + "c: {role: udp-peer, upstream: s, peer: z}", "7: the peer of c, z, does not exist; choose from"),
        (S + "c: {role: udp-peer, upstream: s, peer: s}", "7: c has s as its peer, which is a project3-server; name a"),
        (
            S + PEERS + "c: {role: udp-peer, upstream: s, peer: p}",
            "9: c names p as its peer, but that one names q; let the two name each other: `peer: c`",
        ),
        (
            "a: {role: forwarder, upstream: b}\nb: {role: forwarder, upstream: a}",
            "7: a -> b -> a closes a loop; let one of them dial a server",
        ),
        ("f: {role: forwarder, chain: 2, upstream: f}", "6: f1 -> f2 -> f1 closes a loop; "),
        ("f: {role: forwarder, chain: 1, upstream: f}", "6: f is its own upstream; "),
        (
            "f: {role: forwarder, chain: 2, upstream: g}\ng: {role: forwarder, chain: 2, upstream: f}",
            "7: f1 -> f2 -> g1 -> g2 -> f1 closes a loop; ",
        ),
    ],
)
def test_refused(refuses: Refuses, nodes: str, said: str) -> None:
    assert said in refuses(nodes)


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        (
            "role: project3-client, upstream: r",
            "role: project3-server",
            "7: l and its upstream r are on no network together",
        ),
        (
            "role: udp-peer, upstream: s, peer: r",
            "role: udp-peer, upstream: s, peer: l",
            "7: l and its peer r are on no",
        ),
    ],
)
def test_no_network_together(refuses: Refuses, left: str, right: str, said: str) -> None:
    text = f"""\
name: two
base: 10.83.0.0/16
networks:
  a: {{subnet: 10.83.1.0/24}}
  b: {{subnet: 10.83.2.0/24}}
nodes:
  l: {{{left}, networks: [a]}}
  r: {{{right}, networks: [b]}}
  s: {{role: project3-server, networks: [a, b]}}
"""
    assert said in refuses(text)


@pytest.mark.parametrize(
    ("node", "others"),
    [
        ("alice", {"server"}),
        ("forwarder1", {"p3client", "forwarder2"}),
        ("p3server", {"forwarder3", "peer1", "peer2"}),
        ("peer1", {"peer2", "p3server"}),
        ("receiver2", {"server"}),
        ("server", {"alice", "bob", "carol", "dave", "erin", "frank", "receiver1", "receiver2", "receiver3"}),
    ],
)
def test_in_the_default_lab_partners_are_those_that_a_node_talks_with(node: str, others: set[str]) -> None:
    assert set(load(ROOT / "topology" / "lab.yaml").partners(node)) == others
