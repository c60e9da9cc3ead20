"""The Compose services of routers, and of nodes on routed networks."""

from typing import Any

import pytest
import yaml

from topology import frr
from topology.compose import GIVE_UP, render
from topology.plan import ROOT, Topology, load

from .conftest import Loads

CASTS = load(ROOT / "topology" / "casts.yaml")


def rendered(topology: Topology) -> dict[str, Any]:
    found = yaml.safe_load(render(topology, ROOT))
    assert isinstance(found, dict)
    return found


SERVICES = rendered(CASTS)["services"]


@pytest.mark.parametrize("name", ["r1", "r2", "anycast1", "anycast2"])
def test_what_frr_runs_in(name: str) -> None:
    service = SERVICES[name]
    assert service["image"] == "socklab-router"
    assert service["build"] == {"context": ".", "target": "router"}
    assert service["cap_drop"] == ["ALL"]
    assert set(service["cap_add"]) == {"NET_ADMIN", "NET_RAW"}
    assert service["read_only"] is True
    assert service["init"] is True
    places = dict(place.split(":size=") for place in service["tmpfs"])
    assert places.keys() == {"/etc/frr", "/run/frr", "/var/lib/frr", "/var/tmp/frr", "/tmp"}  # noqa: S108
    assert all(size in ("1m", "8m") for size in places.values())
    assert service["command"] == ["python3", "-m", "services.router", *frr.arguments(CASTS, CASTS.nodes[name])]


def test_hosts_have_no_more_rights_than_elsewhere() -> None:
    assert SERVICES["w1"]["image"] == "socklab-node"
    assert not {"cap_add", "tmpfs"} & SERVICES["w1"].keys()
    assert SERVICES["w1"]["command"] == ["sleep", "infinity"]


def test_only_routers_forward() -> None:
    forwards = ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding")
    for name, service in SERVICES.items():
        assert service["sysctls"]["net.ipv6.conf.all.disable_ipv6"] == "0"
        is_router = CASTS.nodes[name].role.forwards
        assert [service["sysctls"].get(setting) for setting in forwards] == (["1", "1"] if is_router else [None, None])


def test_a_node_has_the_mac_that_its_ipv6_address_is_made_of() -> None:
    assert SERVICES["w1"]["mac_address"] == "02:42:0a:54:01:03"
    assert str(CASTS.nodes["w1"].addresses6["west"]).endswith(":42:aff:fe54:103")
    assert SERVICES["anycast2"]["mac_address"] == "02:42:0a:54:03:06"
    assert "mac_address" not in SERVICES["r1"]  # it has two; its addresses are its configuration's


def test_the_gateway_address_is_left_to_a_router() -> None:
    for name, network in rendered(CASTS)["networks"].items():
        assert network["driver_opts"]["com.docker.network.bridge.inhibit_ipv4"] == "true"
        assert network["ipam"]["config"][0]["gateway"] == str(CASTS.networks[name].gateway)
        assert "enable_ipv6" not in network  # hosts and routers see to that


def test_another_base() -> None:
    text = render(load(CASTS.source, base="172.20.0.0/16"), ROOT)
    assert "10.84." not in text
    assert "a54" not in text
    yaml.safe_load(text)


def test_a_node_has_settings_of_its_own(loads: Loads) -> None:
    topology = loads("h: {role: host, sysctls: {net.ipv4.ip_default_ttl: 32, net.ipv4.ping_group_range: 0 $x}}")
    assert rendered(topology)["services"]["h"]["sysctls"] == {
        **GIVE_UP,
        "net.ipv4.ip_default_ttl": "32",
        "net.ipv4.ping_group_range": "0 $$x",
    }
    assert SERVICES["r1"]["sysctls"].keys() > CASTS.nodes["r1"].sysctls.keys()


def test_a_lab_without_routers_says_nothing_of_them() -> None:
    text = render(load(ROOT / "topology" / "lab.yaml"), ROOT)
    for word in ("router", "mac_address", "cap_add", "tmpfs", "root"):
        assert word not in text


def test_every_node_gives_up_who_vanished_as_soon_as_any_other() -> None:
    plain = rendered(load(ROOT / "topology" / "lab.yaml"))["services"]
    for service in (*SERVICES.values(), *plain.values()):
        assert service["sysctls"].items() >= GIVE_UP.items()
