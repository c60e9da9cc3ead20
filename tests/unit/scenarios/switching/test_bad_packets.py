"""Packets that are wrong in one way: that they are, and what the checks say of a switch that treats them otherwise."""

from collections import Counter
from itertools import pairwise

import pytest

from scenarios.switching.bad_packets import MADE
from scenarios.switching.checks import bad_packets as checks
from scenarios.switching.checks.bad_packets import GOOD, KINDS, Bad
from scenarios.verdict import Check
from services.switching.fixed_routes import FixedRoutes
from services.switching.header import Flaw
from services.switching.line import Line
from services.switching.switch import Drop, Switch
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.switching.wires import Links

CHECKS: tuple[Check, ...] = (checks.none_goes_on, checks.each_is_counted, checks.good_one_comes)
each = pytest.mark.parametrize("bad", KINDS, ids=lambda bad: bad.reason)


class Played(Links):
    """The play as it should be, but for what a test changes."""

    def __init__(self) -> None:
        super().__init__()
        self.drops = Counter[str](dict.fromkeys([*Flaw, *Drop], 2))

    def tell(self) -> None:
        self.tables("a", drops=dict(self.drops))

    def bad(self, but: str = "", way: str = "h1 a", counted: str | None = None, times: int = 1) -> None:
        """Send all; one of them goes another way, is counted as something else, or is sent so many times."""
        for bad in KINDS:
            nodes = way if bad.reason == but else "h1 a"
            for _ in range(times if bad.reason == but else 1):
                for link in pairwise(nodes.split()):
                    self.cross(*link, MADE[bad.reason](bad))
            self.drops[counted if bad.reason == but and counted is not None else bad.reason] += 1


def played(but: str = "", way: str = "h1 a", counted: str | None = None, times: int = 1, good: str = "h1 a c e f h2",
           text: str = GOOD, before: bool = True, after: bool = True) -> Played:  # fmt: skip
    wire = Played()
    if before:
        wire.tell()
    wire.bad(but, way, counted, times)
    wire.datagram(good, text=text.encode(), to="h2")
    if after:
        wire.tell()
    return wire


def test_as_it_should_be() -> None:
    for check in CHECKS:
        passes(check, played().history())


@each
def test_one_that_is_sent_on_is_seen(bad: Bad) -> None:
    verdict = fails(checks.none_goes_on, played(bad.reason, "h1 a c").history(), f"a packet {bad.words} was sent on")
    assert len(verdict.evidence) == 1


@each
def test_one_that_is_counted_as_something_else_is_seen(bad: Bad) -> None:
    fails(checks.each_is_counted, played(bad.reason, counted="another").history(), "'another': 1")


@each
def test_one_that_is_sent_twice_or_never_shows_nothing(bad: Bad) -> None:
    for check in CHECKS[:2]:
        fails(check, played(bad.reason, times=2).history(), f"h1 sent a packet {bad.words} 2 times, and not once")
        fails(check, played(bad.reason, times=0).history(), f"h1 sent a packet {bad.words} 0 times, and not once")


@pytest.mark.parametrize(("before", "after"), [(False, True), (True, False)])
def test_counters_have_to_be_told_before_and_after(before: bool, after: bool) -> None:
    history = played(before=before, after=after).history()
    fails(checks.each_is_counted, history, "a did not tell its counters before and after")


def test_a_switch_that_counts_nothing_is_seen() -> None:
    wire = Played()
    wire.tell()
    still = dict(wire.drops)
    wire.bad()
    wire.tables("a", drops=still)
    fails(checks.each_is_counted, wire.history(), "a counted nothing")


def test_a_good_one_has_to_come_to_its_end() -> None:
    fails(checks.good_one_comes, played(good="h1 a c").history(), "h2 got none")
    fails(checks.good_one_comes, played(text="another").history(), "h2 got none")


def test_a_good_one_that_came_before_shows_nothing() -> None:
    wire = Played()
    wire.datagram("h1 a c e f h2", text=GOOD.encode())
    wire.bad()
    fails(checks.good_one_comes, wire.history(), "h2 got none")


@pytest.mark.parametrize("check", CHECKS)
def test_a_blind_lab_is_not_judged(check: Check) -> None:
    cannot_tell(check, played().history(dropped=3), "lost 3")


# The packets themselves


@each
def test_each_is_wrong_in_its_own_way(bad: Bad) -> None:
    switch = Switch("a", [Line("h1", 10**6, 0), Line("c", 10**6, 0)], FixedRoutes({"h1": "h1", "h2": "c"}), print)
    switch.receive(0.0, "h1", MADE[bad.reason](bad))
    assert +switch.drops == Counter({bad.reason: 1})
    assert switch.lines["c"].due() is switch.lines["h1"].due() is None


def test_all_reasons_to_drop_a_packet_are_shown() -> None:
    assert {bad.reason for bad in KINDS} == {*Flaw, *Drop} == set(MADE)
