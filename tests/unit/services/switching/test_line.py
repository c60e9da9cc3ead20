from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.switching.fixed_routes import FixedRoutes
from services.switching.header import Kind, Packet, encode
from services.switching.line import Line
from tests.unit.services.switching.nodes import Town

A_BYTE_A_SECOND = 8.0


def arrivals(line: Line) -> list[tuple[float, bytes]]:
    """Take all that is still to come, each at the time when it is due."""
    seen = []
    while (due := line.due()) is not None:
        seen += [(due, data) for data in line.take(due)]
    return seen


def test_a_packet_arrives_when_its_last_bit_does() -> None:
    line = Line("b", A_BYTE_A_SECOND, delay=10)
    assert line.due() is None
    line.offer(100, b"12345")
    assert line.due() == 115
    assert line.take(114.9) == []
    assert line.take(115) == [b"12345"]
    assert (line.sent, line.bytes, line.due()) == (1, 5, None)


def test_packets_go_one_after_the_other_and_the_delay_is_of_each() -> None:
    line = Line("b", A_BYTE_A_SECOND, delay=10)
    for data in (b"123", b"1", b"12"):
        line.offer(0, data)
    assert arrivals(line) == [(13, b"123"), (14, b"1"), (16, b"12")]
    line.offer(50, b"1")
    assert arrivals(line) == [(61, b"1")], "the line was idle in between"


def test_waking_up_late_makes_nothing_later() -> None:
    line = Line("b", A_BYTE_A_SECOND, delay=0)
    for _ in range(3):
        line.offer(0, b"1")
    assert line.take(2.5) == [b"1", b"1"]
    assert line.due() == 3


def test_urgent_packets_go_before_those_that_wait_and_stop_none_that_is_being_sent() -> None:
    line = Line("b", A_BYTE_A_SECOND, delay=0)
    line.offer(0, b"first")
    line.offer(0, b"second")
    line.offer(1, b"urgent", urgent=True)
    assert [data for _, data in arrivals(line)] == [b"first", b"urgent", b"second"]


def test_an_urgent_packet_overtakes_none_that_had_begun_unseen() -> None:
    line = Line("b", A_BYTE_A_SECOND, delay=100)
    line.offer(0, b"12")
    line.offer(0, b"second")  # begins at 2, though nobody looks until the urgent one comes
    line.offer(3, b"urgent", urgent=True)
    assert [data for _, data in arrivals(line)] == [b"12", b"second", b"urgent"]


@pytest.mark.parametrize("urgent", [False, True])
def test_a_full_queue_drops_what_comes(urgent: bool) -> None:
    line = Line("b", A_BYTE_A_SECOND, delay=0, queue=2)
    assert [line.offer(0, b"%d" % n, urgent) for n in range(5)] == [True, True, True, False, False]
    assert (line.dropped, line.most_queued, line.queued(0)) == (2, 2, 2)
    assert line.offer(1, b"5", urgent), "the first has left, so one more may wait"
    assert line.offer(1, b"6", not urgent), "the other queue has room"
    assert line.queued(1) == 3


def test_with_no_queue_a_packet_waits_for_nothing() -> None:
    line = Line("b", A_BYTE_A_SECOND, delay=5, queue=0)
    assert line.offer(0, b"1")
    assert not line.offer(0.5, b"1")
    assert line.offer(1, b"1"), "the first is still on its way, but the line is free"


@given(
    st.lists(st.tuples(st.floats(0, 20), st.integers(1, 9), st.booleans()), max_size=30),
    st.integers(0, 5),
)
def test_what_is_taken_is_what_was_offered_and_not_dropped(offers: list[tuple[float, int, bool]], queue: int) -> None:
    line = Line("b", A_BYTE_A_SECOND, delay=3, queue=queue)
    accepted = []
    for number, (now, size, urgent) in enumerate(sorted(offers)):
        data = bytes([number]) * size
        if line.offer(now, data, urgent):
            accepted.append((now, data))
    came = arrivals(line)
    assert sorted(data for _, data in came) == sorted(data for _, data in accepted)
    assert line.dropped == len(offers) - len(accepted)
    offered_at = {data: now for now, data in accepted}
    free = 0.0
    for arrived, data in came:
        assert arrived - 3 - len(data) >= max(free, offered_at[data]) - 1e-9, "one after the other, none too early"
        free = arrived - 3


# Over several switches

RATE, DELAY = 1_000_000.0, 0.01
SWITCHES = ["a", "b", "c", "d"]
BEGIN = 0.1


@pytest.mark.parametrize("packets", [1, 2, 10])
def test_store_and_forward_takes_a_transmission_for_each_line_and_packets_overlap(packets: int) -> None:
    """The first packet is sent N + 1 times, over N switches; each further one arrives one transmission later."""
    ways = [*SWITCHES, "h2"]
    fixed = {name: FixedRoutes({"h2": then}) for name, then in pairwise(ways)}
    town = Town(pairwise(SWITCHES), {"h1": "a", "h2": "d"}, rate=RATE, delay=DELAY, fixed=fixed)
    town.network.run(BEGIN)
    payload = bytes(8000 // packets)
    size = len(encode(Packet(Kind.DATAGRAM, "h1", "h2", payload=payload)))
    for number in range(packets):
        town.stations["h1"].send(BEGIN, Packet(Kind.DATAGRAM, "h1", "h2", sequence=number, payload=payload))
    town.network.run_until(lambda: len(town.stations["h2"].received) == packets, within=2)
    once = 8 * size / RATE
    for number, (arrived, packet) in enumerate(town.stations["h2"].received):
        assert packet.sequence == number
        expected = BEGIN + (len(SWITCHES) + 1) * (once + DELAY) + number * once
        assert arrived == pytest.approx(expected, abs=1e-9)
