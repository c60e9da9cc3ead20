from pathlib import Path
from typing import Any

import pytest
import yaml

from topology.compose import render
from topology.plan import ROOT

from .conftest import Loads


def rendered(loads: Loads, nodes: str, root: Path = ROOT) -> dict[str, Any]:
    found = yaml.safe_load(render(loads(nodes), root))
    assert isinstance(found, dict)
    return found


def test_what_all_nodes_share(loads: Loads) -> None:
    service = rendered(loads, "a: {role: host}")["services"]["a"]
    assert service == {
        "image": "socklab-node",
        "build": {"context": ".", "target": "node"},
        "init": True,
        "stop_grace_period": "2s",
        "tty": True,
        "stdin_open": True,
        "user": "lab",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "pids_limit": 2048,
        "mem_limit": "512m",
        "memswap_limit": "512m",
        "ulimits": {"nofile": 4096},
        "logging": {"driver": "json-file", "options": {"max-size": "4m", "max-file": "2"}},
        "dns": ["127.0.0.1"],
        "dns_opt": ["ndots:1"],
        "sysctls": {"net.ipv4.tcp_retries2": "6"},
        "hostname": "a",
        "command": ["sleep", "infinity"],
        "labels": {"socklab.lab": "test", "socklab.node": "a", "socklab.role": "host"},
        "networks": {"lab": {"ipv4_address": "10.83.0.2"}},
    }


def test_networks(loads: Loads) -> None:
    assert rendered(loads, "a: {role: host}")["networks"] == {
        "lab": {
            "driver": "bridge",
            "driver_opts": {
                "com.docker.network.bridge.inhibit_ipv4": "true",
                "com.docker.network.bridge.enable_ip_masquerade": "false",
            },
            "labels": {"socklab.lab": "test"},
            "ipam": {"config": [{"subnet": "10.83.0.0/24", "gateway": "10.83.0.1"}]},
        }
    }


OPEN = """\
name: open
base: 10.83.0.0/16
networks:
  out: {subnet: 10.83.0.0/24, internal: false}
  lab: {subnet: 10.83.1.0/24}
nodes:
  s: {role: project3-server, networks: [lab, out], publish: 8080}
  u: {role: udp-peer, networks: [out], publish: 8080, peer: v, upstream: s}
  v: {role: udp-peer, networks: [out, lab], peer: u, upstream: s}
  h: {role: host, networks: [lab]}
"""


def test_a_network_that_leads_out_is_the_engines_usual_one(loads: Loads) -> None:
    model = rendered(loads, OPEN)
    assert "driver_opts" not in model["networks"]["out"]
    assert "driver_opts" in model["networks"]["lab"]
    assert [model["services"][name]["dns"] for name in "suvh"] == [[], [], [], ["127.0.0.1"]]


def test_a_port_is_published_on_the_loopback_alone(loads: Loads) -> None:
    services = rendered(loads, OPEN)["services"]
    assert services["s"]["ports"] == ["127.0.0.1:8080:10000/tcp"]
    assert services["u"]["ports"] == ["127.0.0.1:8080:12000/udp"]
    assert "ports" not in services["v"]


@pytest.mark.parametrize(
    "word",
    ["yes", "No", "null", "1", "1.5", "0x1f", "0o17", "1e3", "-1", ".5", "1:30", "a: b", "a #b", "'", '"', "\\", "*a",
     "&a", "!a", "%a", "@a", "`", "{a}", "[a]", "a,b", "-", "--", "", " ", "a ", "é", "😀", "~", "=", "<<", "?", "a:"],
)  # fmt: skip
def test_words_stay_what_they_are(loads: Loads, tmp_path: Path, word: str) -> None:
    args = yaml.safe_dump([word], default_flow_style=True, allow_unicode=True, width=1000).strip()
    service = rendered(loads, f"s: {{role: project3-server, args: {args}}}")["services"]["s"]
    assert service["command"][3:] == [word]


def test_dollars_are_doubled_for_compose(loads: Loads) -> None:
    nodes = "s: {role: project3-server, args: {word: $HOME}}"
    assert rendered(loads, nodes)["services"]["s"]["command"][-1] == "$$HOME"


@pytest.mark.parametrize(
    ("root", "mounted"), [("", "./mine/x.py"), ("mine", "./x.py"), ("runs/test", "../../mine/x.py")]
)
def test_programs_are_mounted_read_only_from_where_the_file_stands(
    loads: Loads, tmp_path: Path, root: str, mounted: str
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x.py").write_text("")
    service = rendered(loads, "a: {role: host, program: mine/x.py}", tmp_path / root)["services"]["a"]
    assert service["volumes"] == [f"{mounted}:/program/x.py:ro"]
    assert service["command"] == ["python3", "/program/x.py"]


def test_the_image_is_built_from_the_repository_wherever_the_file_stands(loads: Loads) -> None:
    services = rendered(loads, "a: {role: host}", ROOT / "runs" / "test")["services"]
    assert services["a"]["build"]["context"] == "../.."


def test_a_heading_a_role(loads: Loads) -> None:
    text = render(loads("a: {role: host, count: 2}\ns: {role: project3-server}\nb: {role: host, count: 3}"), ROOT)
    headings = [line.strip() for line in text.split("\n") if line.startswith("  # ")]
    assert [heading.partition(" runs")[0].partition(" prints")[0] for heading in headings] == [
        "# each of a1 and a2",
        "# s",
        "# each of b1 to b3",
    ]
