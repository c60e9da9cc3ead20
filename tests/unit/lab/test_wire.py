import pytest

from lab.events import Packet
from lab.history import History
from lab.wire import ends, is_group, joins_group, label, leaves_group, memberships, noise, refused_again
from tests.unit.lab.wire import WIRE
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
        ("IGMP join 224.9.9.9, join 224.1.1.1", WIRE[26]),
        ("IGMP leave", WIRE[28]),
        ("IGMP v1 query 224.1.1.1", WIRE[47]),
        ("IGMP join", WIRE[49]),
        ("IGMP leave", WIRE[50]),
        ("ICMP unreachable", packet(1, "server", "client", "icmp", what="type 3")),
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
