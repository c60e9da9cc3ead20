from pathlib import Path

import pytest

from lab.docker import payload
from lab.docker.payload import Values
from lab.errors import EngineError
from lab.state import TOPOLOGIES, Wish
from topology.compose import parse, render
from topology.plan import ROOT


def model(topology: str) -> Values:
    return parse(render(Wish(topology).load(), ROOT))


LAB, CASTS = model("lab")["services"], model("casts")["services"]


@pytest.mark.parametrize("topology", sorted(path.stem for path in TOPOLOGIES.glob("*.yaml")))
def test_all_that_is_rendered_is_known(topology: str) -> None:
    for node, service in model(topology)["services"].items():
        assert payload.container("x", node, service, ROOT)["Cmd"] == service["command"]


def test_a_key_that_would_get_lost_is_told() -> None:
    with pytest.raises(EngineError, match=r"^alice has privileged in compose.yaml; teach it to lab/docker/payload.py$"):
        payload.container("x", "alice", LAB["alice"] | {"privileged": True}, ROOT)


@pytest.mark.parametrize(
    ("volume", "bind"),
    [
        ("./mine/x.py:/program/x.py:ro", "/root/mine/x.py:/program/x.py:ro"),
        ("../x.py:/program/x.py:ro", "/x.py:/program/x.py:ro"),
        ("./a b$.py:/program/a b$.py:ro", "/root/a b$.py:/program/a b$.py:ro"),
    ],
)
def test_programs_are_found_from_the_root(volume: str, bind: str) -> None:
    made = payload.container("x", "alice", LAB["alice"] | {"volumes": [volume]}, Path("/root"))
    assert made["HostConfig"]["Binds"] == [bind]


def test_a_mac_address_is_told_to_engines_of_all_ages() -> None:
    mac = CASTS["w1"]["mac_address"]
    assert payload.container("x", "w1", CASTS["w1"], ROOT)["MacAddress"] == mac
    assert payload.endpoint("x", "w1", CASTS["w1"], "west")["MacAddress"] == mac


def test_a_port_is_published_where_the_file_says() -> None:
    ports = ["127.0.0.1:8080:9000/tcp", "127.0.0.1:8080:12000/udp"]
    made = payload.container("x", "alice", LAB["alice"] | {"ports": ports}, ROOT)
    assert made["ExposedPorts"] == {"9000/tcp": {}, "12000/udp": {}}
    on_the_host = [{"HostIp": "127.0.0.1", "HostPort": "8080"}]
    assert made["HostConfig"]["PortBindings"] == {"9000/tcp": on_the_host, "12000/udp": on_the_host}


def test_sizes_are_told_in_bytes_and_limits_are_hard() -> None:
    made = payload.container("x", "alice", LAB["alice"], ROOT)["HostConfig"]
    assert made["Memory"] == made["MemorySwap"] == 512 * 1024 * 1024
    assert made["Ulimits"] == [{"Name": "nofile", "Soft": 4096, "Hard": 4096}]
    tmpfs = payload.container("x", "r1", CASTS["r1"], ROOT)["HostConfig"]["Tmpfs"]
    assert tmpfs["/run/frr"] == "size=8m"


def test_a_router_is_reached_by_its_name_on_each_network() -> None:
    places = {name: payload.endpoint("x", "r1", CASTS["r1"], name) for name in payload.networks_of(CASTS["r1"])}
    assert list(places) == ["backbone", "west"]
    assert all(place["Aliases"] == ["x-r1-1", "r1"] for place in places.values())
    assert len({place["IPAMConfig"]["IPv4Address"] for place in places.values()}) == 2


def test_the_labels_are_those_that_compose_looks_for() -> None:
    told = payload.labels("x", "frank", LAB["frank"], file=Path("/f"), root=ROOT, config_hash="h", image="i")
    assert told["com.docker.compose.depends_on"].startswith("alice:service_started:false,bob:service_started:false")
    assert told["com.docker.compose.service"] == "frank"
    assert (told[payload.HASH], told[payload.IMAGE]) == ("h", "i")


def test_a_network_that_routers_lead_out_of_keeps_its_gateway_free() -> None:
    networks = model("casts")["networks"]
    made = payload.network("x", "west", networks["west"])
    assert made["Options"]["com.docker.network.bridge.inhibit_ipv4"] == "true"
    assert made["Labels"]["com.docker.compose.network"] == "west"
