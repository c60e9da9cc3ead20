"""One switch, packet by packet: how its circuits end, and what becomes of their labels."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.switching.circuits import End
from services.switching.header import Kind, Packet
from tests.unit.services.switching.circuit_bench import ACCEPT, DATA, GONE, Bench, setup, why


def test_release_by_the_calling_side_goes_on_and_is_answered() -> None:
    bench = Bench()
    bench.set_up(7)
    sent = bench.put("a", GONE.packet(7, back=False))
    assert sent == [("a", GONE.packet(7, back=True, last=True)), ("e", GONE.packet(1, back=False))]
    assert bench.circuits.entries() == []


def test_release_by_the_called_side_goes_on_and_back() -> None:
    bench = Bench()
    bench.set_up(7)
    sent = bench.put("e", GONE.packet(1, back=True))
    assert sent == [("a", GONE.packet(7, back=True)), ("e", GONE.packet(1, back=False))]
    assert bench.circuits.entries() == []


def test_label_rests_until_its_release_is_answered() -> None:
    bench = Bench()
    bench.set_up(7)
    bench.put("a", GONE.packet(7, back=False))
    assert bench.set_up(8) == 2
    assert bench.put("e", replace(DATA, label=1, back=True)) == []  # sent before e heard
    assert bench.put("e", GONE.packet(1, back=True)) == []
    assert bench.set_up(9) == 3
    assert bench.put("e", GONE.packet(1, back=True, last=True)) == []
    assert bench.set_up(10) == 1


def test_label_whose_answer_is_lost_rests_for_a_while() -> None:
    bench = Bench()
    bench.set_up(7)
    bench.put("a", GONE.packet(7, back=False))
    bench.wait(19.9)
    assert bench.set_up(8) == 2
    bench.wait(0.2)
    assert bench.set_up(9) == 1


def test_late_answer_does_not_end_the_next_circuit() -> None:
    bench = Bench()
    bench.set_up(7)
    assert bench.put("e", GONE.packet(1, back=True, last=True)) == []
    assert bench.put("a", replace(DATA, label=7)) != []


@pytest.mark.parametrize("kind", [Kind.DATA, Kind.KEEP, Kind.ACCEPT])
@pytest.mark.parametrize("back", [False, True])
def test_unknown_label_is_told_to_its_sender(kind: Kind, back: bool) -> None:
    ((line, release),) = Bench().put("a", Packet(kind, label=5, back=back))
    assert (line, release.kind, release.label, release.back) == ("a", Kind.RELEASE, 5, not back)
    assert why(release) == "c does not know its label"


def test_release_of_an_unknown_label_is_answered_only_to_the_end_that_chose_it() -> None:
    bench = Bench()
    assert bench.put("a", GONE.packet(5, back=False)) == [("a", GONE.packet(5, back=True, last=True))]
    assert bench.put("a", GONE.packet(5, back=True)) == []
    assert bench.put("a", GONE.packet(5, back=True, last=True)) == []


def test_half_open_circuit_is_released_both_ways() -> None:
    bench = Bench()
    bench.put("a", setup(7, rate=1000))
    assert bench.wait(2.9) == []
    bench.put("a", setup(7, rate=1000))  # sent again: it goes on waiting
    assert bench.wait(2.9) == []
    sent = bench.wait(0.2)
    assert [(line, packet.label, packet.back, why(packet)) for line, packet in sent] == [
        ("a", 7, True, "no answer"),
        ("e", 1, False, "no answer"),
    ]
    assert (bench.circuits.entries(), bench.circuits.reserved("e")) == ([], 0)


def test_late_accept_gives_the_caller_time_for_its_first_keep() -> None:
    bench = Bench()
    bench.put("a", setup(7))
    bench.wait(2.5)
    bench.put("e", replace(ACCEPT, label=1))
    assert bench.wait(2.9) == []
    assert len(bench.wait(0.2)) == 2


@pytest.mark.parametrize("silent", ["caller", "called", "both"])
def test_circuit_with_a_silent_side_is_released_both_ways(silent: str) -> None:
    bench = Bench()
    bench.set_up(7)
    for _ in range(5):
        bench.wait(0.5)
        if silent == "called":
            bench.put("a", Packet(Kind.KEEP, label=7))
        if silent == "caller":
            bench.put("e", Packet(Kind.KEEP, label=1, back=True))
    assert len(bench.circuits.entries()) == 1
    sent = bench.wait(0.6)
    assert [(line, packet.label, why(packet)) for line, packet in sent] == [
        ("a", 7, "c heard nothing on it any more"),
        ("e", 1, "c heard nothing on it any more"),
    ]


def test_circuit_on_which_both_sides_are_heard_stays() -> None:
    bench = Bench()
    bench.set_up(7)
    for _ in range(20):
        bench.wait(1)
        assert bench.put("a", Packet(Kind.KEEP, label=7)) == [("e", Packet(Kind.KEEP, label=1, hops=31))]
        assert bench.put("e", replace(DATA, label=1, back=True))
    assert len(bench.circuits.entries()) == 1


def test_lost_neighbour_ends_the_circuits_over_its_line_and_no_others() -> None:
    bench = Bench()
    bench.set_up(7, "a")
    bench.set_up(8, "a", "h4")
    bench.set_up(9, "b")
    bench.circuits.neighbour_gone(bench.now, "e")
    told = [(line, packet.label, packet.back, why(packet)) for line, packet in bench.sent()]
    words = "c lost its neighbour e"
    assert told == [("a", 7, True, words), ("b", 9, True, words), ("e", 1, False, words), ("e", 2, False, words)]
    assert [circuit.caller for circuit in bench.circuits.entries()] == [End("a", 8)]


def test_only_a_release_waits_for_data() -> None:
    assert [kind for kind in Kind if not kind.is_urgent] == [Kind.DATAGRAM, Kind.DATA, Kind.RELEASE]
