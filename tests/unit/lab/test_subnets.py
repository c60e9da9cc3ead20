"""Who has a subnet: networks of the engine and routes of this host, told by name."""

import ipaddress
from pathlib import Path
from typing import Any

import pytest

from lab.docker import subnets
from lab.docker.subnets import collision, taken

TABLE = """Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0
tun0	00000000	010200C0	0003	0	0	0	00000080	0	0	0
wlan0	0000530A	00000000	0001	0	0	0	0000FFFF	0	0	0
br-0123456789ab	0000550A	00000000	0001	0	0	0	00FFFFFF	0	0	0
lab0	0000560A	00000000	0001	0	0	0	00FFFFFF	0	0	0
"""
"""As a little-endian Linux shows it: 10.83.0.0/16 is a wireless network, and half of the world is a VPN's."""


def network(name: str, subnet: str, lab: str | None = None, **options: str) -> dict[str, Any]:
    return {
        "Name": name, "Id": "0123456789abcdef", "Labels": {"socklab.lab": lab} if lab else None, "Options": options,
        "IPAM": {"Config": [{"Subnet": subnet}, {"Subnet": "fd00::/64"}]},
    }  # fmt: skip


def wanted(subnet: str) -> list[tuple[str, subnets.Subnet]]:
    return [("socklab_lab", ipaddress.ip_network(subnet))]


@pytest.fixture(autouse=True)
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "route").write_text(TABLE)
    monkeypatch.setattr(subnets, "ROUTES", tmp_path / "route")
    monkeypatch.setattr("sys.byteorder", "little")
    monkeypatch.setattr(subnets, "unix_socket", lambda: "/var/run/docker.sock")


def test_another_lab_is_named_and_so_is_a_network_of_nobody() -> None:
    others = taken([network("casts_west", "10.85.0.0/24", "casts"), network("office", "10.99.0.0/16")])
    words = collision(wanted("10.85.0.0/25"), others)
    whose = "Docker's network casts_west of the lab casts"
    assert words == f"10.85.0.0/25 of the network socklab_lab is taken: {whose} has 10.85.0.0/24"
    assert "Docker's network office has 10.99.0.0/16" in (collision(wanted("10.99.7.0/24"), others) or "")


def test_a_link_of_this_host_is_named() -> None:
    assert "the interface wlan0 of this host has 10.83.0.0/16" in (collision(wanted("10.83.0.0/24"), taken([])) or "")


def test_ipv6_collides_with_ipv6_alone() -> None:
    others = taken([network("other", "10.99.0.0/16")])
    assert "fd00::/64" in (collision(wanted("fd00::/80"), others) or "")
    assert collision(wanted("fd01::/64"), others) is None


def test_what_the_lab_has_already_is_no_collision_nor_are_the_bridges_of_the_engine() -> None:
    mine = [network("socklab_lab", "10.85.0.0/24", "socklab")]
    assert collision(wanted("10.85.0.0/24"), taken(mine, but="socklab")) is None
    named = [network("socklab_x", "10.86.0.0/24", "socklab", **{"com.docker.network.bridge.name": "lab0"})]
    assert collision(wanted("10.86.0.0/24"), taken(named, but="socklab")) is None


def test_routes_to_half_the_world_stand_for_everywhere_else() -> None:
    assert collision(wanted("10.120.0.0/24"), taken([])) is None


def test_routes_of_this_host_say_nothing_of_an_engine_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subnets, "unix_socket", lambda: None)
    assert taken([]) == []
