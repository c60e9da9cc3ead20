"""What the lab makes itself is what compose would make, and compose takes it for its own."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.types import IPAMConfig, IPAMPool

from lab.bases import free_base
from lab.docker import DockerEngine, creation
from lab.docker.processes import Processes
from lab.errors import EngineError
from lab.passing import passing
from lab.state import TOPOLOGIES
from lab.up import up
from lab.waiting import eventually
from topology.compose import render
from topology.plan import ROOT, Topology, load

NAME = f"socklab-creation-{os.getpid()}"

SMALL = """
name: small
base: 10.83.0.0/16
networks: {{left: {{subnet: 10.83.0.0/24}}, right: {{subnet: 10.83.1.0/24, internal: false}}}}
nodes:
  s: {{role: project3-server, networks: [right, left]}}
  a: {{role: host, networks: [left], program: program.py, args: [{word}, 'two words'], restart: true, after: [s]}}
  p: {{role: project3-server, networks: [right], publish: 47013}}
  b: {{role: host, networks: [left], sysctls: {{net.ipv4.ip_default_ttl: 7}}}}
"""


@pytest.fixture
def engine() -> Iterator[DockerEngine]:
    with passing(NAME) as settled:
        engine = DockerEngine(NAME)
        yield engine
        engine.remove()
        engine.close()
        settled()


def small(folder: Path, base: str, text: str = SMALL, word: str = "$HOME") -> Topology:
    (folder / "program.py").touch()
    (folder / "small.yaml").write_text(text.format(word=word))
    return load(folder / "small.yaml", name=NAME, base=base, root=folder)


def make(engine: DockerEngine, topology: Topology, folder: Path) -> None:
    engine.prepare(topology, folder)
    for node in topology.nodes:
        engine.make(node)


def compose(folder: Path, *words: str) -> None:
    subprocess.run(
        ["docker", "compose", "--project-name", NAME, "--project-directory", str(ROOT),
         "--file", str(folder / "compose.yaml"), *words],
        check=True, capture_output=True,
    )  # fmt: skip


def containers(client: docker.DockerClient) -> dict[str, Any]:
    return {str(c.name): c for c in client.containers.list(all=True, filters={"label": f"socklab.lab={NAME}"})}


def ids(client: docker.DockerClient) -> dict[str, str]:
    return {name.removeprefix(f"{NAME}-").removesuffix("-1"): c.id for name, c in containers(client).items()}


def inspected(client: docker.DockerClient) -> dict[tuple[str, ...], Any]:
    """All that the engine tells of containers and networks, without ids, times, and compose's own version."""
    networks = client.networks.list(filters={"label": f"socklab.lab={NAME}"})
    told = {str(network.name): network.attrs for network in networks}
    for name, container in containers(client).items():
        told[name] = about = container.attrs
        labels = about["Config"]["Labels"]
        depends = labels["com.docker.compose.depends_on"]
        labels["com.docker.compose.depends_on"] = ",".join(sorted(depends.split(",")))  # compose has no order there
        for place in about["NetworkSettings"]["Networks"].values():
            place["Aliases"] = [alias for alias in place["Aliases"] if alias != container.short_id]
            del place["MacAddress"]  # some releases of compose lose it with old engines, which give that one anyway
        about["Config"].pop("MacAddress", None)
    return dict(flat(told))


PASSING = {"Id", "Created", "State", "GraphDriver", "NetworkID", "com.docker.compose.version",
           "HostnamePath", "HostsPath", "LogPath", "ResolvConfPath", "IPAddress"}  # fmt: skip
"""What passes: IPAddress is what a node has while it runs; what it shall have is in IPAMConfig."""


def flat(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each value with its path, so that a difference is seen at once. To the engine, [] and "" are nothing."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key not in PASSING:
                yield from flat(each, (*path, key))
    elif value:
        yield path, value


@pytest.mark.parametrize("source", ["lab", "casts", "small"])
def test_it_is_what_compose_makes(
    source: str, engine: DockerEngine, client: docker.DockerClient, tmp_path: Path
) -> None:
    with free_base() as base:
        file = TOPOLOGIES / f"{source}.yaml"
        topology = load(file, name=NAME, base=base) if file.exists() else small(tmp_path, base)
        (tmp_path / "compose.yaml").write_text(render(topology, ROOT))
        compose(tmp_path, "create")
        theirs = inspected(client)
        engine.remove()
        make(engine, topology, tmp_path)
    assert inspected(client) == theirs
    assert len({name for name, *_ in theirs}) == len(topology.nodes) + len(topology.networks)


def test_compose_takes_it_for_its_own(engine: DockerEngine, client: docker.DockerClient, tmp_path: Path) -> None:
    with free_base() as base:
        make(engine, small(tmp_path, base), tmp_path)
    before = ids(client)
    compose(tmp_path, "create", "--remove-orphans")
    assert ids(client) == before
    compose(tmp_path, "down")
    assert not ids(client)


def test_what_compose_made_stays(engine: DockerEngine, client: docker.DockerClient, tmp_path: Path) -> None:
    with free_base() as base:
        topology = small(tmp_path, base)
        (tmp_path / "compose.yaml").write_text(render(topology, ROOT))
        compose(tmp_path, "create")
    before = ids(client)
    make(engine, topology, tmp_path)
    assert ids(client) == before


def test_what_is_changed_is_made_anew_and_what_is_gone_goes(
    engine: DockerEngine, client: docker.DockerClient, tmp_path: Path
) -> None:
    with free_base() as base:
        make(engine, small(tmp_path, base), tmp_path)
    before = ids(client)
    without_b = "".join(line for line in SMALL.splitlines(keepends=True) if not line.startswith("  b:"))
    make(engine, small(tmp_path, base, without_b + "  c: {{role: host, networks: [right]}}\n", "new"), tmp_path)
    after = ids(client)
    assert after.keys() == {"s", "a", "p", "c"}
    assert after["s"] == before["s"]
    assert after["a"] != before["a"]


def test_a_node_that_lost_a_network_is_made_anew(
    engine: DockerEngine, client: docker.DockerClient, tmp_path: Path
) -> None:
    with free_base() as base:
        topology = small(tmp_path, base)
        make(engine, topology, tmp_path)
    before = ids(client)
    engine.cut("s", "left")
    make(engine, topology, tmp_path)
    after = ids(client)
    assert {node for node in after if after[node] != before[node]} == {"s"}


def test_a_moved_lab_is_made_anew(engine: DockerEngine, client: docker.DockerClient, tmp_path: Path) -> None:
    with free_base() as base:
        make(engine, small(tmp_path, base), tmp_path)
    with free_base() as base:
        moved = small(tmp_path, base)
        make(engine, moved, tmp_path)
    found = client.networks.list(filters={"label": f"socklab.lab={NAME}"})
    subnets = {network.attrs["IPAM"]["Config"][0]["Subnet"] for network in found}
    assert subnets == {str(network.subnet) for network in moved.networks.values()}


@pytest.mark.parametrize("opened", [True, False])
def test_a_network_that_is_opened_or_closed_is_made_anew(
    opened: bool, engine: DockerEngine, client: docker.DockerClient, tmp_path: Path
) -> None:
    texts = [SMALL, SMALL.replace(", internal: false", "").replace(", publish: 47013", "")]
    with free_base() as base:
        make(engine, small(tmp_path, base, texts[opened]), tmp_path)
        make(engine, small(tmp_path, base, texts[not opened]), tmp_path)
    right = client.networks.get(f"{NAME}_right")
    assert ("com.docker.network.bridge.inhibit_ipv4" in right.attrs["Options"]) is not opened
    assert len(ids(client)) == 4


def test_another_lab_with_its_subnet_is_told_in_a_line(engine: DockerEngine, tmp_path: Path) -> None:
    other = DockerEngine(f"{NAME}-other")
    try:
        with free_base() as base:
            other.prepare(load(TOPOLOGIES / "forgery.yaml", name=f"{NAME}-other", base=base), tmp_path)
        taken = rf"^\S+ of the network {NAME}_\S+ is taken: .*of the lab {NAME}-other has .*, as with SUBNET_BASE=\S+$"
        with pytest.raises(EngineError, match=taken):
            engine.prepare(load(TOPOLOGIES / "forgery.yaml", name=NAME, base=base), tmp_path)
    finally:
        other.remove()
        other.close()


def test_of_a_lab_that_cannot_be_nothing_is_left(
    engine: DockerEngine, client: docker.DockerClient, tmp_path: Path
) -> None:
    with free_base() as base:
        topology = small(tmp_path, base)
        pool = IPAMPool(subnet=str(topology.networks["right"].subnet))
        stranger = client.networks.create(f"stranger-{os.getpid()}", ipam=IPAMConfig(pool_configs=[pool]))
    try:
        with pytest.raises(EngineError, match=rf"is taken: Docker's network stranger-{os.getpid()} has .*SUBNET_BASE="):
            up(topology, engine, tmp_path, lambda text: None)
    finally:
        stranger.remove()
    assert not client.networks.list(filters={"label": f"socklab.lab={NAME}"})


def test_a_lab_of_which_some_is_there_says_how_it_is_removed(
    engine: DockerEngine, client: docker.DockerClient, tmp_path: Path
) -> None:
    with free_base() as base:
        topology = small(tmp_path, base)
        make(engine, topology, tmp_path)
    containers(client)[f"{NAME}-s-1"].remove()
    taken = client.containers.create("socklab-node", name=f"{NAME}-s-1")
    try:
        with pytest.raises(EngineError, match=rf"^[^\n]*{NAME}-s-1[^\n]*; `make down NAME={NAME}` removes .*$"):
            up(topology, engine, tmp_path, lambda text: None)
    finally:
        taken.remove()


def test_a_missing_image_is_told_in_a_line(
    engine: DockerEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(creation, "render", lambda *words: render(*words).replace(": socklab-node", ": socklab-no"))
    with free_base() as base, pytest.raises(EngineError, match=r"^there is no image socklab-no; `make up` builds it$"):
        engine.prepare(small(tmp_path, base), tmp_path)


def test_a_node_is_made_on_all_its_networks_or_not_at_all(
    engine: DockerEngine, client: docker.DockerClient, tmp_path: Path
) -> None:
    with free_base() as base:
        engine.prepare(small(tmp_path, base), tmp_path)
        client.networks.get(f"{NAME}_right").remove()
        client.networks.create(f"{NAME}_right", labels={"socklab.lab": NAME})  # with no subnet: no address can be had
    with pytest.raises(EngineError, match="subnet"):
        engine.make("s")
    assert not ids(client)


def test_sockets_are_seen_from_outside_and_by_a_command_in_the_node_alike(
    engine: DockerEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with free_base() as base:
        topology = small(tmp_path, base)
        engine.prepare(topology, tmp_path)
    engine.make("s")
    engine.start("s")
    seen = eventually(lambda: (found := engine.sockets("s")) and 10000 in found.listening and found, "s listens")
    monkeypatch.setattr(Processes, "known", lambda processes, node: None)  # as where the engine is on another host
    assert engine.sockets("s") == seen
