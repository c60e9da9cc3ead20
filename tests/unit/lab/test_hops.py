"""One packet on three networks: real ones, over two routers."""

from lab.events import Packet
from lab.history import History
from lab.hops import forwarders, same_datagram, sent_by, sightings, stations
from tests.unit.lab.wire import BACKBONE, E1, E1_SIX, EAST, NODES, W1, WEST, routed

NETWORKS = ["west", "backbone", "east"]
TO_ONE = next(p for p in WEST.values() if p.payload == b"to one")
SIX_ONE = next(p for p in EAST.values() if p.payload == b"six one")


def way(packets: list[Packet]) -> list[tuple[str, int | None]]:
    return [(p.network, p.ttl) for p in packets]


def test_a_datagram_is_sighted_on_every_network_that_it_crosses() -> None:
    found = sightings(routed(), payload=b"to one")
    assert list(found) == NETWORKS
    assert [way(packets) for packets in found.values()] == [[("west", 64)], [("backbone", 63)], [("east", 62)]]


def test_sightings_are_of_one_protocol_payload_and_address() -> None:
    assert sightings(routed(), "icmp", dst=E1).keys() == set(NETWORKS)
    assert sightings(routed(), payload=b"to one", dst=E1_SIX) == {}
    everything = sightings(routed())
    assert [p.payload for p in everything["west"]] == [b"to all 1", b"six all 1", b"to one", b"six one"]


def test_the_same_datagram_is_found_from_any_of_its_sightings() -> None:
    three = [("west", 64), ("backbone", 63), ("east", 62)]
    assert way(same_datagram(routed(), TO_ONE)) == three
    assert way(same_datagram(routed(), SIX_ONE)) == three


def test_a_request_is_not_its_reply_and_a_ping_not_the_next() -> None:
    assert same_datagram(routed(), BACKBONE[237]) == [WEST[85], BACKBONE[237], EAST[96]]
    assert same_datagram(routed(), BACKBONE[238]) == [EAST[97], BACKBONE[238], WEST[86]]
    second = WEST[85].model_copy(update={"seq": 2})
    assert same_datagram(History([*routed(), second]), second) == [second]


def test_a_station_is_known_by_what_it_sends_from_its_own_address() -> None:
    known = stations(routed())
    assert {(network, node) for (network, _), node in known.items()} == {
        ("west", "w1"), ("west", "r1"), ("backbone", "r1"), ("backbone", "r2"), ("east", "r2"), ("east", "e1"),
    }  # fmt: skip
    assert known["east", SIX_ONE.eth_src] == "r2"
    assert known["east", SIX_ONE.eth_dst] == "e1"


def test_what_a_router_passes_on_does_not_make_it_the_source() -> None:
    assert stations(History([*NODES, EAST[59], EAST[92]])) == {}


def test_a_frame_is_of_who_put_it_on_its_network() -> None:
    assert [sent_by(routed(), p) for p in same_datagram(routed(), TO_ONE)] == ["w1", "r1", "r2"]
    assert (EAST[51].src, sent_by(routed(), EAST[51])) == ("fe80::42:aff:fe5f:315", "e1")  # a report of MLD
    bare = TO_ONE.model_copy(update={"eth_src": ""})
    assert sent_by(History([*NODES, bare]), bare) == "w1"
    assert sent_by(History([bare]), bare) is None


def test_routers_pass_on_what_is_for_others() -> None:
    assert forwarders(routed(), TO_ONE) == ["r1", "r2"]
    assert forwarders(routed(), WEST[58]) == ["r1", "r2"]  # to a group with a member in the east
    assert forwarders(routed(), next(p for p in WEST.values() if (p.src, p.dst) == (W1, "10.95.1.1"))) == []
