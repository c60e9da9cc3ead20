"""A flow of datagrams that goes around a cut link, or a dead switch; and flows that do what they must not."""

import pytest

from lab.events import Exited, Fault
from scenarios.switching import datagrams_page
from scenarios.switching.checks import datagrams
from scenarios.switching.checks.flow import flow as flow_of
from scenarios.switching.checks.flow import late, phases
from scenarios.verdict import Check
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.switching.broken_flow import LONG, SHORT, Flow, with_a_cut, with_a_restart
from tests.unit.scenarios.switching.wires import Links

IN_BOTH = (
    datagrams.packets_go_each_their_own_way,
    datagrams.the_receiver_knows_what_is_missing,
    datagrams.the_short_way_overtakes,
    datagrams.packets_are_lost_before_the_break_alone,
    datagrams.nothing_else_is_lost,
    datagrams.the_tables_heal_in_time,
)


def test_a_flow_goes_around_a_cut_link() -> None:
    for check in IN_BOTH:
        passes(check, with_a_cut().wire.history())


def test_a_flow_goes_around_a_switch_that_is_started_again() -> None:
    history = with_a_restart().wire.history()
    for check in (*IN_BOTH, datagrams.nothing_is_set_up, datagrams.a_new_switch_learns_before_it_forwards):
        passes(check, history)


@pytest.mark.parametrize("check", IN_BOTH)
def test_who_cannot_see_does_not_judge(check: Check) -> None:
    cannot_tell(check, with_a_cut().wire.history(dropped=1), "lost 1 of")


def test_its_phases_are_told_by_the_ways() -> None:
    history = with_a_cut().wire.history()
    found = phases(history)
    numbers = [[way.packet.sequence for way in ways] for ways in (found.before, found.lost, found.around, found.after)]
    assert numbers == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]
    assert [way.packet.sequence for way in late(flow_of(history))] == [8]


def test_without_a_flow_there_is_nothing_to_judge() -> None:
    for check in IN_BOTH[:3]:
        fails(check, Links().history(), "0 flows went")


def test_a_flow_that_stays_away_did_not_come_back() -> None:
    flow = Flow()
    flow.cut()
    flow.takes(LONG, *range(3, 12))
    fails(datagrams.packets_go_each_their_own_way, flow.wire.history(), "3 by a c e f, then 9 by a b d f")


def test_a_flow_that_never_turned_has_no_phases() -> None:
    flow = Flow()
    flow.cut()
    flow.takes(SHORT, *range(3, 12))
    fails(datagrams.nothing_else_is_lost, flow.wire.history(), "no packet took the way")


@pytest.mark.parametrize(
    "report",
    [
        "flow from h1: 9 of 12 came; lost 3-5",
        "flow from h1: 9 of 12 came; lost 3, 5; late 8",
        "flow from h1: 9 of 12 came; lost 3-5; late 8-9",
        "flow from h1: 8 of 12 came; lost 3-5; late 8",
        "flow from h1: 9 of 13 came; lost 3-5; late 8",
    ],
)
def test_a_receiver_that_names_others_is_wrong(report: str) -> None:
    fails(datagrams.the_receiver_knows_what_is_missing, with_a_cut(report).wire.history(), "the wire shows")


def test_a_report_that_a_terminal_has_wrapped_is_read_as_a_whole() -> None:
    flow = Flow()
    flow.cut()
    lost = range(103, 160, 3)
    for number in range(103, 160):
        flow.takes("h1 a c e" if number in lost else SHORT, number)
    report = f"flow from h1: 41 of 60 came; lost {', '.join(map(str, lost))}"
    flow.wire.printed("h2", f"{report[:80]}\r\n{report[80:]}")
    passes(datagrams.the_receiver_knows_what_is_missing, flow.wire.history())


def test_a_receiver_has_to_tell_once() -> None:
    fails(datagrams.the_receiver_knows_what_is_missing, with_a_cut("...").wire.history(), "told 0 times")


def test_on_the_short_way_nobody_is_overtaken() -> None:
    flow = Flow()
    flow.cut()
    flow.takes("h1 a c e f", 3)
    flow.takes(SHORT, 4)
    flow.takes("f h2", 3)
    fails(datagrams.the_short_way_overtakes, flow.wire.history(), "packet 3 was overtaken on h1 a c e f h2")


def test_where_nobody_is_overtaken_there_was_nothing_to_see() -> None:
    flow = Flow()
    flow.cut()
    flow.takes(LONG, 3)
    fails(datagrams.the_short_way_overtakes, flow.wire.history(), "no packet was on the slow way any more")


def test_what_is_lost_elsewhere_is_not_the_cut_s_doing() -> None:
    flow = Flow()
    flow.cut()
    flow.takes("h1 a b d f", 3)
    fails(datagrams.packets_are_lost_before_the_break_alone, flow.wire.history(), "packet 3 was seen last on d to f")


def test_behind_a_dead_switch_nothing_is_lost() -> None:
    flow = Flow()
    flow.kill()
    flow.takes("h1 a c e", 3)
    fails(datagrams.packets_are_lost_before_the_break_alone, flow.wire.history(), "packet 3 was seen last on c to e")


def test_a_way_that_nobody_broke() -> None:
    fails(datagrams.packets_are_lost_before_the_break_alone, Flow().wire.history(), "was not broken")


def test_what_is_lost_before_the_cut_is_another_fault() -> None:
    flow = Flow()
    flow.takes("h1 a", 3)
    flow.cut()
    flow.takes(LONG, 4)
    fails(datagrams.nothing_else_is_lost, flow.wire.history(), "packet 3 was lost 0.001 s before the break")


def test_what_is_lost_when_the_tables_have_healed_is_another_fault() -> None:
    flow = Flow()
    flow.cut()
    flow.takes(LONG, 3)
    flow.takes("h1 a c e", 4)
    fails(datagrams.nothing_else_is_lost, flow.wire.history(), "packet 4 was lost after a packet went around")


def test_tables_that_take_longer_are_too_slow() -> None:
    flow = Flow()
    flow.cut()
    flow.wire.later(datagrams.HEALS_WITHIN)
    flow.around()
    fails(datagrams.the_tables_heal_in_time, flow.wire.history(), "of 2 s")


def test_a_cut_takes_time_and_a_switch_is_dead_when_it_has_ended() -> None:
    flow = Flow()
    flow.kill()
    flow.wire.later(datagrams.HEALS_WITHIN)
    flow.wire.events.append(Exited(time=flow.wire.time, node="c", status=137))
    flow.around()
    passes(datagrams.the_tables_heal_in_time, flow.wire.history())
    flow = Flow()
    began = flow.wire.time
    flow.takes("h1 a c e", 3)
    fault = Fault(time=flow.wire.time, began=began, node="c", what="no longer hears e (link c-e)", link="c-e")
    flow.wire.events.append(fault)
    flow.takes(LONG, 6, 7)
    passes(datagrams.nothing_else_is_lost, flow.wire.history())


def test_a_call_is_no_datagram() -> None:
    flow = with_a_restart()
    flow.wire.circuit("h1 a b d f h2", (1, 1, 1, 1, 1)).open()
    passes(datagrams.nothing_is_set_up, flow.wire.history())  # later on: no part of the flow
    flow = Flow()
    flow.wire.circuit("h1 a b d f h2", (1, 1, 1, 1, 1)).open()
    flow.takes(SHORT, 11)
    fails(datagrams.nothing_is_set_up, flow.wire.history(), "there was a SETUP")


def test_a_switch_that_was_told_nothing_cannot_know() -> None:
    flow = Flow()
    flow.kill()
    flow.wire.vector("e", "c", e=0, h2=2)  # before it is there
    flow.around()
    flow.wire.node("c", "packet-switch")
    flow.wire.vector("a", "c", a=0, h2=16)
    flow.after()
    fails(datagrams.a_new_switch_learns_before_it_forwards, flow.wire.history(), "nobody had told it of h2")


def test_a_switch_that_learns_before_the_engine_tells_of_its_start() -> None:
    flow = Flow()
    flow.kill()
    flow.around()
    flow.wire.vector("c", "e", c=0)
    flow.wire.vector("e", "c", e=0, f=1, h2=2)
    flow.wire.node("c", "packet-switch")
    flow.after()
    passes(datagrams.a_new_switch_learns_before_it_forwards, flow.wire.history())


def test_a_switch_that_the_next_scenario_of_the_lab_starts_once_more_has_learned_all_the_same() -> None:
    flow = with_a_restart()
    flow.start()
    passes(datagrams.a_new_switch_learns_before_it_forwards, flow.wire.history())


def test_a_switch_that_stays_away_did_not_learn() -> None:
    fails(datagrams.a_new_switch_learns_before_it_forwards, Flow().wire.history(), "was not started again")
    flow = Flow()
    flow.kill()
    flow.around()
    flow.start()
    fails(datagrams.a_new_switch_learns_before_it_forwards, flow.wire.history(), "no packet went by c")


def test_the_page_has_a_row_for_each_phase() -> None:
    assert datagrams_page.rows_of_a_cut(with_a_cut().wire.history())[2:] == [
        "| before the cut | h1 a c e f h2 | all |",
        "| until c has missed e | h1 a c ✗ | none |",
        "| until the healing | h1 a b d f h2 | all |",
        "| after the healing | h1 a c e f h2 | all |",
    ]
    assert "| until a has missed c | h1 a ✗ | none |" in datagrams_page.rows_of_a_restart(
        with_a_restart().wire.history()
    )


def test_the_page_has_a_drawing_of_the_phases() -> None:
    (drawing,) = datagrams_page.drawings(with_a_cut().wire.history()).values()
    assert "The link c-e is cut: 0 of 1 packets came" in drawing
    assert "The link is healed: 3 of 3 packets came" in drawing
