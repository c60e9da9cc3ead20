"""Packet hosts as processes on this machine: two that one link joins, and two with a packet switch in between."""

from __future__ import annotations

import json
import os
import pty
import re
import socket
import subprocess
import sys
from contextlib import ExitStack

import pytest

from services.switching.header import Kind, Packet, encode
from tests.unit.services.conftest import Start
from tests.unit.services.programs import ENVIRONMENT, LOOPBACK, REPO, Program, eventually, free_port

FAST = ["--period", "0.1"]
LINK = "rate=10000000"


def udp_port() -> int:
    return free_port(socket.SOCK_DGRAM)


def link(neighbour: str, here: int, there: int) -> list[str]:
    return ["--link", f"{neighbour}={here}:{LOOPBACK}:{there},{LINK}"]


@pytest.fixture
def pair(start: Start) -> tuple[Program, Program]:
    """Two hosts, each of which has heard the other."""
    one, two = udp_port(), udp_port()
    h1 = start("packet_host", "--name", "h1", *link("h2", one, two), *FAST)
    h2 = start("packet_host", "--name", "h2", *link("h1", two, one), *FAST, "--quiet", "0.5")
    h1.expect("h2 is there")
    h2.expect("h1 is there")
    return h1, h2


@pytest.fixture
def across_a_switch(start: Start, stack: ExitStack) -> tuple[Program, Program]:
    """Two hosts at a switch, which knows the way to either."""
    console = udp_port()
    ports = [udp_port() for _ in range(4)]
    switch = ["--name", "a", *link("h1", ports[0], ports[1]), *link("h2", ports[2], ports[3]), *FAST]
    start("packet_switch", *switch, "--console", console)
    h1 = start("packet_host", "--name", "h1", *link("a", ports[1], ports[0]), *FAST)
    h2 = start("packet_host", "--name", "h2", *link("a", ports[3], ports[2]), *FAST, "--quiet", "0.5")
    h1.expect("a is there")
    h2.expect("a is there")
    asking = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    asking.settimeout(1)

    def knows_both() -> bool:
        asking.sendto(b"tables", (LOOPBACK, console))
        return set(json.loads(asking.recv(65536))["routes"]) >= {"h1", "h2"}

    eventually(knows_both, "the switch should know the way to both hosts")
    return h1, h2


@pytest.fixture(params=["pair", "across_a_switch"])
def hosts(request: pytest.FixtureRequest) -> tuple[Program, Program]:
    hosts: tuple[Program, Program] = request.getfixturevalue(request.param)
    return hosts


def test_all_that_a_person_can_type(hosts: tuple[Program, Program]) -> None:
    h1, h2 = hosts
    h1.type("send h2 good morning\nmessage h2 60000 1\nmessage h2 4000 5\nflow h2 20 0.01 100\n")
    h2.expect("h1 #0: good morning\n")
    h2.expect("message from h1: 60000 bytes in 1 packet, whole\n")
    h2.expect("message from h1: 4000 bytes in 5 packets, whole\n")
    h2.expect("flow from h1: 20 of 20 came\n")
    h1.expect("flow to h2: 20 of 20 packets sent\n")

    h1.type("call h2 64000\n")
    h1.expect("circuit 1 to h2: open\n")
    h2.expect("circuit 1 from h1: open\n")
    h1.type("say 1 hello\ncircuits\n")
    h2.expect("h1 #0: hello\n")
    h1.expect("circuit 1 to h2: open, 64000 bit/s reserved\n")
    h2.type("flow 1 10 0.01\n")
    h1.expect("flow from h2: 10 of 10 came\n")
    h2.type("release 1\n")
    h1.expect("circuit 1 to h2: released by h2\n")
    h2.expect("circuit 1 from h1: released by h2\n")

    h2.type("call h1\n")
    h1.expect("circuit 1 from h2: open\n")
    h2.type("exit\n")
    assert h2.end(None) == 0
    h1.expect("circuit 1 from h2: released by h2\n")


def test_any_bytes_can_be_put_on_the_line(pair: tuple[Program, Program]) -> None:
    h1, h2 = pair
    packet = encode(Packet(Kind.DATAGRAM, "h9", "h2", payload=b"forged"))
    h1.type(f"raw {packet[:-1].hex()}00\nraw {packet.hex()}\n")
    h2.expect("dropped a packet from h1: checksum\n")
    h2.expect("h9 #0: forged\n")


def test_what_is_lost_is_told_though_nobody_is_at_the_keyboard(pair: tuple[Program, Program]) -> None:
    h1, h2 = pair
    h2.close_input()
    packet = encode(Packet(Kind.DATAGRAM, "h1", "h2", sequence=1, payload=b"f1 3 192 ".ljust(64, b".")))
    h1.type(f"raw {packet.hex()}\n")
    h2.expect("flow from h1: 1 of 3 came; lost 0, 2\n")


def test_a_mistake_is_a_notice(pair: tuple[Program, Program]) -> None:
    h1, _ = pair
    h1.type("sned h2 hello\nsay 1 hello\nflow h2 many 1\nhelp\n")
    h1.expect("* there is no command `sned`: type `help` to see those that there are\n")
    h1.expect("* there is no circuit 1: type `circuits` to see those that there are\n")
    h1.expect("* COUNT 'many': give a whole number from 1 to 100000; type `flow HOST|N COUNT GAP [BYTES]`, as in")
    h1.expect("message HOST BYTES PACKETS ")
    h1.expect("exit ")


def test_nobody_commands_the_terminal_of_another(pair: tuple[Program, Program]) -> None:
    h1, h2 = pair
    h1.type("send h2 \x1b[2Jgone\rh9 #0: forged\n")
    h2.expect("h1 #0: ?[2Jgone?h9 #0: forged\n")


def test_ctrl_d_on_a_terminal_is_exit(start: Start) -> None:
    """On a real terminal, since on pipes the end of the input ends nothing."""
    one, two = udp_port(), udp_port()
    h2 = start("packet_host", "--name", "h2", *link("h1", two, one), *FAST)
    keyboard, terminal = pty.openpty()
    command = [sys.executable, "-S", "-m", "services.packet_host", "--name", "h1", *link("h2", one, two), *FAST]
    environment = {**ENVIRONMENT, "TERM": "xterm", "INPUTRC": "/dev/null"}
    with subprocess.Popen(command, cwd=REPO, env=environment, stdin=terminal, stdout=terminal, stderr=terminal) as h1:
        h2.expect("h1 is there")
        os.write(keyboard, b"call h2\r")
        h2.expect("circuit 1 from h1: open")
        seen = b""
        while not re.search(rb"call h2\r\n.*> ", seen, re.DOTALL):  # before the prompt, Ctrl-D would not be its
            seen += os.read(keyboard, 4096)
        os.write(keyboard, b"\x04")
        h2.expect("circuit 1 from h1: released by h1")
        assert h1.wait(10) == 0
    os.close(keyboard)
    os.close(terminal)


def test_a_host_has_one_line(start: Start) -> None:
    host = start("packet_host", "--name", "h1", *link("a", 10001, 10002), *link("b", 10003, 10004))
    assert host.end(None) == 2
    assert "argument --link: a host has one line: give one --link" in host.output


def test_a_port_in_use_is_one_line(start: Start) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((LOOPBACK, 0))
        second = start("packet_host", "--name", "h3", *link("h1", taken.getsockname()[1], 10002))
        assert second.end(None) == 1
    assert second.output.count("\n") == 1
    assert "give another --link" in second.output
