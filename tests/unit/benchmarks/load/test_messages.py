import json
import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from benchmarks.agent import listens
from benchmarks.load import messages_by_multicast, messages_by_tcp
from benchmarks.load.messages_counters import Counters
from benchmarks.load.messages_crowd import NotAllError, Terms, hear, prepared, tell, wait_for_all
from benchmarks.load.messages_receiver import check
from lab.waiting import eventually
from services.shared.endpoint import Endpoint
from tests.unit.services.programs import free_port

HERE = "127.0.0.1"

# The programs have their sockets until they end, and close none.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def group() -> Endpoint:
    """A group that nobody else on this machine uses meanwhile."""
    return Endpoint(f"239.{random.randrange(256)}.{random.randrange(256)}.1", free_port(socket.SOCK_DGRAM) & ~1)  # noqa: S311


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with closing(socket.create_server((HERE, 0))) as made:
        yield made


def test_messages_are_all_different_and_of_one_length() -> None:
    blocks = list(Terms(messages=10, size=16, block=4, announced=0, port=0).blocks())
    assert [len(block) for block in blocks] == [4, 4, 2]
    messages = [message for block in blocks for message in block]
    assert len(set(messages)) == 10
    assert all(len(message) == 16 and message.find(b"\n") == 15 for message in messages)


@pytest.mark.parametrize("by", ["multicast", "tcp"])
@pytest.mark.parametrize("options", [[], ["--block", "50"], ["--block", "50", "--announce"]])
def test_every_message_reaches_every_receiver(by: str, options: list[str], group: Endpoint) -> None:
    port = free_port()
    common = ["--by", by, "--address", HERE, "--port", str(port), "--group", str(group)]
    command = [*common, "--receivers", "3", "--messages", "120", *options]
    sender = start("messages_sender", *command)
    eventually(lambda: listens(port), "the sender listens", within=30)
    receivers = [start("messages_receiver", *common, "--sender", HERE) for _ in range(3)]
    for receiver in receivers:
        assert json.loads(receiver.communicate(timeout=30)[0])["messages"] == 120
    sent = json.loads(sender.communicate(timeout=30)[0])
    announcements = 0 if "--announce" not in options else 3 if by == "multicast" else 9
    assert sent["calls"] == (120 if by == "multicast" else 360) + announcements
    assert sent["block"] == (50 if options else 120)


def start(program: str, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"benchmarks.load.{program}", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("came", [[b"1", b"3"], [b"2", b"1"], [b"1", b"1"], [b"1", b"2~"]])
def test_a_message_that_is_missing_or_not_right_is_noticed(came: list[bytes]) -> None:
    check([b"1", b"2"], [b"1", b"2"])
    with pytest.raises(NotAllError, match="was to come"):
        check(came, [b"1", b"2"])


def test_a_datagram_is_a_message_and_its_neighbour_an_announcement(group: Endpoint) -> None:
    receiver = messages_by_multicast.Receiver(group, HERE)
    (send,) = messages_by_multicast.sending(group, HERE)
    (announce,) = messages_by_multicast.announcing(group, HERE)
    send(b"one")
    send(b"two")
    announce(b".")
    receiver.wait()
    assert receiver.receive(2) == [b"one", b"two"]


def test_what_is_lost_is_noticed(group: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages_by_multicast, "PATIENCE", 1)
    receiver = messages_by_multicast.Receiver(group, HERE)
    (send,) = messages_by_multicast.sending(group, HERE)
    send(b"one")
    with pytest.raises(NotAllError, match="something was lost"):
        receiver.receive(2)


@pytest.mark.parametrize("pieces", [[b"1\n2\n3\n"], [b"1", b"\n2\n", b"3\n"], [b"1\n2", b"\n3", b"\n"]])
def test_a_stream_is_cut_at_the_newlines(listener: socket.socket, pieces: list[bytes]) -> None:
    apart, _ = socket.socketpair()
    receiver = messages_by_tcp.Receiver(HERE, listener.getsockname()[1], apart, announced=False)
    (send,) = messages_by_tcp.sending(listener, 1)
    for piece in pieces:
        send(piece)
    assert receiver.receive(2) == [b"1\n", b"2\n"]
    assert receiver.receive(1) == [b"3\n"]


def test_a_stream_that_ends_too_early_is_noticed(listener: socket.socket) -> None:
    apart, _ = socket.socketpair()
    receiver = messages_by_tcp.Receiver(HERE, listener.getsockname()[1], apart, announced=False)
    connection = listener.accept()[0]
    connection.sendall(b"1\n2")
    connection.close()
    with pytest.raises(NotAllError, match="the stream ended before"):
        receiver.receive(2)


def test_sender_and_receiver_agree_on_the_terms(listener: socket.socket) -> None:
    terms = Terms(messages=7, size=64, block=3, announced=1, port=4711)
    with socket.create_connection(listener.getsockname()) as receiver, listener.accept()[0] as sender:
        tell([sender], terms)
        assert hear(receiver, 1000) == terms
        assert sender.recv(100) == b"1000\n"


def test_a_receiver_that_has_gone_is_noticed(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname()) as receiver, listener.accept()[0] as sender:
        receiver.sendall(b".")
        receiver.shutdown(socket.SHUT_WR)
        wait_for_all([prepared(sender)])
        with pytest.raises(NotAllError, match=r"127\.0\.0\.1 has gone"):
            wait_for_all([sender])


def test_frames_are_counted_at_the_interface_of_an_address() -> None:
    counters = Counters(HERE)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((HERE, 0))
        for _ in range(20):
            sender.sendto(b"hello", sender.getsockname())
    counted = counters.read()
    assert counted["frames"] - counted["segments"] >= 20
    with pytest.raises(OSError, match=r"no interface here has the address 192\.0\.2\.1"):
        Counters("192.0.2.1")
