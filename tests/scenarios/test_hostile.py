"""Load and hostile input: a little of some attacks on each program that listens. No test goes by how long it took."""

import pytest

from reliability.effort import Effort
from reliability.hostile.attack import ATTACKS, Attack
from reliability.hostile.judge import COLUMNS, row, wrong
from reliability.hostile.target import TARGETS, Target
from reliability.hostile.trial import outcomes

THROWN = ("connections", "SYNs", "datagrams")
SHARE = 3
"""Each program has every third attack: so each attack is made on some, and a test takes seconds."""

CASES = [(target, ATTACKS[number % SHARE :: SHARE]) for number, target in enumerate(TARGETS)]


@pytest.mark.parametrize(("target", "attacks"), CASES, ids=lambda each: getattr(each, "name", ""))
def test_it_comes_through(target: Target, attacks: tuple[Attack, ...]) -> None:
    found = list(outcomes(Effort.SMOKE, [target], attacks))
    assert [outcome.attack for outcome in found] == [attack for attack in attacks if attack.over is target.over]
    assert not [fault for outcome in found for fault in wrong(outcome)]
    for outcome in found:
        assert len(row(outcome)) == len(COLUMNS)
        assert not outcome.before["alive"] or any(outcome.thrown[what] for what in THROWN if what in outcome.thrown)


def test_each_attack_is_made_on_some_program() -> None:
    made = {attack.name for target, attacks in CASES for attack in attacks if attack.over is target.over}
    assert made == {attack.name for attack in ATTACKS}
