import pytest
from hypothesis import given

from lab.events import AnyEvent, Exited, Printed, Step, ThreadsSeen, Typed
from lab.history import History
from lab.threads.model import Descriptor, Kind, State, Thread
from scenarios.commentary import Commentary

from .exchange import FEW, HISTORIES, events, tcp


def told(*heard: AnyEvent) -> list[str]:
    lines: list[str] = []
    commentary = Commentary(lambda line, style: lines.append(line))
    for event in heard:
        commentary(event)
    commentary.end()
    return lines


def test_a_play_is_told_step_by_step_in_plain_words() -> None:
    assert told(*events()) == [
        "  1. Start all three (1.1 s)",
        "     server starts (broadcast-server, 10.84.0.2)",
        "     member starts (multicast-receiver, 10.84.0.4)",
        "     wire: member joins the group 224.1.1.1 (IGMP)",
        "     client starts (broadcast-client, 10.84.0.3)",
        "     wire: client dials server:9000, refused (RST)",
        "     wire: client dials server:9000, handshake (SYN, SYN ACK, ACK)",
        "  2. Type a word; the client dies (0.4 s)",
        "     client types: hi\\x07 <b>",
        '     wire: a datagram from server to 224.1.1.1, 6 bytes: "[1] hi"',
        "     member shows: 10.84.0.2 [1] hi\\x07",
        "     fault: client killed with SIGKILL",
        "     wire: client has no more to send to server (FIN)",
        "     client ends, exit status 137",
        "     After that:",
        "     the tap of lab saw 14 packets and lost none",
    ]


def test_packets_that_come_late_are_told_in_their_own_step() -> None:
    packets = [e for e in events() if e.kind == "packet"]
    others = [e for e in events() if e.kind != "packet"]
    assert told(*others[:-1], *packets, others[-1]) == told(*events())


def test_a_step_is_told_as_soon_as_the_wire_has_caught_up() -> None:
    lines: list[str] = []
    commentary = Commentary(lambda line, style: lines.append(line))
    commentary(Step(time=2.0, began=1.0, sentence="Wait"))
    assert lines == []
    commentary(tcp(2.1, "client", "server", "ACK"))
    assert lines == ["  1. Wait (1.0 s)"]


def test_a_step_that_did_not_work_says_what_was_expected() -> None:
    lines = told(Step(time=2, began=1, sentence="Wait", expected="'x'", got="'\x1b'"), events()[-1])
    assert lines[1:3] == ["     did not work: expected 'x',", "     but got '\\x1b'"]


def test_threads_stand_below_each_other_with_the_names_of_nodes() -> None:
    socket = Descriptor(kind=Kind.CONNECTION, port=9000, peer="10.84.0.3", peer_port=40000)
    reads = Thread(process=7, number=8, name="for-client", state=State.BLOCKED, call="recvfrom", on=(socket,), cpu=0.01,
                   voluntary=21, involuntary=3)  # fmt: skip
    lines = told(*events()[:-2], ThreadsSeen(time=1.95, node="server", threads=(reads,)), *events()[-2:])
    shown = [line for line in lines if "thread" in line or "for-client" in line]
    assert shown == [
        "     server has 1 threads; context switches, voluntary and involuntary, stand behind:",
        "       for-client       blocked   recv from client          21      3",
    ]


def test_tables_that_a_switch_tells_are_put_into_words() -> None:
    told_by_a = b'{"name": "a", "routes": {"b": {"via": "b", "metric": 1}}, "circuits": [], "lines": {}}\r\n'
    lines = told(*events()[:-2], Printed(time=1.95, node="a", data=told_by_a), *events()[-2:])
    assert "     a tells its tables; circuits: none; routes: b by b 1" in lines


@pytest.mark.parametrize("pieces", [["send h2 hi"], ["s", "end", " h2", " hi"], list("send h2 hi")])
def test_the_echo_of_what_was_typed_is_passed_over_in_whatever_pieces_it_comes(pieces: list[str]) -> None:
    typed = Typed(time=1.95, node="client", data=b"send h2 hi\n")
    echo = [Printed(time=1.96, node="client", data=piece.encode()) for piece in pieces]
    answer = Printed(time=1.97, node="client", data=b"\r\nsent\r\n")
    lines = told(*events()[:-2], typed, *echo, answer, *events()[-2:])
    assert lines.count("     client types: send h2 hi") == lines.count("     client shows: sent") == 1
    assert not [line for line in lines if "client shows" in line and "sent" not in line]


def test_what_programs_do_while_the_lab_is_taken_down_is_not_told() -> None:
    down = Printed(time=3, node="server", data=b"bye\r\n"), Exited(time=3.1, node="server", status=137)
    assert told(*events(), *down) == told(*events())


@FEW
@given(HISTORIES)
def test_any_history_is_told_in_printable_lines(any_history: History) -> None:
    assert all(line.isprintable() for line in told(*any_history))
