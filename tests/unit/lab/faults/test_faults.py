"""What is done to nodes on paper, what is told of it, and how it is undone."""

import pytest

from lab.engine import NodeState
from lab.errors import UsageError
from lab.faults.faults import Faults
from lab.faults.model import FaultKind, Way, Wish
from lab.state import Wish as LabWish
from tests.unit.lab.faults.paper import PaperEngine, Starter, forgery

K = FaultKind


class Told:
    """What was told of each node."""

    def __init__(self) -> None:
        self.all: list[tuple[str, str]] = []

    def __call__(self, node: str, what: str, *, began: float | None = None, link: str | None = None) -> None:
        self.all.append((node, what))


@pytest.fixture
def engine() -> PaperEngine:
    return PaperEngine(forgery())


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def faults(engine: PaperEngine, told: Told) -> Faults:
    return Faults(engine.as_engine(), engine.topology, Starter(engine), told, undo=True)


@pytest.mark.parametrize(
    ("wish", "done", "said"),
    [
        (Wish(K.KILL, "bob"), [("kill", "bob")], "killed with SIGKILL"),
        (Wish(K.PAUSE, "bob"), [("pause", "bob")], "paused"),
        (Wish(K.RESTART, "bob"), [("stop", "bob"), ("start", "bob")], "stopped with SIGTERM, to be started again"),
        (Wish(K.CUT, "bob"), [("cut", "bob", "lab")], "cut off lab"),
        (Wish(K.CUT, "bob", peer="alice"), [], "cut: loses all packets between it and alice"),
        (Wish(K.LOSS, "bob", amount="5%"), [], "loses 5% of the packets in and out"),
        (Wish(K.LOSS, "bob", amount="5%", way=Way.IN), [], "loses 5% of the packets that come in"),
        (Wish(K.DUPLICATE, "bob", peer="alice", amount="5%", way=Way.OUT), [], "5% of the packets to alice come twice"),
        (Wish(K.REORDER, "bob", amount="5%", way=Way.OUT), [], "5% of the packets that go out overtake others"),
        (Wish(K.DELAY, "bob", peer="alice", amount="1s"), [], "packets between it and alice take 1s longer each way"),
        (Wish(K.RATE, "bob", peer="alice", amount="1mbit", way=Way.IN), [], "packets from alice get 1mbit/s"),
    ],
)
def test_it_is_done_and_told(
    wish: Wish, done: list[tuple[str, ...]], said: str, engine: PaperEngine, faults: Faults, told: Told
) -> None:
    faults.do(wish)
    assert engine.done == done
    assert told.all == [("bob", said)]


def test_one_that_was_paused_goes_on(engine: PaperEngine, faults: Faults, told: Told) -> None:
    engine.all_states["bob"] = NodeState.PAUSED
    faults.do(Wish(K.RESUME, "bob"))
    assert engine.done == [("resume", "bob")]
    assert told.all == [("bob", "resumed")]


def test_one_that_has_ended_is_restarted(engine: PaperEngine, faults: Faults, told: Told) -> None:
    engine.all_states["bob"] = NodeState.EXITED
    faults.do(Wish(K.RESTART, "bob"))
    assert engine.done == [("start", "bob")]
    assert told.all == [("bob", "started again")]


def test_what_is_refused_is_neither_done_nor_told(engine: PaperEngine, faults: Faults, told: Told) -> None:
    engine.lacks.add("netem")
    for wish in (Wish(K.RESUME, "bob"), Wish(K.DELAY, "bob", amount="1s"), Wish(K.KILL, "nobody")):
        with pytest.raises(UsageError):
            faults.do(wish)
    assert not engine.done
    assert not told.all


def test_a_node_is_cut_off_the_networks_that_it_is_on(told: Told) -> None:
    casts = LabWish("casts").load()
    engine = PaperEngine(casts)
    faults = Faults(engine.as_engine(), casts, Starter(engine), told, undo=True)
    first, *rest = casts.nodes["r1"].addresses
    faults.do(Wish(K.CUT, "r1", network=first))
    faults.do(Wish(K.CUT, "r1"))
    assert engine.done == [("cut", "r1", network) for network in (first, *rest)]
    engine.done.clear()
    assert faults.heal(everywhere=False)
    assert engine.on["r1"] == {first, *rest}
    # Only when it is started does a router see its interfaces.
    assert engine.done[:3] == [("heal", "r1", first), ("stop", "r1"), ("start", "r1")]


def test_heal_undoes_all_and_tells_it(engine: PaperEngine, faults: Faults, told: Told) -> None:
    for wish in (
        Wish(K.PAUSE, "mallory"), Wish(K.RATE, "alice", peer="bob", amount="1mbit", way=Way.OUT), Wish(K.CUT, "alice"),
        Wish(K.KILL, "server"), Wish(K.KILL, "bob"),
    ):  # fmt: skip
        faults.do(wish)
    engine.done.clear()
    told.all.clear()
    assert faults.heal(everywhere=False)
    assert told.all == [
        ("mallory", "resumed"),
        ("alice", "healed of rate"),
        ("alice", "back on lab"),
        ("server", "started again"),
        ("bob", "started again"),
    ]
    assert engine.done == [
        ("resume", "mallory"), ("heal", "alice", "lab"), ("start", "server"), ("wait", "server"), ("start", "bob"),
    ]  # fmt: skip
    assert not faults.heal(everywhere=False)


def test_heal_everywhere_finds_what_another_left(engine: PaperEngine, told: Told) -> None:
    other = Faults(engine.as_engine(), engine.topology, Starter(engine), Told(), undo=False)
    other.do(Wish(K.LOSS, "bob", peer="alice", amount="5%"))
    other.close()
    faults = Faults(engine.as_engine(), engine.topology, Starter(engine), told, undo=False)
    assert not faults.heal(everywhere=False)
    assert faults.heal(everywhere=True)
    assert told.all == [("alice", "healed of loss"), ("bob", "healed of loss")]


def test_what_was_never_started_is_not_started_by_heal(engine: PaperEngine, told: Told) -> None:
    starter = Starter(engine)
    starter.never.add("bob")
    engine.all_states |= {"bob": NodeState.EXITED, "alice": NodeState.CREATED}
    faults = Faults(engine.as_engine(), engine.topology, starter, told, undo=True)
    assert not faults.heal(everywhere=False)
    assert not engine.done


def test_a_node_that_is_put_back_has_its_queues_again(engine: PaperEngine, faults: Faults) -> None:
    faults.do(Wish(K.RATE, "bob", amount="1mbit", way=Way.OUT))
    faults.do(Wish(K.CUT, "bob", network="lab"))
    engine.kernels["bob"].queues.clear()
    faults.put_back("bob", "lab")
    assert len(engine.kernels["bob"].queues) == 1
