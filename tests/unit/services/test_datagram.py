"""The datagram sender and receiver on loopback, IPv4 and IPv6."""

from __future__ import annotations

import random
import signal
import socket
from argparse import ArgumentTypeError
from collections.abc import Callable
from contextlib import ExitStack
from ipaddress import IPv6Network

import pytest

from services.shared import addresses, datagrams
from services.shared.endpoint import Endpoint
from tests.unit.services.conftest import Start
from tests.unit.services.programs import LOOPBACK, SECONDS, Program, free_port

HERE = ("--interface", "127.0.0.0/8")
HERE6 = ("--interface", "::1")


@pytest.fixture
def port() -> int:
    return free_port(socket.SOCK_DGRAM)


@pytest.fixture
def group() -> str:
    """A group that nobody else on this machine uses meanwhile."""
    return f"239.{random.randrange(256)}.{random.randrange(256)}.1"  # noqa: S311


def receive(start: Start, *arguments: object, last: str = "listening on") -> Program:
    receiver = start("datagram_receiver", *arguments)
    receiver.expect(last)
    return receiver


def send(start: Start, to: str, *arguments: object) -> Program:
    sender = start("datagram_sender", "--to", to, *arguments)
    sender.expect("* sending to")
    return sender


# One: unicast


@pytest.mark.parametrize(("listen", "host"), [("", LOOPBACK), ("[::1]:", "[::1]"), ("127.0.0.1:", "localhost")])
def test_a_datagram_reaches_one(start: Start, port: int, listen: str, host: str) -> None:
    receiver = receive(start, "--listen", f"{listen}{port}")
    sender = send(start, f"{host}:{port}")
    sender.type("hello\n\x1b[2Jtwo\n")
    source = "::1" if "::" in host else LOOPBACK
    receiver.expect(f"{source} hello\n{source} ?[2Jtwo\n")
    sender.type("exit\n")
    assert sender.end(None) == 0


def test_replies_are_printed_behind_their_address(start: Start, stack: ExitStack) -> None:
    peer = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    peer.settimeout(SECONDS)
    peer.bind((LOOPBACK, 0))
    own = free_port(socket.SOCK_DGRAM)
    sender = send(start, f"{LOOPBACK}:{peer.getsockname()[1]}", "--from", own, "--ttl", 7, "--wait", 100)
    sender.type("who?\n")
    sender.close_input()
    text, source = peer.recvfrom(100)
    assert (text, source) == (b"who?", (LOOPBACK, own))
    peer.sendto(b"me\ntoo", source)
    sender.expect(f"{LOOPBACK} me?too\n")
    assert sender.end(signal.SIGTERM) == 0


# Many: multicast


def test_those_who_share_a_port_all_get_what_is_for_their_group(start: Start, port: int, group: str) -> None:
    joins = ("--listen", port, "--group", group, "--group", "239.255.255.1", *HERE, "--share")
    members = [receive(start, *joins, last="joined 239.255.255.1 on 127.0.0.1") for _ in range(2)]
    other = receive(start, "--listen", port, "--share")  # has joined no group
    sender = send(start, f"{group}:{port}", *HERE, "--ttl", 0)
    sender.type("one\n")
    for member in members:
        assert f"* listening on 0.0.0.0:{port}\n* joined {group} on 127.0.0.1\n" in member.output
        member.expect("127.0.0.1 one\n")
    send(start, f"{LOOPBACK}:{port}").type("to one alone\n")  # Linux gives it to the latest
    other.expect("127.0.0.1 to one alone\n")
    assert "127.0.0.1 one\n" not in other.output


@pytest.mark.parametrize("host", ["224.1.1.1", "ff02::7"])
def test_loop_and_ttl_are_set_for_the_family_of_the_group(host: str) -> None:
    """What loop does cannot be seen here: the loopback device gives everything back."""
    with datagrams.open_socket(host) as sender:
        datagrams.set_loop(sender, False)
        datagrams.set_ttl(sender, 9, to_group=True)
        if sender.family == socket.AF_INET6:
            level, loop, ttl = socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, socket.IPV6_MULTICAST_HOPS
        else:
            level, loop, ttl = socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, socket.IP_MULTICAST_TTL
        assert (sender.getsockopt(level, loop), sender.getsockopt(level, ttl)) == (0, 9)


def test_an_ipv6_group_is_joined_on_an_interface(start: Start, port: int) -> None:
    """No more than that can be seen here: nothing is routed to groups by the loopback device."""
    member = receive(start, "--listen", port, "--group", "ff01::7:7", *HERE6, last="joined ff01::7:7 on lo\n")
    assert f"* listening on [::]:{port}\n" in member.output
    send(start, f"[::1]:{port}", "--ttl", 3).type("six\n")
    member.expect("::1 six\n")


# All: broadcast


def test_a_broadcast_needs_permission(start: Start, port: int) -> None:
    refused = send(start, f"127.255.255.255:{port}")
    refused.type("one\ntwo\n")
    assert refused.expect("* not sent: ", times=2) == (
        "Permission denied: 127.255.255.255 is a broadcast address; to send there, start with --broadcast"
    )
    refused.type("exit\n")
    assert refused.end(None) == 1
    receivers = [receive(start, "--listen", port, "--share") for _ in range(2)]
    allowed = send(start, f"127.255.255.255:{port}", "--broadcast")
    allowed.type("all\nexit\n")
    assert allowed.end(None) == 0
    for receiver in receivers:
        receiver.expect("127.0.0.1 all\n")


# Wrong


@pytest.mark.parametrize(
    ("name", "arguments", "wrong", "status"),
    [
        ("receiver", ("--listen", "7000", "--group", "10.0.0.1"), "10.0.0.1", 2),
        ("receiver", ("--listen", "7000", "--group", "fd00::1"), "fd00::1", 2),
        ("receiver", ("--listen", "0.0.0.0:7000", "--group", "ff05::1"), "family", 2),
        ("receiver", ("--listen", "7000", "--group", "ff05::1", *HERE), "family", 2),
        ("receiver", ("--listen", "here"), "here", 2),
        ("receiver", ("--listen", "0", "--group", "224.1.1.1", "--interface", "203.0.113.0/24"), "203.0.113.0/24", 1),
        ("receiver", ("--listen", "0", "--group", "ff05::1", "--interface", "2001:db8::/64"), "2001:db8::/64", 1),
        ("receiver", ("--listen", "203.0.113.1:0"), "203.0.113.1", 1),
        ("sender", ("--to", "224.1.1.1:1", "--ttl", "256"), "256", 2),
        ("sender", ("--to", "224.1.1.1:1", "--ttl", "-1"), "--ttl", 2),
        ("sender", ("--to", "10.0.0.1:1", "--ttl", "0"), "--ttl", 2),
        ("sender", ("--to", "224.1.1.1:1", "--interface", "eth9"), "eth9", 2),
        ("sender", ("--to", "224.1.1.1:1", *HERE6), "family", 2),
        ("sender", ("--to", "224.1.1.1:1", "--loop", "maybe"), "maybe", 2),
        ("sender", ("--to", "224.1.1.1:1", "--interface", "203.0.113.0/24"), "203.0.113.0/24", 1),
    ],
)
def test_bad_input_is_one_line(start: Start, name: str, arguments: tuple[str, ...], wrong: str, status: int) -> None:
    program = start(f"datagram_{name}", *arguments)
    assert program.end(None) == status
    *told, line = program.output.splitlines()
    assert wrong in line
    assert line.startswith(f"datagram_{name}: ")
    assert all(notice.startswith("* listening on") for notice in told)


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (datagrams.remote, "[fd00::0:5]:7000", Endpoint("fd00::5", 7000)),
        (datagrams.remote, "server:1", Endpoint("server", 1)),
        (datagrams.local, "[::]:0", Endpoint("::", 0)),
        (datagrams.local, "7000", Endpoint("", 7000)),
        (datagrams.group, "ff02::1", "ff02::1"),
    ],
)
def test_good_values_are_read(read: Callable[[str], object], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *(
            (datagrams.remote, text)
            for text in ("[fd00::5]", "[fd00::5]:0", "[10.0.0.1]:1", "fd00::5:1", "[::1", "[]:1")
        ),
        *((datagrams.local, text) for text in ("[::]", "::", "[::]:x", "[here]:1")),
        *((datagrams.group, text) for text in ("", "group", "223.255.255.255", "fe80::1", "224.1.1.1:1")),
        *((datagrams.network, text) for text in ("", "eth0", "10.0.0.0/33", "fd00::/129")),
    ],
)
def test_bad_values_say_what_to_give(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="give "):
        read(text)


def test_an_ipv6_interface_is_found_by_its_subnet() -> None:
    assert addresses.interface_in_subnet(IPv6Network("::1/128")) == "lo"
    assert str(Endpoint("fd00::5", 7000)) == "[fd00::5]:7000"
