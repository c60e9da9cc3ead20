"""Circuits through a switch that is killed, and others."""

import pytest

from scenarios.switching import broken_page as page
from scenarios.switching.checks.broken import (
    AFTER,
    BEFORE,
    PACKETS,
    RETURNED,
    a_circuit_stays_where_it_is,
    a_new_call_takes_another_way,
    both_ends_are_told_who_lost_whom,
    the_other_circuit_goes_on,
)
from scenarios.verdict import Check
from services.switching.signalling import Reason
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.switching.wires import Circuit, Links

THROUGH, AROUND = "h2 f e c a h1", "h2 f d b a h1"
ONES = (1, 1, 1, 1, 1)


class Played:
    """The scenario as it is played when all is well; a test changes a part of it."""

    def __init__(self, way: str = THROUGH) -> None:
        self.wire = Links()
        self.struck = self.wire.circuit(way, ONES).open()
        self.spared = self.wire.circuit("h1 a h3", (1, 1)).open()
        self.struck.data(BEFORE.encode())

    def flow(self, first: int, last: int) -> "Played":
        for number in range(first, last):
            self.spared.data(sequence=number)
        return self

    def killed(self, *, at_left: str = "a", at_right: str = "e", gone: str = "c", shown: bool = True) -> "Played":
        self.wire.fault("c", "killed with SIGKILL")
        self.struck.release(Reason.NEIGHBOUR_GONE, at_left, gone, start=4)
        self.struck.release(Reason.NEIGHBOUR_GONE, at_right, gone, back=True, start=3)
        if shown:
            self.wire.printed("h1", f"circuit 1 from h2: {at_left} lost its neighbour {gone}")
            self.wire.printed("h2", f"circuit 1 to h1: {at_right} lost its neighbour {gone}")
        return self

    def called(self, way: str = AROUND) -> Circuit:
        circuit = self.wire.circuit(way, ONES, number=2).open()
        say(circuit, AFTER)
        return circuit

    def back(self) -> "Played":
        self.wire.node("c", "packet-switch")
        return self


def say(circuit: Circuit, words: str) -> None:
    """Say it in both directions."""
    circuit.data(words.encode())
    circuit.data(words.encode(), back=True)


def all_is_well() -> Played:
    played = Played().flow(0, 3).killed().flow(3, PACKETS)
    circuit = played.called()
    played.back()
    say(circuit, RETURNED)
    circuit.release()
    played.spared.release()
    return played


@pytest.mark.parametrize(
    "check",
    [
        both_ends_are_told_who_lost_whom,
        the_other_circuit_goes_on,
        a_new_call_takes_another_way,
        a_circuit_stays_where_it_is,
    ],
)
class TestEveryCheck:
    def test_all_is_well(self, check: Check) -> None:
        passes(check, all_is_well().wire.history())

    def test_nothing_happened(self, check: Check) -> None:
        fails(check, Links().history(), "c was not killed")

    def test_a_tap_lost_packets(self, check: Check) -> None:
        cannot_tell(check, all_is_well().wire.history(dropped=1), "lost 1 of")

    def test_the_play_ended_when_it_was_dead(self, check: Check) -> None:
        played = Played()
        played.wire.fault("c", "killed with SIGKILL")
        fails(check, played.wire.history(), "")


def test_an_end_that_is_told_by_the_wrong_switch() -> None:
    history = Played().killed(at_left="f").wire.history()
    fails(both_ends_are_told_who_lost_whom, history, "h1 was not told by a of c, but [('f', 'neighbour gone', 'c')]")


def test_an_end_that_is_told_of_another_neighbour() -> None:
    history = Played().killed(gone="d").wire.history()
    fails(both_ends_are_told_who_lost_whom, history, "h2 was not told by e of c")


def test_an_end_that_is_told_but_shows_nothing() -> None:
    history = Played().killed(shown=False).wire.history()
    fails(both_ends_are_told_who_lost_whom, history, "h2 did not show that e lost c")


def test_no_circuit_that_could_be_struck() -> None:
    played = Played(AROUND)
    played.wire.fault("c", "killed with SIGKILL")
    fails(both_ends_are_told_who_lost_whom, played.wire.history(), "no circuit went through c when it was killed")


def test_no_circuit_that_could_be_spared() -> None:
    played = Played()
    played.spared.release()
    fails(the_other_circuit_goes_on, played.killed().wire.history(), "every circuit went through c")


def test_a_circuit_that_goes_on_with_less() -> None:
    history = Played().killed().flow(3, PACKETS).wire.history()
    fails(the_other_circuit_goes_on, history, "22 packets came by h1 a h3")


def test_a_packet_of_it_that_is_lost() -> None:
    played = Played().killed().flow(0, PACKETS - 1)
    played.spared.data(sequence=PACKETS - 1, links=1)
    fails(the_other_circuit_goes_on, played.wire.history(), "was lost behind h1")


def test_data_that_came_before_only() -> None:
    history = Played().flow(0, PACKETS).killed().wire.history()
    fails(the_other_circuit_goes_on, history, "0 of them after c was dead")


def test_a_call_through_the_dead() -> None:
    played = Played().killed()
    played.called(THROUGH)
    fails(a_new_call_takes_another_way, played.wire.history(), "it went by h2 f e c a h1")


def test_nobody_calls_again() -> None:
    fails(a_new_call_takes_another_way, Played().killed().wire.history(), "nobody called again when c was dead")


def test_a_call_over_which_one_end_cannot_speak() -> None:
    played = Played().killed()
    circuit = played.wire.circuit(AROUND, ONES, number=2).open()
    circuit.data(AFTER.encode())
    circuit.data(b"something else", back=True)
    fails(a_new_call_takes_another_way, played.wire.history(), "h1 did not say 'said-when-it-was-dead'")


def test_a_circuit_whose_data_goes_astray() -> None:
    played = Played().killed()
    circuit = played.called()
    played.back()
    circuit.data(RETURNED.encode(), links=2)
    circuit.data(RETURNED.encode(), back=True)
    fails(a_circuit_stays_where_it_is, played.wire.history(), "was lost behind f")


def test_what_is_said_too_early() -> None:
    played = Played().killed()
    say(played.called(), RETURNED)
    history = played.back().wire.history()
    fails(a_circuit_stays_where_it_is, history, "was said before c was started again")


def test_it_does_not_come_back() -> None:
    played = Played().killed()
    played.called()
    fails(a_circuit_stays_where_it_is, played.wire.history(), "c was not started again")


def test_the_page() -> None:
    history = all_is_well().wire.history()
    heading, rule, *rows = page.ends(history)
    assert heading.count("|") == rule.count("|") == 5
    assert rows == [
        "| h2 to h1 | h2 f e c a h1 | e lost its neighbour c | a lost its neighbour c |",
        "| h1 to h3 | h1 a h3 | nothing: it released it | h1 released it |",
        "| h2 to h1 | h2 f d b a h1 | nothing: it released it | h2 released it |",
    ]
    drawing = page.draw(history)["circuit-broken"]
    assert drawing.count("1 of 1 packets came") == 3
