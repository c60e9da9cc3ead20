"""The same work by datagrams and over circuits."""

from typing import Any

import pytest

from scenarios.switching import comparison_page as page
from scenarios.switching.checks.comparison import (
    a_circuit_is_set_up_before_its_first_data,
    a_circuit_keeps_its_way_and_its_order,
    datagrams_may_overtake_each_other,
    datagrams_take_the_way_of_their_time,
    headers_bear_names_or_a_label,
    tables_hold_routes_or_circuits_too,
)
from scenarios.switching.checks.trouble import (
    circuits_end_with_a_switch_on_their_way,
    datagrams_go_on_by_themselves,
    too_many_datagrams_are_dropped,
    too_much_is_refused_and_nothing_is_dropped,
)
from scenarios.switching.comparison import SCENARIOS
from scenarios.verdict import Check
from services.switching.signalling import Reason
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.switching.compared import SHORT, Compared
from tests.unit.scenarios.test_stopped_early import refuse_unknown, stopped

CHECKS = [
    headers_bear_names_or_a_label,
    a_circuit_is_set_up_before_its_first_data,
    tables_hold_routes_or_circuits_too,
    datagrams_go_on_by_themselves,
    circuits_end_with_a_switch_on_their_way,
    a_circuit_keeps_its_way_and_its_order,
    datagrams_take_the_way_of_their_time,
    datagrams_may_overtake_each_other,
    too_many_datagrams_are_dropped,
    too_much_is_refused_and_nothing_is_dropped,
]


@pytest.mark.parametrize("check", CHECKS)
def test_all_is_well(check: Check) -> None:
    passes(check, Compared().play().wire.history())


def test_switches_behind_the_full_link_may_drop_some_too() -> None:
    verdict = passes(too_many_datagrams_are_dropped, Compared(dropped_behind=3).play().wire.history())
    assert verdict.because == "f dropped 21 of 46, and switches behind it 3"


@pytest.mark.parametrize("check", CHECKS)
def test_a_tap_that_lost_packets_cannot_tell(check: Check) -> None:
    cannot_tell(check, Compared().play().wire.history(dropped=1), "lost 1")


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_happened(check: Check) -> None:
    fails(check, Compared().wire.history(), "")


@pytest.mark.parametrize(
    ("check", "changed", "because"),
    [
        (a_circuit_is_set_up_before_its_first_data, {"early_data": True}, "before data"),
        (a_circuit_is_set_up_before_its_first_data, {"call_meanwhile": True}, "while datagrams were"),
        (tables_hold_routes_or_circuits_too, {"looks_before": False}, "before datagrams were sent"),
        (tables_hold_routes_or_circuits_too, {"routes_more": ("flow1",)}, "has routes to"),
        (tables_hold_routes_or_circuits_too, {"entry_left": True}, "shows 1 circuits, and the wire 0"),
        (tables_hold_routes_or_circuits_too, {"shown_circuits": False}, "shows 0 circuits, and the wire 2"),
        (tables_hold_routes_or_circuits_too, {"second_way": SHORT}, "circuits at most"),
        (datagrams_go_on_by_themselves, {"typed": True}, "h2 typed"),
        (datagrams_go_on_by_themselves, {"gap": 3.5}, "went around"),
        (datagrams_go_on_by_themselves, {"lost": False}, "0 of 16 were lost"),
        (datagrams_go_on_by_themselves, {"around": SHORT, "overtaken": False}, "no packet came on a way without c"),
        (circuits_end_with_a_switch_on_their_way, {"second_way": SHORT}, "circuits went by"),
        (circuits_end_with_a_switch_on_their_way, {"reason": Reason.IDLE}, "was not told that c is gone"),
        (circuits_end_with_a_switch_on_their_way, {"gap": 3.5}, "released after"),
        (circuits_end_with_a_switch_on_their_way, {"called_for_data": False}, "none of 2 packets came"),
        (circuits_end_with_a_switch_on_their_way, {"called_again": False}, "1 times with nothing reserved"),
        (a_circuit_keeps_its_way_and_its_order, {"overtaken_in_a_circuit": True}, "not in order"),
        (a_circuit_keeps_its_way_and_its_order, {"back": False}, "; 0 came by h2 f d b a h1"),
        (datagrams_take_the_way_of_their_time, {"back": False}, "then 8 by f d b a"),
        (datagrams_may_overtake_each_other, {"overtaken": False}, "0 of 32 were overtaken"),
        (too_many_datagrams_are_dropped, {"overloaded": False}, "0 flows"),
        (too_many_datagrams_are_dropped, {"dropped_after": ""}, "f dropped 0 of"),
        (too_many_datagrams_are_dropped, {"dropped_after": "h4 f e"}, "f dropped 0 of 46, and switches behind it 21"),
        (too_many_datagrams_are_dropped, {"dropped_behind": 21}, "f dropped 21 of 46, and switches behind it 21"),
        (too_much_is_refused_and_nothing_is_dropped, {"refused": False}, "was not refused"),
        (too_much_is_refused_and_nothing_is_dropped, {"lost_though_reserved": True}, "1 were lost"),
    ],
)
def test_what_is_wrong_is_found(check: Check, changed: dict[str, Any], because: str) -> None:
    fails(check, Compared(**changed).play().wire.history(), because)


def test_it_stops_anywhere() -> None:
    for many in range(0, len(Compared().play().wire.events), 20):
        refuse_unknown(SCENARIOS[0], stopped(Compared().play().wire, many))


def test_the_page_has_what_was_seen() -> None:
    rows = page.rows(Compared().play().wire.history())
    assert "| Setup | none: the first packet is data | 10 packets on the links before the first data" in rows[2]
    assert "with no flow and with two | " in rows[5]
    assert "d and e have 0 and 2 with two circuits; 2 and 0 when both were set up anew; 0 and 0" in rows[5]
    assert "f e c a; with c dead, f d b a; with c back, f e c a" in rows[6]
    assert "more than 20 of 46 packets are dropped" in rows[-1]
