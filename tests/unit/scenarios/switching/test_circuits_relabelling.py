"""Two circuits of which both hosts chose the same label."""

import pytest

from scenarios.switching import circuits_page as page
from scenarios.switching.checks.relabelling import (
    PAIRS,
    both_hosts_choose_the_same_label,
    each_host_gets_its_own_data,
    labels_differ_on_shared_links,
    words,
)
from scenarios.verdict import Check
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.switching.wires import Links


class Played:
    """Two circuits, and what the hosts say over them."""

    def __init__(self, one: tuple[int, ...] = (1, 1, 1, 1, 1), other: tuple[int, ...] = (1, 2, 2, 2, 1)) -> None:
        self.wire = Links()
        self.circuits = [
            self.wire.circuit(way, labels).open()
            for way, labels in zip(("h1 a c e f h2", "h3 a c e f h4"), (one, other), strict=True)
        ]

    def said(self, *, mixed_up: bool = False, shown: bool = True) -> "Played":
        for number, (caller, called) in enumerate(PAIRS):
            circuit = self.circuits[1 - number if mixed_up else number]
            circuit.data(words(caller, called).encode())
            circuit.data(words(called, caller).encode(), back=True)
            if shown:
                self.wire.printed(called, f"{caller} #0: {words(caller, called)}")
                self.wire.printed(caller, f"{called} #0: {words(called, caller)}")
        return self


@pytest.mark.parametrize(
    "check", [both_hosts_choose_the_same_label, labels_differ_on_shared_links, each_host_gets_its_own_data]
)
class TestEveryCheck:
    def test_all_is_well(self, check: Check) -> None:
        passes(check, Played().said().wire.history())

    def test_nothing_happened(self, check: Check) -> None:
        fails(check, Links().history(), "")

    def test_a_tap_lost_packets(self, check: Check) -> None:
        cannot_tell(check, Played().said().wire.history(dropped=1), "lost 1 of")


def test_hosts_that_choose_different_labels() -> None:
    history = Played(other=(2, 2, 2, 2, 1)).wire.history()
    fails(both_hosts_choose_the_same_label, history, "h1 chose 1, h3 chose 2")


def test_one_label_for_both_on_a_shared_link() -> None:
    wire = Links()
    wire.circuit("h1 a c", (1, 1)).setup()
    wire.circuit("h1 a c e f h2", (1, 1, 1, 1, 1), number=2).setup()
    wire.circuit("h3 a c e f h4", (1, 1, 2, 2, 1)).setup()
    fails(labels_differ_on_shared_links, wire.history(), "a-c: 1 and 1, c-e: 1 and 2")


def test_circuits_that_share_no_link() -> None:
    wire = Links()
    wire.circuit("h1 a c e f h2", (1, 1, 1, 1, 1)).open()
    wire.circuit("h3 a b d f h4", (1, 1, 1, 1, 1)).open()
    fails(labels_differ_on_shared_links, wire.history(), "they share no link")


def test_data_that_comes_to_the_wrong_host() -> None:
    fails(each_host_gets_its_own_data, Played().said(mixed_up=True).wire.history(), "'said-by-h1-to-h2' came to h4")


def test_data_that_does_not_come() -> None:
    fails(each_host_gets_its_own_data, Played().wire.history(), "'said-by-h1-to-h2' came to nobody")


def test_data_that_is_not_shown() -> None:
    fails(each_host_gets_its_own_data, Played().said(shown=False).wire.history(), "was shown by nobody")


def test_data_that_another_host_shows_as_well() -> None:
    played = Played().said()
    played.wire.printed("h4", words("h1", "h2"))
    fails(each_host_gets_its_own_data, played.wire.history(), "'said-by-h1-to-h2' was shown by h2, h4")


def test_the_page() -> None:
    history = Played().said().wire.history()
    assert page.labels(history) == [
        "| link | h1 to h2 | h3 to h4 |",
        "|---|---|---|",
        "| h1-a | 1 |  |",
        "| h3-a |  | 1 |",
        "| a-c | 1 | 2 |",
        "| c-e | 1 | 2 |",
        "| e-f | 1 | 2 |",
        "| f-h2 | 1 |  |",
        "| f-h4 |  | 1 |",
    ]
    drawing = page.draw_both(history)["relabelling"]
    assert drawing.count("1 of 1 packets came") == 2
