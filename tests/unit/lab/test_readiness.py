"""When a node of each role is ready, by what its kernel shows, whatever program plays it."""

import pytest

from lab.readiness import missing
from lab.sockets import Sockets
from lab.state import TOPOLOGIES
from topology.plan import load

LAB = load(TOPOLOGIES / "lab.yaml")
NOTHING = Sockets(frozenset(), frozenset(), frozenset(), frozenset())


def sockets(
    *, listening: tuple[int, ...] = (), dialed: tuple[int, ...] = (), udp: tuple[int, ...] = (), groups: str = ""
) -> Sockets:
    connections = {(("10.83.0.9", 50000 + port), ("10.83.0.2", port)) for port in dialed}
    return Sockets(frozenset(listening), frozenset(connections), frozenset(udp), frozenset(groups.split()))


@pytest.mark.parametrize(
    ("node", "promised", "kept"),
    [
        ("server", ["TCP port 9000 open"], sockets(listening=(9000,))),
        ("alice", ["a TCP connection to server:9000"], sockets(dialed=(9000,))),
        ("p3server", ["TCP port 10000 open"], sockets(listening=(10000,))),
        ("p3client", ["a TCP connection to forwarder1:8000"], sockets(dialed=(8000,))),
        (
            "forwarder1",
            ["TCP port 8000 open", "a TCP connection to forwarder2:8000"],
            sockets(listening=(8000,), dialed=(8000,)),
        ),
        (
            "forwarder3",
            ["TCP port 8000 open", "a TCP connection to p3server:10000"],
            sockets(listening=(8000,), dialed=(10000,)),
        ),
        (
            "peer1",
            ["UDP port 12000 open", "a TCP connection to p3server:10000"],
            sockets(udp=(12000,), dialed=(10000,)),
        ),
        ("receiver1", ["membership of 224.1.1.1:11000"], sockets(groups="224.0.0.1 224.1.1.1")),
    ],
)
def test_a_node_is_ready_when_its_role_is_kept(node: str, promised: list[str], kept: Sockets) -> None:
    spec = LAB.nodes[node]
    assert missing(spec, LAB, NOTHING) == promised
    assert missing(spec, LAB, kept) == []


@pytest.mark.parametrize(("topology", "node"), [("multicast", "sender"), ("forgery", "mallory")])
def test_a_node_that_promises_nothing_is_ready_at_once(topology: str, node: str) -> None:
    lab = load(TOPOLOGIES / f"{topology}.yaml")
    assert missing(lab.nodes[node], lab, NOTHING) == []


def test_the_right_port_of_the_wrong_protocol_will_not_do() -> None:
    assert missing(LAB.nodes["server"], LAB, sockets(udp=(9000,))) == ["TCP port 9000 open"]
    half = sockets(listening=(12000,), dialed=(10000,))
    assert missing(LAB.nodes["peer1"], LAB, half) == ["UDP port 12000 open"]


def test_every_role_of_the_default_lab_is_judged_here() -> None:
    judged = {"server", "alice", "p3server", "p3client", "forwarder1", "forwarder3", "peer1", "receiver1"}
    assert {LAB.nodes[name].role for name in judged} == {node.role for node in LAB.nodes.values()}
