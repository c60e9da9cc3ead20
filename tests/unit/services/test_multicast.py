import random
import re
import signal
import socket
import sys
import threading

import pytest

from services.shared import addresses, multicast
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


def test_one_whose_membership_was_forgotten_joins_again(group: str) -> None:
    """As the system forgets it with the interface: then datagrams do not come up, and no error either."""
    where, here = multicast.group(group), "127.0.0.1"
    member = multicast.Member(where, here)
    member.leave()
    with multicast.sending_socket(here, ttl=0) as sender:
        sender.sendto(b"lost", where)
        heard: list[bytes] = []
        listening = threading.Thread(target=lambda: heard.append(member.recvfrom(99)[0]), daemon=True)
        listening.start()
        while listening.is_alive():
            sender.sendto(b"heard", where)
            listening.join(0.05)
    assert heard == [b"heard"]
    member._socket.close()


def test_one_that_still_is_a_member_stays_with_its_socket(group: str) -> None:
    member = multicast.Member(multicast.group(group), "127.0.0.1")
    before = member._socket
    member._see_to_it()
    assert member._socket is before
    before.close()


def test_one_whose_interface_is_away_goes_on_waiting(group: str) -> None:
    member = multicast.Member(multicast.group(group), "127.0.0.1")
    member.leave()
    member._interface = "203.0.113.7"
    member._see_to_it()
    member._interface = "127.0.0.1"
    member._see_to_it()
    member.leave()  # which it could not if it had not joined
    member._socket.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the interface is set once")
def test_the_interface_is_found_by_its_address_for_each_datagram() -> None:
    """One that was away and is back has another number, which IP_MULTICAST_IF would have set for ever."""
    with multicast.sending_socket("127.0.0.1", ttl=0) as sender:
        assert sender.getsockname()[0] == "127.0.0.1"
        assert sender.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF) == 0


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
