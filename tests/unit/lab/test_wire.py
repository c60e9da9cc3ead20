import pytest

from lab.events import Packet
from lab.history import History
from lab.wire import (
    ends,
    is_group,
    joins_group,
    label,
    leaves_group,
    mac_of,
    memberships,
    noise,
    refused_again,
    solicited_node,
)
from services.switching.header import Kind
from tests.unit.lab.switching.links import along, datagram, setup, vector
from tests.unit.lab.wire import BACKBONE, CRAFTED, EAST, FRAGMENTS, W1_SIX, WEST, WIRE
from tests.unit.scenarios.exchange import ADDRESSES, GROUP, packet, tcp


@pytest.mark.parametrize(
    ("reason", "seen"),
    [
        ("pure ACKs", tcp(1, "client", "server", "ACK")),
        ("ARP", packet(1, "client", "server", "arp")),
        ("DNS", packet(1, "client", "server", "udp", sport=40000, dport=53)),
        ("IPv6 housekeeping", packet(1, "fe80::1", "ff02::16", "ipv6")),
        ("IGMP housekeeping", packet(1, "10.84.0.1", "224.0.0.1", "igmp", what="v3 query")),
        ("IGMP housekeeping", packet(1, "10.84.0.1", "224.0.0.106", "igmp", group="224.0.0.106")),
        ("frames without IP", Packet(time=1, network="lab", number=1, length=60, protocol="0x88b5")),
        ("IPv6 housekeeping", WEST[1]),
        ("IPv6 housekeeping", WEST[18]),
        ("IPv6 housekeeping", WEST[28]),
        ("neighbour discovery", WEST[70]),
        ("IGMP housekeeping", WEST[26]),
        (
            "IGMP housekeeping",
            packet(1, "r", "224.0.0.22", "igmp", what="v3 report is-exclude 224.0.1.39, allow 224.0.0.2"),
        ),
        ("OSPF", BACKBONE[19]),
        ("routers' hellos", BACKBONE[22]),
        ("routers' hellos", packet(1, "client", "server", "udp", sport=49152, dport=3784)),
        (None, BACKBONE[40]),
        (None, WEST[85]),
        (None, WEST[87]),
        (None, EAST[51]),
        ("IP fragments", FRAGMENTS[2]),
        ("distance vectors", vector(1, "a", "b", h1=1)),
        ("keep-alives", along(1, Kind.KEEP, "h1", "a", 1)),
        (None, setup(1, "h1", "a", 1)),
        (None, tcp(1, "client", "server", "FIN", "ACK")),
        (None, tcp(1, "client", "server", "ACK", payload=b"x")),
        (None, packet(1, "client", "server", "udp", sport=1, dport=2)),
    ],
)
def test_noise_is_known_and_named(reason: str | None, seen: Packet) -> None:
    assert noise(seen) == reason


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("TCP SYN :9000", tcp(1, "client", "server", "SYN")),
        ("TCP SYN ACK", tcp(1, "server", "client", "SYN", "ACK")),
        ('TCP PSH ACK 4 B "\\x1b[A\\n"', tcp(1, "client", "server", "PSH", "ACK", payload=b"\x1b[A\n")),
        ("TCP PSH ACK 1 B", tcp(1, "client", "server", "PSH", "ACK", payload=b"\xff")),
        ('UDP :11000 2 B "hi"', packet(1, "server", GROUP, "udp", dport=11000, payload=b"hi")),
        ('datagram h1 to h2 #0 29 B "hello"', datagram(1, "a c")[0]),
        ('data #3, label 2 13 B "hi\\n"', along(1, Kind.DATA, "h1", "a", 2, b"hi\n", sequence=3)),
        ("setup h1 to h2, label 1 30 B", setup(1, "h1", "a", 1)),
        ("IGMP join 224.9.9.9, join 224.1.1.1", WIRE[26]),
        ("IGMP leave", WIRE[28]),
        ("IGMP v1 query 224.1.1.1", WIRE[47]),
        ("IGMP join", WIRE[49]),
        ("IGMP leave", WIRE[50]),
        ("MLD join ff15::2, join ff15::1", EAST[51]),
        ("MLD join", CRAFTED[1]),
        ("MLD leave", CRAFTED[2]),
        ("MLD v2 query ff15::1", EAST[65]),
        (f"ICMPv6 neighbour solicitation {W1_SIX}", WEST[70]),
        ("PIM register", BACKBONE[191]),
        ("ICMP unreachable: port", packet(1, "server", "client", "icmp", what="unreachable: port")),
    ],
)
def test_a_label_says_protocol_flags_and_bytes(text: str, seen: Packet) -> None:
    assert label(seen) == text


def test_a_report_goes_to_its_group_and_not_to_all_routers() -> None:
    report = packet(1, "member", "224.0.0.22", "igmp", group=GROUP)
    assert ends(report, {ADDRESSES["member"]: "member"}) == ("member", GROUP)


@pytest.mark.parametrize(
    ("number", "joins", "leaves"), [(26, True, False), (28, False, True), (47, False, False), (49, True, False),
                                    (50, False, True), (12, False, False)]
)  # fmt: skip
def test_who_joins_and_who_leaves(number: int, joins: bool, leaves: bool) -> None:
    assert (joins_group(WIRE[number], GROUP), leaves_group(WIRE[number], GROUP)) == (joins, leaves)
    assert (joins_group(WIRE[number]), leaves_group(WIRE[number])) == (joins, leaves)
    assert not joins_group(WIRE[number], "224.1.1.12") and not leaves_group(WIRE[number], "224.1.1.12")


def test_a_report_about_several_groups_says_something_of_each() -> None:
    what = (
        "v3 report to-exclude 224.0.0.251, to-include 224.1.1.1, allow 224.1.1.12, block 224.9.9.9, record 9 224.8.8.8"
    )
    report = packet(1, "member", "224.0.0.22", "igmp", group="224.0.0.251", what=what)
    assert memberships(report) == {"224.0.0.251": True, GROUP: False, "224.1.1.12": True, "224.9.9.9": False}
    assert leaves_group(report) and leaves_group(report, GROUP)
    assert joins_group(report, "224.0.0.251") and not leaves_group(report, "224.0.0.251")
    assert ends(report, {})[1] == GROUP
    assert noise(report) is None


def test_groups_are_told_from_nodes() -> None:
    assert is_group(GROUP)
    assert is_group("ff02::16")
    assert not is_group("10.84.0.1")
    assert not is_group("nonsense")


def test_only_a_refusal_after_a_refusal_is_a_repetition() -> None:
    def call(time: float, answer: tuple[str, ...], sport: int) -> list[Packet]:
        return [
            tcp(time, "client", "server", "SYN", sport=sport),
            tcp(time + 0.1, "server", "client", *answer, sport=sport),
        ]

    refused, accepted = ("RST", "ACK"), ("SYN", "ACK")
    calls = [call(1, refused, 1), call(2, refused, 2), call(3, accepted, 3), call(4, refused, 4)]
    again = refused_again(History([p for packets in calls for p in packets]))
    assert [any(id(p) in again for p in packets) for packets in calls] == [False, True, False, False]


def test_mld_tells_who_joins_and_who_leaves() -> None:
    assert memberships(EAST[51]) == {"ff15::2": True, "ff15::1": True}
    assert joins_group(EAST[51], "ff15::1") and not leaves_group(EAST[51], "ff15::1")
    assert leaves_group(EAST[62], "ff15::1") and not joins_group(EAST[62], "ff15::1")
    assert joins_group(CRAFTED[1]) and leaves_group(CRAFTED[2], "ff15::1")
    assert memberships(EAST[65]) == memberships(WEST[18]) == memberships(WEST[87]) == {}
    assert ends(EAST[51], {})[1] == "ff15::2"


@pytest.mark.parametrize(
    ("group", "mac"),
    [
        ("224.1.1.1", "01:00:5e:01:01:01"),
        ("225.129.1.1", "01:00:5e:01:01:01"),  # the upper nine bits are lost
        ("239.129.2.3", "01:00:5e:01:02:03"),
        ("ff15::1", "33:33:00:00:00:01"),
        ("ff02::1:ff5f:115", "33:33:ff:5f:01:15"),
    ],
)
def test_the_ethernet_address_of_a_group(group: str, mac: str) -> None:
    assert mac_of(group) == mac


@pytest.mark.parametrize("seen", [WEST[57], WEST[58], WEST[70], WEST[1], BACKBONE[19]])
def test_real_frames_to_groups_have_that_address(seen: Packet) -> None:
    assert seen.dst and seen.eth_dst == mac_of(seen.dst)


def test_a_neighbour_is_asked_for_in_the_group_of_its_address() -> None:
    assert solicited_node(W1_SIX) == WEST[70].dst
    assert solicited_node("fd00::ab:1") == "ff02::1:ffab:1"


def test_a_refusal_seen_on_two_networks_is_one_refusal() -> None:
    calls = [WEST[81], BACKBONE[232], EAST[92], EAST[93], BACKBONE[233], WEST[82]]
    assert refused_again(History(calls)) == set()
