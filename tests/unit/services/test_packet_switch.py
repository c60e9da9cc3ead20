"""Switches as processes on loopback, with a UDP socket that plays the hosts."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from services.switching.header import FIRST_HOPS, Kind, Packet, decode, encode
from services.switching.routing import pack_vector
from tests.unit.services.conftest import Start
from tests.unit.services.programs import LOOPBACK, SECONDS, Program, eventually, free_port

UDP = socket.SOCK_DGRAM
FAST = ["--period", "0.05"]


class Host:
    """A UDP socket that is the neighbour of a switch."""

    def __init__(self, name: str, port: int, switch_port: int) -> None:
        self.name = name
        self.socket = socket.socket(socket.AF_INET, UDP)
        self.socket.settimeout(SECONDS)
        self.socket.bind((LOOPBACK, port))
        self._switch = (LOOPBACK, switch_port)

    def send(self, data: bytes) -> None:
        self.socket.sendto(data, self._switch)

    def tell_name(self) -> None:
        self.send(encode(Packet(Kind.VECTOR, self.name, payload=pack_vector({self.name: 0}))))

    def datagram(self) -> Packet:
        """Return the next datagram that comes."""
        while (packet := decode(self.socket.recv(65_507))).kind is not Kind.DATAGRAM:
            self.tell_name()
        return packet


class Pair:
    """h1 - a - b - h2"""

    def __init__(self, start: Start, stack: ExitStack, *options: str, link: str = "") -> None:
        ports = [free_port(UDP) for _ in range(6)]
        self.consoles = {"a": free_port(UDP), "b": free_port(UDP)}
        self._start = start
        self._options = options
        self.ends = {
            "a": [f"h1={ports[1]}:{LOOPBACK}:{ports[0]}{link}", f"b={ports[2]}:localhost:{ports[3]}{link}"],
            "b": [f"a={ports[3]}:{LOOPBACK}:{ports[2]}{link}", f"h2={ports[4]}:{LOOPBACK}:{ports[5]}{link}"],
        }
        self.h1 = Host("h1", ports[0], ports[1])
        self.h2 = Host("h2", ports[5], ports[4])
        for host in (self.h1, self.h2):
            stack.enter_context(host.socket)

    def start(self, name: str, *options: str) -> Program:
        links = [word for end in self.ends[name] for word in ("--link", end)]
        console = ["--console", str(self.consoles[name])]
        program = self._start("packet_switch", "--name", name, *links, *console, *(options or self._options))
        program.expect("UDP ports")
        return program


def ask(pair: Pair, name: str) -> dict[str, Any]:
    """Ask a switch for its tables, as switch_tables does."""
    with socket.socket(socket.AF_INET, UDP) as asking:
        asking.settimeout(SECONDS)
        asking.sendto(b"tables", (LOOPBACK, pair.consoles[name]))
        told: dict[str, Any] = json.loads(asking.recv(65_507))
        return told


def reaches(pair: Pair, name: str, destination: str) -> Callable[[], bool]:
    """Say if a switch has a way; meanwhile, the hosts tell their names."""

    def check() -> bool:
        pair.h1.tell_name()
        pair.h2.tell_name()
        way = ask(pair, name)["routes"].get(destination)
        return way is not None and way["via"] is not None

    return check


def test_two_switches_find_the_way_and_carry_what_is_sent(start: Start, stack: ExitStack) -> None:
    pair = Pair(start, stack, *FAST)
    program = pair.start("a")
    pair.start("b")
    assert program.output.startswith("a: lines to h1, b; UDP ports ")
    eventually(reaches(pair, "a", "h2"), "a should reach h2")
    pair.h1.send(encode(Packet(Kind.DATAGRAM, "h1", "h2", payload=b"hello")))
    assert pair.h2.datagram() == Packet(Kind.DATAGRAM, "h1", "h2", hops=FIRST_HOPS - 2, payload=b"hello")
    large = bytes(range(250)) * 240
    pair.h1.send(encode(Packet(Kind.DATAGRAM, "h1", "h2", payload=large)))
    assert pair.h2.datagram().payload == large
    eventually(reaches(pair, "a", "h2"), "a should reach h2")
    assert ask(pair, "a")["routes"]["h2"] == {"via": "b", "metric": 2}


def test_bad_packets_and_strangers_do_no_harm(start: Start, stack: ExitStack) -> None:
    pair = Pair(start, stack, *FAST)
    program = pair.start("a")
    eventually(reaches(pair, "a", "h1"), "a should reach h1")
    before = ask(pair, "a")["lines"]["h1"]["received"]
    for data in (b"", b"nonsense", encode(Packet(Kind.DATAGRAM, "h1", "x"))):
        pair.h1.send(data)
    with socket.socket(socket.AF_INET, UDP) as stranger:
        stranger.sendto(b"stranger", pair.h1._switch)
    eventually(lambda: ask(pair, "a")["lines"]["h1"]["received"] == before + 3, "three packets should be counted")
    drops = {why: count for why, count in ask(pair, "a")["drops"].items() if count}
    assert drops == {"short": 1, "version": 1, "no route": 1}
    assert program.output.count("\n") == 1, "nothing is printed for a packet"


def test_a_lost_neighbour_is_told_of_and_found_again(start: Start, stack: ExitStack) -> None:
    pair = Pair(start, stack, *FAST)
    program = pair.start("a")
    other = pair.start("b")
    eventually(reaches(pair, "a", "h2"), "a should reach h2")
    other.end()
    program.expect("a: b is lost")
    assert ask(pair, "a")["routes"]["b"] == {"via": None, "metric": 16}
    pair.start("b")
    program.expect("a: b is back")
    eventually(reaches(pair, "a", "h2"), "a should reach h2 again")


def test_a_line_has_its_rate_and_delay_on_the_wire(start: Start, stack: ExitStack) -> None:
    pair = Pair(start, stack, "--route", "h2=b", "--route", "h1=h1", link=",rate=100000,delay=0.05")
    pair.start("a")
    pair.start("b", "--route", "h2=h2", "--route", "h1=a")
    packet = encode(Packet(Kind.DATAGRAM, "h1", "h2", payload=bytes(1000)))
    begin = time.monotonic()
    for _ in range(3):
        pair.h1.send(packet)
    arrived = []
    for _ in range(3):
        pair.h2.datagram()
        arrived.append(time.monotonic() - begin)
    once = 8 * len(packet) / 100_000
    for number, seconds in enumerate(arrived):
        assert seconds >= 2 * (once + 0.05) + number * once - 0.001
    assert arrived[-1] - arrived[0] < 2 * once + 0.1, "they overlap on the two lines"


def test_fixed_routes_are_told_to_nobody(start: Start, stack: ExitStack) -> None:
    pair = Pair(start, stack, "--route", "h2=b", "--period", "0.01")
    pair.start("a")
    pair.h1.send(encode(Packet(Kind.DATAGRAM, "h1", "h2")))
    eventually(lambda: ask(pair, "a")["lines"]["b"]["sent"] == 1, "the datagram should be sent")
    assert ask(pair, "a")["routes"] == {"h2": {"via": "b", "metric": None}}
    assert ask(pair, "a")["lines"]["h1"]["sent"] == 0


def test_the_tables_are_printed_as_text_and_as_json(start: Start, stack: ExitStack) -> None:
    pair = Pair(start, stack, "--period", "5")
    pair.start("a")
    eventually(reaches(pair, "a", "h1"), "a should reach h1")
    console = f"{LOOPBACK}:{pair.consoles['a']}"
    program = start("switch_tables", "--console", console)
    assert program.end(None) == 0
    lines = program.output.splitlines()
    assert lines[:6] == ["switch a", "", "destination  next hop  metric", "h1           h1             1", "",
                         "no circuits"]  # fmt: skip
    assert lines[7].split()[:4] == ["line", "to", "bit/s", "delay"]
    assert [line.split()[0] for line in lines[8:10]] == ["h1", "b"]
    assert lines[-1] == "dropped: nothing"
    program = start("switch_tables", "--console", console, "--json")
    assert program.end(None) == 0
    assert program.output.count("\n") == 1
    told = json.loads(program.output)
    assert set(told) == {"name", "routes", "circuits", "lines", "delivered", "drops"}
    assert told["routes"] == {"h1": {"via": "h1", "metric": 1}}


def test_where_no_switch_is_there_is_one_line_and_status_1(start: Start) -> None:
    port = free_port(UDP)
    program = start("switch_tables", "--console", f"{LOOPBACK}:{port}")
    assert program.end(None) == 1
    assert program.output == (
        f"switch_tables: no switch answers at {LOOPBACK}:{port}: start services.packet_switch, or give its --console\n"
    )


@pytest.mark.parametrize("taken", ["--link", "--console"])
def test_a_port_that_is_taken_is_named(start: Start, taken: str) -> None:
    with socket.socket(socket.AF_INET, UDP) as other:
        other.bind((LOOPBACK, 0))
        port = other.getsockname()[1]
        link_port, console = (port, free_port(UDP)) if taken == "--link" else (free_port(UDP), port)
        program = start(
            "packet_switch", "--name", "a", "--link", f"b={link_port}:{LOOPBACK}:9", "--console", str(console)
        )
        assert program.end(None) == 1
    assert program.output == (
        f"packet_switch: cannot listen on UDP port {port}: Address already in use; give another {taken}\n"
    )


def test_where_something_else_answers_it_is_the_same_line(start: Start) -> None:
    with socket.socket(socket.AF_INET, UDP) as other:
        other.bind((LOOPBACK, 0))
        other.settimeout(SECONDS)
        where = f"{LOOPBACK}:{other.getsockname()[1]}"
        program = start("switch_tables", "--console", where, "--json")
        _, asking = other.recvfrom(100)
        other.sendto(b"who is there?", asking)
        assert program.end(None) == 1
    assert program.output.startswith(f"switch_tables: no switch answers at {where}: ")
    assert program.output.count("\n") == 1
