"""Programs that are not ours, as a person runs them in the lab of docs/casts.md: senders and members of groups, ping.

All are played in one lab, that of topology/casts.yaml.
"""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lab.docker import DockerEngine
from lab.lab import Lab
from lab.state import TOPOLOGIES
from lab.terminal import Terminal
from scenarios.casts.groups import wait_routed
from scenarios.run import free_base
from tests.repo.documents import ROOT
from topology.plan import load

SOCAT_RECEIVER = "socat -u UDP4-RECV:7030,ip-add-membership=239.84.7.2:0.0.0.0 -"
SOCAT_SENDER = "socat - UDP4-DATAGRAM:239.84.7.2:7030,ip-multicast-ttl=3"
IPERF_RECEIVER = "iperf -s -u -B 239.84.7.1"
IPERF_SENDER = "iperf -c 239.84.7.1 -u -T 3 -t 1"

REPLY = re.compile(r"bytes from ([\d.]+): icmp_seq=1 ")


@pytest.fixture(scope="module")
def casts() -> Iterator[Lab]:
    name = f"socklab-strangers-casts-{os.getpid()}"
    with TemporaryDirectory() as directory:
        with free_base() as base:
            topology = load(TOPOLOGIES / "casts.yaml", name=name, base=base)
            lab = Lab(topology, DockerEngine(name), Path(directory))
            lab.create()
        with lab:
            lab.complete()
            yield lab


def run(lab: Lab, node: str, command: str) -> Terminal:
    return lab.node(node).open(shlex.split(command))


def repliers(lab: Lab, terminal: Terminal) -> list[str]:
    """Return who answered a ping's first request, in order of their names."""
    terminal.wait_for_end()
    nodes = {str(address): n.name for n in lab.topology.nodes.values() for address in n.addresses.values()}
    return sorted(nodes[address] for address in REPLY.findall(terminal.transcript))


def test_socat_receives_and_sends_across_routers(casts: Lab) -> None:
    members = [run(casts, node, SOCAT_RECEIVER) for node in ("w2", "e1")]
    wait_routed(casts, "239.84.7.2", "r1", "r2")
    sender = run(casts, "w1", SOCAT_SENDER)
    sender.type("from socat to all of them\n")
    for member in members:
        member.wait_for("from socat to all of them")


def test_iperf_receives_and_sends_across_routers(casts: Lab) -> None:
    member = run(casts, "e1", IPERF_RECEIVER)
    wait_routed(casts, "239.84.7.1", "r1", "r2")
    sender = run(casts, "w1", IPERF_SENDER)
    sender.wait_for_end()
    sent = sender.wait_for(re.compile(r"Sent (\d+) datagrams"))
    assert int(sent) > 1
    member.wait_for(re.compile(r"\d+/\d+ \([\d.]+%\)"))  # lost and all, in the receiver's report


def test_a_router_shows_its_multicast_routes(casts: Lab) -> None:
    member = run(casts, "e2", SOCAT_RECEIVER.replace("239.84.7.2", "239.84.7.3"))
    wait_routed(casts, "239.84.7.3", "r1")
    shown = run(casts, "r1", "vtysh -c 'show ip mroute'")
    shown.wait_for_end()
    assert re.search(r"\* +239\.84\.7\.3 ", shown.transcript), shown.transcript
    member.type(b"\x03")


def test_ping_to_many(casts: Lab) -> None:
    everyone = ["r1", "w1", "w2", "w3"]
    place = casts.topology.networks["west"].subnet.broadcast_address
    who = {f"ping -c 2 -b {place}": everyone, "ping -c 2 224.0.0.1": everyone, "ping -c 2 224.0.0.2": ["r1"]}
    pings = {command: run(casts, "w1", command) for command in who}
    assert {command: repliers(casts, ping) for command, ping in pings.items()} == who


@pytest.mark.parametrize("command", [SOCAT_RECEIVER, SOCAT_SENDER, IPERF_RECEIVER, IPERF_SENDER])
def test_the_page_shows_these_commands(command: str) -> None:
    assert command in (ROOT / "docs" / "casts.md").read_text()
