"""What there was in numbers; and that each kind of fault is known by the words that a history has for it."""

import pytest

from lab.events import Fault
from lab.faults import FaultKind
from scenarios.chaos.plan import WEIGHTS, plan
from scenarios.chaos.tally import WORDS, kind_of, tally
from tests.unit.scenarios.chaos.busy import Busy
from tests.unit.scenarios.chaos.test_plan import SEEDS, WHO

OF_PACKETS = (FaultKind.CUT, FaultKind.LOSS, FaultKind.RATE)


def told(what: str) -> Fault:
    return Fault(time=1.0, node="bob", what=what)


def test_every_kind_of_a_plan_has_its_words() -> None:
    assert set(WORDS) == set(WEIGHTS)


def test_words_of_packets_are_those_of_wishes() -> None:
    wishes = [moment.wish for seed in SEEDS for burst in plan(seed, 60.0, WHO) for moment in burst.faults]
    found = [wish for wish in wishes if wish.kind in OF_PACKETS]
    assert {wish.kind for wish in found} == set(OF_PACKETS)
    assert all(kind_of(told(wish.sentence)) is wish.kind for wish in found)


@pytest.mark.parametrize("what", ["resumed", "healed of loss", "back on lab", "started again", "stopped with SIGTERM"])
def test_what_heals_is_no_fault(what: str) -> None:
    assert kind_of(told(what)) is None


def test_a_run() -> None:
    found = tally(Busy().breaks().heals(after=2.0).history())
    assert (dict(found.faults), found.typed, found.delivered) == ({"cut": 1}, 8, 20)
    assert [round(seconds) for seconds in found.recoveries] == [2]
