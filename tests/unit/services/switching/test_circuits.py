"""One switch, packet by packet: what it enters, passes on and refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.switching.circuits import End, State
from services.switching.header import BadPacketError, Kind, Packet
from services.switching.signalling import Release
from tests.unit.services.switching.circuit_bench import ACCEPT, DATA, GONE, Bench, setup, why


def test_setup_goes_on_with_the_lowest_free_label_of_the_next_line() -> None:
    bench = Bench()
    assert bench.put("a", setup(7)) == [("e", replace(setup(1), hops=31))]
    assert bench.put("a", setup(9)) == [("e", replace(setup(2), hops=31))]
    assert bench.put("a", setup(4, "h4")) == [("b", replace(setup(1, "h4"), hops=31))]
    ends = [(circuit.caller, circuit.called) for circuit in bench.circuits.entries()]
    assert ends == [(End("a", 4), End("b", 1)), (End("a", 7), End("e", 1)), (End("a", 9), End("e", 2))]


def test_accept_opens_and_data_goes_both_ways() -> None:
    bench = Bench()
    bench.put("a", setup(7))
    assert bench.circuits.entries()[0].state is State.HALF_OPEN
    assert bench.put("e", replace(ACCEPT, label=1)) == [("a", replace(ACCEPT, label=7, hops=31))]
    assert bench.circuits.entries()[0].state is State.OPEN
    assert bench.put("a", replace(DATA, label=7)) == [("e", replace(DATA, label=1, hops=31))]
    back = replace(DATA, back=True, sequence=9, last=True)
    assert bench.put("e", replace(back, label=1)) == [("a", replace(back, label=7, hops=31))]


def test_same_label_of_two_neighbours_is_two_circuits() -> None:
    bench = Bench()
    assert (bench.set_up(1, "a"), bench.set_up(1, "b")) == (1, 2)
    assert bench.put("a", replace(DATA, label=1)) == [("e", replace(DATA, label=1, hops=31))]
    assert bench.put("b", replace(DATA, label=1)) == [("e", replace(DATA, label=2, hops=31))]


def test_same_label_chosen_at_either_end_of_a_line_is_two_circuits() -> None:
    bench = Bench()
    assert (bench.set_up(1, "a"), bench.set_up(1, "e", "h4")) == (1, 1)
    assert [line for line, _ in bench.put("e", replace(DATA, label=1))] == ["b"]
    assert [line for line, _ in bench.put("e", replace(DATA, label=1, back=True))] == ["a"]


@pytest.mark.parametrize("back", [False, True])
def test_before_the_accept_nothing_passes(back: bool) -> None:
    bench = Bench()
    bench.put("a", setup(7))
    line, label = ("e", 1) if back else ("a", 7)
    assert bench.put(line, replace(DATA, label=label, back=back)) == []
    assert bench.put("a", Packet(Kind.ACCEPT, label=7)) == []
    assert bench.circuits.entries()[0].state is State.HALF_OPEN


def test_setup_sent_again_is_passed_on_again() -> None:
    bench = Bench()
    once = bench.put("a", setup(7))
    assert bench.put("a", setup(7)) == once
    bench.put("e", replace(ACCEPT, label=1))
    assert bench.put("a", setup(7)) == once
    assert len(bench.circuits.entries()) == 1


@pytest.mark.parametrize("other", [setup(7, number=2), setup(7, "h4"), setup(7, source="h3")])
def test_label_of_another_call_is_refused_and_the_circuit_stays(other: Packet) -> None:
    bench = Bench()
    bench.set_up(7)
    ((line, release),) = bench.put("a", other)
    assert (line, release.label, release.back, why(release)) == ("a", 7, True, "refused by c: label taken")
    assert bench.put("a", replace(DATA, label=7)) == [("e", replace(DATA, label=1, hops=31))]


@pytest.mark.parametrize(
    ("packet", "words"),
    [
        (setup(7, "h9"), "refused by c: no route"),
        (replace(setup(7), hops=1), "refused by c: no route"),
        (replace(setup(7), hops=0), "refused by c: no route"),
        (setup(7, "c"), "refused by c"),
        (setup(7, rate=900_000_001), "refused by c: no rate left"),
    ],
)
def test_refusal_leaves_nothing_behind(packet: Packet, words: str) -> None:
    bench = Bench()
    ((line, release),) = bench.put("a", packet)
    assert (line, release.label, release.back, why(release)) == ("a", 7, True, words)
    assert (bench.circuits.entries(), bench.circuits.due()) == ([], None)
    assert bench.set_up(rate=900_000_000) == 1


def test_circuit_does_not_turn_round() -> None:
    ((line, release),) = Bench().put("e", setup(7))
    assert (line, why(release)) == ("e", "refused by c: no route")


def test_setup_that_comes_again_with_no_hops_left_harms_nothing() -> None:
    bench = Bench()
    bench.set_up(7)
    ((line, release),) = bench.put("a", replace(setup(7), hops=0))
    assert (line, why(release)) == ("a", "refused by c: no route")


def test_labels_run_out_on_one_line_and_not_on_another() -> None:
    bench = Bench(most_labels=2)
    bench.set_up(1)
    bench.set_up(2)
    ((_, release),) = bench.put("a", setup(3))
    assert why(release) == "refused by c: no label left"
    assert bench.set_up(3, to="h4") == 1


def test_rate_is_reserved_in_both_directions_until_the_end() -> None:
    bench = Bench()
    bench.set_up(1, rate=500_000_000)
    assert [bench.circuits.reserved(line) for line in "abe"] == [500_000_000, 0, 500_000_000]
    ((_, full),) = bench.put("b", setup(1, rate=400_000_001))  # by e
    assert why(full) == "refused by c: no rate left"
    ((_, full),) = bench.put("e", setup(1, "h4", rate=400_000_001))  # from e: the way back is the full one
    assert why(full) == "refused by c: no rate left"
    bench.set_up(1, "b", rate=400_000_000)
    bench.set_up(2, "b", rate=0)
    bench.put("a", Release.packet(GONE, 1, back=False))
    assert [bench.circuits.reserved(line) for line in "abe"] == [0, 400_000_000, 400_000_000]


def test_packet_with_no_hops_left_is_dropped() -> None:
    bench = Bench()
    bench.set_up(7)
    assert bench.put("a", replace(DATA, label=7, hops=1)) == []
    assert bench.put("a", replace(DATA, label=7, hops=0)) == []


@pytest.mark.parametrize(
    "packet",
    [
        Packet(Kind.SETUP, "h1", "h2", payload=b"12345"),
        Packet(Kind.SETUP, "h1", "h2", payload=b"1234567"),
        Packet(Kind.RELEASE, label=7),
        Packet(Kind.RELEASE, label=7, payload=GONE.pack() + b"\0"),
        Packet(Kind.RELEASE, label=7, payload=b"\x00" + GONE.pack()[1:]),
        Packet(Kind.RELEASE, label=7, payload=b"\x01" + bytes(16)),
    ],
)
def test_payload_that_is_none_changes_nothing(packet: Packet) -> None:
    bench = Bench()
    bench.set_up(7)
    with pytest.raises(BadPacketError):
        bench.circuits.receive(0, "a", packet)
    assert (len(bench.circuits.entries()), bench.sent()) == (1, [])
