"""What stops in the middle leaves nothing that stays: signals, engines that fail, subnets of others, two at once.

`python -m reliability interrupted` has all moments; here are a few. An engine that fails is the real one behind a
socket of the test's own (engine_proxy.py).
"""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from signal import Signals

import docker
import pytest

from lab.bases import free_base
from lab.docker import DockerNodes
from lab.passing import passing
from lab.state import ROOT
from lab.up import up
from lab.waiting import eventually
from reliability.interrupted.cases import DOWN, INT, KILL, TERM, TEST, UP, Verb
from reliability.interrupted.interrupt import interrupt
from reliability.interrupted.trial import strangers
from tests.scenarios.engine_proxy import EngineProxy
from topology.plan import Topology, load

NAME = f"socklab-leftovers-{os.getpid()}"

LONELY = """
name: lonely
base: 10.83.0.0/16
networks: {lab: {subnet: 10.83.0.0/24}}
nodes: {a: {role: host}, b: {role: host}}
"""


@pytest.fixture(autouse=True)
def leaves_nothing(client: docker.DockerClient) -> Iterator[None]:
    with passing(NAME) as settled:
        yield
        make("down")
        settled()
    assert not ours(client)


def ours(client: docker.DockerClient, lab: str = NAME) -> list[str]:
    containers = client.containers.list(all=True, filters={"label": f"socklab.lab={lab}"}, ignore_removed=True)
    networks = client.networks.list(filters={"label": f"socklab.lab={lab}"})
    return [*(str(each.name) for each in containers), *(str(each.name) for each in networks)]


def started(*words: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        ["make", *words, f"NAME={NAME}"], cwd=ROOT, env=os.environ | environment, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def make(*words: str, **environment: str) -> tuple[int, str]:
    with started(*words, **environment) as process:
        said = process.communicate()[0]
    return process.returncode, said


def lonely(folder: Path, base: str, name: str = NAME) -> Topology:
    (folder / "lonely.yaml").write_text(LONELY)
    return load(folder / "lonely.yaml", name=name, base=base, root=folder)


@contextmanager
def nodes(name: str = NAME) -> Iterator[DockerNodes]:
    engine = DockerNodes(name)
    try:
        yield engine
    finally:
        engine.remove()
        engine.close()


@pytest.mark.parametrize(
    ("verb", "place", "number"),
    [(UP, 8, TERM), (UP, 5, KILL), (DOWN, 4, INT), (TEST, 6, KILL)],
    ids=lambda value: getattr(value, "name", getattr(value, "what", str(value))),
)
def test_what_an_interrupted_run_leaves_the_next_down_removes(verb: Verb, place: int, number: Signals) -> None:
    with strangers() as changed:
        outcome = interrupt(verb, verb.moments[place], number, f"{NAME}-cut", again=False)
        assert not outcome.wrong
        assert not changed()


def test_two_ups_and_a_down_of_one_lab_at_once_take_turns(client: docker.DockerClient) -> None:
    with free_base() as base:
        wish = ("up", "TOPOLOGY=peers", f"SUBNET_BASE={base}")
        one, two = started(*wish), started(*wish)
        said = [process.communicate()[0] for process in (one, two)]
    assert all("3 of 3 nodes ready" in each for each in said), said
    assert sum("Waiting for another make that starts or removes" in each for each in said) == 1
    with free_base() as base:
        again = started("up", "TOPOLOGY=peers", f"SUBNET_BASE={base}")  # elsewhere: all of it is made anew
        eventually(lambda: ours(client), "something of the lab")
        status, told = make("down")
        again.communicate()
    assert status == 0, told
    assert not [line for line in told.splitlines() if "Docker did not" in line]


def test_ten_labs_that_are_made_at_once_share_no_subnet(client: docker.DockerClient, tmp_path: Path) -> None:
    names = [f"{NAME}-{number}" for number in range(10)]

    def make_one(name: str) -> None:
        engine = stack.enter_context(nodes(name))
        folder = tmp_path / name
        folder.mkdir()
        with free_base() as base:
            engine.prepare(lonely(folder, base, name), folder)

    with ExitStack() as stack:
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(make_one, names))
        found = [each for name in names for each in client.networks.list(filters={"label": f"socklab.lab={name}"})]
        assert len({each.attrs["IPAM"]["Config"][0]["Subnet"] for each in found}) == len(found) == 10
    assert not [each for name in names for each in ours(client, name)]


def test_a_link_of_this_host_with_its_subnet_is_noticed_before_anything_starts(client: docker.DockerClient) -> None:
    link = f"sl{os.getpid()}"

    def ip(words: str) -> None:
        client.containers.run(
            "socklab-tap", ["sh", "-c", words], remove=True, network_mode="host", cap_drop=["ALL"],
            cap_add=["NET_ADMIN"],
        )  # fmt: skip

    with free_base() as base:
        address = base.replace(".0.0/16", ".0.77/24")
        ip(f"ip link add {link} type bridge && ip addr add {address} dev {link} && ip link set {link} up")
        try:
            status, said = make("up", "TOPOLOGY=peers", f"SUBNET_BASE={base}")
        finally:
            ip(f"ip link del {link}")
    assert status
    (told,) = [line for line in said.splitlines() if "is taken" in line]
    assert f"the interface {link} of this host has {address.replace('.77/', '.0/')}" in told
    assert "SUBNET_BASE=10." in told
    assert not ours(client)


def test_an_engine_that_stops_in_mid_up_is_told_in_a_line(client: docker.DockerClient, tmp_path: Path) -> None:
    with free_base() as base, EngineProxy(tmp_path / "engine") as engine:
        process = started("up", "TOPOLOGY=peers", f"SUBNET_BASE={base}", DOCKER_HOST=engine.host)
        eventually(lambda: len(ours(client)) > 1, "the first node")
        engine.end()
        said = process.communicate()[0]
    assert process.returncode
    assert "Traceback" not in said
    (told,) = [line for line in said.splitlines() if "stopped answering" in line]
    assert told.endswith(f"once `docker info` shows that it runs, `make down NAME={NAME}` removes what was started")
    assert ours(client)


def test_an_image_that_is_gone_in_mid_up_is_told_in_a_line(client: docker.DockerClient, tmp_path: Path) -> None:
    passing_image = f"socklab-leftovers:{os.getpid()}"
    client.images.get("socklab-node").tag(passing_image)
    (tmp_path / "compose").mkdir()
    with free_base() as base, nodes() as engine:
        topology = lonely(tmp_path, base)
        engine.prepare(topology, tmp_path)
        assert engine._creation is not None
        for service in engine._creation._services.values():
            service["image"] = passing_image
        engine.make("a")
        client.images.remove(passing_image, force=False)
        with pytest.raises(Exception, match=rf"^there is no image {passing_image}; `make up` builds it$"):
            engine.make("b")


def test_a_lab_comes_up_over_what_a_killed_one_left(client: docker.DockerClient, tmp_path: Path) -> None:
    with free_base() as base, nodes() as engine:
        topology = lonely(tmp_path, base)
        engine.prepare(topology, tmp_path)
        engine.make("b")
        assert up(topology, engine, tmp_path, lambda text: None) == {"a": "ready", "b": "ready"}
