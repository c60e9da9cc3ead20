"""Unicast: a datagram for one host passes two routers, and nobody else gets it; in IPv4, and in IPv6."""

import contextlib
from functools import partial

from lab.events import Packet
from lab.lab import Lab
from scenarios.casts.checks import unicast
from scenarios.casts.shared import TOPOLOGY, bring_up, program
from scenarios.scenario import Scenario

PORT = 7001
WORDS = {"IPv4": "for e1 alone", "IPv6": "for e1 alone, in IPv6"}


def one_reaches_one(lab: Lab) -> None:
    """Everybody listens on the same port; w1 sends to e1."""
    bring_up(lab)
    e1 = lab.node("e1").spec
    places = {
        "IPv4": (PORT, f"{e1.addresses['east']}:{PORT}"),
        "IPv6": (PORT + 1, f"[{e1.addresses6['east']}]:{PORT + 1}"),
    }
    for family, (port, place) in places.items():
        with contextlib.ExitStack() as programs:
            with lab.step(f"w2, e1 and e2 listen on UDP port {port}"):
                listening = {
                    node: programs.enter_context(
                        program(
                            lab,
                            node,
                            "datagram_receiver",
                            "--listen",
                            f"[::]:{port}" if family == "IPv6" else str(port),
                        )
                    )
                    for node in ("w2", "e1", "e2")
                }
                for terminal in listening.values():
                    terminal.wait_for("listening on")
            with lab.step(f"w1 sends to e1 by {family}, and e1 shows it"):
                sender = programs.enter_context(program(lab, "w1", "datagram_sender", "--to", place))
                sender.type(f"{WORDS[family]}\n")
                listening["e1"].wait_for(WORDS[family])
            with lab.step("The datagram was seen on all three networks"):
                lab.wait_packet("the datagram", partial(carries, WORDS[family]), count=3)


def carries(words: str, packet: Packet) -> bool:
    """Tell whether a packet carries these words."""
    return packet.payload == words.encode()


SCENARIOS = (
    Scenario(
        "unicast",
        "A datagram reaches the one host that it is for, through both routers, each of which takes one off its TTL.",
        TOPOLOGY,
        one_reaches_one,
        (
            unicast.one_host_gets_it,
            unicast.one_frame_on_each_network,
            unicast.each_router_takes_one_off_the_ttl,
            unicast.ip_addresses_stay,
            unicast.mac_addresses_change_at_each_hop,
        ),
        shares=True,
    ),
)  # fmt: skip
