"""Packets that no correct neighbour would send: nothing raises, and circuits over other lines stay as they are."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from services.switching.calls import Calls
from services.switching.circuits import Circuit, Circuits
from services.switching.fixed_routes import FixedRoutes
from services.switching.header import BadPacketError, Kind, Packet, decode, encode
from services.switching.labels import REST_SECONDS, Labels
from services.switching.line import Line
from services.switching.signalling import Reason, Release, Setup
from services.switching.switch import Switch

NAMES = ("a", "b", "e", "x", "c", "h2", "h9")
WAYS = {"h2": "e", "x": "x", "h1": "a", "a": "a"}

labels = st.integers(0, 4) | st.integers(0, 0xFFFF)
names = st.sampled_from(NAMES)
setups = st.builds(Setup, labels, st.sampled_from([0, 1, 400_000, 2**32 - 1])).map(Setup.pack)
releases = st.builds(Release, st.sampled_from(Reason), names, names | st.just("")).map(Release.pack)
payloads = setups | setups | releases | releases | st.binary(max_size=20)
packets = st.builds(
    Packet,
    kind=st.sampled_from([Kind.SETUP, Kind.ACCEPT, Kind.DATA, Kind.RELEASE, Kind.KEEP]),
    source=names,
    destination=names,
    label=labels,
    hops=st.integers(0, 63),
    sequence=st.integers(0, 3),
    payload=payloads,
    last=st.booleans(),
    back=st.booleans(),
)
moments = st.lists(st.tuples(st.sampled_from([0.0, 0.001, 0.1]), packets), max_size=60)


class Bench:
    """A switch c with neighbours a, b, e, and x, who is hostile; one circuit from a to e, one from b to a."""

    def __init__(self) -> None:
        self.lines = {name: Line(name, rate=1e6, delay=0, queue=10_000) for name in "abex"}
        self.circuits = Circuits("c", self.lines, WAYS.get)
        self.now = 0.0
        for line, number, to in [("a", 1, "h2"), ("b", 2, "h1")]:
            payload = Setup(1, 100_000).pack()
            self.circuits.receive(0, line, Packet(Kind.SETUP, line, to, sequence=number, payload=payload))
            self.circuits.receive(0, WAYS[to], Packet(Kind.ACCEPT, label=1, back=True))
        self.take()

    def good(self) -> list[Circuit]:
        return [c for c in self.circuits.entries() if "x" not in (c.caller.line, c.called.line)]

    def put(self, line: str, packet: Packet) -> None:
        with contextlib.suppress(BadPacketError):
            self.circuits.receive(self.now, line, packet)

    def take(self) -> list[tuple[str, Packet]]:
        return [(name, decode(data)) for name, line in self.lines.items() for data in line.take(self.now + 1e6)]


@given(moments)
def test_hostile_neighbour_breaks_no_circuit_over_other_lines(moments: list[tuple[float, Packet]]) -> None:
    bench = Bench()
    before = [(c.caller, c.called, c.state, c.rate) for c in bench.good()]
    assert len(before) == 2
    for pause, packet in moments:
        bench.now += pause
        for line, label in (("a", 1), ("b", 1)):
            bench.put(line, Packet(Kind.KEEP, label=label))
        for line in "ea":
            bench.put(line, Packet(Kind.KEEP, label=1, back=True))
        bench.put("x", packet)
        bench.circuits.tick(bench.now)
    assert [(c.caller, c.called, c.state, c.rate) for c in bench.good()] == before
    bench.take()
    bench.put("a", Packet(Kind.DATA, label=1, payload=b"text"))
    bench.put("a", Packet(Kind.DATA, label=1, payload=b"back", back=True))
    sent = [(line, packet.label, packet.payload) for line, packet in bench.take() if packet.kind is Kind.DATA]
    assert sent == [("b", 1, b"back"), ("e", 1, b"text")]


@given(moments)
def test_what_a_hostile_neighbour_set_up_vanishes(moments: list[tuple[float, Packet]]) -> None:
    bench = Bench()
    for pause, packet in moments:
        bench.now += pause
        bench.put("x", packet)
    end = bench.now + 3
    while (due := bench.circuits.due()) is not None and due <= end:
        bench.now = max(bench.now, due)
        bench.circuits.tick(bench.now)
    assert bench.circuits.entries() == []
    assert [bench.circuits.reserved(line) for line in "abex"] == [0, 0, 0, 0]


@given(moments)
def test_each_packet_gets_two_answers_at_most(moments: list[tuple[float, Packet]]) -> None:
    bench = Bench()
    for _, packet in moments:
        bench.put("x", packet)
        assert len(bench.take()) <= 2


@given(st.lists(st.binary(max_size=60) | packets.map(encode), max_size=40))
def test_switch_takes_any_bytes(received: list[bytes]) -> None:
    lines = [Line(name, rate=1e6, delay=0) for name in "abex"]
    switch = Switch("c", lines, FixedRoutes(WAYS), tell=lambda text: None)
    for now, data in enumerate(received):
        switch.receive(now / 10, "x", data)
        switch.tick(now / 10)


@given(st.lists(st.tuples(st.sampled_from(["", "call", "release"]), packets), max_size=40))
def test_host_takes_any_packets(steps: list[tuple[str, Packet]]) -> None:
    calls = Calls("h2", Line("x", rate=1e6, delay=0), most=3)
    for number, (typed, packet) in enumerate(steps):
        now = number / 10
        if typed == "call":
            calls.call(now, "h9")
        if typed == "release" and calls.calls():
            calls.release(now, calls.calls()[0])
        with contextlib.suppress(BadPacketError):
            calls.receive(now, packet)
        calls.tick(now)
        numbers = [call.number for call in calls.calls()]
        assert len(set(numbers)) == len(numbers)
        assert sum(not call.is_ours for call in calls.calls()) <= 3


def test_labels_that_are_not_ours_need_no_rest() -> None:
    line = Line("x", rate=1e6, delay=0, queue=10_000)
    ours = Labels("c", line, most=5)
    for label in range(6, 1000):
        ours.deny(0.0, Packet(Kind.DATA, label=label, back=True))
    assert ours.due() is None
    ours.deny(0.0, Packet(Kind.DATA, label=5, back=True))
    assert ours.due() == REST_SECONDS
    assert len(line.take(1e6)) == 995, "each is told"
