"""What holds for every file: it gives a lab or a TopologyError, and a lab that it gives is consistent."""

import re
from collections.abc import Callable
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from topology.compose import render
from topology.drawing import svg
from topology.errors import TopologyError
from topology.frr import arguments
from topology.plan import Node, Topology, load
from topology.roles import ROLES

from .conftest import Loads

T = TypeVar("T")

KEYS = ("name", "base", "networks", "nodes", "lab", "a", "b", "role", "upstream", "peer", "args", "count", "chain",
        "program", "subnet", "<<", "1", "yes")  # fmt: skip
TEXTS = (*KEYS, *ROLES, "10.83.0.0/24", "10.83.0.0/16", "10.83.0.2", "224.1.1.1:11000", "$x", "../x", "é")

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 70) | st.floats() | st.text(max_size=5) | st.sampled_from(TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=6,
)
names = st.sampled_from(["a", "b", "c", "d", "a1", "b2", "x-y"])


def mostly(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 40).flatmap(lambda dice: anything if dice == 40 else good)


def node(networks: int) -> st.SearchStrategy[dict[str, Any]]:
    """Nodes that are mostly right; whether upstreams exist is left to luck."""
    on = st.lists(st.sampled_from([f"n{i}" for i in range(networks)]), min_size=1, max_size=3, unique=True)
    common = {"networks": mostly(on)} if networks > 1 else {}
    more = {"count": mostly(st.integers(1, 4))}
    routes = st.fixed_dictionaries(
        {"role": st.just("router"), "networks": st.just([f"n{i}" for i in range(networks)]) | on}, optional=more
    ) | st.fixed_dictionaries(
        {"role": st.just("anycast-server"), "anycast": mostly(st.just("10.83.200.1")), **common}, optional=more
    )
    listens = st.sampled_from(["broadcast-server", "project3-server", "host", "multicast-receiver", "multicast-sender"])
    dials = st.sampled_from(["broadcast-client", "project3-client", "forwarder"])
    return (
        routes
        | st.fixed_dictionaries({"role": mostly(listens), **common}, optional=more)
        | st.fixed_dictionaries({"role": mostly(dials), "upstream": mostly(names), **common}, optional=more)
        | st.fixed_dictionaries({"role": st.just("forwarder"), "upstream": names, "chain": st.integers(1, 9), **common})
    )  # fmt: skip


def file(networks: int) -> st.SearchStrategy[dict[str, Any]]:
    subnets = {f"n{i}": {"subnet": f"10.83.{i}.{i * 64}/{26 + i}"} for i in range(networks)}
    both = {name: subnet | {"ipv6": True} for name, subnet in subnets.items()}
    nodes = st.dictionaries(names, mostly(node(networks)), min_size=1, max_size=6)
    return st.fixed_dictionaries(
        {"name": mostly(st.just("lab")), "base": mostly(st.just("10.83.0.0/16")),
         "networks": mostly(st.just(subnets) | st.just(both)), "nodes": nodes}
    )  # fmt: skip


quickly = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "any.yaml"


def attempt(run: Callable[[], T]) -> T | None:
    """Run what may raise a TopologyError, of one line a problem, and nothing else."""
    try:
        return run()
    except TopologyError as error:
        lines = str(error).split("\n")
        assert len(lines) == len(error.problems)
        assert all(re.match(r"\S+any\.yaml:\d+: .+; .+", line) for line in lines), lines
        return None


def consistent(topology: Topology) -> None:
    for name, network in topology.networks.items():
        assert network.subnet.subnet_of(topology.base)
        given_out = [n.addresses[name] for n in topology.nodes.values() if name in n.addresses]
        assert len(set(given_out)) == len(given_out)
        forbidden = {network.gateway, network.subnet.network_address, network.subnet.broadcast_address}
        assert all(address in network.subnet and address not in forbidden for address in given_out)
        six = [n.addresses6[name] for n in topology.nodes.values() if name in n.addresses6]
        assert len(set(six)) == len(six) == (len(given_out) if network.subnet6 else 0)
        assert all(network.subnet6 and address in network.subnet6 for address in six)
        assert network.router is None or name in topology.nodes[network.router].addresses
    for name in topology.nodes:
        assert len(topology.way(name)) <= len(topology.nodes)


@quickly
@given(
    st.binary(max_size=60) | st.text(st.sampled_from("a:{}[]-&*!<>'\"|#\n \t?%@1.\\~,"), max_size=40).map(str.encode)
)
def test_any_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    attempt(lambda: load(path))


@quickly
@given(anything, st.none() | st.text(max_size=6), st.none() | st.integers(-1, 70), st.none() | st.text(max_size=6))
def test_any_data(path: Path, data: Any, name: str | None, forwarders: int | None, base: str | None) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True))
    attempt(lambda: load(path, name=name, base=base, forwarders=forwarders))


@quickly
@given(st.integers(1, 3).flatmap(file))
def test_files_that_are_nearly_right(path: Path, data: Any) -> None:
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    topology = attempt(lambda: load(path))
    if topology is None:
        return
    consistent(topology)
    rendered = yaml.safe_load(render(topology, path.parent))
    assert {
        name: (service["command"], {net: place["ipv4_address"] for net, place in service["networks"].items()})
        for name, service in rendered["services"].items()
    } == {
        node.name: (commanded(topology, node), {net: str(place) for net, place in node.addresses.items()})
        for node in topology.nodes.values()
    }
    assert svg(topology) == svg(topology)
    moved = load(path, base="172.16.0.0/14")
    consistent(moved)
    assert offsets(moved) == offsets(topology)


def commanded(topology: Topology, node: Node) -> list[str]:
    return [*node.command, *(arguments(topology, node) if node.speaks else ())]


def offsets(topology: Topology) -> dict[str, list[int]]:
    start = int(topology.base.network_address)
    return {
        node.name: [int(address) - start for address in node.addresses.values()] for node in topology.nodes.values()
    }


def test_the_strategy_above_does_find_whole_labs(path: Path) -> None:
    found = []

    @settings(max_examples=30)
    @given(st.integers(1, 3).flatmap(file))
    def collect(data: Any) -> None:
        path.write_text(yaml.safe_dump(data, sort_keys=False))
        found.append(attempt(lambda: load(path)))

    collect()
    assert any(found)


def test_it_does_find_routed_labs(path: Path) -> None:
    found = []

    @settings(max_examples=100)
    @given(file(2))
    def collect(data: Any) -> None:
        path.write_text(yaml.safe_dump(data, sort_keys=False))
        topology = attempt(lambda: load(path))
        found.append(topology is not None and any(network.routed for network in topology.networks.values()))

    collect()
    assert any(found)


def test_the_whole_of_a_topology(loads: Loads, tmp_path: Path) -> None:
    topology = loads("a: {role: host}")
    assert (topology.name, topology.source, topology.base) == (
        "test",
        tmp_path / "test.yaml",
        IPv4Network("10.83.0.0/16"),
    )


def test_a_wrong_name(loads: Loads) -> None:
    topology = loads("alice: {role: host}")
    assert topology.find("alice").name == "alice"
    with pytest.raises(LookupError, match=r"there is no node alcie in test; did you mean alice\?"):
        topology.find("alcie")


def test_problems_of_all_kinds_come_together(tmp_path: Path, loads: Loads) -> None:
    with pytest.raises(TopologyError) as caught:
        loads("a: {role: forwarder, upstream: z}\nb: {role: host, networks: {lab: 10.83.0.1}}\n"
              "c: {role: host, program: none.py}\nd: {role: broadcast-server, args: {port: x}}")  # fmt: skip
    assert [problem.line for problem in caught.value.problems] == [6, 7, 8, 9]
