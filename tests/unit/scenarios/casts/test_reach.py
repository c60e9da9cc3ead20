"""Whom each kind of address reaches: what is counted, and each way in which it can be other than it should."""

import pytest

from scenarios.casts.checks.reach import (
    EXPECTED,
    UncountedError,
    one_frame_is_sent,
    programs_reached,
    reach,
    rises,
    routers_forward_what_they_should,
    stacks_reached,
    table,
)
from scenarios.verdict import Check
from tests.unit.scenarios.casts.casting import OneOfEach
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

ALL = [programs_reached, stacks_reached, one_frame_is_sent, routers_forward_what_they_should]
KINDS = [*EXPECTED]


@pytest.mark.parametrize("check", ALL)
class TestEveryCheck:
    def test_each_kind_reaches_whom_it_should(self, check: Check) -> None:
        assert passes(check, OneOfEach().play().routed.history()).evidence

    def test_nothing_was_sent(self, check: Check) -> None:
        fails(check, OneOfEach().routed.history(), "w1 sent no datagram by unicast")

    @pytest.mark.parametrize("many", range(1, len(KINDS)))
    def test_the_play_ended_early(self, check: Check, many: int) -> None:
        some = OneOfEach()
        for kind in KINDS[:many]:
            some.kind(kind)
        fails(check, some.routed.history(), f"w1 sent no datagram by {KINDS[many]}")

    def test_a_host_kept_its_counters_to_itself(self, check: Check) -> None:
        silent = OneOfEach().play("multicast", silent=("e3",)).routed.history()
        fails(check, silent, "e3 did not show its counters before and after the datagram by multicast")

    def test_a_tap_lost_packets(self, check: Check) -> None:
        cannot_tell(check, OneOfEach().play().routed.history(dropped=1), "lost 1 of")


@pytest.mark.parametrize("kind", KINDS)
class TestEveryKind:
    def test_is_counted_as_expected(self, kind: str) -> None:
        assert reach(OneOfEach().play().routed.history(), kind) == EXPECTED[kind]

    def test_a_program_that_shows_nothing(self, kind: str) -> None:
        fails(programs_reached, OneOfEach().play(kind, got="").routed.history(), f"{kind}: programs (), not (")

    def test_a_program_that_should_not_get_it(self, kind: str) -> None:
        more = OneOfEach().play(kind, got=" ".join((*EXPECTED[kind].programs, "e3"))).routed.history()
        fails(programs_reached, more, f"{kind}: programs (")

    def test_a_stack_that_should_not_take_it(self, kind: str) -> None:
        hosts = [node for node in EXPECTED[kind].stacks if not node.startswith("anycast")]
        more = OneOfEach().play(kind, taken=" ".join([*hosts, "e3"])).routed.history()
        fails(stacks_reached, more, f"{kind}: stacks (")
        passes(programs_reached, more)

    def test_a_frame_too_many(self, kind: str) -> None:
        more = OneOfEach().play()
        more.kind(kind)
        fails(one_frame_is_sent, more.routed.history(), f"{kind}: sent 2, not 1")

    def test_what_was_not_sent_cannot_be_counted(self, kind: str) -> None:
        with pytest.raises(UncountedError, match=f"w1 sent no datagram by {kind}"):
            reach(OneOfEach().routed.history(), kind)


@pytest.mark.parametrize("kind", ["limited broadcast", "directed broadcast"])
def test_a_router_that_forwards_a_broadcast(kind: str) -> None:
    leaked = OneOfEach().play(kind, way="w1 west r1 backbone").routed.history()
    fails(routers_forward_what_they_should, leaked, f"{kind}: routers ('r1',), not ()")
    fails(one_frame_is_sent, leaked, f"{kind}: frames (1, 1, 0), not (1, 0, 0)")


def test_a_router_that_forwards_no_multicast() -> None:
    kept = OneOfEach().play("multicast", way="w1 west").routed.history()
    fails(routers_forward_what_they_should, kept, "multicast: routers (), not ('r1', 'r2')")


def test_a_stack_that_takes_no_broadcast() -> None:
    fails(
        stacks_reached, OneOfEach().play("limited broadcast", taken="w1 w2").routed.history(), "not ('w1', 'w2', 'w3')"
    )


def test_the_answer_is_not_counted() -> None:
    history = OneOfEach().play().routed.history()
    assert set(rises(history, "anycast").values()) == {0}


def test_an_answer_that_comes_after_the_counters_were_read_makes_no_stack() -> None:
    late = OneOfEach().play("anycast", late=True).routed.history()
    assert rises(late, "anycast")["w1"] == -1
    passes(stacks_reached, late)


def test_the_table() -> None:
    heading, rule, *rows = table(OneOfEach().play().routed.history())
    assert heading.count("|") == rule.count("|") == 8
    assert rows == [
        "| unicast | one host | 1 | 1, 1, 1 | e1 | e1 | r1, r2 |",
        "| anycast | the nearest server | 1 | 2, 0, 0 | anycast1 | anycast1 | r1 |",
        "| multicast | the members of a group | 1 | 1, 1, 1 | e1, w2 | e1, w2 | r1, r2 |",
        "| limited broadcast | this network | 1 | 1, 0, 0 | w1, w2, w3 | w1, w2 | none |",
        "| directed broadcast | the network named | 1 | 1, 0, 0 | w1, w2, w3 | w1, w2 | none |",
    ]
