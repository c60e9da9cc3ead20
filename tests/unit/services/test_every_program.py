"""What all programs have in common: help, bad arguments, and an end at once when told to."""

import signal
import socket
import time

import pytest

from tests.unit.services.conftest import Start
from tests.unit.services.programs import LOOPBACK, free_port

NOWHERE = f"{LOOPBACK}:1"
PEERS = ["--server", NOWHERE, "--peer", NOWHERE]
ON_LOOPBACK = ["--interface", LOOPBACK]
UDP = socket.SOCK_DGRAM
LINK = ["--link", f"b={free_port(UDP)}:{NOWHERE}"]
# Each program with arguments that let it run, and the words that show that it does.
RUNNING = {
    "project3.tcp_server": (["--port", "0"], "waiting for"),
    "broadcast_server": (["--port", "0"], "listening on"),
    "broadcast_client": (["--server", NOWHERE], "trying again"),
    "forwarder": (["--listen", "0", "--upstream", NOWHERE], "no upstream"),
    "udp_peer": ([*PEERS, "--listen", "0"], "trying again"),
    "multicast_sender": (ON_LOOPBACK, "sending to"),
    "datagram_sender": (["--to", "127.0.0.1:9"], "sending to"),
    "datagram_receiver": (["--listen", "0"], "listening on"),
    "anycast_responder": (["--address", "127.0.0.1", "--port", str(free_port()), "--name", "one"], "answering as one"),
    "packet_switch": (["--name", "a", *LINK, "--console", str(free_port(UDP))], "lines to b"),
    "multicast_receiver": (["--group", f"239.1.2.3:{free_port()}", *ON_LOOPBACK], "joined"),
    "packet_host": (["--name", "h1", "--link", f"a={free_port()}:{NOWHERE}"], "line to a"),
}


@pytest.mark.parametrize("name", [*RUNNING, "project3.tcp_client", "switch_tables"])
def test_help_says_it_all(start: Start, name: str) -> None:
    program = start(name, "--help")
    assert program.end(None) == 0
    words = {"udp_peer": "HOST:PORT", "forwarder": "HOST:PORT", "anycast_responder": "--name NAME"}
    assert "--help" in program.output
    assert words.get(name, "default") in program.output


@pytest.mark.parametrize("name", RUNNING)
def test_sigterm_ends_it_at_once_and_cleanly(start: Start, name: str) -> None:
    arguments, sign = RUNNING[name]
    program = start(name, *arguments)
    program.expect(sign)
    begun = time.monotonic()
    assert program.end(signal.SIGTERM) == 0
    assert time.monotonic() - begun < 1
    assert "Traceback" not in program.output


@pytest.mark.parametrize(
    ("name", "arguments", "wrong"),
    [
        ("project3.tcp_server", ["--port", "65536"], "65536"),
        ("project3.tcp_client", ["--port", "0"], "'0'"),
        ("broadcast_server", ["--max-clients", "0"], "--max-clients"),
        ("broadcast_server", ["--publish", "10.0.0.1:11000"], "10.0.0.1"),
        ("broadcast_client", ["--server", "somewhere"], "somewhere"),
        ("forwarder", ["--listen", "99999", "--upstream", NOWHERE], "99999"),
        ("udp_peer", [*PEERS, "--listen", "here"], "--listen"),
        ("multicast_sender", ["--ttl", "-1"], "--ttl"),
        ("datagram_sender", ["--to", "127.0.0.1:9", "--ttl", "256"], "--ttl"),
        ("datagram_receiver", ["--listen", "7000", "--group", "10.1.1.1"], "10.1.1.1"),
        ("anycast_responder", ["--address", "here", "--port", "7000", "--name", "one"], "here"),
        ("packet_switch", ["--name", "a", "--link", "b=6001"], "b=6001"),
        ("packet_switch", ["--name", "A", *LINK], "'A'"),
        ("packet_switch", ["--name", "a", "--link", "a=6001:a:6001"], "a is this node itself"),
        ("packet_switch", ["--name", "a", *LINK, *LINK], "b is given twice"),
        ("packet_switch", ["--name", "a", *LINK, "--link", LINK[1].replace("b=", "c=")], "port"),
        ("packet_switch", ["--name", "a", *LINK, "--route", "h2=c"], "no --link to c"),
        ("packet_switch", ["--name", "a", *LINK, "--guard", "luck"], "luck"),
        ("switch_tables", ["--console", "5999"], "5999"),
        ("multicast_receiver", ["--interface", "eth0"], "eth0"),
        ("packet_host", ["--name", "h1", "--link", "a=6001"], "a=6001"),
    ],
)
def test_a_bad_argument_is_one_line_and_status_2(start: Start, name: str, arguments: list[str], wrong: str) -> None:
    program = start(name, *arguments)
    assert program.end(None) == 2
    assert program.output.count("\n") == 1
    assert program.output.startswith(name.split(".")[-1])
    assert wrong in program.output
