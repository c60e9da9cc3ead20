import resource
import socket
import struct
import threading

import pytest

from tests.unit.services.conftest import Connect, Start
from tests.unit.services.programs import Program, Wire


@pytest.fixture
def server(start: Start) -> Program:
    return start("broadcast_server", "--port", 0)


def port_of(server: Program) -> int:
    return int(server.expect("listening on 0.0.0.0:").split(",")[0])


def join(connect: Connect, server: Program, count: int) -> list[Wire]:
    """Join `count` clients, one after the other, each told of the later ones."""
    port = port_of(server)
    wires: list[Wire] = []
    for number in range(1, count + 1):
        wires.append(connect(port))
        wires[-1].expect(b"* you are %d\n" % number)
        for other in wires[:-1]:
            other.expect(b"* %d joined\n" % number)
    return wires


def test_a_line_reaches_all_others_with_its_tag_and_not_its_sender(server: Program, connect: Connect) -> None:
    one, two, three = join(connect, server, 3)
    one.send(b"hello\n")
    assert two.expect(b"\n") == three.expect(b"\n") == b"[1] hello\n"
    two.send(b"back\n")
    assert one.expect(b"\n") == b"[2] back\n", "one should not get its own line"


def test_order_of_each_sender_is_kept_and_all_see_the_same(server: Program, connect: Connect) -> None:
    wires = join(connect, server, 5)
    senders, readers = wires[:3], wires[3:]
    lines = [b"%d\n" % i for i in range(2000)]

    def send(wire: Wire) -> None:
        for start in range(0, len(lines), 7):
            wire.send(b"".join(lines[start : start + 7]))

    threads = [threading.Thread(target=send, args=(wire,)) for wire in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    size = sum(len(b"[1] " + line) for line in lines) * len(senders)
    heard = []
    for wire in readers:
        while len(wire.received) < size:
            wire.received += wire.socket.recv(65536)
        heard.append(wire.received)
    assert heard[0] == heard[1]
    for number in (1, 2, 3):
        tag = b"[%d] " % number
        assert [line for line in heard[0].splitlines(True) if line.startswith(tag)] == [tag + i for i in lines]


def test_nobody_can_forge_a_tag(server: Program, connect: Connect) -> None:
    one, two = join(connect, server, 2)
    for sent, heard in [
        (b"[2] not me\n", b"[1] [2] not me\n"),
        (b"x\r[2] not me\n", b"[1] x?[2] not me\n"),
        (b"\x1b[2K\x1b[G[2] not me\n", b"[1] ?[2K?[G[2] not me\n"),
        (b"x\x85[2] not me\n", b"[1] x?[2] not me\n"),
        (b"crlf\r\n", b"[1] crlf\n"),
        (b"\n", b"[1] \n"),
        ("gr\u00fc\u00dfe\n".encode(), "[1] gr\u00fc\u00dfe\n".encode()),
    ]:
        one.send(sent)
        assert two.expect(b"\n") == heard


def test_exit_in_mid_batch_leaves_and_what_follows_is_not_said(server: Program, connect: Connect) -> None:
    one, two = join(connect, server, 2)
    one.send(b"before\nexit\r\nafter\n")
    assert two.expect(b"left\n") == b"[1] before\n* 1 left\n"
    assert one.read_to_end() == b""
    server.expect("client 1 left")


def test_text_without_newline_is_a_line_when_its_sender_goes(server: Program, connect: Connect) -> None:
    one, two = join(connect, server, 2)
    one.send(b"whole\nhalf")
    assert two.expect(b"\n") == b"[1] whole\n"
    one.socket.shutdown(socket.SHUT_WR)
    assert two.expect(b"left\n") == b"[1] half\n* 1 left\n"


def test_a_reset_disturbs_nobody_and_is_announced(server: Program, connect: Connect) -> None:
    one, two, three = join(connect, server, 3)
    one.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    one.close()
    assert two.expect(b"\n") == three.expect(b"\n") == b"* 1 left\n"
    two.send(b"still here\n")
    assert three.expect(b"\n") == b"[2] still here\n"


def test_a_line_too_long_is_told_and_let_go(server: Program, connect: Connect) -> None:
    one, two = join(connect, server, 2)
    one.send(b"fine\n" + b"x" * (64 * 1024 + 1))
    assert one.read_to_end() == b"* line too long\n"
    assert two.expect(b"left\n") == b"[1] fine\n* 1 left\n"
    server.expect("client 1 let go: it sent a line that is too long")


def test_the_sixth_is_refused_in_words_and_let_in_when_one_leaves(server: Program, connect: Connect) -> None:
    wires = join(connect, server, 5)
    sixth = connect(port_of(server))
    sixth.send(b"am I in?\n" * 1000)  # unread bytes must not turn the refusal into a reset
    assert sixth.read_to_end() == b"* server full\n"
    server.expect("server full")
    wires[1].send(b"exit\n")
    wires[0].expect(b"* 2 left\n")
    again = connect(port_of(server))
    assert again.expect(b"\n") == b"* you are 6\n", "the refused one uses up no ID, and no ID is used twice"
    assert wires[0].expect(b"\n") == b"* 6 joined\n"


def test_one_that_stops_reading_is_let_go_while_the_others_go_on(start: Start, connect: Connect) -> None:
    server = start("broadcast_server", "--port", 0)
    port = port_of(server)
    stuck = connect(port, receive_buffer=4096)
    stuck.expect(b"* you are 1\n")
    reader, sender = connect(port), connect(port)
    reader.expect(b"* 3 joined\n")
    batch = (b"x" * 63 + b"\n") * 1024
    times = 480  # 30 MiB: more than the queue and the kernel's buffers hold

    def send() -> None:
        for _ in range(times):
            sender.send(batch)

    sending = threading.Thread(target=send)
    sending.start()
    lines = left = 0
    pending = b""
    while lines < times * 1024 or not left:
        pending += reader.socket.recv(1 << 18)
        cut = pending.rfind(b"\n") + 1
        whole, pending = pending[:cut], pending[cut:]
        left += whole.count(b"* 1 left\n")
        lines += whole.count(b"[3] xxx")
    sending.join()
    assert (lines, left) == (times * 1024, 1)
    server.expect("client 1 let go: it does not read what it is sent")


def test_one_who_stays_silent_and_reads_nothing_delays_nobody(server: Program, connect: Connect) -> None:
    port = port_of(server)
    connect(port)
    two = connect(port)
    two.expect(b"* you are 2\n")
    three = connect(port)
    three.expect(b"* you are 3\n")
    two.expect(b"* 3 joined\n")
    two.send(b"hello\n")
    assert three.expect(b"\n") == b"[2] hello\n"


def test_running_out_of_descriptors_is_said_and_survived(start: Start, connect: Connect) -> None:
    def few_descriptors() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (12, 12))

    server = start("broadcast_server", "--port", 0, "--max-clients", 100, preexec=few_descriptors)
    port = port_of(server)
    wires = [connect(port) for _ in range(20)]
    server.expect("cannot accept a client: Too many open files")
    one = wires[0]
    one.expect(b"* you are 1\n")
    for wire in wires[1:12]:
        wire.close()
    wires[12].expect(b"* you are")
    one.send(b"still here\n")
    wires[12].expect(b"[1] still here\n")
    assert server.output.count("cannot accept") < 20, "one line each time it begins, not one each try"


def test_clients_come_and_go_and_no_id_comes_twice(server: Program, connect: Connect) -> None:
    port = port_of(server)
    for number in range(1, 40):
        wire = connect(port)
        assert wire.expect(b"\n") == b"* you are %d\n" % number
        wire.send(b"exit\n")
        assert wire.read_to_end() == b""


def test_an_address_in_use_is_one_clear_line(server: Program, start: Start) -> None:
    second = start("broadcast_server", "--port", port_of(server))
    assert second.end(None) == 1
    assert second.output.count("\n") == 1
    assert "Address already in use" in second.output
