"""Programs that are not ours, as a person runs them in the lab of docs/casts.md: members of groups, senders, ping."""

import contextlib
import re
import shlex
from collections.abc import Iterator

from lab.lab import Lab
from lab.terminal import Terminal
from scenarios.casts.groups import wait_routed
from scenarios.scenario import Scenario
from tests.scenarios.guests import expect

SOCAT_RECEIVER = "socat -u UDP4-RECV:7030,ip-add-membership=239.84.7.2:0.0.0.0 -"
SOCAT_SENDER = "socat - UDP4-DATAGRAM:239.84.7.2:7030,ip-multicast-ttl=3"
IPERF_RECEIVER = "iperf -s -u -B 239.84.7.1"
IPERF_SENDER = "iperf -c 239.84.7.1 -u -T 3 -t 1"
SHOWN = (SOCAT_RECEIVER, SOCAT_SENDER, IPERF_RECEIVER, IPERF_SENDER)
"""What the page has to show."""

REPLY = re.compile(r"bytes from ([\d.]+): icmp_seq=1 ")


def run(lab: Lab, node: str, command: str) -> Terminal:
    """Start a command in a node."""
    return lab.node(node).open(shlex.split(command))


@contextlib.contextmanager
def running(lab: Lab, node: str, command: str) -> Iterator[Terminal]:
    """Run a command that does not end by itself while the block lasts."""
    terminal = run(lab, node, command)
    try:
        yield terminal
    finally:
        lab.node(node).run(["pkill", "--exact", shlex.split(command)[0]])
        terminal.wait_for_end()


def socat_receives_and_sends_across_routers(lab: Lab) -> None:
    lab.complete()
    with (
        lab.step("w2 and e1 are members by socat, and w1 sends by it"),
        running(lab, "w2", SOCAT_RECEIVER) as near,
        running(lab, "e1", SOCAT_RECEIVER) as far,
    ):
        wait_routed(lab, "239.84.7.2", "r1", "r2")
        sender = run(lab, "w1", SOCAT_SENDER)
        sender.type("from socat to all of them\n")
        for member in (near, far):
            member.wait_for("from socat to all of them")
        sender.end_input()


def iperf_receives_and_sends_across_routers(lab: Lab) -> None:
    lab.complete()
    with lab.step("e1 is a member by iperf, and w1 sends by it"), running(lab, "e1", IPERF_RECEIVER) as member:
        wait_routed(lab, "239.84.7.1", "r1", "r2")
        sender = run(lab, "w1", IPERF_SENDER)
        sender.wait_for_end()
        sender.wait_for(re.compile(r"Sent (?!1 )\d+ datagrams"))
        member.wait_for(re.compile(r"\d+/\d+ \([\d.]+%\)"))  # lost and all, in the receiver's report


def a_router_shows_its_multicast_routes(lab: Lab) -> None:
    lab.complete()
    with (
        lab.step("e2 is a member of another group, and r1 shows its route"),
        running(lab, "e2", SOCAT_RECEIVER.replace("239.84.7.2", "239.84.7.3")),
    ):
        wait_routed(lab, "239.84.7.3", "r1")
        shown = run(lab, "r1", "vtysh -c 'show ip mroute'")
        shown.wait_for(re.compile(r"\* +239\.84\.7\.3 "))


def ping_to_many(lab: Lab) -> None:
    lab.complete()
    everyone = ["r1", "w1", "w2", "w3"]
    place = lab.topology.networks["west"].subnet.broadcast_address
    who = {f"ping -c 2 -b {place}": everyone, "ping -c 2 224.0.0.1": everyone, "ping -c 2 224.0.0.2": ["r1"]}
    with lab.step("w1 pings all of its network, all hosts, and all routers"):
        pings = {command: run(lab, "w1", command) for command in who}
        expect({command: repliers(lab, ping) for command, ping in pings.items()}, who, "who answered")


def repliers(lab: Lab, terminal: Terminal) -> list[str]:
    """Return who answered a ping's first request, in order of their names."""
    terminal.wait_for_end()
    nodes = {str(address): n.name for n in lab.topology.nodes.values() for address in n.addresses.values()}
    return sorted(nodes[address] for address in REPLY.findall(terminal.transcript))


PLAYS = (
    socat_receives_and_sends_across_routers,
    iperf_receives_and_sends_across_routers,
    a_router_shows_its_multicast_routes,
    ping_to_many,
)
GUESTS = tuple(Scenario(play.__name__, "Other programs take part.", "casts", play, (), shares=True) for play in PLAYS)
