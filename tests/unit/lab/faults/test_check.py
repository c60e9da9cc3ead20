"""What cannot be is refused in a line that says what could be."""

import pytest

from lab.engine import NodeState
from lab.errors import UsageError
from lab.faults.check import check
from lab.faults.model import FaultKind, Way, Wish
from tests.unit.lab.faults.paper import forgery

K = FaultKind
TOPOLOGY = forgery()
RUNNING = dict.fromkeys(TOPOLOGY.nodes, NodeState.RUNNING)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(K.KILL, "bobby"), "there is no node bobby in forgery; did you mean bob?"),
        (Wish(K.KILL, "x"), "there is no node x in forgery; choose from server, alice, bob, mallory"),
        (Wish(K.KILL, ""), "which node? Give NODE=, one of server, alice, bob, mallory"),
        (Wish(K.CUT, "bob", peer="zed"), "there is no node zed in forgery; choose from server, alice, bob, mallory"),
        (Wish(K.CUT, "bob", peer=""), "which node? Give PEER=, one of server, alice, bob, mallory"),
        (Wish(K.CUT, "bob", peer="bob"), "PEER=bob is NODE itself; name another node"),
        (Wish(K.LOSS, "bob"), "how much? KIND=loss needs an AMOUNT, such as AMOUNT=20%"),
        (Wish(K.LOSS, "bob", amount="20"),
         "AMOUNT=20 is none for loss: give more than 0% and at most 100%, as AMOUNT=20%"),
        (Wish(K.RATE, "bob", amount="1"), "AMOUNT=1 is none for rate: give from 8kbit to 10gbit, in bit, kbit, mbit or"
         " gbit (a second), as AMOUNT=1mbit"),
        (Wish(K.DELAY, "bob", amount="1"), "AMOUNT=1 is none for delay: give more than 0 and at most 60s, in us, ms or"
         " s, as AMOUNT=100ms, or 100ms~20ms with jitter"),
        (Wish(K.CUT, "bob", amount="20%"), "KIND=cut takes no AMOUNT; leave out AMOUNT=20%"),
        (Wish(K.KILL, "bob", amount="20%"), "KIND=kill takes no AMOUNT; leave out AMOUNT=20%"),
        (Wish(K.PAUSE, "bob", peer="alice"), "KIND=pause takes no PEER; leave out PEER=alice"),
        (Wish(K.PAUSE, "bob", network="lab"), "KIND=pause takes no NETWORK; leave out NETWORK=lab"),
        (Wish(K.PAUSE, "bob", way=Way.IN), "KIND=pause is for the program, so leave out WAY=in"),
        (Wish(K.CUT, "bob", network="west"), "bob is not on a network 'west'; choose from lab"),
        (Wish(K.CUT, "bob", peer="alice", network="lab"),
         "NETWORK=lab goes with KIND=cut and neither PEER nor WAY; leave it out"),
        (Wish(K.LOSS, "bob", amount="1%", network="lab"),
         "NETWORK=lab goes with KIND=cut and neither PEER nor WAY; leave it out"),
        (Wish(K.RESUME, "bob"), "bob is not paused, so it cannot be resumed; KIND=pause pauses it"),
    ],
)  # fmt: skip
def test_refused(wish: Wish, said: str) -> None:
    with pytest.raises(UsageError) as error:
        check(wish, TOPOLOGY, RUNNING)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("wish", "states", "said"),
    [
        (Wish(K.KILL, "bob"), {"bob": NodeState.EXITED},
         "bob does not run (it is exited); `make heal` starts it again"),
        (Wish(K.CUT, "bob", peer="alice"), {"alice": NodeState.CREATED},
         "alice does not run (it is created); `make heal` starts it again"),
        (Wish(K.PAUSE, "bob"), {"bob": NodeState.PAUSED}, "bob is paused already; KIND=resume lets it go on"),
    ],
)  # fmt: skip
def test_refused_in_that_state(wish: Wish, states: dict[str, NodeState], said: str) -> None:
    with pytest.raises(UsageError) as error:
        check(wish, TOPOLOGY, RUNNING | states)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("wish", "states"),
    [
        (Wish(K.KILL, "bob"), {"bob": NodeState.PAUSED}),
        (Wish(K.RESUME, "bob"), {"bob": NodeState.PAUSED}),
        (Wish(K.RESTART, "bob"), {"bob": NodeState.EXITED}),
        (Wish(K.CUT, "bob"), {}),
        (Wish(K.CUT, "bob", network="lab"), {}),
        (Wish(K.LOSS, "bob", peer="alice", amount="20%", way=Way.OUT), {"bob": NodeState.PAUSED}),
        (Wish(K.DELAY, "bob", amount="10ms~5ms"), {"alice": NodeState.EXITED}),
    ],
)
def test_let_be(wish: Wish, states: dict[str, NodeState]) -> None:
    check(wish, TOPOLOGY, RUNNING | states)


def test_a_node_that_is_gone_is_missing() -> None:
    with pytest.raises(UsageError, match=r"^bob does not run \(it is missing\)"):
        check(Wish(K.KILL, "bob"), TOPOLOGY, {"alice": NodeState.RUNNING})
