"""The plan of faults: the same for the same seed, another for another, and nothing in it that cannot be."""

import pytest

from lab.engine import NodeState
from lab.faults import FaultKind
from lab.faults.check import check
from lab.state import Wish as LabWish
from scenarios.chaos.plan import ENDS_A_RUN, LONGEST, RECKONED, SHORTEST, WEIGHTS, Burst, plan

LAB = LabWish().load()
WHO = {name: LAB.partners(name) for name in LAB.nodes}
SEEDS = range(200)


def bursts(seconds: float = 60.0) -> list[Burst]:
    return [burst for seed in SEEDS for burst in plan(seed, seconds, WHO)]


def test_a_seed_makes_the_same_plan_again() -> None:
    assert plan(7, 60.0, WHO) == plan(7, 60.0, dict(WHO))


def test_seeds_make_plans_of_their_own() -> None:
    assert len({plan(seed, 60.0, WHO) for seed in SEEDS}) == len(SEEDS)


def test_a_longer_plan_goes_on_where_a_shorter_one_ends() -> None:
    short, long = plan(7, 20.0, WHO), plan(7, 200.0, WHO)
    assert long[: len(short)] == short
    assert len(long) > 3 * len(short)


@pytest.mark.parametrize("seconds", [0.0, 5.0, 20.0, 60.0, 1800.0])
def test_it_fills_the_time(seconds: float) -> None:
    for seed in SEEDS:
        found = plan(seed, seconds, WHO)
        whole = sum(burst.lasts + RECKONED for burst in found)
        assert len(found) == 1 or seconds - RECKONED <= whole <= seconds + LONGEST


def test_a_burst_is_as_long_as_tcp_lets_it_be() -> None:
    for burst in bursts():
        assert SHORTEST <= burst.lasts <= LONGEST
        assert all(0 <= moment.at <= burst.lasts for moment in burst.faults)
        assert [moment.at for moment in burst.faults] == sorted(moment.at for moment in burst.faults)


def test_every_wish_can_be() -> None:
    running = dict.fromkeys(LAB.nodes, NodeState.RUNNING)
    for burst in bursts():
        for moment in burst.faults:
            paused = {moment.wish.node: NodeState.PAUSED} if moment.wish.kind is FaultKind.RESUME else {}
            check(moment.wish, LAB, running | paused)


def test_no_node_has_two_faults_at_a_time_but_for_one_that_is_paused_and_goes_on() -> None:
    for burst in bursts():
        kinds: dict[str, list[FaultKind]] = {}
        for moment in burst.faults:
            kinds.setdefault(moment.wish.node, []).append(moment.wish.kind)
        assert all(len(found) == 1 or found == [FaultKind.PAUSE, FaultKind.RESUME] for found in kinds.values())


def test_nothing_is_put_between_a_node_and_one_whose_run_ends() -> None:
    for burst in bursts():
        ended = {moment.wish.node for moment in burst.faults if moment.wish.kind in ENDS_A_RUN}
        assert not ended & {moment.wish.peer for moment in burst.faults}


def test_each_kind_and_each_node_has_its_turn() -> None:
    wishes = [moment.wish for burst in bursts() for moment in burst.faults]
    assert {wish.kind for wish in wishes} == {*WEIGHTS, FaultKind.RESUME}
    assert {wish.node for wish in wishes} == set(LAB.nodes)
    assert {bool(wish.peer) for wish in wishes if wish.kind is FaultKind.CUT} == {True, False}


def test_it_says_what_will_be_done() -> None:
    burst = plan(7, 20.0, WHO)[0]
    assert str(burst).count(";") == len(burst.faults) - 1
    assert all(moment.wish.node in str(burst) for moment in burst.faults)
