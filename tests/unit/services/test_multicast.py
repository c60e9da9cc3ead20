import random
import re
import signal
import socket

import pytest

from services.shared import addresses
from services.shared.addresses import NotHereError, for_group, in_subnet, subnet
from services.shared.endpoint import Endpoint
from tests.unit.services.conftest import Connect, Start
from tests.unit.services.programs import Program, free_port

HERE = ("--interface", "127.0.0.0/8")


@pytest.fixture
def group() -> str:
    """A group that nobody else on this machine uses meanwhile."""
    return f"239.{random.randrange(256)}.{random.randrange(256)}.1:{free_port(socket.SOCK_DGRAM)}"  # noqa: S311


def receive(start: Start, group: str) -> Program:
    receiver = start("multicast_receiver", "--group", group, *HERE)
    receiver.expect(f"* joined {group} on 127.0.0.1\n")
    return receiver


def test_one_datagram_reaches_every_receiver(start: Start, group: str) -> None:
    receivers = [receive(start, group) for _ in range(3)]
    sender = start("multicast_sender", "--group", group, *HERE)
    sender.expect("ttl 2")
    sender.type("hello\n\x1b[2Jtwo\n")
    for receiver in receivers:
        receiver.expect("127.0.0.1 hello\n127.0.0.1 ?[2Jtwo\n")
    sender.type("exit\n")
    assert sender.end(None) == 0


@pytest.mark.parametrize("way", ["exit", signal.SIGTERM, signal.SIGINT])
def test_a_receiver_says_that_it_leaves(start: Start, group: str, way: str | signal.Signals) -> None:
    receiver = receive(start, group)
    if isinstance(way, str):
        receiver.type("exit\n")
        assert receiver.end(None) == 0
    else:
        assert receiver.end(way) == 0
    assert receiver.output.endswith(f"* left {group} on 127.0.0.1\n")


def test_a_receiver_with_nobody_at_it_goes_on(start: Start, group: str) -> None:
    receiver = receive(start, group)
    receiver.close_input()
    sender = start("multicast_sender", "--group", group, *HERE)
    sender.type("one\n")
    receiver.expect("127.0.0.1 one\n")
    sender.type("two\n")
    receiver.expect("127.0.0.1 two\n")


def test_the_broadcast_server_publishes_every_message_as_one_datagram(
    start: Start, connect: Connect, group: str
) -> None:
    receiver = receive(start, group)
    server = start("broadcast_server", "--port", 0, "--publish", group, *HERE)
    wire = connect(int(server.expect("listening on 0.0.0.0:").split(",")[0]))
    wire.expect(b"* you are 1\n")
    wire.send(b"one\ntwo\r\n" + b"x" * 65_530 + b"\nthree\nexit\n")
    receiver.expect("127.0.0.1 [1] one\n127.0.0.1 [1] two\n127.0.0.1 [1] three\n")
    server.expect(f"a message of 65534 bytes was not published to {group}: Message too long")
    assert not re.search(r"joined [^2]|exit", receiver.output), "notices are for clients"


def test_this_machine_is_found_on_its_own_networks() -> None:
    assert in_subnet(subnet("127.0.0.0/8")) == "127.0.0.1"
    assert in_subnet(subnet("127.0.0.7")) == "127.0.0.7"
    assert for_group(Endpoint("224.1.1.1", 1), subnet("127.0.0.0/8")) == "127.0.0.1"


@pytest.mark.parametrize("where", ["203.0.113.0/24", "198.51.100.7", "198.51.100.4/31"])
def test_a_network_that_is_not_here_is_said_so(where: str) -> None:
    with pytest.raises(NotHereError, match=where):
        addresses.in_subnet(subnet(where))


@pytest.mark.parametrize("program", ["multicast_sender", "multicast_receiver"])
def test_a_wrong_interface_is_one_line(start: Start, program: str) -> None:
    process = start(program, "--interface", "203.0.113.0/24")
    assert process.end(None) == 1
    assert process.output.count("\n") == 1
    assert "203.0.113.0/24" in process.output
