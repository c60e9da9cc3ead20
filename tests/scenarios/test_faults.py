"""Faults of a lab, several at a time: they stand until `heal` undoes all, and what cannot be is refused."""

import os
import re
from collections.abc import Iterator

import docker
import pytest

from lab.bases import free_base
from lab.docker import DockerEngine
from lab.errors import UsageError
from lab.faults import FaultKind, Way, Wish
from lab.lab import Lab
from lab.state import Wish as LabWish
from lab.waiting import eventually
from tests.scenarios.broken import OURS, helpers, state_of, wait_no_helpers

NAME = f"socklab-faults-{os.getpid()}"


@pytest.fixture(scope="module")
def shared_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with free_base() as base:
        lab = Lab(LabWish("forgery", None, base, NAME).load(), DockerEngine(NAME), tmp_path_factory.mktemp("lab"))
        lab.create()
    with lab:
        lab.start()
        yield lab


@pytest.fixture
def lab(shared_lab: Lab) -> Iterator[Lab]:
    """The lab, of which each test leaves nothing broken."""
    yield shared_lab
    shared_lab.heal()


@pytest.fixture
def engine() -> Iterator[DockerEngine]:
    """A second view of that lab, as of a person at the command line."""
    engine = DockerEngine(NAME)
    yield engine
    engine.close()


MANY = (
    Wish(FaultKind.LOSS, "bob", peer="alice", amount="20%"),
    Wish(FaultKind.LOSS, "bob", amount="10%"),
    Wish(FaultKind.CUT, "bob", peer="mallory"),
    Wish(FaultKind.RATE, "bob", amount="10mbit"),
    Wish(FaultKind.RATE, "bob", peer="server", amount="5mbit"),
)


def test_several_stand_at_one_node_and_heal_undoes_them_all(
    lab: Lab, engine: DockerEngine, client: docker.DockerClient
) -> None:
    clean = state_of(engine, "bob")
    assert not OURS.search(clean)
    for wish in MANY:
        lab.fault(wish)
    assert len(helpers(client, NAME)) == 4
    broken = state_of(engine, "bob")
    names = "loss.in.alice {|loss.in {|loss.out {|cut.in.mallory {|rate.in {|rate.out {|rate.out.server {"
    for table in names.split("|"):
        assert f"socklab.{table}" in broken, broken
    assert re.search(r"qdisc htb 50cb: dev eth0 root", broken)
    assert re.search(r"qdisc tbf 50cb: dev socklab-eth0 root .* rate 10Mbit", broken)
    lab.heal()
    assert state_of(engine, "bob") == clean
    assert not OURS.search(state_of(engine, "server"))
    wait_no_helpers(client, NAME)


def test_the_second_of_a_kind_and_pair_takes_the_place_of_the_first(lab: Lab, engine: DockerEngine) -> None:
    for amount in ("1mbit", "2mbit"):
        lab.fault(Wish(FaultKind.RATE, "bob", peer="alice", amount=amount))
        lab.fault(Wish(FaultKind.LOSS, "bob", peer="alice", amount=amount.replace("mbit", "%")))
    broken = state_of(engine, "bob")
    assert broken.count("tbf") == 1
    assert "rate 2Mbit" in broken
    assert "< 200 drop" in broken
    assert "< 100 drop" not in broken


def test_what_stands_survives_a_pulled_cable(lab: Lab, engine: DockerEngine) -> None:
    lab.fault(Wish(FaultKind.RATE, "bob", amount="1mbit", way=Way.OUT))
    lab.fault(Wish(FaultKind.LOSS, "bob", amount="3%", way=Way.OUT))
    lab.node("bob").cut()
    lab.node("bob").heal()
    broken = state_of(engine, "bob")
    assert re.search(r"qdisc tbf 50cb: dev eth\d root .* rate 1Mbit", broken)
    assert "< 300 ether daddr set" in broken


def test_heal_brings_back_what_was_ended_paused_and_cut(lab: Lab) -> None:
    lab.fault(Wish(FaultKind.PAUSE, "alice"))
    lab.fault(Wish(FaultKind.KILL, "bob"))
    lab.fault(Wish(FaultKind.RESTART, "mallory"))
    lab.fault(Wish(FaultKind.CUT, "server"))
    lab.node("bob").wait_exit()
    lab.heal()
    for node in ("server", "alice", "bob", "mallory"):
        lab.node(node).wait_ready(within=5)
    assert lab.node("bob").run(["ping", "-c1", "-W2", "server"]).status == 0


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(FaultKind.KILL, "bobby"), "there is no node bobby"),
        (Wish(FaultKind.RESUME, "bob"), "bob is not paused"),
        (Wish(FaultKind.LOSS, "bob", peer="bob", amount="1%"), "PEER=bob is NODE itself"),
    ],
)
def test_what_cannot_be_is_refused(lab: Lab, wish: Wish, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        lab.fault(wish)


def test_a_node_that_does_not_run_is_refused(lab: Lab) -> None:
    lab.node("bob").kill()
    lab.node("bob").wait_exit()
    for wish in (Wish(FaultKind.PAUSE, "bob"), Wish(FaultKind.CUT, "alice", peer="bob")):
        with pytest.raises(UsageError, match=r"^bob does not run \(it is exited\)"):
            lab.fault(wish)
    lab.node("bob").start()
    lab.fault(Wish(FaultKind.CUT, "alice", peer="bob"))


def test_a_fault_of_a_node_goes_with_its_run(lab: Lab, engine: DockerEngine, client: docker.DockerClient) -> None:
    lab.fault(Wish(FaultKind.LOSS, "bob", amount="1%", way=Way.IN))
    lab.fault(Wish(FaultKind.RESTART, "bob"))
    assert not OURS.search(state_of(engine, "bob"))
    lab.fault(Wish(FaultKind.LOSS, "bob", peer="alice", amount="1%", way=Way.IN))
    assert "socklab.loss.in.alice" in state_of(engine, "bob")
    eventually(lambda: len(helpers(client, NAME)) == 1, "one helper", every=0.1)


# What only some kernels have


def wish_if_the_kernel_can(lab: Lab, wish: Wish) -> None:
    try:
        lab.fault(wish)
    except UsageError as error:
        if "sch_netem" not in str(error):
            raise
        pytest.skip(str(error))


def round_trip(lab: Lab) -> float:
    """The shortest of a few round trips from alice to bob, in seconds."""
    said = lab.node("alice").run(["ping", "-c5", "-i0.2", "-W5", "bob"]).output.decode()
    found = re.search(r"= ([\d.]+)/", said)
    assert found, said
    return float(found[1]) / 1000


def test_a_delay_is_one_each_way(lab: Lab) -> None:
    wish_if_the_kernel_can(lab, Wish(FaultKind.DELAY, "bob", peer="alice", amount="100ms"))
    assert round_trip(lab) >= 0.2
    lab.heal()
    assert round_trip(lab) < 0.2


RECEIVE = """
import socket
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(("", 7300))
print("listens", flush=True)
while True:
    print(receiver.recv(99).decode(), flush=True)
"""
SEND = """
import socket
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(100):
    sender.sendto(f"<{number}>".encode(), ("bob", 7300))
"""


def received(lab: Lab, count: int) -> list[int]:
    """Send bob a hundred datagrams, and return the numbers of those that come, when so many have."""
    listener = lab.node("bob").open(["python3", "-c", RECEIVE])
    listener.wait_for("listens")
    lab.node("alice").run(["python3", "-c", SEND])

    def numbers() -> list[int]:
        return [int(number) for number in re.findall(r"<(\d+)>", listener.transcript)]

    eventually(lambda: len(numbers()) >= count, f"{count} datagrams", otherwise=lambda: str(numbers()))
    return numbers()


def test_duplicates_come_twice(lab: Lab) -> None:
    wish_if_the_kernel_can(lab, Wish(FaultKind.DUPLICATE, "alice", peer="bob", amount="100%", way=Way.OUT))
    assert sorted(received(lab, 200)) == sorted([*range(100), *range(100)])


def test_some_overtake_others(lab: Lab) -> None:
    wish_if_the_kernel_can(lab, Wish(FaultKind.REORDER, "alice", peer="bob", amount="30%", way=Way.OUT))
    found = received(lab, 100)
    assert sorted(found) == list(range(100))
    assert found != sorted(found)
