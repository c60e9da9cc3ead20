from lab.events import Packet
from scenarios.news import News
from services.switching.header import Kind
from services.switching.signalling import Reason
from tests.unit.lab.switching.links import along, datagram, released, setup
from tests.unit.lab.wire import WIRE

from .exchange import GROUP, packet, tcp


def told(*packets: tuple[Packet, str, str]) -> list[str]:
    news = News()
    return [line for p, source, target in packets if (line := news.of(p, source, target))]


def up(*flags: str, time: float = 1) -> tuple[Packet, str, str]:
    return tcp(time, "client", "server", *flags), "client", "server"


def down(*flags: str, time: float = 1) -> tuple[Packet, str, str]:
    return tcp(time, "server", "client", *flags), "server", "client"


def test_a_handshake_is_told_once_and_data_not_at_all() -> None:
    assert told(up("SYN"), down("SYN", "ACK"), down("SYN", "ACK"), up("ACK"), up("PSH", "ACK")) == [
        "client dials server:9000, handshake (SYN, SYN ACK, ACK)"
    ]


def test_a_refusal_is_told_once_until_a_call_is_taken() -> None:
    refusals = told(up("SYN"), down("RST", "ACK"), up("SYN"), down("RST", "ACK"))
    assert refusals == ["client dials server:9000, refused (RST)"]


def test_a_reset_of_an_open_connection_breaks_it_off() -> None:
    assert told(down("SYN", "ACK"), up("RST"))[-1] == "client breaks off its connection with server (RST)"


def test_each_fin_is_told_once_and_again_in_the_next_connection() -> None:
    lines = told(down("SYN", "ACK"), up("FIN", "ACK"), up("FIN", "ACK"), down("FIN", "ACK"))
    assert [line for line in lines if "FIN" in line] == [
        "client has no more to send to server (FIN)",
        "server has no more to send to client (FIN)",
    ]


def test_who_asks_for_a_neighbour_and_who_answers() -> None:
    request = packet(1, "client", "server", "arp", what="request"), "client", "server"
    reply = packet(2, "server", "client", "arp", what="reply").model_copy(update={"eth_src": "02:42:0a:53:00:02"})
    asked = packet(3, "client", GROUP, "icmpv6", what="neighbour solicitation").model_copy(update={"target": "fd00::2"})
    told_back = reply.model_copy(update={"protocol": "icmpv6", "what": "neighbour advertisement", "target": "fd00::2"})
    assert told(
        request, (reply, "server", "client"), (asked, "client", "ff02::1:ff00:2"), (told_back, "server", "client")
    ) == [
        "client asks everybody: who has server? (ARP)",
        "server tells client: I, at 02:42:0a:53:00:02 (ARP)",
        "client asks ff02::1:ff00:2: who has fd00::2? (neighbour discovery)",
        "server tells client: I, at 02:42:0a:53:00:02 (neighbour discovery)",
    ]


def test_datagrams_and_complaints() -> None:
    datagram = packet(1, "server", GROUP, "udp", payload=b"hi\x07"), "server", GROUP
    complaint = packet(1, "server", "client", "icmp", what="unreachable: port"), "server", "client"
    assert told(datagram, complaint) == [
        'a datagram from server to 224.1.1.1, 3 bytes: "hi\\x07"',
        "server tells client: ICMP unreachable: port",
    ]


def test_packets_of_switches_are_told_in_their_words_and_of_a_flow_the_first_and_the_last() -> None:
    flow = [datagram(1, "a c", sequence, b"f1", last=sequence == 3)[0] for sequence in range(4)]
    refusal = along(2, Kind.RELEASE, "c", "a", 2, released(Reason.NO_LABEL, "c"), back=True)
    assert told(*((p, "a", "c") for p in flow), (setup(1, "a", "c", 2), "a", "c"), (refusal, "c", "a")) == [
        'a to c: datagram h1 to h2 #0, 26 bytes: "f1"',
        'a to c: datagram h1 to h2 #3, 26 bytes: "f1"',
        "a to c: setup h1 to h2, label 2",
        "c to a: release label 2: no label left (c)",
    ]


def report(number: int) -> tuple[Packet, str, str]:
    return WIRE[number], "member", GROUP


def test_members_come_and_go_as_igmp_v3_tells() -> None:
    joins_two, leaves = report(26), report(28)
    assert told(joins_two, joins_two, leaves, leaves, joins_two) == [
        "member joins the group 224.9.9.9 and joins the group 224.1.1.1 (IGMP)",
        "member leaves the group 224.1.1.1 (IGMP)",
        "member joins the group 224.1.1.1 (IGMP)",
    ]


def test_members_come_and_go_as_igmp_v2_tells_and_a_query_is_no_news() -> None:
    query, joins, leaves = report(47), report(49), report(50)
    assert told(joins, query, joins, leaves, query) == [
        "member joins the group 224.1.1.1 (IGMP)",
        "member leaves the group 224.1.1.1 (IGMP)",
    ]


def test_groups_that_hosts_use_among_themselves_are_no_news() -> None:
    what = "v3 report to-exclude 224.0.0.251, to-exclude 224.1.1.1"
    both = packet(1, "member", "224.0.0.22", "igmp", group="224.0.0.251", what=what)
    assert told((both, "member", GROUP)) == ["member joins the group 224.1.1.1 (IGMP)"]
