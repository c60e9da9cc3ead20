"""`make fault` and `make heal`, on a lab on paper."""

import pytest

from lab.engine import NodeState
from lab.errors import LabError, UsageError
from lab.faults import by_hand
from tests.unit.lab.faults.paper import PaperEngine, forgery

KINDS = "kill, pause, resume, restart, cut, loss, duplicate, reorder, delay, rate"


@pytest.fixture
def engine() -> PaperEngine:
    return PaperEngine(forgery())


def fault(engine: PaperEngine, kind: str, node: str, **how: str) -> None:
    by_hand.fault(engine.as_engine(), engine.topology, kind, node, **how)


def test_it_is_printed_and_stays(engine: PaperEngine, capsys: pytest.CaptureFixture[str]) -> None:
    fault(engine, "loss", "bob", peer="alice", amount="20%", way="in")
    assert capsys.readouterr().out == "bob: loses 20% of the packets from alice\n"
    assert list(engine.kernels["bob"].tables) == ["inet socklab.loss.in.alice"]
    assert all(helper.ended for _, helper in engine.helpers)


def test_it_is_healed_by_whoever_comes(engine: PaperEngine, capsys: pytest.CaptureFixture[str]) -> None:
    fault(engine, "loss", "bob", amount="20%", way="in")
    fault(engine, "restart", "alice")
    fault(engine, "kill", "mallory")
    capsys.readouterr()
    by_hand.heal(engine.as_engine(), engine.topology)
    assert capsys.readouterr().out == "bob: healed of loss\nmallory: started again\n"
    assert set(engine.all_states.values()) == {NodeState.RUNNING}
    by_hand.heal(engine.as_engine(), engine.topology)
    assert capsys.readouterr().out == "nothing in forgery is broken\n"


@pytest.mark.parametrize(
    ("kind", "how", "said"),
    [
        ("", {}, f"which fault? Give KIND=, one of {KINDS}"),
        ("lose", {}, f"there is no fault 'lose'; give KIND=, one of {KINDS}"),
        ("loss", {"amount": "1%", "way": "up"}, "there is no way 'up'; give WAY=, one of both, in, out"),
    ],
)
def test_a_wrong_word_lists_the_right_ones(engine: PaperEngine, kind: str, how: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as error:
        fault(engine, kind, "bob", **how)
    assert str(error.value) == said


def test_a_lab_that_is_not_up(engine: PaperEngine) -> None:
    engine.all_states.clear()
    with pytest.raises(LabError, match=r"^forgery is not up; start it with `make up`$"):
        fault(engine, "kill", "bob")
    with pytest.raises(LabError, match=r"^forgery is not up"):
        by_hand.heal(engine.as_engine(), engine.topology)
