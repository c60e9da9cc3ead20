"""What the nodes of every lab in topology/ may do, as it is rendered. Whether that is so, tests/scenarios tries."""

from typing import Any

import pytest

from lab.state import TOPOLOGIES
from topology.compose import parse, render
from topology.plan import ROOT, load

EVERY = sorted(path.stem for path in TOPOLOGIES.glob("*.yaml"))
NEVER = {"privileged", "devices", "network_mode", "pid", "ipc", "userns_mode", "cgroup_parent", "ports", "group_add"}


def model(topology: str) -> tuple[dict[str, Any], dict[str, Any]]:
    found = parse(render(load(TOPOLOGIES / f"{topology}.yaml"), ROOT))
    return found["services"], found["networks"]


@pytest.mark.parametrize("topology", EVERY)
def test_no_node_has_more_than_it_needs(topology: str) -> None:
    for name, service in model(topology)[0].items():
        is_router = service["image"] == "socklab-router"
        assert not NEVER & service.keys(), name
        assert service["user"] == ("root" if is_router else "lab")
        assert service["cap_drop"] == ["ALL"]
        assert service.get("cap_add", []) == (["NET_ADMIN", "NET_RAW"] if is_router else [])
        assert service["read_only"] is True
        assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("topology", EVERY)
def test_every_node_has_limits(topology: str) -> None:
    for name, service in model(topology)[0].items():
        assert (service["pids_limit"], service["ulimits"]) == (2048, {"nofile": 4096}), name
        assert service["mem_limit"] == service["memswap_limit"] == "512m", name
        assert service["logging"]["options"] == {"max-size": "4m", "max-file": "2"}, name
        assert all(":size=" in place for place in service.get("tmpfs", [])), name


@pytest.mark.parametrize("topology", EVERY)
def test_every_network_is_on_its_own_and_nothing_is_published(topology: str) -> None:
    services, networks = model(topology)
    for network in networks.values():
        assert network["driver_opts"] == {
            "com.docker.network.bridge.inhibit_ipv4": "true",
            "com.docker.network.bridge.enable_ip_masquerade": "false",
        }
    assert not any("ports" in service for service in services.values())


@pytest.mark.parametrize("topology", EVERY)
def test_nothing_of_the_host_is_mounted_but_programs_of_the_repository(topology: str) -> None:
    for name, service in model(topology)[0].items():
        for volume in service.get("volumes", []):
            outside, inside, mode = volume.rsplit(":", 2)
            assert not outside.startswith(("/", "../")), name
            assert inside.startswith("/program/"), name
            assert mode == "ro", name
