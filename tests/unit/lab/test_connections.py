"""TCP connections from packets: what is sent again, out of order, refused, reset, or dialed from an old port."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lab.connections import connections
from lab.events import Closed, Connected, Packet
from lab.history import History
from tests.unit.lab.properties import steady
from tests.unit.lab.wire import E1, E1_SIX, W1, W1_SIX, routed
from tests.unit.scenarios.histories import Call, Wire


def two() -> Wire:
    wire = Wire()
    wire.node("server", "host")
    wire.node("client", "host")
    return wire


def called(wire: Wire | None = None, *, seq: int = 1000) -> tuple[Wire, Call]:
    wire = wire or two()
    return wire, wire.dial("client", "server", 9000, seq=seq)


def test_both_directions_of_a_whole_connection() -> None:
    wire, call = called()
    call.up(b"question ")
    call.down(b"ans")
    call.down(b"wer")
    call.up(b"and thanks")
    call.close()
    (connection,) = wire.history().connections
    assert connection.client == ("10.83.0.3", 40001)
    assert connection.server == ("10.83.0.2", 9000)
    assert connection.from_client == b"question and thanks"
    assert connection.from_server == b"answer"


def test_each_byte_has_the_time_at_which_it_was_there() -> None:
    wire, call = called()
    first = call.up(b"one")
    wire.again(first)
    second = call.up(b"two")
    (connection,) = wire.history().connections
    assert list(connection.sent(connection.client)) == [(first.time, b"one"), (second.time, b"two")]


def test_what_comes_early_waits_for_the_bytes_before_it() -> None:
    wire, call = called()
    call.client.seq += 3
    wire.later(1)
    call.up(b"def")
    call.client.seq -= 6
    late = call.up(b"abc")
    (connection,) = wire.history().connections
    assert list(connection.sent(connection.client)) == [(late.time, b"abcdef")]


def test_bytes_behind_a_gap_are_not_there() -> None:
    wire, call = called()
    call.up(b"abc")
    call.client.seq += 3
    call.up(b"ghi")
    assert wire.history().connections[0].from_client == b"abc"


def test_a_keepalive_brings_nothing() -> None:
    wire, call = called()
    call.client.seq -= 1
    call.up(b"\x00")  # one byte before the first, as some systems do
    call.up(b"abc")
    assert wire.history().connections[0].from_client == b"abc"


def test_data_that_comes_with_the_syn() -> None:
    wire = two()
    ends = {"src": "10.83.0.3", "sport": 4, "dst": "10.83.0.2", "dport": 9}
    wire.packet("tcp", **ends, flags=("SYN",), seq=9, ack=0, payload=b"fast ")  # type: ignore[arg-type]
    wire.packet("tcp", **ends, flags=("ACK",), seq=15, ack=1, payload=b"open")  # type: ignore[arg-type]
    assert wire.history().connections[0].from_client == b"fast open"


def test_the_server_speaks_before_its_syn_was_seen() -> None:
    wire = two()
    call = wire.ring("client", "server", 9000)
    call.server.seq += 3
    call.down(b"rly")
    call.server.seq -= 6
    call.accept()
    call.down(b"ea")
    assert wire.history().connections[0].from_server == b"early"


def test_a_syn_that_is_sent_again_is_the_same_call() -> None:
    wire = two()
    call = wire.ring("client", "server", 9000)
    wire.again(call.sent[0])
    call.accept()
    (connection,) = wire.history().connections
    assert connection.accepted
    assert len(connection.packets) == 4


def test_a_call_that_nobody_answers() -> None:
    wire = two()
    wire.ring("client", "server", 9000)
    (connection,) = wire.history().connections
    assert not connection.accepted and not connection.refused and connection.closed is None
    assert connection.from_client == connection.from_server == b""
    assert list(connection.events()) == []


def test_a_call_that_was_answered_by_something_else_is_not_refused() -> None:
    wire = two()
    call = wire.ring("client", "server", 9000)
    call.down(b"what?")
    assert not wire.history().connections[0].refused


def test_a_call_that_is_refused() -> None:
    wire = two()
    wire.refused("client", "server", 9000)
    (connection,) = wire.history().connections
    assert connection.refused and not connection.accepted
    assert list(connection.events()) == []


def test_a_call_that_its_caller_gives_up_is_not_refused() -> None:
    wire = two()
    wire.ring("client", "server", 9000).reset()
    assert not wire.history().connections[0].refused


def test_closed_with_the_second_fin() -> None:
    wire, call = called()
    call.end_down()
    call.up(b"one more thing")
    (connection,) = wire.history().connections
    assert connection.closed is None
    assert connection.ending == connection.fin_from(connection.server)
    call.end_up()
    (connection,) = wire.history().connections
    assert connection.closed == connection.fin_from(connection.client)
    assert connection.ending == connection.fin_from(connection.server)


def test_a_fin_that_is_sent_again_is_one_fin() -> None:
    wire, call = called()
    call.end_up()
    wire.again(call.sent[-2])
    assert wire.history().connections[0].closed is None


def test_closed_with_a_reset() -> None:
    wire, call = called()
    call.up(b"abc")
    call.reset_by_server()
    (connection,) = wire.history().connections
    assert connection.closed == connection.ending == call.sent[-1]
    opened, closed = connection.events()
    assert isinstance(opened, Connected) and opened.number == 2
    assert isinstance(closed, Closed) and closed.how == "RST"


def test_a_port_that_is_used_again_is_another_connection() -> None:
    wire, call = called()
    call.up(b"first")
    call.close()
    call = wire.dial("client", "server", 9000, seq=777, sport=40001)
    call.up(b"second")
    assert [c.from_client for c in wire.history().connections] == [b"first", b"second"]


def test_connections_on_two_networks_are_two() -> None:
    wire, call = called()
    call.up(b"here")
    packets = [*wire.history().packets(), *(p.model_copy(update={"network": "there"}) for p in call.sent)]
    assert [c.from_client for c in connections(packets)] == [b"here", b"here"]


def test_what_began_before_the_tap_and_what_is_not_tcp_is_passed_over() -> None:
    wire, _ = called()
    wire.udp("client", "server", b"datagram")
    assert connections([p for p in wire.history().packets() if "SYN" not in p.flags]) == []


def test_sequence_numbers_wrap_around() -> None:
    wire, call = called(seq=2**32 - 3)
    for piece in (b"ab", b"cdefg", b"h"):
        call.up(piece)
    assert wire.history().connections[0].from_client == b"abcdefgh"


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[bytes, int, list[tuple[int, bytes]]]:
    """Draw a stream, its first sequence number, and segments that cover it: cut, repeated, overlapping, mixed up."""
    stream = draw(st.binary(min_size=1, max_size=60))
    cuts = sorted(draw(st.sets(st.integers(1, len(stream)), max_size=8)) | {0, len(stream)})
    needed = [(a, stream[a:b]) for a, b in pairwise(cuts)]
    starts = draw(st.lists(st.integers(0, len(stream) - 1), max_size=6))
    again = [(a, stream[a : a + draw(st.integers(1, 20))]) for a in starts]
    return stream, draw(st.integers(0, 2**32 - 1)), draw(st.permutations(needed + again))


@steady
@given(deliveries())
def test_any_cut_repetition_and_order_of_segments_gives_back_the_stream(
    delivery: tuple[bytes, int, list[tuple[int, bytes]]],
) -> None:
    stream, seq, segments = delivery
    wire, call = called(seq=seq)
    first = call.client.seq
    for offset, payload in segments:
        call.client.seq = first + offset
        call.up(payload)
    (connection,) = wire.history().connections
    assert connection.from_client == stream
    times = [time for time, _ in connection.sent(connection.client)]
    assert times == sorted(times)


@steady
@given(st.permutations(range(6)))
def test_a_history_puts_packets_in_order_of_time(order: list[int]) -> None:
    wire, call = called()
    call.up(b"abc")
    call.close()
    packets = [wire.history().packets()[number] for number in order]
    assert [p.number for p in History(packets).of(Packet)] == sorted(p.number for p in packets)


def test_a_connection_over_routers_is_one_on_each_network() -> None:
    found = routed().connections_between("w1", "e1")
    assert [c.network for c in found] == ["west", "backbone", "east"] * 2
    assert [(c.client[0], c.server[0]) for c in found] == [(W1, E1)] * 3 + [(W1_SIX, E1_SIX)] * 3
    assert all(c.refused and len(c.packets) == 2 for c in found)
    assert all(p.network == c.network for c in found for p in c.packets)
