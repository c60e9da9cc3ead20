"""What the containers of a lab may do, read from the kernel and the engine while they run.

Each lab of topology/ is rendered with these rights (tests/unit/topology/test_compose_rights.py); here is one with a
node of each role on one network, and the one with routers. What comes of it is tried in test_break_out.py and
test_use_up.py.
"""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import docker
import pytest

from lab.bases import free_base
from lab.docker import DockerEngine
from lab.state import TOPOLOGIES
from lab.up import up
from topology.plan import load
from topology.roles import ROLES

EACH = """
name: each
base: 10.83.0.0/16
networks: {lab: {subnet: 10.83.0.0/24}}
nodes:
  server: {role: broadcast-server}
  client: {role: broadcast-client, upstream: server}
  p3server: {role: project3-server}
  forwarder: {role: forwarder, upstream: p3server}
  p3client: {role: project3-client, upstream: forwarder, after: [forwarder], restart: true}
  peer1: {role: udp-peer, upstream: p3server, peer: peer2}
  peer2: {role: udp-peer, upstream: p3server, peer: peer1}
  sender: {role: multicast-sender}
  receiver: {role: multicast-receiver}
  host: {role: packet-host}
  switch: {role: packet-switch}
links: [{between: [host, switch]}]
"""
ROUTER_RIGHTS = 1 << 12 | 1 << 13  # CAP_NET_ADMIN and CAP_NET_RAW, of linux/capability.h
NOT_ROOT = 1000
MEBI = 1 << 20

LOOK = {
    "processes": "cat /proc/[0-9]*/status",
    "limits": """
        cd /sys/fs/cgroup
        echo pids $(cat pids/pids.max pids.max)
        echo memory $(cat memory/memory.limit_in_bytes memory.max)
        echo with_swap $(cat memory/memory.memsw.limit_in_bytes memory.swap.max)
        echo files $(ulimit -Hn)
        """,
    "sockets": "ls /run/docker* /var/run/docker*; grep docker.sock /proc/mounts",
    "mounts": "cat /proc/mounts",
    "writable": "while read -r _ place _; do touch $place/x && echo $place; done < /proc/mounts",
}
"""What is looked at in a node. The limits of control groups are read by either version of these."""
SEPARATOR = "=" * 40

pytestmark = pytest.mark.timeout(180)


class Running:
    """A lab that is up, with what the engine tells of its containers."""

    def __init__(self, engine: DockerEngine, client: docker.DockerClient) -> None:
        self.engine = engine
        assert engine.topology
        self.nodes = engine.topology.nodes
        found = client.containers.list(filters={"label": f"socklab.lab={engine.lab}"})
        self.containers: dict[str, dict[str, Any]] = {str(c.name): c.attrs for c in found}
        self.networks = client.networks.list(filters={"label": f"socklab.lab={engine.lab}"})

    def of(self, node: str) -> dict[str, Any]:
        """Return what the engine tells of a node."""
        return self.containers[f"{self.engine.lab}-{node}-1"]

    @cache  # noqa: B019  (it ends with its lab)
    def seen(self, node: str) -> dict[str, str]:
        """Return what is seen in a node, by the names of LOOK: by one command, since each costs as much as a start."""
        script = f"\necho {SEPARATOR}\n".join(f"({look}) 2>&-" for look in LOOK.values())
        texts = self.engine.run(node, ["sh", "-c", script]).output.decode().split(f"{SEPARATOR}\n")
        return dict(zip(LOOK, texts, strict=True))


@pytest.fixture(scope="module", params=["each", "casts"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Bring a lab up, with a tap on its first network."""
    name = f"socklab-rights-{request.param}-{os.getpid()}"
    engine, client = DockerEngine(name), docker.from_env()
    try:
        folder = tmp_path_factory.mktemp("lab")
        (folder / "each.yaml").write_text(EACH)
        file = folder / "each.yaml" if request.param == "each" else TOPOLOGIES / f"{request.param}.yaml"
        with free_base() as base:
            up(load(file, name=name, base=base), engine, folder, lambda text: None)
        yield Running(engine, client)
    finally:
        engine.remove()
        engine.close()
        client.close()


def in_the_kernel(running: Running, node: str) -> list[dict[str, str]]:
    """Return what the kernel tells of each process of a node."""
    told = running.seen(node)["processes"]
    return [dict(re.findall(r"^(\w+):\t(.*)$", text, re.MULTILINE)) for text in re.split(r"(?m)^(?=Name:)", told)[1:]]


def limits(running: Running, node: str) -> dict[str, int]:
    """Return the limits that the kernel holds a node to."""
    told = running.seen(node)["limits"]
    return {name: int(value) for name, value in (line.split()[:2] for line in told.splitlines() if " " in line)}


def test_no_process_has_more_rights_than_its_role_needs(running: Running) -> None:
    for name, node in running.nodes.items():
        processes = in_the_kernel(running, name)
        assert len(processes) >= 3, name  # the engine's init, the program, and what reads this
        for process in processes:
            rights = {int(process[kind], 16) for kind in ("CapEff", "CapPrm", "CapBnd")}
            assert rights == {ROUTER_RIGHTS if node.speaks else 0}, (name, process)
            assert int(process["CapInh"], 16) == int(process["CapAmb"], 16) == 0, (name, process)


def test_no_process_is_root_but_a_routers(running: Running) -> None:
    for name, node in running.nodes.items():
        for process in in_the_kernel(running, name):
            assert {*map(int, process["Uid"].split())} == {0 if node.speaks else NOT_ROOT}, (name, process)


def test_no_process_can_gain_rights_and_each_is_behind_a_filter_of_system_calls(running: Running) -> None:
    for name in running.nodes:
        for process in in_the_kernel(running, name):
            assert (process["NoNewPrivs"], process["Seccomp"]) == ("1", "2"), (name, process)
        assert not any("seccomp" in option for option in running.of(name)["HostConfig"]["SecurityOpt"])  # the default


def test_the_kernel_holds_each_node_to_its_limits(running: Running) -> None:
    for name in running.nodes:
        found = limits(running, name)
        assert found["pids"] == 2048, name
        assert found["files"] == 4096, name
        assert found["memory"] == 512 * MEBI, name
        assert found.get("with_swap", 0) in (0, 512 * MEBI), name


def test_no_node_is_privileged_or_shares_a_namespace_of_the_host(running: Running) -> None:
    for name in running.nodes:
        about = running.of(name)["HostConfig"]
        assert not about["Privileged"]
        assert not about["Devices"]
        assert about["IpcMode"] in ("private", "none")
        assert (about["PidMode"], about["UTSMode"], about["UsernsMode"]) == ("", "", "")
        assert about["NetworkMode"] == f"{running.engine.lab}_{min(running.nodes[name].addresses)}"


def test_no_node_has_the_engines_socket_or_a_folder_of_the_host(running: Running) -> None:
    for name in running.nodes:
        about = running.of(name)
        assert not about["Mounts"]
        assert not about["HostConfig"]["Binds"]
        assert "docker.sock" not in running.seen(name)["sockets"], name


def test_the_file_system_of_a_node_is_read_only_and_what_is_not_is_small(running: Running) -> None:
    for name, node in running.nodes.items():
        options = {line.split()[1]: line.split()[3].split(",") for line in running.seen(name)["mounts"].splitlines()}
        assert "ro" in options["/"], name
        writable = {*running.seen(name)["writable"].split()}
        writable.discard("/dev/mqueue")  # that one holds what `ulimit -q` says, and no files
        more = {"/dev", *running.of(name)["HostConfig"]["Tmpfs"]} if node.speaks else set()
        assert writable == {"/dev/shm", *more}, name  # noqa: S108
        for place in writable:
            (size,) = (option for option in options[place] if re.fullmatch(r"size=\d+k", option))
            assert int(size[5:-1]) <= 64 * 1024, (name, place)


def test_the_log_of_a_node_is_bounded(running: Running) -> None:
    for name in running.nodes:
        log = running.of(name)["HostConfig"]["LogConfig"]
        assert log == {"Type": "json-file", "Config": {"max-file": "2", "max-size": "4m"}}, name


def test_nothing_is_published(running: Running) -> None:
    for name in running.nodes:
        about = running.of(name)
        assert not about["HostConfig"]["PortBindings"]
        assert not about["HostConfig"]["PublishAllPorts"]
        assert not any(about["NetworkSettings"]["Ports"].values())


def test_a_tap_has_one_right_and_limits(running: Running, tmp_path: Path) -> None:
    network = next(iter(running.networks))
    tap = running.engine.tap(str(network.name).removeprefix(f"{running.engine.lab}_"))
    tap._container.reload()
    lines = tap.lines()
    assert next(lines) == b'{"tap": "open"}'
    tap.order("end")
    assert list(lines)
    tap.collect(tmp_path / "capture.pcapng")
    check_helper(tap._container.attrs["HostConfig"], ["NET_RAW"])


def test_what_changes_a_nodes_network_from_beside_it_has_one_right(running: Running) -> None:
    stream = running.engine.beside(next(iter(running.nodes)), ["cat"])
    client = docker.from_env()
    try:
        found = client.containers.list(filters={"label": f"socklab.lab={running.engine.lab}"})
        beside = [container.attrs for container in found if "-beside-" in str(container.name)]
    finally:
        stream.close()
        client.close()
    assert len(beside) == 1
    check_helper(beside[0]["HostConfig"], ["NET_ADMIN"])
    assert beside[0]["HostConfig"]["ReadonlyRootfs"]
    assert not beside[0]["Mounts"]


def check_helper(about: dict[str, Any], rights: list[str]) -> None:
    assert (about["CapDrop"], about["CapAdd"]) == (["ALL"], rights)
    assert not about["Privileged"]
    assert not about["Binds"]
    assert about["SecurityOpt"] == ["no-new-privileges:true"]
    assert (about["PidsLimit"], about["Memory"]) == (128, 1024 * MEBI)
    assert about["LogConfig"]["Config"] == {"max-file": "2", "max-size": "4m"}


def test_the_command_that_captures_has_one_right(running: Running) -> None:
    words = running.engine.capture_command(next(iter(running.engine.topology.networks)))  # type: ignore[union-attr]
    assert [word for word in words if word.startswith("--cap-")] == ["--cap-drop=ALL", "--cap-add=NET_RAW"]
    assert {"--read-only", "--security-opt=no-new-privileges:true"} <= set(words)
    assert not {"--privileged", "--volume", "-v", "--mount"} & set(words)


def test_the_labs_here_have_nodes_of_all_roles(tmp_path: Path) -> None:
    (tmp_path / "each.yaml").write_text(EACH)
    labs = [load(file, name="paper") for file in (tmp_path / "each.yaml", TOPOLOGIES / "casts.yaml")]
    assert {node.role.name for each in labs for node in each.nodes.values()} == set(ROLES)


def test_the_engines_socket_is_where_no_node_can_see_it() -> None:
    """The other tests would pass without an engine on this host; this says that there is one, or is skipped."""
    if not Path("/var/run/docker.sock").exists():
        pytest.skip("the engine is not on this host")
    assert Path("/var/run/docker.sock").is_socket()
