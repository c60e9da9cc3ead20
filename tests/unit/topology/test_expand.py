import pytest

from .conftest import Loads, Refuses

CHAIN = "forwarder: {role: forwarder, chain: 3, upstream: server}\nserver: {role: project3-server}"


def test_count(loads: Loads) -> None:
    topology = loads("receiver: {role: multicast-receiver, count: 3}")
    assert list(topology.nodes) == ["receiver1", "receiver2", "receiver3"]
    assert {node.entry for node in topology.nodes.values()} == {"receiver"}


def test_chain(loads: Loads) -> None:
    topology = loads(CHAIN + "\nclient: {role: project3-client, upstream: forwarder}")
    assert topology.way("client") == ["client", "forwarder1", "forwarder2", "forwarder3", "server"]


@pytest.mark.parametrize("length", [1, 8, 64])
def test_the_length_of_chains_from_outside(loads: Loads, length: int) -> None:
    topology = loads(CHAIN, forwarders=length)
    assert topology.way("forwarder1") == [*(f"forwarder{n}" for n in range(1, length + 1)), "server"]


@pytest.mark.parametrize("length", [0, -1, 65])
def test_a_length_out_of_range(refuses: Refuses, length: int) -> None:
    assert f"6: forwarder cannot be {length} forwarders long; give 1 to 64" in refuses(CHAIN, forwarders=length)


def test_a_length_without_a_chain(refuses: Refuses) -> None:
    assert "5: there is no chain to set the length of; give" in refuses("a: {role: host}", forwarders=2)


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        (
            "a: {role: host, count: 2}\na2: {role: host}",
            "7: a2 and a both make a node a2; rename one of the two",
        ),
        (
            "a: {role: forwarder, chain: 2, upstream: s}\na1: {role: host}\ns: {role: project3-server}",
            "7: a1 and a both make a node a1; ",
        ),
        (
            "a: {role: forwarder, chain: 2, count: 2, upstream: s}\ns: {role: project3-server}",
            "6: a has both count and chain; keep one of the two",
        ),
        ("a: {role: host, chain: 2}", "6: a is a host, which cannot be chained; use role: forwarder"),
        (f"{'a' * 40}: {{role: host, count: 1}}", f"6: the name {'a' * 40}1 is over 40 characters; shorten it"),
    ],
)
def test_refused(refuses: Refuses, nodes: str, said: str) -> None:
    assert said in refuses(nodes)
