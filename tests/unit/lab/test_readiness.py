"""When a node of each role is ready, by what its kernel shows, whatever program plays it."""

from ipaddress import IPv4Network, IPv6Network, ip_network

import pytest

from lab.readiness import missing
from lab.sockets import Sockets
from lab.state import TOPOLOGIES
from topology.plan import load

LAB = load(TOPOLOGIES / "lab.yaml")
CASTS = load(TOPOLOGIES / "casts.yaml")
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


def routed(node: str, routes: str, *, udp: tuple[int, ...] = (), without: str = "") -> Sockets:
    """Return what a node of topology/casts.yaml shows: its IPv6 addresses (but one), and these routes."""
    found: set[IPv4Network | IPv6Network] = {ip_network(route) for route in routes.split()}
    mine = frozenset(a for a in CASTS.nodes[node].addresses6.values() if str(a) != without)
    return Sockets(frozenset(), frozenset(), frozenset(udp), frozenset(), frozenset(found), mine)


FOUR = "10.84.1.0/24 10.84.2.0/24 10.84.3.0/24"
SIX = "fd00:a54:100::/64 fd00:a54:200::/64 fd00:a54:300::/64"


def test_a_packet_switch_is_ready_when_it_hears_on_all_its_links() -> None:
    lab = load(TOPOLOGIES / "datagram.yaml")
    assert missing(lab.nodes["b"], lab, NOTHING) == ["UDP port 6003 open", "UDP port 6005 open"]
    assert missing(lab.nodes["b"], lab, sockets(udp=(6003, 5999))) == ["UDP port 6005 open"]
    assert missing(lab.nodes["b"], lab, sockets(udp=(6003, 6005))) == []
    assert missing(lab.nodes["h1"], lab, sockets(udp=(6001,))) == []


class TestWhereThereAreRouters:
    def test_a_host_knows_a_router_and_has_its_address(self) -> None:
        w1 = CASTS.nodes["w1"]
        promised = ["IPv6 address fd00:a54:100:0:42:aff:fe54:103", "a route to ::/0"]
        assert missing(w1, CASTS, NOTHING) == promised
        assert missing(w1, CASTS, routed("w1", "0.0.0.0/0", without="fd00:a54:100:0:42:aff:fe54:103")) == promised
        assert missing(w1, CASTS, routed("w1", "::/0")) == []

    def test_a_router_has_its_addresses_and_knows_every_network_and_every_shared_address(self) -> None:
        r1 = CASTS.nodes["r1"]
        routes = [f"a route to {there}" for there in f"{SIX} {FOUR} 10.84.255.1/32".split()]
        assert missing(r1, CASTS, NOTHING) == [
            "IPv6 address fd00:a54:100::2", "IPv6 address fd00:a54:200::2", *routes
        ]  # fmt: skip
        assert missing(r1, CASTS, routed("r1", "")) == routes
        assert missing(r1, CASTS, routed("r1", f"{SIX} {FOUR} 10.84.255.1/32")) == []

    def test_a_router_that_has_not_learnt_of_the_servers_is_not_ready(self) -> None:
        assert missing(CASTS.nodes["r2"], CASTS, routed("r2", f"{SIX} {FOUR}")) == ["a route to 10.84.255.1/32"]

    def test_a_default_route_is_no_route_to_a_network(self) -> None:
        lacks = missing(CASTS.nodes["r2"], CASTS, routed("r2", "0.0.0.0/0 ::/0 10.84.255.1/32"))
        assert lacks == [f"a route to {there}" for there in f"{SIX} {FOUR}".split()]

    def test_an_anycast_server_answers_and_has_learnt_where_the_networks_are(self) -> None:
        server = CASTS.nodes["anycast1"]
        routes = [f"a route to {there}" for there in f"::/0 {FOUR}".split()]
        assert missing(server, CASTS, routed("anycast1", "")) == ["UDP port 7000 open", *routes]
        assert missing(server, CASTS, routed("anycast1", f"::/0 {FOUR}", udp=(7000,))) == []

    def test_every_role_is_judged_here(self) -> None:
        assert {CASTS.nodes[name].role for name in ("w1", "r1", "anycast1")} == {n.role for n in CASTS.nodes.values()}

    def test_a_lab_without_them_needs_no_routes(self) -> None:
        assert not any("route" in lack for node in LAB.nodes.values() for lack in missing(node, LAB, NOTHING))
