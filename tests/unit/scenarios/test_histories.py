"""The builder of histories tells the truth about TCP, about time and about who is who."""

from lab.events import Closed, Connected, Packet, TapClosed
from tests.unit.scenarios.casts.routed import BROADCAST, FAR, Routed
from tests.unit.scenarios.histories import BEGINNING, Wire


def two_nodes() -> Wire:
    wire = Wire()
    wire.node("server", "project3-server")
    wire.node("client", "project3-client")
    return wire


def test_a_call_has_the_numbers_of_rfc_9293() -> None:
    wire = two_nodes()
    call = wire.dial("client", "server", 10000, seq=100)
    call.up(b"hello")
    call.down(b"hi")
    call.close()
    told = [(p.src, p.flags, p.seq, p.ack, p.payload) for p in wire.history().packets("tcp")]
    server, client = "10.83.0.2", "10.83.0.3"
    assert told == [
        (client, ("SYN",), 100, 0, b""),
        (server, ("SYN", "ACK"), 50100, 101, b""),
        (client, ("ACK",), 101, 50101, b""),
        (client, ("PSH", "ACK"), 101, 50101, b"hello"),
        (server, ("ACK",), 50101, 106, b""),
        (server, ("PSH", "ACK"), 50101, 106, b"hi"),
        (client, ("ACK",), 106, 50103, b""),
        (client, ("FIN", "ACK"), 106, 50103, b""),
        (server, ("ACK",), 50103, 107, b""),
        (server, ("FIN", "ACK"), 50103, 107, b""),
        (client, ("ACK",), 107, 50104, b""),
    ]


def test_a_history_knows_what_the_builder_told() -> None:
    wire = two_nodes()
    wire.typed("client", "größe")
    wire.dial("client", "server", 10000).up("größe".encode())
    wire.printed("server", "größe")
    history = wire.history()
    assert history.typed("client") == ["größe"]
    assert history.printed("server") == "größe\n"
    (connection,) = history.connections_between("client", "server")
    assert connection.from_client.decode() == "größe"
    assert history.blindness() is None


def test_a_sequence_number_wraps_around() -> None:
    wire = two_nodes()
    call = wire.dial("client", "server", 10000, seq=2**32 - 2)
    call.up(b"abc")
    call.up(b"def")
    assert [p.seq for p in call.sent if p.payload] == [2**32 - 1, 2]
    assert wire.history().connections[0].from_client == b"abcdef"


def test_refused_and_reset_calls_are_told_apart() -> None:
    wire = two_nodes()
    wire.refused("client", "server", 10000, after=0.5)
    wire.dial("client", "server", 10000).reset()
    refused, reset = wire.history().connections
    assert refused.refused and not refused.accepted
    assert reset.accepted and not reset.refused
    assert [type(e) for e in wire.history() if isinstance(e, Connected | Closed)] == [Connected, Closed]


def test_time_passes_by_milliseconds_and_on_demand() -> None:
    wire = two_nodes()
    wire.later(2)
    wire.udp("client", "server", b"x")
    (packet,) = wire.history().of(Packet)
    assert 2.002 < packet.time - BEGINNING < 2.004
    assert packet.eth_dst == "02:42:0a:53:00:02"


def test_a_tap_may_have_been_blind() -> None:
    wire = two_nodes()
    assert wire.history(dropped=3).blindness() == "the tap of lab lost 3 of 3 packets"
    assert wire.history(canary=False).blindness() == "the tap of lab missed its canary packet"
    assert wire.history(tapped=False).of(TapClosed) == []


def test_a_node_keeps_its_address_when_it_is_started_again() -> None:
    wire = two_nodes()
    wire.exited("client")
    wire.node("client", "project3-client")
    assert wire.history().address("client") == "10.83.0.3"
    assert wire.history().nodes() == ["server", "client"]


def test_a_datagram_that_passes_routers_is_seen_on_every_network() -> None:
    routed = Routed().start()
    routed.send(FAR, b"x")
    history = routed.history()
    assert [(p.network, p.number, p.ttl, p.eth_src, p.eth_dst) for p in history.packets()] == [
        ("west", 1, 64, "02:42:0a:54:01:03", "02:42:0a:54:01:02"),
        ("backbone", 1, 63, "02:42:0a:54:02:02", "02:42:0a:54:02:03"),
        ("east", 1, 62, "02:42:0a:54:03:02", "02:42:0a:54:03:03"),
    ]
    assert {(p.src, p.dst) for p in history.packets()} == {("10.84.1.3", "10.84.3.3")}
    assert {tap.network for tap in history.of(TapClosed)} == {"west", "backbone", "east"}


def test_who_is_who_where_there_are_routers() -> None:
    history = Routed().start().history()
    assert history.node_at("10.84.1.1") == "r1"
    assert history.holders("10.84.255.1") == ["anycast1", "anycast2"]
    assert history.blindness() is None


def test_a_group_and_everybody_have_ethernet_addresses_of_their_own() -> None:
    routed = Routed().start()
    many = ("239.84.1.1", "255.255.255.255", "10.84.1.255")
    sent = [routed.send("w1 west", b"x", to=to)[0].eth_dst for to in many]
    assert sent == ["01:00:5e:54:01:01", BROADCAST, BROADCAST]
