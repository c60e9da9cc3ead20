"""Thirty switches: tables, ways around a cut, a call that is told of it; and runs in which one of these is wrong."""

from collections.abc import Callable

import pytest

from scenarios.switching import thirty as play
from scenarios.switching.checks import thirty
from scenarios.verdict import Check
from services.switching.header import Kind
from services.switching.signalling import Reason, Release
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.switching.wires import Links

CHECKS = (
    thirty.every_table_is_of_shortest_ways,
    thirty.packets_and_a_call_go_the_shortest_way,
    thirty.the_flow_finds_another_way,
    thirty.both_ends_of_the_call_are_told,
    thirty.a_new_call_goes_around,
)
WAY = "h1 s1 s2 s8 s7 s6 s12 s13 s17 s16 h2"
AROUND = "h1 s1 s25 s26 s21 s20 s19 s18 s17 s16 h2"
LONGER = "h1 s1 s2 s8 s7 s6 s12 s13 s14 s15 s16 h2"
ONES = (1,) * 10


def lab(
    *,
    first: str = WAY,
    lost: str = "h1 s1 s2 s8 s7 s6 s12",
    then: str = AROUND,
    late_loss: bool = False,
    told: bool = True,
    shows: str = "circuit 1 from h1: s12 lost its neighbour s6",
    again: str = AROUND,
    lie: Callable[[str, str], int] = lambda teller, name: 0,
) -> Links:
    """Let all tell their ways, a message, a flow and two calls go; each argument puts something wrong."""
    wire = Links("thirty")
    for one, other, _ in thirty.links():
        for teller, listener in ((one, other), (other, one)):
            metrics = {name: metric + lie(teller, name) for name, metric in thirty.shortest()[teller].items()}
            wire.vector(teller, listener, **{teller: 0}, **metrics)
    for sequence in range(2):
        wire.datagram(first, sequence, b"m1", last=sequence == 1)
    call = wire.circuit(WAY, ONES).open()
    wire.datagram(WAY, 0, b"f1")
    wire.link_fault("s6", "no longer hears s12", "s6", "s12")
    wire.datagram(lost, 1, b"f1", to="h2")
    if told:
        call.go(Kind.RELEASE, back=True, start=5, payload=_gone("s6", "s12"))
        call.go(Kind.RELEASE, start=6, payload=_gone("s12", "s6"))
    wire.printed("h1", "circuit 1 to h2: s6 lost its neighbour s12")
    wire.printed("h2", shows)
    wire.datagram(then, 2, b"f1")
    if late_loss:
        wire.datagram("h1 s1 s25", 3, b"f1", to="h2")
    wire.datagram(then, 4, b"f1", last=True)
    wire.circuit(again, (1,) * (len(again.split()) - 1), number=2).open().data(b"good evening")
    return wire


def _gone(by: str, neighbour: str) -> bytes:
    return Release(Reason.NEIGHBOUR_GONE, by, neighbour).pack()


@pytest.mark.parametrize("check", CHECKS)
def test_a_good_run(check: Check) -> None:
    passes(check, lab().history())
    cannot_tell(check, lab().history(dropped=1), "lost 1 of")


@pytest.mark.parametrize("check", CHECKS)
def test_where_nothing_happened_nothing_holds(check: Check) -> None:
    fails(check, Links("thirty").history(), "")


def test_one_wrong_metric_is_found() -> None:
    history = lab(lie=lambda teller, name: int((teller, name) == ("s9", "s20"))).history()
    fails(thirty.every_table_is_of_shortest_ways, history, "s9 says 8 of the way to s20, which is 7")


def test_a_destination_that_is_missing_is_found() -> None:
    history = lab(lie=lambda teller, name: 16 * ((teller, name) == ("s9", "h1"))).history()
    fails(thirty.every_table_is_of_shortest_ways, history, "s9 says None of the way to h1")


def test_a_longer_way_is_not_the_shortest() -> None:
    history = lab(first=LONGER).history()
    fails(thirty.packets_and_a_call_go_the_shortest_way, history, f"{LONGER} is not the shortest")


def test_two_ways_may_be_equally_short() -> None:
    passes(thirty.packets_and_a_call_go_the_shortest_way, lab(first=AROUND).history())


def test_a_flow_that_does_not_come_again_found_no_way() -> None:
    fails(thirty.the_flow_finds_another_way, lab(then="h1 s1 s25").history(), f"packets came by {WAY}")


def test_what_is_lost_later_is_another_fault() -> None:
    fails(thirty.the_flow_finds_another_way, lab(late_loss=True).history(), "packet 3 was lost at another time")


def test_ends_that_are_not_told_wait_in_vain() -> None:
    fails(thirty.both_ends_of_the_call_are_told, lab(told=False).history(), "h1 was not told by s6")


def test_ends_have_to_tell_the_person() -> None:
    history = lab(shows="circuit 1 from h1: released by h1").history()
    fails(thirty.both_ends_of_the_call_are_told, history, "h2 does not show that s12 has lost s6")


def test_a_call_over_the_cut_link_is_no_new_way() -> None:
    fails(thirty.a_new_call_goes_around, lab(again=WAY).history(), f"it was set up by {WAY}")


def test_the_page_tells_the_ways() -> None:
    history = lab().history()
    assert play.rows(history)[2:] == [f"| flow | {WAY} | {AROUND} |", f"| circuit | {WAY} | {AROUND} |"]
    (drawing,) = play.drawings(history).values()
    assert "Before the cut: 1 of 1 packets came" in drawing
    assert "Around the cut: 2 of 2 packets came" in drawing
