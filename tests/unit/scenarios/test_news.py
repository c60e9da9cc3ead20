from lab.events import Packet
from scenarios.news import News

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


def test_datagrams_members_and_complaints() -> None:
    datagram = packet(1, "server", GROUP, "udp", payload=b"hi\x07"), "server", GROUP
    join = packet(1, "member", GROUP, "igmp", group=GROUP, what="v3 report to-exclude"), "member", GROUP
    leave = packet(1, "member", GROUP, "igmp", group=GROUP, what="v3 report to-include"), "member", GROUP
    complaint = packet(1, "server", "client", "icmp", what="type 3"), "server", "client"
    assert told(join, join, datagram, leave, join, complaint) == [
        "member joins the group 224.1.1.1 (IGMP)",
        'a datagram from server to 224.1.1.1, 3 bytes: "hi\\x07"',
        "member leaves the group 224.1.1.1 (IGMP)",
        "member joins the group 224.1.1.1 (IGMP)",
        "server tells client: ICMP unreachable",
    ]
