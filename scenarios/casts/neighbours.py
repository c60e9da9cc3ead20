"""Neighbours: how a machine finds the Ethernet address of another, in IPv4 by broadcast, in IPv6 by multicast.

Both plays are on a network of which one pair, w2 and w3, has not spoken yet: whoever is known is not asked for.
"""

import contextlib

from lab.lab import Lab
from scenarios.casts.broadcast import ROUTED_IN, show
from scenarios.casts.checks import neighbours as checks
from scenarios.casts.shared import bring_up, program
from scenarios.scenario import Scenario

PORT = 7302
NOBODY = -6
"""Where in a subnet no node is: near its end. Nodes are numbered from its beginning."""


def call_a_stranger(lab: Lab, asked: str) -> None:
    """w2 calls its neighbour w3 at an address that it does not know yet; see what it knows before and after."""
    with lab.step(f"w2 does not know its neighbour w3, {asked}, yet"):
        show(lab, checks.ASKER, "ip", "neighbour", "show", "to", asked)
    with lab.step("w2 calls w3, and has to ask for it first"):
        show(lab, checks.ASKER, "ping", "-c", "1", asked)
        lab.wait_packet("the echo reply", lambda p: (p.what, p.src) == ("echo reply", asked))
    with lab.step("Now it knows w3"):
        show(lab, checks.ASKER, "ip", "neighbour", "show", "to", asked)


def ask_everybody(lab: Lab) -> None:
    """w2 calls its neighbour w3, and then an address that nobody has."""
    bring_up(lab)
    call_a_stranger(lab, str(lab.node(checks.ASKED).spec.addresses[checks.NETWORK]))
    nobody = str(lab.topology.networks[checks.NETWORK].subnet[NOBODY])
    with lab.step(f"w2 calls {nobody}, which nobody has, and gives up after three requests"):
        show(lab, checks.ASKER, "ping", "-c", "1", nobody)
        lab.wait_packet("three requests", lambda p: (p.what, p.dst) == ("request", nobody), count=3)


def ask_a_group(lab: Lab) -> None:
    """w2 calls its neighbour w3 by IPv6, and then sends to all nodes."""
    bring_up(lab)
    call_a_stranger(lab, str(lab.node(checks.ASKED).spec.addresses6[checks.NETWORK]))
    with contextlib.ExitStack() as stack:
        with lab.step(f"On every host a program listens on port {PORT}, to {checks.ALL_NODES} as well"):
            listen = ("--listen", f"[::]:{PORT}", "--group", checks.ALL_NODES)
            receivers = [stack.enter_context(program(lab, node, "datagram_receiver", *listen)) for node in checks.HOSTS]
            for receiver in receivers:
                receiver.wait_for(checks.ALL_NODES)
        with (
            lab.step(f"w2 sends to {checks.ALL_NODES}, of which every node is a member; all of west show it"),
            program(lab, checks.ASKER, "datagram_sender", "--to", f"[{checks.ALL_NODES}]:{PORT}") as sender,
        ):
            sender.type(f"{checks.TO_ALL_NODES}\n")
            for receiver in receivers:
                receiver.wait_for(checks.TO_ALL_NODES)
            lab.wait_packet("the datagram", lambda p: p.payload == checks.TO_ALL_NODES.encode())


SCENARIOS = (
    Scenario(
        "arp", "Who does not know a neighbour's Ethernet address asks everybody, and one answers.",
        ROUTED_IN, ask_everybody,
        (
            checks.everybody_is_asked_and_one_answers,
            checks.who_was_asked_need_not_ask,
            checks.nobody_answers_for_nobody,
        ),
        shows=frozenset({"ARP"}),
        shares=True,
    ),
    Scenario(
        "neighbour-discovery", "IPv6 asks a small group instead of everybody, and has no broadcast at all.",
        ROUTED_IN, ask_a_group,
        (
            checks.a_group_is_asked_and_one_answers,
            checks.no_ipv6_frame_goes_to_everybody,
            checks.all_nodes_are_a_group,
        ),
        shows=frozenset({"neighbour discovery"}),
        shares=True,
    ),
)  # fmt: skip
