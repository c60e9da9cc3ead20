from __future__ import annotations

import json

import pytest

from services.switching.console import LARGEST_ANSWER, one_datagram, tables
from services.switching.fixed_routes import FixedRoutes
from services.switching.header import FIRST_HOPS, Kind, Packet, decode, encode
from services.switching.line import Line
from services.switching.routing import PERIOD
from services.switching.signalling import Reason, Release, Setup
from services.switching.switch import Switch
from tests.unit.services.switching.nodes import Town

HELLO = Packet(Kind.DATAGRAM, "h1", "h2", sequence=3, payload=b"hello", last=True)


def switch_with_a_route(queue: int = 32) -> Switch:
    lines = [Line(name, 1_000_000, 0, queue) for name in ("b", "h1")]
    return Switch("a", lines, FixedRoutes({"h2": "b"}), tell=lambda text: None)


def sent(switch: Switch, line: str) -> list[Packet]:
    return [decode(data) for data in switch.lines[line].take(1000)]


def test_a_datagram_goes_on_as_it_came_but_for_its_hops() -> None:
    switch = switch_with_a_route()
    switch.receive(0, "h1", encode(HELLO))
    (packet,) = sent(switch, "b")
    assert packet.hops == FIRST_HOPS - 1
    assert encode(packet)[8:] == encode(HELLO)[8:]
    assert (packet.sequence, packet.last) == (3, True)
    assert switch.received == {"b": 0, "h1": 1}


def test_one_for_the_switch_itself_is_counted_and_goes_nowhere() -> None:
    switch = switch_with_a_route()
    switch.receive(0, "h1", encode(Packet(Kind.DATAGRAM, "h1", "a")))
    assert switch.delivered == 1
    assert sent(switch, "b") == sent(switch, "h1") == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "short"),
        (encode(HELLO)[:-1], "short"),
        (encode(HELLO) + b"x", "long"),
        (b"\x21" + encode(HELLO)[1:], "version"),
        (encode(HELLO)[:-1] + b"x", "checksum"),
        (encode(Packet(Kind.DATAGRAM, "h1", "nowhere")), "no route"),
        (encode(Packet(Kind.DATAGRAM, "h1", "h2", hops=1)), "hops used up"),
        (encode(Packet(Kind.DATAGRAM, "h1", "h2", hops=0)), "hops used up"),
        (encode(Packet(Kind.VECTOR, "h1", payload=b"x")), "short"),
        (encode(Packet(Kind.VECTOR, "b")), "address"),
        (encode(Packet(Kind.SETUP, "h1", "h2", payload=b"x")), "short"),
    ],
)
def test_what_is_dropped_is_counted_by_its_reason(data: bytes, why: str) -> None:
    switch = switch_with_a_route()
    switch.receive(0, "h1", data)
    assert {reason: count for reason, count in switch.drops.items() if count} == {why: 1}
    assert sent(switch, "b") == sent(switch, "h1") == []


def test_a_full_queue_is_counted_by_its_line() -> None:
    switch = switch_with_a_route(queue=2)
    for _ in range(5):
        switch.receive(0, "h1", encode(HELLO))
    assert switch.lines["b"].dropped == 2
    assert len(sent(switch, "b")) == 3


def test_a_packet_that_goes_in_circles_ends() -> None:
    fixed = {"a": FixedRoutes({"h2": "b"}), "b": FixedRoutes({"h2": "a"})}
    town = Town([("a", "b")], {"h1": "a"}, fixed=fixed)
    town.stations["h1"].send(0, HELLO)
    town.network.run(10)
    drops = [switch.drops["hops used up"] for switch in town.switches.values()]
    assert sum(drops) == 1
    datagrams = [seen for seen in town.network.arrivals if decode(seen.data).kind is Kind.DATAGRAM]
    assert len(datagrams) == FIRST_HOPS


def test_vectors_wait_for_no_datagrams_and_a_busy_line_stays_alive() -> None:
    town = Town([("a", "b")], {"h1": "a", "h2": "b"}, rate=10_000, queue=8)
    town.network.run(2 * PERIOD)
    for _ in range(100):  # each takes 0.8 s on the line: vectors are due far more often
        town.stations["h1"].send(town.network.now, Packet(Kind.DATAGRAM, "h1", "h2", payload=bytes(1000)))
        town.network.run(0.4)
    assert town.told == []
    assert town.metrics("b")["h1"] == 2


def test_a_circuit_goes_through_and_ends_when_a_neighbour_is_lost() -> None:
    town = Town([("a", "b"), ("b", "c")], {"h1": "a", "h2": "c"})
    town.network.run(3 * PERIOD)
    caller, called = town.stations["h1"], town.stations["h2"]
    caller.send(town.network.now, Packet(Kind.SETUP, "h1", "h2", payload=Setup(label=9, rate=5000).pack()))
    town.network.run_until(lambda: bool(called.received), within=1)
    setup = Setup.unpack(called.received[0][1].payload)
    assert setup == Setup(label=1, rate=5000)
    called.send(town.network.now, Packet(Kind.ACCEPT, label=1, back=True))
    town.network.run_until(lambda: bool(caller.received), within=1)
    (entry,) = tables(town.switches["b"], town.network.now)["circuits"]
    assert entry == {
        "source": "h1", "destination": "h2", "in_line": "a", "in_label": 1, "out_line": "c", "out_label": 1,
        "state": "open", "reserved": 5000,
    }  # fmt: skip
    town.network.cut("b", "c")
    town.network.run_until(lambda: len(caller.received) > 1, within=3)
    release = caller.received[1][1]
    assert (release.kind, release.label) == (Kind.RELEASE, 9)
    assert Release.unpack(release.payload) == Release(Reason.NEIGHBOUR_GONE, "b", "c")


def test_the_console_tells_all_that_can_be_seen() -> None:
    switch = switch_with_a_route(queue=1)
    for _ in range(4):
        switch.receive(0, "h1", encode(HELLO))
    switch.receive(0, "h1", b"nonsense")
    seen = json.loads(one_datagram(tables(switch, 0)))
    assert seen["name"] == "a"
    assert seen["routes"] == {"h2": {"via": "b", "metric": None}}
    assert seen["lines"]["b"] == {
        "rate": 1_000_000, "delay": 0, "sent": 0, "bytes": 0, "received": 0, "dropped": 2, "queued": 1,
        "most_queued": 1, "reserved": 0,
    }  # fmt: skip
    assert seen["lines"]["h1"]["received"] == 5
    assert seen["drops"]["version"] == 1
    switch.lines["b"].take(1)
    seen = tables(switch, 1)
    assert (seen["lines"]["b"]["sent"], seen["lines"]["b"]["queued"]) == (2, 0)
    assert seen["lines"]["b"]["bytes"] == 2 * len(encode(HELLO))


def test_what_is_out_of_reach_has_no_next_hop() -> None:
    town = Town([("a", "b")])
    town.network.run(2 * PERIOD)
    assert tables(town.switches["a"], town.network.now)["routes"] == {"b": {"via": "b", "metric": 1}}
    town.network.stop("b")
    town.network.run(3 * PERIOD)
    assert tables(town.switches["a"], town.network.now)["routes"] == {"b": {"via": None, "metric": 16}}


def test_an_answer_is_one_datagram_however_many_circuits_there_are() -> None:
    seen = tables(switch_with_a_route(), 0)
    seen["circuits"] = [{"source": "h1", "in_label": number} for number in range(5000)]
    answer = one_datagram(seen)
    assert len(answer) <= LARGEST_ANSWER
    told = json.loads(answer)
    assert len(told["circuits"]) + told["circuits_left_out"] == 5000
    assert told["circuits"] == seen["circuits"][: len(told["circuits"])]
