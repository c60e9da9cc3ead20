"""Broadcast: to all of one's own network, to all of another one, and who lets that in.

A router passes no broadcast on. To 255.255.255.255, because that means "this network". To the last address of a
network's subnet, because of what strangers did with it: one datagram to 10.84.1.255 under a false source address, and
every host of the network answers to whoever has that address. One frame in, hundreds out (a Smurf attack). So since
1999 routers keep such datagrams out unless they are told otherwise (RFC 2644).
"""

import contextlib
from collections.abc import Iterator

from lab.lab import Lab
from lab.terminal import Terminal
from lab.waiting import eventually
from scenarios.casts.checks import broadcast_reach as checks
from scenarios.casts.shared import TOPOLOGY, bring_up, program
from scenarios.scenario import Scenario

ROUTED_IN = "directed"
PORT = 7301
SETTING = "net.ipv4.conf.all.bc_forwarding"


@contextlib.contextmanager
def listening(lab: Lab, *nodes: str) -> Iterator[dict[str, Terminal]]:
    """Have hosts listen while the block lasts."""
    with contextlib.ExitStack() as stack:
        with lab.step(f"{', '.join(nodes)} listen on port {PORT}"):
            receivers = {
                node: stack.enter_context(program(lab, node, "datagram_receiver", "--listen", str(PORT)))
                for node in nodes
            }
            for receiver in receivers.values():
                receiver.wait_for(f":{PORT}")
        yield receivers


def broadcast_address(lab: Lab) -> str:
    """Return the address of all of west: the last of its subnet."""
    return str(lab.topology.networks[checks.HOME].subnet.broadcast_address)


def address(lab: Lab, node: str) -> str:
    """Return a host's address."""
    return str(next(iter(lab.node(node).spec.addresses.values())))


def wait_seen(lab: Lab, text: str, network: str) -> None:
    """Wait until a datagram with this text is seen on a network."""
    lab.wait_packet(f"{text!r} on {network}", lambda p: p.payload == text.encode() and p.network == network)


def show(lab: Lab, node: str, *command: str) -> str:
    """Have a host show something on its terminal; return it."""
    terminal = lab.node(node).open(list(command))
    terminal.wait_for_end()
    return terminal.transcript


def to_all_of_this_network(lab: Lab) -> None:
    """w1 sends to 255.255.255.255, first without being allowed to; w3, which does not listen, is looked at closely."""
    look = ("nstat", "-asz", *checks.COUNTERS)  # absolute values, zeros too, and leave no file behind
    bring_up(lab)
    with listening(lab, "w1", "w2", "e1") as receivers:
        with lab.step("w3 does not listen; see what its kernel has counted up to now"):
            before = show(lab, checks.SLEEPER, *look)
        with (
            lab.step("w1 sends to 255.255.255.255, and has not asked whether it may broadcast"),
            program(lab, checks.SENDER, "datagram_sender", "--to", f"{checks.LIMITED}:{PORT}") as sender,
        ):
            sender.type(f"{checks.UNALLOWED}\n")
            sender.wait_for(checks.REFUSED)
        with (
            lab.step("w1 asks first (SO_BROADCAST), and sends again; w1 and w2 show it"),
            program(lab, checks.SENDER, "datagram_sender", "--to", f"{checks.LIMITED}:{PORT}", "--broadcast") as sender,
        ):
            sender.type(f"{checks.TO_ALL_HERE}\n")
            for node in checks.HEARERS[checks.TO_ALL_HERE]:
                receivers[node].wait_for(checks.TO_ALL_HERE)
        with lab.step("The kernel of w3 has counted it, too"):
            eventually(
                lambda: lab.node(checks.SLEEPER).run(list(look)).output != before.encode(), "the counters of w3 rising"
            )
            show(lab, checks.SLEEPER, *look)
        with (
            lab.step("w1 sends to e1 alone: the way through the routers is open"),
            program(lab, checks.SENDER, "datagram_sender", "--to", f"{address(lab, checks.ABROAD)}:{PORT}") as sender,
        ):
            sender.type(f"{checks.TO_ONE}\n")
            receivers[checks.ABROAD].wait_for(checks.TO_ONE)
            wait_seen(lab, checks.TO_ONE, "east")


def to_all_of_a_subnet(lab: Lab) -> None:
    """w1 sends to all of its own subnet, then e1 to all of that subnet, from two routers away."""
    bring_up(lab)
    place = f"{broadcast_address(lab)}:{PORT}"
    with listening(lab, "w1", "w2", "w3") as receivers:
        with (
            lab.step("w1 sends to the last address of its subnet; every host of west shows it"),
            program(lab, checks.SENDER, "datagram_sender", "--to", place, "--broadcast") as sender,
        ):
            sender.type(f"{checks.TO_ALL_OF_WEST}\n")
            for receiver in receivers.values():
                receiver.wait_for(checks.TO_ALL_OF_WEST)
            wait_seen(lab, checks.TO_ALL_OF_WEST, checks.HOME)
        with lab.step("r1, the router of west, has what is the default"):
            show(lab, checks.ROUTER, "sysctl", SETTING)
        with (
            lab.step("e1 sends to the same address, which is like any other to it; r1 gets it"),
            program(lab, checks.ABROAD, "datagram_sender", "--to", place) as sender,
        ):
            sender.type(f"{checks.AFAR}\n")
            wait_seen(lab, checks.AFAR, "backbone")
        with (
            lab.step("e1 sends to w1 alone: the way through the routers is open"),
            program(lab, checks.ABROAD, "datagram_sender", "--to", f"{address(lab, checks.SENDER)}:{PORT}") as sender,
        ):
            sender.type(f"{checks.WAY_IS_OPEN}\n")
            receivers[checks.SENDER].wait_for(checks.WAY_IS_OPEN)
            wait_seen(lab, checks.WAY_IS_OPEN, checks.HOME)


def to_all_of_another_network(lab: Lab) -> None:
    """e1 sends to all of west, and the router between them was told to let that in."""
    bring_up(lab)
    with listening(lab, *checks.HEARERS[checks.LET_IN]) as receivers:
        with lab.step("r1 was told to let broadcasts in, which routers do not do by default"):
            show(lab, checks.ROUTER, "sysctl", SETTING)
        with (
            lab.step("e1 sends one datagram to the last address of west's subnet; every host of west shows it"),
            program(lab, checks.ABROAD, "datagram_sender", "--to", f"{broadcast_address(lab)}:{PORT}") as sender,
        ):
            sender.type(f"{checks.LET_IN}\n")
            for receiver in receivers.values():
                receiver.wait_for(checks.LET_IN)
            wait_seen(lab, checks.LET_IN, checks.HOME)


SCENARIOS = (
    Scenario(
        "broadcast-limited", "A datagram to 255.255.255.255 wakes every host of its network and passes no router.",
        TOPOLOGY, to_all_of_this_network,
        (
            checks.one_frame_to_the_address_of_all,
            checks.every_listener_hears_it_once,
            checks.who_does_not_listen_is_woken_too,
            checks.no_router_passes_it_on,
            checks.nothing_leaves_unless_broadcasts_are_allowed,
        ),
        shares=True,
    ),
    Scenario(
        "broadcast-directed", "A subnet's last address reaches all of it from inside, and nobody from another network.",
        TOPOLOGY, to_all_of_a_subnet,
        (
            checks.one_frame_to_the_address_of_all,
            checks.every_listener_hears_it_once,
            checks.it_travels_as_for_one_host,
            checks.the_last_router_keeps_it_out,
        ),
        shares=True,
    ),
    Scenario(
        "broadcast-forwarded", "A router that is told to lets a broadcast in: one datagram from afar wakes a network.",
        ROUTED_IN, to_all_of_another_network,
        (
            checks.it_travels_as_for_one_host,
            checks.a_router_that_is_told_to_lets_it_in,
            checks.one_frame_to_the_address_of_all,
            checks.every_listener_hears_it_once,
        ),
        shares=True,
    ),
)  # fmt: skip
