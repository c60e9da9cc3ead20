"""Who routes, which addresses follow from that, and every way in which a routed lab can be wrong."""

import re
from ipaddress import IPv4Address, IPv4Network

import pytest

from topology import routing
from topology.plan import ROOT, load
from topology.roles import Routing

from .conftest import Loads, Refuses

ROUTED = """\
name: routed
base: 10.84.0.0/16
networks:
  west: {subnet: 10.84.1.0/24, ipv6: true}
  backbone: {subnet: 10.84.2.0/24}
  east: {subnet: 10.84.3.0/24, ipv6: true}
nodes:
  r1: {role: router, networks: [west, backbone]}
  r2: {role: router, networks: [backbone, east]}
  w: {role: host, count: 2, networks: [west]}
  e: {role: host, networks: [east]}
  any: {role: anycast-server, anycast: 10.84.255.1, networks: [west]}
"""
UNROUTED = ROUTED.replace("  r1: {role: router,", "  r1: {role: host,").replace(
    "  r2: {role: router,", "  r2: {role: host,"
)


@pytest.mark.parametrize(
    ("subnet", "six"),
    [
        ("10.84.1.0/24", "fd00:a54:100::/64"),
        ("10.84.1.8/29", "fd00:a54:108::/64"),
        ("192.168.0.0/16", "fd00:c0a8::/64"),
        ("10.0.0.0/8", "fd00:a00::/64"),
    ],
)
def test_the_ipv6_subnet_is_made_of_the_ipv4_one(subnet: str, six: str) -> None:
    assert str(routing.subnet6(IPv4Network(subnet))) == six


@pytest.mark.parametrize(
    ("address", "mac", "host", "router"),
    [
        ("10.84.1.2", "02:42:0a:54:01:02", "fd00:a54:100:0:42:aff:fe54:102", "fd00:a54:100::2"),
        ("10.84.1.254", "02:42:0a:54:01:fe", "fd00:a54:100:0:42:aff:fe54:1fe", "fd00:a54:100::fe"),
    ],
)
def test_what_an_address_makes(address: str, mac: str, host: str, router: str) -> None:
    subnet, four = IPv4Network("10.84.1.0/24"), IPv4Address(address)
    assert routing.mac(four) == mac
    assert str(routing.address6(subnet, four, router=False)) == host
    assert str(routing.address6(subnet, four, router=True)) == router


def test_the_first_router_of_a_network_with_hosts_is_its_gateway(loads: Loads) -> None:
    networks = loads(ROUTED.replace("[backbone, east]", "[backbone, east, west]")).networks
    assert {name: network.router for name, network in networks.items()} == {
        "west": "r1",
        "backbone": None,
        "east": "r2",
    }
    assert all(network.routed for network in networks.values())


def test_networks_and_nodes_have_ipv6_where_the_file_says(loads: Loads) -> None:
    topology = loads(ROUTED)
    assert {name: str(network.subnet6) for name, network in topology.networks.items()} == {
        "west": "fd00:a54:100::/64",
        "backbone": "None",
        "east": "fd00:a54:300::/64",
    }
    six = {node.name: {on: str(address) for on, address in node.addresses6.items()} for node in topology.nodes.values()}
    assert six["r1"] == {"west": "fd00:a54:100::2"}
    assert six["w1"] == {"west": "fd00:a54:100:0:42:aff:fe54:103"}
    assert six["any"] == {"west": "fd00:a54:100:0:42:aff:fe54:105"}


def test_what_nodes_speak(loads: Loads) -> None:
    nodes = loads(ROUTED.replace("[backbone, east]}", "[backbone, east], speaks: [pim, ospf]}")).nodes
    assert nodes["r1"].speaks == (Routing.OSPF, Routing.BFD, Routing.PIM)
    assert nodes["r2"].speaks == (Routing.OSPF, Routing.PIM)
    assert nodes["any"].speaks == (Routing.OSPF, Routing.BFD)
    assert nodes["e"].speaks == ()


def test_another_base_moves_all_of_it(loads: Loads) -> None:
    topology = loads(ROUTED, base="172.20.0.0/16")
    assert str(topology.networks["west"].gateway) == "172.20.1.1"
    assert str(topology.networks["west"].subnet6) == "fd00:ac14:100::/64"
    assert str(topology.nodes["w1"].addresses6["west"]) == "fd00:ac14:100:0:42:acff:fe14:103"
    assert str(topology.nodes["any"].anycast) == "172.20.255.1"


def test_an_anycast_address_has_to_move_along(loads: Loads, refuses: Refuses) -> None:
    assert refuses(ROUTED, base="172.20.0.0/20") == (
        "12: 10.84.255.1 of any does not fit when 10.84.0.0/16 is moved to 172.20.0.0/20; give a base of /16 or larger"
    )
    assert loads(ROUTED.replace("10.84.255.1", "10.84.15.1"), base="172.20.0.0/20").nodes["any"].anycast


def test_a_file_without_a_router_is_as_it_was() -> None:
    topology = load(ROOT / "topology" / "lab.yaml")
    for network in topology.networks.values():
        assert (network.subnet6, network.routed, network.router) == (None, False, None)
    for node in topology.nodes.values():
        assert (node.addresses6, node.speaks, node.anycast, node.sysctls) == ({}, (), None, {})


def test_several_servers_share_an_address_also_of_one_entry(loads: Loads) -> None:
    nodes = loads(ROUTED.replace("any: {", "any: {count: 3, ")).nodes
    assert {str(nodes[f"any{i}"].anycast) for i in (1, 2, 3)} == {"10.84.255.1"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "[backbone, east]}",
            "[west, backbone]}",
            "6: no router leads to east from west; put a router on east that is",
        ),
        ("[backbone, east]}", "[east]}", "6: no router leads to east from west; put a router on east that is on one"),
        ("[backbone, east]}", "[east]}", "9: r2 is on east only, so it passes nothing on; put it on two networks or"),
        ("[backbone, east]}", "[est]}", "9: r2 is on est, which is no network; choose from west, backbone, east"),
        (", networks: [west, backbone]", "", "8: r1 does not say its networks; choose from west, backbone, east"),
        ("[backbone, east]}", "{backbone: 10.84.2.1, east: null}}", "9: 10.84.2.1 of r2 is the gateway of backbone; "),
        ("[backbone, east]}", "{east: 10.84.3.9, backbone: null}, count: 2}", "9: 10.84.3.9 cannot be given to all of"),
        ("10.84.255.1", "10.84.0.0", "12: 10.84.0.0 of any is no host address of the base 10.84.0.0/16; take one"),
        ("10.84.255.1", "10.84.255.255", "12: 10.84.255.255 of any is no host address of the base 10.84.0.0/16; "),
        ("10.84.255.1", "224.1.1.1", "12: 224.1.1.1 of any is no host address of the base 10.84.0.0/16; "),
        ("10.84.255.1", "255.255.255.255", "12: 255.255.255.255 of any is no host address of the base"),
        ("10.84.255.1", "10.85.255.1", "12: 10.85.255.1 of any is no host address of the base 10.84.0.0/16; "),
        ("10.84.255.1", "10.84.2.1", "12: 10.84.2.1 of any lies in backbone, where it would belong to one node; take"),
        ("10.84.255.1", "10.84.2.255", "12: 10.84.2.255 of any lies in backbone, where it would belong to one node; "),
        ("10.84.255.1", "10.84.300.1", "12: nodes.any.anycast: '10.84.300.1' is no IPv4 address; write it as"),
        (", anycast: 10.84.255.1", "", "12: any has no anycast address; add `anycast: ADDRESS`"),
        ("e: {role: host", "e: {role: host, anycast: 10.84.255.1", "11: e is a host, which has no anycast address; re"),
        ("r1: {role: router", "r1: {role: router, anycast: 10.84.255.1", "8: r1 is a router, which has no anycast"),
        (
            "e: {role: host",
            "e: {role: host, speaks: [ospf]",
            "11: e is a host, which speaks with no router; remove `sp",
        ),
        (
            "any: {",
            "any: {speaks: [ospf, pim], ",
            "12: any is an anycast-server, which cannot speak pim; choose from os",
        ),
        ("any: {", "any: {args: {port: 9}, ", "12: any is an anycast-server, whose program is FRR; remove `args`"),
        ("r1: {", "r1: {program: x.py, ", "8: r1 is a router, whose program is FRR; remove `program`"),
    ],
)
def test_refused(refuses: Refuses, old: str, new: str, said: str) -> None:
    assert ROUTED.count(old) == 1, old
    assert said in refuses(ROUTED.replace(old, new))


def test_without_a_router_there_is_nobody_to_speak_with(refuses: Refuses) -> None:
    assert refuses(UNROUTED.replace("any: {", "any: {count: 3, ")).split("\n") == [
        "4: west has no router to advertise its IPv6 subnet; add a node with `role: router`, or leave ipv6 out",
        "6: east has no router to advertise its IPv6 subnet; add a node with `role: router`, or leave ipv6 out",
        "12: any has no router to speak with; add a node with `role: router`",
    ]


def test_two_halves(refuses: Refuses, loads: Loads) -> None:
    halves = ROUTED.replace(
        "nodes:\n", "  far: {subnet: 10.84.4.0/24}\nnodes:\n  r0: {role: router, networks: [east, far]}\n"
    )
    halves = halves.replace("[backbone, east]", "[west, backbone]")
    assert refuses(halves).split("\n") == [
        "4: no router leads to west from east; put a router on west that is on one of east, far, too",
        "5: no router leads to backbone from east; put a router on backbone that is on one of east, far, too",
    ]
    joined = halves.replace("nodes:\n", "nodes:\n  r9: {role: router, networks: [west, far]}\n")
    assert len(loads(joined).networks) == 4


def test_a_problem_is_said_once_for_an_entry(refuses: Refuses) -> None:
    said = refuses(
        ROUTED.replace(
            "r2: {role: router, networks: [backbone, east]}", "r2: {role: router, count: 3, networks: [east]}"
        )
    )
    assert said.count("r2 is on east only") == 1


def test_an_address_outside_all_ranges_is_refused_when_moved_too(refuses: Refuses) -> None:
    far = ROUTED.replace("10.84.255.1", "255.255.255.255").replace(
        "e: {role: host, networks: [east]}", "e: {role: host, networks: {east: 255.255.255.255}}"
    )
    said = refuses(far, base="172.20.0.0/16")
    assert "12: 255.255.255.255 of any is no host address" in said
    assert "11: 255.255.255.255 of e lies outside east (10.84.3.0/24); take one inside" in said


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("speaks: ospf", "speaks: 'ospf' is no list of routing protocols; choose from [ospf, bfd, pim]"),
        ("speaks: []", "speaks: [] is no list of routing protocols; choose from"),
        ("speaks: [rip]", "speaks: ['rip'] is no list of routing protocols; choose from"),
        ("speaks: [[ospf]]", "speaks: [['ospf']] is no list of routing protocols; choose from"),
        ("speaks: [ospf, ospf]", "speaks: a protocol is in the list twice; name each once"),
        ("speaks: [bfd, pim]", "speaks: bfd watches the neighbours of ospf, which is not there; add ospf, or leave"),
        ("sysctls: {}", "sysctls: sysctls has to be settings of the network; write {net.ipv4.ip_default_ttl: 32}"),
        ("sysctls: [net.ipv4.ip_forward]", "sysctls: sysctls has to be settings of the network; write"),
        ("sysctls: {kernel.pid_max: 9}", "sysctls: 'kernel.pid_max' is no setting of a node's network; take one that"),
        ("sysctls: {net: 9}", "sysctls: 'net' is no setting of a node's network; take one that begins with net."),
        ("sysctls: {net.ipv4.ip_forward: true}", "sysctls: a kernel setting cannot be True; write a text or a number"),
        ("sysctls: {net.ipv4.ip_forward: [1]}", "sysctls: a kernel setting cannot be [1]; write a text or a number"),
        ("anycast: 7", "anycast: 7 is no IPv4 address; write it as"),
        ("anycast: fd00::1", "anycast: 'fd00::1' is no IPv4 address; write it as"),
    ],
)
def test_values(refuses: Refuses, key: str, said: str) -> None:
    assert f"8: nodes.r1.{said}" in refuses(ROUTED.replace("r1: {", f"r1: {{{key}, "))


@pytest.mark.parametrize("value", ["maybe", "6", "[]"])
def test_ipv6_is_true_or_false(refuses: Refuses, value: str) -> None:
    said = refuses(ROUTED.replace("10.84.1.0/24, ipv6: true", f"10.84.1.0/24, ipv6: {value}"))
    assert re.fullmatch("4: networks.west.ipv6 is .+; write true or false", said)


def test_sysctls_are_texts(loads: Loads) -> None:
    nodes = loads(
        ROUTED.replace("  e: {", "  e: {sysctls: {net.ipv4.ip_default_ttl: 32, net.ipv4.tcp_rmem: 4 5 6}, ")
    ).nodes
    assert nodes["e"].sysctls == {"net.ipv4.ip_default_ttl": "32", "net.ipv4.tcp_rmem": "4 5 6"}
