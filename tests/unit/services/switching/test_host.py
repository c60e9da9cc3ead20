"""Hosts on simulated time: two that one link joins, and two with a switch in between."""

from __future__ import annotations

from itertools import pairwise

import pytest

from services.switching.header import Kind, Packet, decode, encode
from services.switching.line import Line
from services.switching.routing import INFINITY, DistanceVector, unpack_vector
from services.switching.switch import Switch
from services.switching.words import MistakeError
from tests.unit.services.switching.network import Arrival, Network, Node
from tests.unit.services.switching.people import RATE, Person, of_kind


@pytest.fixture
def h1() -> Person:
    return Person("h1", "h2")


@pytest.fixture
def h2() -> Person:
    return Person("h2", "h1")


@pytest.fixture
def pair(h1: Person, h2: Person) -> Network:
    """Two hosts that one link joins, and who have told each other that they are there."""
    network = Network({"h1": h1.host, "h2": h2.host})
    network.run(0.1)
    assert h1.shown == ["h2 is there"] and h2.shown == ["h1 is there"]
    h1.shown.clear()
    h2.shown.clear()
    return network


# Texts


def test_texts_are_shown_with_their_source_and_number(pair: Network, h1: Person, h2: Person) -> None:
    h1.type(pair, "send h2 good morning")
    h1.type(pair, "send h2 and again")
    h2.type(pair, "send h1 hello")
    pair.run(1)
    assert h2.shown == ["h1 #0: good morning", "h1 #1: and again"]
    assert h1.shown == ["h2 #0: hello"]
    sent = [packet for _, packet in of_kind(pair, Kind.DATAGRAM) if packet.source == "h1"]
    assert [(packet.payload, packet.last) for packet in sent] == [(b"good morning", True), (b"and again", True)]


def test_a_text_stays_one_line(pair: Network, h2: Person) -> None:
    h2.host.receive(pair.now, "h1", encode(Packet(Kind.DATAGRAM, "h1", "h2", payload=b"a\nh1 #1: b \xff")))
    assert h2.shown == ["h1 #0: a?h1 #1: b \ufffd"]


def test_a_packet_for_another_host_is_neither_shown_nor_passed_on(pair: Network, h1: Person, h2: Person) -> None:
    h1.type(pair, "send h3 hello")
    h1.type(pair, "message h3 100 2")
    pair.run(5)
    assert h2.shown == []
    assert {packet.source for _, packet in of_kind(pair, Kind.DATAGRAM)} == {"h1"}


# Messages


@pytest.mark.parametrize(("size", "packets"), [(4000, 5), (60_000, 1), (100, 4), (25_003, 1000)])
def test_a_message_comes_as_a_whole(pair: Network, h1: Person, h2: Person, size: int, packets: int) -> None:
    h1.type(pair, f"message h2 {size} {packets}")
    assert h1.shown == [f"message to h2: {packets} of {packets} packets sent"]
    pair.run(5)
    counted = "1 packet" if packets == 1 else f"{packets} packets"
    assert h2.shown == [f"message from h1: {size} bytes in {counted}, whole"]
    came = [packet for _, packet in of_kind(pair, Kind.DATAGRAM)]
    assert sum(len(packet.payload) for packet in came) == size
    assert [packet.sequence for packet in came] == list(range(packets))
    assert [packet.last for packet in came] == [False] * (packets - 1) + [True]


def test_what_a_message_loses_is_told_when_it_is_quiet(pair: Network, h1: Person, h2: Person) -> None:
    pair.lose = lambda arrival: decode(arrival.data).sequence in (1, 4)
    h1.type(pair, "message h2 4000 5")
    pair.run(2.9)
    assert h2.shown == []
    pair.run(0.2)
    assert h2.shown == ["message from h1: 2400 of 4000 bytes in 3 of 5 packets; lost 1, 4"]


def test_what_does_not_fit_into_the_queue_is_told_by_the_sender() -> None:
    h1, h2 = Person("h1", "h2", queue=3), Person("h2", "h1")
    network = Network({"h1": h1.host, "h2": h2.host})
    network.run(0.1)
    h1.type(network, "message h2 5000 5")
    h1.type(network, "send h2 one too many")
    network.run(5)
    assert h1.shown[1:] == [
        "message to h2: 4 of 5 packets sent; the queue of the line had no room for 1",
        "not sent: the queue of the line is full",
    ]
    assert h2.shown[1:] == ["message from h1: 4000 of 5000 bytes in 4 of 5 packets; lost 4"]


# Flows


def test_a_flow_leaves_on_time_and_is_told_as_one_line(pair: Network, h1: Person, h2: Person) -> None:
    begun = pair.now
    h1.type(pair, "flow h2 200 0.01 100")
    h1.type(pair, "flow h2 3 0.5")
    pair.run(5)
    assert h1.shown == ["flow to h2: 3 of 3 packets sent", "flow to h2: 200 of 200 packets sent"]
    assert h2.shown == ["flow from h1: 3 of 3 came", "flow from h1: 200 of 200 came"]
    first = [(arrival, packet) for arrival, packet in of_kind(pair, Kind.DATAGRAM) if b"f1 200 20000 " in arrival.data]
    assert {len(packet.payload) for _, packet in first} == {100}
    for arrival, packet in first:
        assert begun + 0.01 * packet.sequence <= arrival.time < begun + 0.01 * packet.sequence + 0.01


def test_a_flow_that_is_held_up_is_on_time_again_after_it(h1: Person) -> None:
    """The clock of a busy machine jumps. What has become due is sent at once, what has not is not."""
    h1.host.typed(10.0, b"flow h2 100 0.01")
    h1.host.tick(10.505)
    line = h1.host.lines["h2"]
    sent = [decode(data) for data in line.take(11.0)]
    assert [packet.sequence for packet in sent if packet.kind is Kind.DATAGRAM] == list(range(51))
    assert h1.host.due() == pytest.approx(10.51)


def test_a_flow_that_is_stopped_ends_with_its_next_packet(pair: Network, h1: Person, h2: Person) -> None:
    h1.type(pair, "flow h2 100000 0.1")
    pair.run(0.95)
    h1.type(pair, "stop")
    pair.run(0.15)
    assert h1.shown == ["flow to h2: 11 of 11 packets sent"]
    assert h2.shown == ["flow from h1: 11 of 11 came"]
    h1.type(pair, "stop")  # there is nothing left to stop
    pair.run(1.0)
    assert len(h1.shown) == len(h2.shown) == 1


def test_what_a_flow_loses_and_what_is_overtaken_is_told(pair: Network, h1: Person, h2: Person) -> None:
    held: list[Arrival] = []

    def lose(arrival: Arrival) -> bool:
        packet = decode(arrival.data)
        if packet.kind is Kind.DATAGRAM and packet.sequence in (7, 8) and arrival not in held:
            held.append(arrival)
            return True
        return packet.kind is Kind.DATAGRAM and packet.sequence in (3, 19)

    pair.lose = lose
    h1.type(pair, "flow h2 20 0.01")
    pair.run(0.12)
    for arrival in held:
        h2.host.receive(pair.now, "h1", arrival.data)
    pair.run(5)
    assert h2.shown == ["flow from h1: 18 of 20 came; lost 3, 19; late 7-8"]


def test_a_flow_over_a_cut_that_heals_is_one_flow(pair: Network, h1: Person, h2: Person) -> None:
    h1.type(pair, "flow h2 400 0.01")
    pair.run(1.005)
    pair.cut("h1", "h2")
    pair.run(2)
    pair.heal("h1", "h2")
    pair.run(5)
    assert "flow from h1: 200 of 400 came; lost 101-300" in h2.shown


# What goes on the line besides


def test_a_host_tells_where_it_is_every_period_and_nothing_else(pair: Network) -> None:
    pair.run(9.9)
    vectors = [(arrival.time, packet) for arrival, packet in of_kind(pair, Kind.VECTOR) if packet.source == "h1"]
    assert len(of_kind(pair, Kind.VECTOR)) == len(pair.arrivals)
    first, *others = [unpack_vector(packet.payload) for _, packet in vectors]
    assert first == {"h1": 0}
    assert all(vector == {"h1": 0, "h2": INFINITY} for vector in others), "who was heard is named, and not offered"
    told = [time for time, _ in vectors[1:]]
    assert len(told) == 20, "one at once when the neighbour was heard, then one every period"
    assert all(later - earlier == pytest.approx(0.5) for earlier, later in pairwise(told[1:]))


def test_a_neighbour_is_there_when_either_hears_the_other(h1: Person, h2: Person) -> None:
    network = Network({"h1": h1.host, "h2": h2.host}, lose=lambda arrival: arrival.sender == "h1")
    network.run(3)
    assert h1.shown == [] and h2.shown == []
    network.lose = lambda arrival: False
    network.run(1)
    assert h1.shown == ["h2 is there"] and h2.shown == ["h1 is there"]


def test_a_neighbour_that_falls_silent_is_told_of(pair: Network, h1: Person) -> None:
    pair.cut("h1", "h2")
    pair.run(3)
    assert h1.shown == ["h2 is lost: nothing comes from there any more"]
    pair.heal("h1", "h2")
    pair.run(1)
    assert h1.shown[1:] == ["h2 is back"]


def test_raw_bytes_go_out_as_they_are_and_a_bad_packet_is_dropped(pair: Network, h1: Person, h2: Person) -> None:
    good = encode(Packet(Kind.DATAGRAM, "h9", "h2", payload=b"as if from h9"))
    for data in (good, good[:-1], good[:-1] + b"!", b"\x00"):
        h1.type(pair, f"raw {data.hex(' ')}")
    pair.run(1)
    assert h2.shown == [
        "h9 #0: as if from h9",
        "dropped a packet from h1: short",
        "dropped a packet from h1: checksum",
        "dropped a packet from h1: short",
    ]
    assert good[:-1] in [arrival.data for arrival in pair.arrivals]


# What is typed by mistake, and the end


@pytest.mark.parametrize("typed", ["sned h2 hi", "say 1 hi", "release 1", "flow 1 5 0.1", "message h2 10 1"])
def test_a_mistake_does_nothing(pair: Network, h1: Person, typed: str) -> None:
    with pytest.raises(MistakeError, match="type `"):
        h1.type(pair, typed)
    pair.run(0.3)
    assert of_kind(pair, Kind.DATAGRAM) == []
    assert h1.shown == []


def test_a_blank_line_does_nothing(pair: Network, h1: Person) -> None:
    h1.type(pair, " ")
    assert h1.shown == []


def test_help_lists_the_commands(pair: Network, h1: Person) -> None:
    h1.type(pair, "help")
    assert [line.split()[0] for line in h1.shown[0].split("\n")][:3] == ["send", "message", "flow"]


def test_exit_lets_go_out_what_waits_and_is_told_once(pair: Network, h1: Person, h2: Person) -> None:
    h1.type(pair, "message h2 20000 2")
    h1.type(pair, "exit")
    pair.run(0.1)
    assert h1.has_left == 0
    pair.run(0.1)
    assert h1.has_left == 1
    assert h2.shown == ["message from h1: 20000 bytes in 2 packets, whole"]
    pair.run(9)
    assert h1.has_left == 1


def test_exit_waits_two_seconds_at_most() -> None:
    h1 = Person("h1", "h2", rate=1000)
    network = Network({"h1": h1.host})
    h1.type(network, "message h2 60000 1")
    h1.type(network, "exit")
    assert network.run_until(lambda: h1.has_left == 1, within=9) == pytest.approx(2)


# With a switch in between


def test_what_goes_through_a_switch_comes_to_the_host_that_it_is_for() -> None:
    people = {name: Person(name, "a") for name in ("h1", "h2", "h3")}
    lines = [Line(name, RATE, 0.005) for name in people]
    switch = Switch("a", lines, DistanceVector("a", dict.fromkeys(people, 1)), tell=lambda text: None)
    nodes: dict[str, Node] = {"a": switch} | {name: person.host for name, person in people.items()}
    network = Network(nodes)
    network.run(1)
    people["h1"].type(network, "message h2 8000 10")
    people["h1"].type(network, "send h3 hello")
    people["h2"].type(network, "flow h1 5 0.1")
    network.run(2)
    assert people["h1"].shown[1:] == ["message to h2: 10 of 10 packets sent", "flow from h2: 5 of 5 came"]
    assert people["h2"].shown[1:] == [
        "message from h1: 8000 bytes in 10 packets, whole",
        "flow to h1: 5 of 5 packets sent",
    ]
    assert people["h3"].shown[1:] == ["h1 #0: hello"]
