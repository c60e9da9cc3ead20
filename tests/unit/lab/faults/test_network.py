"""Faults of packets at nodes on paper: put, replaced, taken away, and gone with the helper."""

import pytest

from lab.errors import EngineError, LabError, UsageError
from lab.faults.filters import Filter
from lab.faults.model import FaultKind, Way
from lab.faults.network import NetworkFaults
from lab.faults.queues import Queue
from tests.unit.lab.faults.paper import Helper, PaperEngine, forgery

LOSS = Filter("loss.in.alice", ("ip saddr 10.83.0.3",), 2000)
RATE = Queue(FaultKind.RATE, Way.OUT, None, "1mbit")
DELAY = Queue(FaultKind.DELAY, Way.OUT, None, "10ms")
TO_ALICE = Queue(FaultKind.RATE, Way.OUT, "alice", "2mbit")


@pytest.fixture
def engine() -> PaperEngine:
    return PaperEngine(forgery())


@pytest.fixture
def faults(engine: PaperEngine) -> NetworkFaults:
    return NetworkFaults(engine.as_engine(), engine.topology, undo=True)


def test_one_helper_serves_a_node(engine: PaperEngine, faults: NetworkFaults) -> None:
    faults.put([("bob", LOSS), ("bob", RATE)])
    faults.put([("bob", TO_ALICE), ("alice", LOSS)])
    assert sorted(node for node, _ in engine.helpers) == ["alice", "bob"]


def test_a_second_of_a_name_takes_the_place_of_the_first(engine: PaperEngine, faults: NetworkFaults) -> None:
    faults.put([("bob", LOSS)])
    faults.put([("bob", Filter(LOSS.name, LOSS.match, 5000))])
    assert list(engine.kernels["bob"].tables) == ["inet socklab.loss.in.alice"]
    assert "< 5000 drop" in engine.kernels["bob"].tables["inet socklab.loss.in.alice"]


def test_queues_are_built_of_all_that_stand(engine: PaperEngine, faults: NetworkFaults) -> None:
    faults.put([("bob", RATE)])
    faults.put([("bob", TO_ALICE)])
    built = "\n".join(engine.kernels["bob"].queues)
    assert "handle 5101: tbf rate 1000000bit" in built
    assert "handle 5102: tbf rate 2000000bit" in built
    faults.take([("bob", RATE)])
    built = "\n".join(engine.kernels["bob"].queues)
    assert "rate 1000000bit" not in built
    assert "handle 5102: tbf rate 2000000bit" in built
    assert list(engine.kernels["bob"].tables) == ["inet socklab.rate.out.alice"]


def test_another_finds_what_stands_in_the_kernel(engine: PaperEngine, faults: NetworkFaults) -> None:
    NetworkFaults(engine.as_engine(), engine.topology, undo=False).put([("bob", RATE)])
    faults.put([("bob", DELAY)])
    assert engine.kernels["bob"].queues == [
        "qdisc add dev eth0 root handle 50cb: netem delay 10000us",
        "qdisc add dev eth0 parent 50cb:1 handle 51cb: tbf rate 1000000bit burst 3028b limit 28028b",
    ]


def test_what_the_kernel_lacks_is_named_and_what_stood_stands_on(engine: PaperEngine, faults: NetworkFaults) -> None:
    faults.put([("bob", RATE), ("bob", LOSS)])
    before = list(engine.kernels["bob"].queues)
    engine.lacks.add("netem")
    with pytest.raises(UsageError) as error:
        faults.put([("bob", DELAY)])
    assert str(error.value) == (
        "delay cannot be at bob: it needs sch_netem in the kernel; try `modprobe sch_netem` on the engine's host,"
        " or another KIND"
    )
    assert engine.kernels["bob"].queues == before
    assert sorted(engine.kernels["bob"].tables) == ["inet socklab.loss.in.alice", "inet socklab.rate.out"]


def test_an_old_kernel_has_no_hook_for_what_goes_out(engine: PaperEngine, faults: NetworkFaults) -> None:
    engine.lacks.add("egress")
    with pytest.raises(
        UsageError, match=r"^loss cannot be at bob: it needs the egress hook of nftables \(Linux 5.16\)"
    ):
        faults.put([("bob", Filter("loss.out", leaving=True))])
    assert not engine.kernels["bob"].tables


@pytest.mark.parametrize("part", [LOSS, RATE])
def test_a_kernel_without_nftables_has_no_faults(
    part: Filter | Queue, engine: PaperEngine, faults: NetworkFaults
) -> None:
    engine.lacks.add("nft")
    with pytest.raises(UsageError, match=r"^(loss|rate) cannot be at bob: it needs nf_tables in the kernel; try"):
        faults.put([("bob", part)])


def test_what_fails_at_one_node_is_taken_from_all(engine: PaperEngine, faults: NetworkFaults) -> None:
    engine.kernels["alice"].lacks = {"tbf"}
    with pytest.raises(UsageError, match=r"^rate cannot be at alice: it needs sch_tbf"):
        faults.put([("bob", RATE), ("alice", RATE)])
    assert not engine.kernels["bob"].queues
    assert not engine.kernels["bob"].tables


def test_heal_takes_all_and_ends_the_helpers(engine: PaperEngine, faults: NetworkFaults) -> None:
    faults.put([("bob", LOSS), ("bob", RATE), ("alice", LOSS)])
    found = faults.heal()
    assert found == {
        "bob": ["eth0", "inet socklab.loss.in.alice", "inet socklab.rate.out"],
        "alice": ["inet socklab.loss.in.alice"],
    }
    assert not engine.kernels["bob"].tables
    assert not engine.kernels["bob"].queues
    assert all(helper.ended for _, helper in engine.helpers)
    assert faults.heal() == {}


def test_heal_finds_what_others_have_put_at_the_nodes_that_are_named(
    engine: PaperEngine, faults: NetworkFaults
) -> None:
    engine.kernels["bob"].tables = {"inet socklab.cut.in": "", "inet filter": ""}
    assert faults.heal(["alice", "bob"]) == {"bob": ["inet socklab.cut.in"]}
    assert list(engine.kernels["bob"].tables) == ["inet filter"]


@pytest.mark.parametrize(("undo", "left"), [(True, []), (False, ["inet socklab.loss.in.alice"])])
def test_who_closes_undoes_or_lets_it_be(engine: PaperEngine, undo: bool, left: list[str]) -> None:
    faults = NetworkFaults(engine.as_engine(), engine.topology, undo=undo)
    faults.put([("bob", LOSS)])
    faults.close()
    assert list(engine.kernels["bob"].tables) == left


def test_a_node_that_was_started_anew_has_another_helper(engine: PaperEngine, faults: NetworkFaults) -> None:
    faults.put([("bob", LOSS)])
    engine.kill("bob")
    engine.start("bob")
    faults.renew("bob")  # nothing: its faults went with its namespace
    assert not engine.kernels["bob"].tables
    faults.put([("bob", RATE)])
    assert [helper.ended for _, helper in engine.helpers] == [True, False]
    assert list(engine.kernels["bob"].tables) == ["inet socklab.rate.out"]


def test_a_node_that_has_ended_needs_no_healing(engine: PaperEngine, faults: NetworkFaults) -> None:
    faults.put([("bob", LOSS)])
    engine.kill("bob")
    assert faults.heal() == {}
    assert engine.helpers[0][1].ended


@pytest.mark.parametrize("again", [False, True])
def test_a_node_that_ends_while_it_is_healed_needs_it_no_more(
    engine: PaperEngine, faults: NetworkFaults, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    beside = engine.beside

    def too_late(node: str, command: list[str]) -> Helper:
        engine.kill(node)
        try:
            return beside(node, command)
        finally:
            monkeypatch.undo()
            if again:
                engine.start(node)

    monkeypatch.setattr(engine, "beside", too_late)
    assert faults.heal(["bob"]) == {}
    assert len(engine.helpers) == again


def test_a_healing_that_fails_while_the_node_runs_on_is_told(
    engine: PaperEngine, faults: NetworkFaults, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(node: str, command: list[str]) -> Helper:
        raise EngineError("there is no image socklab-tap; `make up` builds it")

    monkeypatch.setattr(engine, "beside", refuse)
    with pytest.raises(EngineError, match="no image"):
        faults.heal(["bob"])


def test_interfaces_that_came_back_get_what_stood(engine: PaperEngine, faults: NetworkFaults) -> None:
    faults.put([("bob", RATE), ("bob", LOSS)])
    faults.take([("bob", LOSS)])
    engine.kernels["bob"].queues.clear()
    faults.renew("bob")
    assert len(engine.kernels["bob"].queues) == 1
    assert list(engine.kernels["bob"].tables) == ["inet socklab.rate.out"]


def test_a_helper_that_is_gone_is_told_in_a_line_and_another_takes_its_place(
    engine: PaperEngine, faults: NetworkFaults
) -> None:
    faults.put([("bob", LOSS)])
    _, helper = engine.helpers[0]
    helper.write = lambda data: helper.close_input()  # type: ignore[method-assign]
    with pytest.raises(LabError, match=r"^the helper beside bob is gone: it says nothing; `make heal` undoes"):
        faults.put([("bob", RATE)])
    faults.put([("bob", RATE)])
    assert list(engine.kernels["bob"].tables) == ["inet socklab.rate.out"]
