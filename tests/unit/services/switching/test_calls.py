"""The circuits of one host, packet by packet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.switching.calls import Call, Calls, Came, Event
from services.switching.header import BadPacketError, Kind, Packet, decode
from services.switching.line import Line
from services.switching.signalling import Reason, Release, Setup

ACCEPT = Packet(Kind.ACCEPT, label=1, back=True)


class Bench:
    """A host h1 on a bench; what it sends comes out at once."""

    def __init__(self, most: int = 64) -> None:
        self.line = Line("a", rate=1e6, delay=0, queue=1000)
        self.calls = Calls("h1", self.line, most)
        self.now = 0.0

    def put(self, packet: Packet) -> list[str]:
        return words(self.calls.receive(self.now, packet))

    def sent(self) -> list[Packet]:
        return [decode(data) for data in self.line.take(self.now + 1e6)]

    def wait(self, seconds: float) -> list[str]:
        """Wait, with the timers as they are due."""
        end = self.now + seconds
        events: list[Event] = []
        while (due := self.calls.due()) is not None and due <= end:
            self.now = max(self.now, due)
            events += self.calls.tick(self.now)
        self.now = end
        return words(events)

    def open(self, peer: str = "h2") -> Call:
        self.calls.call(self.now, peer)
        (call,) = [call for call in self.calls.calls() if call.state == "calling"]
        self.put(replace(ACCEPT, label=call.label))
        self.sent()
        return call


def words(events: list[Event]) -> list[str]:
    return [f"{event.call} {event.packet.payload!r}" if isinstance(event, Came) else str(event) for event in events]


def setup(label: int = 1, source: str = "h2", number: int = 1, rate: int = 0) -> Packet:
    return Packet(Kind.SETUP, source, "h1", sequence=number, payload=Setup(label, rate).pack())


def release(label: int, reason: Reason = Reason.NORMAL, by: str = "h2", back: bool = True) -> Packet:
    return Release(reason, by).packet(label, back=back)


def test_call_asks_with_the_lowest_free_label_and_tells_when_it_is_open() -> None:
    bench = Bench()
    assert bench.calls.call(0, "h2", 1000) == []
    assert bench.sent() == [Packet(Kind.SETUP, "h1", "h2", sequence=1, payload=Setup(1, 1000).pack())]
    assert bench.put(ACCEPT) == ["circuit 1 to h2: open"]
    assert bench.put(ACCEPT) == []
    bench.calls.call(0, "h4")
    assert Setup.unpack(bench.sent()[0].payload).label == 2


def test_call_is_tried_three_times_and_given_up() -> None:
    bench = Bench()
    bench.calls.call(0, "h2")
    (first,) = bench.sent()
    assert (bench.wait(1.9), bench.sent()) == ([], [])
    assert (bench.wait(2.2), bench.sent()) == ([], [first, first])
    assert bench.wait(2) == ["circuit 1 to h2: no answer"]
    assert [(packet.kind, packet.label, packet.back) for packet in bench.sent()] == [(Kind.RELEASE, 1, False)]


def test_switch_that_gave_up_waiting_does_not_end_the_tries() -> None:
    bench = Bench()
    bench.calls.call(0, "h2")
    assert bench.put(release(1, Reason.NO_ANSWER, "c")) == []
    assert bench.put(ACCEPT) == ["circuit 1 to h2: open"]
    assert bench.put(release(1, Reason.NO_ANSWER, "c")) == ["circuit 1 to h2: no answer"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Reason.NORMAL, "released by c"),
        (Reason.NO_ROUTE, "refused by c: no route"),
        (Reason.NO_LABEL, "refused by c: no label left"),
        (Reason.NO_RATE, "refused by c: no rate left"),
        (Reason.UNKNOWN_LABEL, "c does not know its label"),
        (Reason.IDLE, "c heard nothing on it any more"),
        (Reason.REFUSED, "refused by c"),
        (Reason.LABEL_TAKEN, "refused by c: label taken"),
    ],
)
def test_end_of_a_call_says_why_and_by_whom(reason: Reason, said: str) -> None:
    bench = Bench()
    bench.calls.call(0, "h2")
    bench.sent()
    assert bench.put(release(1, reason, "c")) == [f"circuit 1 to h2: {said}"]
    assert bench.sent() == [release(1, reason, "c", back=False)]  # wants an answer, so that the label is free
    assert bench.calls.calls() == []


def test_lost_neighbour_is_named() -> None:
    bench = Bench()
    bench.open()
    gone = Release(Reason.NEIGHBOUR_GONE, "c", "e").packet(1, back=True)
    assert bench.put(gone) == ["circuit 1 to h2: c lost its neighbour e"]


def test_label_is_taken_again_when_its_release_is_answered() -> None:
    bench = Bench()
    call = bench.open()
    assert words(bench.calls.release(0, call)) == ["circuit 1 to h2: released by h1"]
    assert bench.open().label == 2
    bench.put(replace(release(1), last=True))
    assert bench.open().label == 1


def test_incoming_call_is_accepted_and_numbered() -> None:
    bench = Bench()
    assert bench.put(setup(5)) == ["circuit 1 from h2: open"]
    assert bench.sent() == [Packet(Kind.ACCEPT, label=5, back=True)]
    assert bench.put(setup(5)) == []
    assert bench.sent() == [Packet(Kind.ACCEPT, label=5, back=True)]
    assert bench.put(setup(6, "h4")) == ["circuit 2 from h4: open"]


def test_numbers_are_used_again_but_never_twice_at_once() -> None:
    bench = Bench()
    bench.put(setup(5))
    assert [bench.open().number, bench.open().number] == [2, 3]
    assert bench.put(release(5, back=False)) == ["circuit 1 from h2: released by h2"]
    assert [bench.open().number, bench.open().number] == [1, 4]


def test_same_label_of_either_end_is_two_circuits() -> None:
    bench = Bench()
    ours = bench.open()
    bench.put(setup(1))
    assert bench.put(Packet(Kind.DATA, label=1, payload=b"x")) == ["circuit 2 from h2 b'x'"]
    assert bench.put(Packet(Kind.DATA, label=1, payload=b"y", back=True)) == ["circuit 1 to h2 b'y'"]
    bench.calls.release(0, ours)
    assert [str(call) for call in bench.calls.calls()] == ["circuit 2 from h2"]


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (setup(2), Reason.REFUSED),
        (setup(1, number=2), Reason.LABEL_TAKEN),
        (setup(1, "h4"), Reason.LABEL_TAKEN),
        (replace(setup(2), destination="h9"), Reason.NO_ROUTE),
    ],
)
def test_incoming_call_is_refused(packet: Packet, reason: Reason) -> None:
    bench = Bench(most=1)
    bench.put(setup(1))
    bench.sent()
    assert bench.put(packet) == []
    (refusal,) = bench.sent()
    assert (refusal.back, Release.unpack(refusal.payload)) == (True, Release(reason, "h1"))
    assert [str(call) for call in bench.calls.calls()] == ["circuit 1 from h2"]


def test_own_line_has_a_rate_too() -> None:
    bench = Bench()
    assert words(bench.calls.call(0, "h2", 900_001)) == ["circuit 1 to h2: refused by h1: no rate left"]
    assert bench.sent() == []
    bench.put(setup(1, rate=500_000))
    bench.sent()
    assert words(bench.calls.call(0, "h2", 400_001)) == ["circuit 2 to h2: refused by h1: no rate left"]
    assert bench.put(setup(2, rate=400_001)) == []
    assert Release.unpack(bench.sent()[0].payload) == Release(Reason.NO_RATE, "h1")
    assert bench.calls.call(0, "h2", 400_000) == []


def test_own_labels_run_out() -> None:
    bench = Bench()
    for _ in range(255):
        bench.calls.call(0, "h2")
    assert words(bench.calls.call(0, "h2")) == ["circuit 256 to h2: refused by h1: no label left"]


def test_data_goes_only_over_an_open_circuit() -> None:
    bench = Bench()
    bench.calls.call(0, "h2")
    (call,) = bench.calls.calls()
    bench.sent()
    assert not bench.calls.send(0, call, b"early")
    bench.put(ACCEPT)
    assert bench.calls.send(0, call, b"text", sequence=3, last=True)
    assert bench.sent() == [Packet(Kind.DATA, label=1, sequence=3, payload=b"text", last=True)]
    bench.calls.release(0, call)
    bench.sent()
    assert not bench.calls.send(0, call, b"late")
    assert bench.sent() == []


def test_data_before_the_accept_is_of_another_circuit() -> None:
    bench = Bench()
    bench.calls.call(0, "h2")
    assert bench.put(Packet(Kind.DATA, label=1, payload=b"old", back=True)) == []
    assert bench.put(Packet(Kind.KEEP, label=1, back=True)) == []
    assert bench.calls.calls()[0].state == "calling"


@pytest.mark.parametrize("back", [False, True])
def test_open_circuit_is_kept_every_second_and_ends_when_the_other_side_is_silent(back: bool) -> None:
    bench = Bench()
    if back:
        bench.put(setup(1))
        bench.sent()
    else:
        bench.open()
    for _ in range(5):
        assert bench.wait(1) == []
        assert bench.sent() == [Packet(Kind.KEEP, label=1, back=back)]
        bench.put(Packet(Kind.KEEP, label=1, back=not back))
    assert bench.wait(2.9) == []
    (said,) = bench.wait(0.2)
    assert said.endswith(": h1 heard nothing on it any more")
    assert bench.sent()[-1].kind is Kind.RELEASE


def test_nothing_is_due_when_there_are_no_calls() -> None:
    bench = Bench()
    call = bench.open()
    bench.calls.release(0, call)
    assert bench.wait(20) == []
    assert bench.calls.due() is None


def test_lost_switch_ends_all() -> None:
    bench = Bench()
    bench.open()
    bench.put(setup(1))
    assert words(bench.calls.neighbour_gone(0)) == [
        "circuit 1 to h2: h1 lost its neighbour a",
        "circuit 2 from h2: h1 lost its neighbour a",
    ]


@pytest.mark.parametrize("back", [False, True])
def test_unknown_label_is_told_to_its_sender(back: bool) -> None:
    bench = Bench()
    assert bench.put(Packet(Kind.DATA, label=9, back=back)) == []
    assert bench.sent() == [Release(Reason.UNKNOWN_LABEL, "h1").packet(9, back=not back)]


def test_payload_that_is_none_changes_nothing() -> None:
    bench = Bench()
    bench.open()
    with pytest.raises(BadPacketError):
        bench.calls.receive(0, Packet(Kind.RELEASE, label=1, back=True))
    with pytest.raises(BadPacketError):
        bench.calls.receive(0, Packet(Kind.SETUP, "h2", "h1", payload=b"?"))
    assert len(bench.calls.calls()) == 1
