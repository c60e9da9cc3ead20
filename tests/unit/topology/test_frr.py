"""The configurations of routers: one in full, and what has to hold between those of one lab."""

import re

from topology.frr import arguments, render
from topology.plan import ROOT, Topology, load

from .conftest import Loads

CASTS = load(ROOT / "topology" / "casts.yaml")
SMALL = """\
name: small
base: 10.84.0.0/16
networks:
  west: {subnet: 10.84.1.0/24}
  east: {subnet: 10.84.2.0/24, ipv6: true}
nodes:
  r: {role: router, networks: [west, east]}
  h: {role: host, networks: [west]}
  any: {role: anycast-server, anycast: 10.84.255.1, networks: [east]}
"""


def sections(text: str) -> dict[str, list[str]]:
    """Split a configuration at its unindented lines: what stands under each."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith(" "):
            found[list(found)[-1]].append(line.strip())
        else:
            found[line] = []
    return found


def configuration(topology: Topology, name: str) -> dict[str, list[str]]:
    return sections(render(topology, topology.nodes[name]))


A_ROUTER = """\
frr defaults datacenter
hostname r
interface {10.84.1.0/24}
 ip address 10.84.1.1/24
 ip ospf area 0
 ip ospf passive
 ip pim
 ip igmp
interface {10.84.2.0/24}
 ip address 10.84.2.1/24
 ipv6 address fd00:a54:200::2/64
 no ipv6 nd suppress-ra
 ipv6 nd prefix fd00:a54:200::/64
 ip ospf area 0
 ip ospf network point-to-point
 ip ospf bfd
 ipv6 ospf6 area 0
 ipv6 ospf6 passive
 ip pim
 ip igmp
 ipv6 pim
 ipv6 mld
router ospf
 ospf router-id 10.84.1.2
router ospf6
 ospf6 router-id 10.84.1.2
bfd
router pim
 rp 10.84.1.2 224.0.0.0/4
router pim6
 rp fd00:a54:200::2 ff00::/8
"""
_TIMERS = re.compile(r"interval|timers|hello|lifetime|multiplier|profile fast$")


def test_a_router_in_full_but_for_its_timers(loads: Loads) -> None:
    topology = loads(SMALL)
    lines = render(topology, topology.nodes["r"]).splitlines()
    assert [line for line in lines if not _TIMERS.search(line)] == A_ROUTER.splitlines()


def test_what_a_server_is_told(loads: Loads) -> None:
    topology = loads(SMALL)
    text, *rest = arguments(topology, topology.nodes["any"])
    assert text == render(topology, topology.nodes["any"])
    assert rest == ["-m", "services.anycast_responder", "--address", "10.84.255.1", "--port", "7000", "--name", "any"]
    assert sections(text)["interface lo"] == ["ip address 10.84.255.1/32", "ip ospf area 0"]
    assert "ip address 10.84.2.1/24" not in text  # it is no gateway
    assert "pim" not in text
    assert "ipv6" not in text
    assert arguments(topology, topology.nodes["r"]) == (render(topology, topology.nodes["r"]),)


def test_two_speakers_are_point_to_point_one_is_passive_and_more_are_a_broadcast_network(loads: Loads) -> None:
    three = SMALL.replace(
        "nodes:\n", "nodes:\n  any2: {role: anycast-server, anycast: 10.84.255.1, networks: [east]}\n"
    )
    for text, west, east in (
        (SMALL, "passive", "network point-to-point"),
        (three, "passive", "bfd profile fast"),
        (SMALL.replace("networks: [east]}", "networks: [west]}"), "network point-to-point", "passive"),
    ):
        found = configuration(loads(text), "r")
        kinds = ("passive", "network point-to-point")
        for subnet, wanted in (("10.84.1.0/24", west), ("10.84.2.0/24", east)):
            lines = found[f"interface {{{subnet}}}"]
            assert f"ip ospf {wanted}" in lines
            assert [kind for kind in kinds if f"ip ospf {kind}" in lines] == [kind for kind in kinds if kind == wanted]


def test_neighbours_agree_on_their_network() -> None:
    """OSPF neighbours of different network types or timers never become neighbours."""
    for network in CASTS.networks.values():
        said = {
            tuple(
                line for line in configuration(CASTS, node.name)[f"interface {{{network.subnet}}}"] if " ospf " in line
            )
            for node in CASTS.nodes.values()
            if node.speaks and network.name in node.addresses
        }
        assert len({tuple(line for line in lines if line.startswith("ip ")) for lines in said}) == 1


def test_one_node_holds_each_gateway_address() -> None:
    holders = [
        (node.name, address)
        for node in CASTS.nodes.values()
        if node.speaks
        for address in re.findall(r"^ ip address (\S+)/24$", render(CASTS, node), re.MULTILINE)
    ]
    assert holders == [("r1", "10.84.1.1"), ("r2", "10.84.3.1")]


def test_all_routers_have_one_rendezvous_point() -> None:
    for section in ("router pim", "router pim6"):
        points = {tuple(configuration(CASTS, name)[section]) for name in ("r1", "r2")}
        assert len(points) == 1
    assert configuration(CASTS, "r2")["router pim"] == ["rp 10.84.1.2 224.0.0.0/4"]
    assert configuration(CASTS, "r2")["router pim6"] == ["rp fd00:a54:100::2 ff00::/8"]


def test_the_rendezvous_point_of_ipv6_is_where_there_is_ipv6(loads: Loads) -> None:
    text = SMALL.replace("nodes:\n", "  far: {subnet: 10.84.3.0/24, ipv6: true}\nnodes:\n")
    topology = loads(
        text + "  r2: {role: router, networks: [east, far]}\n  r3: {role: router, networks: [west, far]}\n"
    )
    for name in ("r", "r2", "r3"):
        assert configuration(topology, name)["router pim"] == ["rp 10.84.1.2 224.0.0.0/4"]
        assert configuration(topology, name)["router pim6"] == ["rp fd00:a54:200::2 ff00::/8"]


def test_identities_are_unique() -> None:
    texts = [render(CASTS, node) for node in CASTS.nodes.values() if node.speaks]
    identities = re.findall(r"^ ospf router-id (\S+)$", "\n".join(texts), re.MULTILINE)
    assert len(identities) == len(set(identities)) == 4


def test_only_what_is_spoken_is_configured(loads: Loads) -> None:
    for spoken, wanted in (
        ("[ospf]", {"router ospf", "router ospf6"}),
        ("[ospf, bfd]", {"router ospf", "router ospf6", "bfd"}),
        ("[pim]", {"router pim", "router pim6"}),
    ):
        text = SMALL.replace("r: {role: router,", f"r: {{role: router, speaks: {spoken},")
        topology = loads(text)
        words = render(topology, topology.nodes["r"])
        found = configuration(topology, "r")
        assert {section for section in found if section.startswith(("router", "bfd"))} == wanted
        assert ("igmp" in words) == ("pim" in spoken)
        assert ("bfd" in words) == ("bfd" in spoken)
        assert ("ospf" in words) == ("ospf" in spoken)
        assert "ip address 10.84.1.1/24" in found["interface {10.84.1.0/24}"]


def test_bfd_watches_only_those_who_speak_it(loads: Loads) -> None:
    text = SMALL.replace("anycast: 10.84.255.1,", "anycast: 10.84.255.1, speaks: [ospf],")
    assert not any("bfd" in line for line in configuration(loads(text), "r")["interface {10.84.2.0/24}"])


def test_without_ipv6_nothing_is_said_of_it(loads: Loads) -> None:
    topology = loads(SMALL.replace(", ipv6: true", ""))
    assert not re.search("ipv6|ospf6|pim6|mld", render(topology, topology.nodes["r"]))


def test_another_base_moves_the_whole_configuration(loads: Loads) -> None:
    topology = loads(SMALL, base="172.20.0.0/16")
    for name in ("r", "any"):
        text = render(topology, topology.nodes[name])
        assert "10.84." not in text
        assert "a54" not in text


def test_another_base_changes_nothing_else(loads: Loads) -> None:
    here, there = loads(SMALL), loads(SMALL, base="172.20.0.0/16")
    text = render(there, there.nodes["r"]).replace("172.20.", "10.84.").replace("ac14", "a54")
    assert text == render(here, here.nodes["r"])
