"""Dissection of what tshark really says: lines of one capture of two containers on a Docker bridge.

They talked TCP, UDP, ICMP and IGMP on purpose (10.251.77.3 to 10.251.77.2), and IPv6 as kernels do by themselves.
"""

import json

import pytest

from lab.dissect import FIELDS, parse
from lab.events import Packet
from tests.unit.lab.wire import FRAGMENTS, LINES, WIRE

ONE, OTHER = "10.251.77.3", "10.251.77.2"


def told(packet: Packet) -> dict[str, object]:
    """Return what is said of a packet besides when, where and how long it was."""
    return packet.model_dump(
        exclude_defaults=True, exclude={"time", "network", "number", "length", "eth_src", "eth_dst", "kind"}
    )


def test_an_index_line_is_no_packet() -> None:
    assert parse(LINES[0], "lab") is None
    assert len(WIRE) == len(LINES) - 1


def test_what_every_packet_has() -> None:
    packet = WIRE[12]
    assert packet.network == "lab"
    assert packet.time == pytest.approx(1795396376.415, abs=0.01)
    assert packet.length == 74
    assert (packet.eth_src, packet.eth_dst) == ("02:42:0a:fb:4d:03", "02:42:0a:fb:4d:02")


def test_a_tcp_handshake_begins() -> None:
    ends = {"src": ONE, "sport": 52574, "dst": OTHER, "dport": 9000, "protocol": "tcp", "ttl": 64}
    assert told(WIRE[12]) == {**ends, "flags": ("SYN",), "seq": 294269646, "ack": 0}
    answer = WIRE[13]
    assert (answer.flags, answer.ack) == (("SYN", "ACK"), 294269647)
    assert (answer.src, answer.sport, answer.dst, answer.dport) == (OTHER, 9000, ONE, 52574)


def test_tcp_carries_bytes() -> None:
    assert WIRE[15].payload.decode() == "größe\n"
    assert WIRE[15].flags == ("PSH", "ACK")


def test_tcp_ends_and_is_refused() -> None:
    assert WIRE[19].flags == ("FIN", "ACK")
    assert WIRE[38].flags == ("RST", "ACK")


def test_udp_carries_any_bytes() -> None:
    ends = {"src": ONE, "sport": 12000, "dst": OTHER, "dport": 12001}
    assert told(WIRE[20]) == {**ends, "protocol": "udp", "ttl": 64, "payload": b"hello \x00\xff"}
    assert (WIRE[53].protocol, WIRE[53].src, WIRE[53].payload) == ("udp", "fd00::3", b"six")


def test_udp_to_a_group() -> None:
    packet = WIRE[36]
    assert (packet.dst, packet.dport, packet.ttl) == ("224.1.1.1", 11000, 1)
    assert packet.eth_dst == "01:00:5e:01:01:01"


def test_arp_asks_and_answers() -> None:
    assert told(WIRE[10]) == {"protocol": "arp", "what": "request", "src": ONE, "dst": OTHER}
    assert told(WIRE[11]) == {"protocol": "arp", "what": "reply", "src": OTHER, "dst": ONE}


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (26, "v3 report to-exclude 224.9.9.9, to-exclude 224.1.1.1"),  # two groups joined at once: one report
        (28, "v3 report to-include 224.1.1.1"),
        (47, "v1 query 224.1.1.1"),
        (49, "v2 report 224.1.1.1"),
        (50, "v2 leave 224.1.1.1"),
    ],
)
def test_igmp_names_every_group_and_what_becomes_of_it(number: int, what: str) -> None:
    packet = WIRE[number]
    assert (packet.protocol, packet.what, packet.src) == ("igmp", what, ONE)
    assert packet.group and packet.group in what


def test_ping() -> None:
    assert told(WIRE[46]) == {
        "protocol": "icmp", "what": "echo reply", "src": OTHER, "dst": ONE, "ttl": 64, "payload": b"ping data!",
    }  # fmt: skip


@pytest.mark.parametrize("number", [21, 41])
def test_an_icmp_error_is_not_the_packet_that_it_quotes(number: int) -> None:
    assert told(WIRE[number]) == {"protocol": "icmp", "what": "unreachable", "src": OTHER, "dst": ONE, "ttl": 64}


def test_other_ipv6() -> None:
    packet = WIRE[1]
    assert (packet.protocol, packet.src, packet.dst, packet.ttl) == ("ipv6", "::", "ff02::16", 1)


def test_an_unknown_ethertype_keeps_its_number_and_its_bytes() -> None:
    assert told(WIRE[69]) == {"protocol": "0x88b5", "payload": b"socklab canary"}


@pytest.mark.parametrize(("one_frame", "parts", "whole"), [(1, (2, 3), 4), (7, (8, 9), 10)])  # IPv4, IPv6
def test_the_fragment_that_came_last_carries_the_whole_packet(
    one_frame: int, parts: tuple[int, int], whole: int
) -> None:
    assert (FRAGMENTS[one_frame].protocol, FRAGMENTS[one_frame].payload) == ("udp", b"whole")
    for part in parts:
        ends = {"src": FRAGMENTS[whole].src, "dst": FRAGMENTS[whole].dst, "ttl": 64}
        assert told(FRAGMENTS[part]) == {"protocol": "fragment", **ends}
    packet = FRAGMENTS[whole]
    assert (packet.protocol, packet.sport, packet.dport) == ("udp", 6001, 6001)
    assert (len(packet.payload), packet.payload[:7]) == (2600, b"first \0")


@pytest.mark.parametrize("number", [5, 6, 11, 12])
def test_fragments_that_never_make_a_whole_stay_fragments(number: int) -> None:
    assert FRAGMENTS[number].protocol == "fragment"


def test_a_frame_without_an_ethertype() -> None:
    line = json.dumps({"timestamp": "1", "layers": {"frame_number": ["7"], "frame_len": ["60"]}}).encode()
    packet = parse(line, "lab")
    assert packet is not None
    assert (packet.protocol, packet.number, packet.time) == ("unknown", 7, 0.0)


def test_only_fields_that_are_asked_for_are_read() -> None:
    asked = {field.replace(".", "_") for field in FIELDS}
    seen = {field for line in LINES[1:] for field in json.loads(line)["layers"]}
    assert seen <= asked
