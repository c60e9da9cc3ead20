"""What the small protocols say, on the wires of a routed network; and what quotes another packet is not that packet."""

import pytest

from lab.events import Packet
from tests.unit.lab.wire import BACKBONE, CRAFTED, E1, E1_SIX, EAST, R1, R1_WEST, R2, W1, W1_SIX, WEST

R1_LOCAL, W1_LOCAL, E1_LOCAL = "fe80::42:aff:fe5f:10b", "fe80::42:aff:fe5f:115", "fe80::42:aff:fe5f:315"


@pytest.mark.parametrize(
    ("packet", "protocol", "what"),
    [
        (WEST[85], "icmp", "echo request"),
        (WEST[86], "icmp", "echo reply"),
        (WEST[74], "icmp", "time exceeded"),
        (EAST[85], "icmp", "unreachable: port"),
        (WEST[98], "icmp", "unreachable: host"),
        (CRAFTED[5], "icmp", "type 13"),
        (WEST[87], "icmpv6", "echo request"),
        (WEST[88], "icmpv6", "echo reply"),
        (WEST[78], "icmpv6", "time exceeded"),
        (WEST[72], "icmpv6", "unreachable: port"),
        (WEST[28], "icmpv6", "router advertisement"),
        (WEST[37], "icmpv6", "router solicitation"),
        (BACKBONE[19], "ospf", "hello"),
        (BACKBONE[33], "ospf", "hello"),
        (BACKBONE[55], "ospf", "database description"),
        (BACKBONE[59], "ospf", "link state request"),
        (BACKBONE[62], "ospf", "link state update"),
        (BACKBONE[87], "ospf", "link state acknowledgement"),
        (BACKBONE[22], "pim", "hello"),
        (BACKBONE[40], "pim", "join/prune"),
        (BACKBONE[128], "pim", "join/prune"),
        (BACKBONE[207], "pim", "register-stop"),
    ],
)
def test_messages_have_names(packet: Packet, protocol: str, what: str) -> None:
    assert (packet.protocol, packet.what) == (protocol, what)


@pytest.mark.parametrize(
    ("packet", "what", "group"),
    [
        (WEST[1], "v2 report to-exclude ff02::1:ff1c:a81, to-exclude ff02::6a, to-exclude ff02::2", "ff02::1:ff1c:a81"),
        (EAST[51], "v2 report to-exclude ff15::2, to-exclude ff15::1", "ff15::2"),
        (EAST[62], "v2 report to-include ff15::1, to-include ff15::2", "ff15::1"),
        (EAST[65], "v2 query ff15::1", "ff15::1"),
        (WEST[18], "v2 query", None),
        (CRAFTED[1], "v1 report ff15::1", "ff15::1"),
        (CRAFTED[2], "v1 done ff15::1", "ff15::1"),
        (CRAFTED[3], "v1 query ff15::1", "ff15::1"),
    ],
)
def test_mld_is_named_like_igmp(packet: Packet, what: str, group: str | None) -> None:
    assert (packet.protocol, packet.what, packet.group, packet.ttl) == ("mld", what, group, 1)


def test_a_general_query_is_about_no_group() -> None:
    assert (WEST[26].protocol, WEST[26].what, WEST[26].group) == ("igmp", "v3 query", None)
    assert (EAST[63].what, EAST[63].group) == ("v3 query 239.1.2.3", "239.1.2.3")


def test_neighbours_are_asked_for_and_answer() -> None:
    asked, answer = WEST[70], WEST[71]
    assert (asked.what, asked.target, asked.dst) == ("neighbour solicitation", W1_SIX, "ff02::1:ff5f:115")
    assert (answer.what, answer.target, answer.src, answer.dst) == ("neighbour advertisement", W1_SIX, W1_SIX, R1_LOCAL)
    assert WEST[104].target == R1_LOCAL
    assert WEST[28].target is None


@pytest.mark.parametrize("number", [85, 86, 87, 88])
def test_an_echo_has_its_number_and_its_bytes(number: int) -> None:
    echo = WEST[number]
    assert echo.seq == 1
    assert echo.payload.startswith(b"\x10\x11\x12")


@pytest.mark.parametrize(
    ("packet", "src", "dst"),
    [
        (EAST[85], E1, W1),  # quotes UDP
        (WEST[72], E1_SIX, W1_SIX),
        (WEST[74], R1_WEST, W1),
        (WEST[98], R1_WEST, W1),  # quotes an echo request
        (CRAFTED[4], R2, R1),  # quotes a PIM Register
    ],
)
def test_an_error_is_not_the_packet_that_it_quotes(packet: Packet, src: str, dst: str) -> None:
    assert packet.protocol in ("icmp", "icmpv6")
    assert (packet.src, packet.dst, packet.sport, packet.seq, packet.payload) == (src, dst, None, None, b"")


@pytest.mark.parametrize(("number", "src", "dst"), [(191, R1_WEST, R2), (190, "fd00:a5f:200::11", "fd00:a5f:200::12")])
def test_a_register_is_not_the_datagram_in_it(number: int, src: str, dst: str) -> None:
    register = BACKBONE[number]
    assert (register.protocol, register.what, register.src, register.dst) == ("pim", "register", src, dst)
    assert (register.ttl, register.sport, register.payload) == (64, None, b"")


def test_udp_and_tcp_over_ipv6() -> None:
    assert (WEST[58].protocol, WEST[58].dst, WEST[58].dport, WEST[58].ttl) == ("udp", "ff15::1", 7000, 8)
    assert WEST[58].payload == b"six all 1"
    assert (EAST[94].protocol, EAST[94].flags, EAST[94].dst, EAST[94].ttl) == ("tcp", ("SYN",), E1_SIX, 62)


def test_what_ip_carries_otherwise_keeps_the_ethertype() -> None:
    assert CRAFTED[6].protocol == "0x0800"
