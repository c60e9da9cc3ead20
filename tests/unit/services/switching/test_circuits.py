"""One switch, packet by packet: what it enters, sends and refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.switching.circuits import Circuits, End, State
from services.switching.header import BadPacketError, Kind, Packet, decode
from services.switching.line import Line
from services.switching.signalling import Reason, Release, Setup

Sent = list[tuple[str, Packet]]
WAYS = {"h2": "e", "h4": "b"}
ACCEPT = Packet(Kind.ACCEPT, back=True)
DATA = Packet(Kind.DATA, payload=b"text")
GONE = Release(Reason.NORMAL, "h1")


class Bench:
    """A switch c on a bench, with lines to a, b, e; what it sends comes out at once."""

    def __init__(self, most_labels: int = 255) -> None:
        self.lines = {name: Line(name, rate=1e9, delay=0, queue=1000) for name in "abe"}
        self.circuits = Circuits("c", self.lines, WAYS.get, most_labels)
        self.now = 0.0

    def put(self, line: str, packet: Packet) -> Sent:
        self.circuits.receive(self.now, line, packet)
        return self.sent()

    def wait(self, seconds: float) -> Sent:
        """Wait, with the timers as they are due."""
        end = self.now + seconds
        sent: Sent = []
        while (due := self.circuits.due()) is not None and due <= end:
            self.now = max(self.now, due)
            self.circuits.tick(self.now)
            sent += self.sent()
        self.now = end
        return sent

    def sent(self) -> Sent:
        return [(name, decode(data)) for name, line in self.lines.items() for data in line.take(self.now + 1)]

    def set_up(self, label: int = 7, line: str = "a", to: str = "h2", rate: int = 0) -> int:
        """Set a circuit up as far as the ACCEPT; return its label on the next line."""
        ((_, passed),) = self.put(line, setup(label, to, rate))
        out = Setup.unpack(passed.payload).label
        self.put(WAYS[to], replace(ACCEPT, label=out))
        return out


def setup(label: int, to: str = "h2", rate: int = 0, number: int = 1, source: str = "h1") -> Packet:
    return Packet(Kind.SETUP, source, to, sequence=number, payload=Setup(label, rate).pack())


def why(packet: Packet) -> str:
    return str(Release.unpack(packet.payload))


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


def test_only_a_release_waits_for_data() -> None:
    assert [kind for kind in Kind if not kind.is_urgent] == [Kind.DATAGRAM, Kind.DATA, Kind.RELEASE]
