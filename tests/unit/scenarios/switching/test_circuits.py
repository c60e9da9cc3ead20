"""One circuit: its way, its order, its header, and what is left of it."""

from collections.abc import Callable

import pytest

from scenarios.switching import circuits_page as page
from scenarios.switching.checks.circuits import (
    PACKETS,
    WORD,
    data_bears_a_label_and_no_names,
    data_takes_that_way_in_order,
    no_data_follows_the_release,
    the_answer_takes_the_way_of_the_setup,
)
from scenarios.switching.checks.tables import nothing_is_left, tables_have_the_open_circuits
from scenarios.verdict import Check
from services.switching.header import Kind, Packet
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.switching.wires import Circuit, Links

CHECKS = (
    the_answer_takes_the_way_of_the_setup,
    data_takes_that_way_in_order,
    tables_have_the_open_circuits,
    data_bears_a_label_and_no_names,
    no_data_follows_the_release,
    nothing_is_left,
)
WAY, LABELS = "h1 a c e f h2", (1, 2, 2, 2, 1)


def tell(wire: Links, *circuits: Circuit, lines: dict[str, object] | None = None) -> None:
    """Let all switches tell their tables, which have these circuits."""
    for switch in "abcdef":
        wire.tables(switch, circuits=[c.entry(switch) for c in circuits if switch in c.nodes], lines=lines or {})


class Played:
    """The scenario as it is played when all is well; a test changes a part of it."""

    def __init__(self, *, answered: int = 5) -> None:
        self.wire = Links()
        self.other = self.wire.circuit("h3 a c e f h4", (1, 1, 1, 1, 1)).open()
        self.circuit = self.wire.circuit(WAY, LABELS)
        self.circuit.setup()
        self.circuit.go(Kind.ACCEPT, back=True, links=answered)

    def told(self) -> "Played":
        tell(self.wire, self.other, self.circuit)
        return self

    def flows(self, change: Callable[[int], None] | None = None, *, there: int = PACKETS) -> "Played":
        """Send packets in both directions; `change` sends the tenth."""
        for number in range(there):
            if change and number == 10:
                change(number)
            else:
                self.circuit.data(sequence=number)
            self.circuit.data(sequence=number, back=True)
        return self

    def words(self) -> "Played":
        self.circuit.data(WORD.encode())
        self.wire.datagram(WAY, text=WORD.encode())
        return self

    def over(self) -> "Played":
        self.circuit.release()
        self.other.release()
        tell(self.wire)
        return self


def all_is_well() -> Played:
    return Played().told().flows().words().over()


@pytest.mark.parametrize("check", CHECKS)
class TestEveryCheck:
    def test_all_is_well(self, check: Check) -> None:
        passes(check, all_is_well().wire.history())

    def test_nothing_happened(self, check: Check) -> None:
        fails(check, Links().history(), "")

    def test_a_tap_lost_packets(self, check: Check) -> None:
        cannot_tell(check, all_is_well().wire.history(dropped=1), "lost 1 of")


def test_an_accept_that_does_not_come() -> None:
    fails(the_answer_takes_the_way_of_the_setup, Played(answered=2).wire.history(), "was lost behind f")


def test_a_call_that_has_no_answer() -> None:
    wire = Links()
    wire.circuit(WAY, LABELS).setup()
    fails(the_answer_takes_the_way_of_the_setup, wire.history(), "no ACCEPT of the circuit went from h2 to h1")


def test_a_packet_that_is_lost() -> None:
    played = Played()
    played.flows(lambda number: played.circuit.data(sequence=number, links=2))
    fails(data_takes_that_way_in_order, played.wire.history(), "data #10, label 1 was lost behind a")


def test_a_packet_that_goes_by_another_label() -> None:
    played = Played()

    def stray(number: int) -> None:
        played.circuit.data(sequence=number, links=1)
        played.wire.cross("a", "c", Packet(Kind.DATA, label=7, sequence=number))

    fails(data_takes_that_way_in_order, played.flows(stray).wire.history(), "data under a label of no circuit")


def test_a_packet_that_overtakes_another() -> None:
    played = Played()

    def late(number: int) -> None:
        played.circuit.data(sequence=number, links=2)
        played.circuit.data(sequence=99)
        played.circuit.data(sequence=number, start=2)

    fails(data_takes_that_way_in_order, played.flows(late).wire.history(), "data #99, label 1 overtook another")


def test_packets_that_were_never_sent() -> None:
    fails(data_takes_that_way_in_order, Played().flows(there=3).wire.history(), "3 packets from h1, not 24")


def test_data_in_one_direction_only() -> None:
    played = Played()
    for number in range(PACKETS):
        played.circuit.data(sequence=number)
    fails(data_takes_that_way_in_order, played.wire.history(), "no DATA of the circuit went from h2 to h1")


def test_a_word_that_was_not_sent_both_ways() -> None:
    played = Played()
    played.circuit.data(WORD.encode())
    fails(data_bears_a_label_and_no_names, played.wire.history(), "did not go as DATAGRAM")


def test_data_after_the_release() -> None:
    played = all_is_well()
    played.circuit.data(sequence=5, back=True)
    fails(no_data_follows_the_release, played.wire.history(), "data #5, label 1 after that")


def test_a_release_that_does_not_come() -> None:
    played = Played().flows()
    played.circuit.release(links=2)
    fails(no_data_follows_the_release, played.wire.history(), "was lost behind a")


def test_a_table_with_another_label_than_the_wire_shows() -> None:
    played = Played()
    wrong = played.wire.circuit(WAY, (1, 2, 3, 2, 1))
    tell(played.wire, played.other, wrong)
    fails(tables_have_the_open_circuits, played.wire.history(), "c has a 1 -> e 1, a 2 -> e 3; the wire shows")


def test_a_table_that_lacks_a_circuit() -> None:
    played = Played()
    tell(played.wire, played.other)
    fails(tables_have_the_open_circuits, played.wire.history(), "a has h3 1 -> c 1; the wire shows h1 1 -> c 2, h3 1")


def test_a_table_that_keeps_what_was_released() -> None:
    played = Played().told()
    played.circuit.release()
    played.other.release()
    tell(played.wire, played.circuit)
    fails(tables_have_the_open_circuits, played.wire.history(), "a has h1 1 -> c 2; the wire shows nothing")
    fails(nothing_is_left, played.wire.history(), "a still has h1 1 -> c 2")


def test_a_rate_that_stays_reserved() -> None:
    played = Played().told()
    tell(played.wire, lines={"e": {"reserved": 8000}})
    fails(nothing_is_left, played.wire.history(), "a still reserves 8000 bit/s on its line to e")


def test_a_switch_that_keeps_its_tables_to_itself() -> None:
    played = Played()
    for switch in "abcde":
        played.wire.tables(switch)
    fails(nothing_is_left, played.wire.history(), "f told nothing of its tables")


def test_the_page() -> None:
    history = all_is_well().wire.history()
    heading, rule, *rows = page.tables(history)
    assert heading.count("|") == rule.count("|") == 7
    assert rows[:3] == [
        "| a | h3 | 1 | c | 1 | h3 to h4 |",
        "| a | h1 | 1 | c | 2 | h1 to h2 |",
        "| c | a | 1 | e | 1 | h3 to h4 |",
    ]
    assert len(rows) == 8
    drawing = page.draw_one(history)["virtual-circuit"]
    assert "Data from h1 to h2: 25 of 25 packets came" in drawing
    assert "Data from h2 to h1: 24 of 24 packets came" in drawing
    assert drawing.count(">label 2<") == 6
