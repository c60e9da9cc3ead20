"""Calls that are refused, for want of a label or of rate."""

import pytest

from scenarios.switching import circuits_page as page
from scenarios.switching.checks.admission import (
    LABELS,
    RATE,
    no_link_is_promised_more_than_it_has,
    what_is_released_can_be_had_again,
    who_has_no_label_left_says_so,
    who_has_no_rate_left_says_so,
)
from scenarios.switching.checks.tables import tables_have_the_open_circuits
from scenarios.verdict import Check
from services.switching.header import Kind
from services.switching.signalling import Reason
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.switching.wires import Circuit, Links

ONE, OTHER = "h1 a c e f h2", "h3 a c e f h4"


class Played:
    """The scenario as it is played when all is well; a test changes a part of it."""

    def __init__(self) -> None:
        self.wire = Links()
        self.open: list[Circuit] = []
        self._calls = 0

    def call(self, way: str = ONE, label: int = 1, rate: int = 0) -> Circuit:
        self._calls += 1
        circuit = self.wire.circuit(way, (label,) * 5, rate=rate, number=self._calls).open()
        self.open.append(circuit)
        return circuit

    def refuse(self, reason: Reason, way: str = ONE, label: int = 9, rate: int = 0) -> None:
        """Let a call come to a, and no further."""
        self._calls += 1
        circuit = self.wire.circuit(way, (label,) * 5, rate=rate, number=self._calls)
        circuit.setup(links=1)
        circuit.release(reason, "a", back=True, start=4)

    def release(self, circuit: Circuit) -> None:
        self.open.remove(circuit)
        circuit.release()

    def tell(self, *, reserved: int | None = None) -> None:
        total = sum(int(str(c.entry("a")["reserved"])) for c in self.open) if reserved is None else reserved
        for switch in "abcdef":
            entries = [c.entry(switch) for c in self.open if switch in c.nodes]
            self.wire.tables(switch, circuits=entries, lines={"c": {"rate": 1e6, "reserved": total}})

    def labels(self, many: int = LABELS) -> "Played":
        for label in range(1, many + 1):
            self.call(label=label)
        self.refuse(Reason.NO_LABEL)
        self.tell()
        self.release(self.open[0])
        self.call(label=1)
        for circuit in [*self.open]:
            self.release(circuit)
        return self

    def rates(self, rate: int = RATE) -> "Played":
        first = self.call(rate=rate)
        self.refuse(Reason.NO_RATE, OTHER, rate=rate)
        self.tell()
        self.release(first)
        self.release(self.call(OTHER, rate=rate))
        self.tell()
        return self


@pytest.mark.parametrize(
    "check",
    [
        who_has_no_label_left_says_so,
        who_has_no_rate_left_says_so,
        no_link_is_promised_more_than_it_has,
        what_is_released_can_be_had_again,
    ],
)
class TestEveryCheck:
    def test_all_is_well(self, check: Check) -> None:
        passes(check, Played().labels().rates().wire.history())

    def test_nothing_happened(self, check: Check) -> None:
        fails(check, Links().history(), "")

    def test_a_tap_lost_packets(self, check: Check) -> None:
        cannot_tell(check, Played().labels().rates().wire.history(dropped=1), "lost 1 of")


def test_a_call_that_is_refused_too_early() -> None:
    history = Played().labels(many=3).wire.history()
    fails(who_has_no_label_left_says_so, history, "a refused a call when 3 circuits were on its line to c")


def test_a_call_that_is_refused_for_another_reason() -> None:
    fails(who_has_no_label_left_says_so, Played().rates().wire.history(), "no call was refused for 'no label left'")
    fails(who_has_no_rate_left_says_so, Played().labels().wire.history(), "no call was refused for 'no rate left'")


def test_a_rate_that_there_was_room_for() -> None:
    history = Played().rates(rate=400_000).wire.history()
    fails(who_has_no_rate_left_says_so, history, "a, asked for 400000 bit/s when 400000 of 1000000 to c were reserved")


def test_more_circuits_than_labels() -> None:
    played = Played()
    for label in range(1, LABELS + 2):
        played.call(label=label)
    played.tell()
    fails(no_link_is_promised_more_than_it_has, played.wire.history(), "a has 5 circuits to c, with 4 labels")


def test_more_reserved_than_the_rate() -> None:
    played = Played()
    played.call(rate=RATE)
    played.tell(reserved=2 * RATE)
    fails(no_link_is_promised_more_than_it_has, played.wire.history(), "a reserves 1200000 of 1000000 bit/s to c")


def test_a_call_that_is_refused_again() -> None:
    played = Played().labels()
    first = played.call(rate=RATE)
    played.refuse(Reason.NO_RATE, OTHER, rate=RATE)
    played.release(first)
    played.refuse(Reason.NO_RATE, OTHER, rate=RATE)
    history = played.wire.history()
    fails(what_is_released_can_be_had_again, history, "no later call of h3 to h4 came to be")


def test_a_refused_call_that_leaves_an_entry() -> None:
    played = Played()
    played.call()
    played.refuse(Reason.NO_LABEL)
    left = played.wire.circuit(ONE, (9, 5, 5, 5, 5))
    played.open.append(left)
    played.tell()
    fails(tables_have_the_open_circuits, played.wire.history(), "a has h1 1 -> c 1, h1 9 -> c 5; the wire shows h1 1")


def test_the_page() -> None:
    played = Played().labels().rates()
    never = played.wire.circuit(ONE, (1,) * 5, number=99)
    never.setup()
    never.go(Kind.ACCEPT, back=True, links=1)
    heading, rule, *rows = page.answers(played.wire.history())
    assert heading.count("|") == rule.count("|") == 5
    assert rows[3:] == [
        "| h1 to h2 | no rate | 3 circuits, no rate | open |",
        "| h1 to h2 | no rate | 4 circuits, no rate | refused by a: no label left |",
        "| h1 to h2 | no rate | 3 circuits, no rate | open |",
        "| h1 to h2 | 600,000 bit/s | 0 circuits, no rate | open |",
        "| h3 to h4 | 600,000 bit/s | 1 circuit, 600,000 bit/s | refused by a: no rate left |",
        "| h3 to h4 | 600,000 bit/s | 0 circuits, no rate | open |",
        "| h1 to h2 | no rate | 0 circuits, no rate | none |",
    ]
