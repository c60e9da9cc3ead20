"""Whom an address reaches: one datagram of each kind, with the same hosts listening, counted everywhere.

w1 sends. All hosts but w3 listen; w2 and e1 have joined the group. Before and after each datagram, every host's kernel
is asked how many UDP datagrams came up to it: a stack may take what no program gets.
"""

import contextlib
from collections.abc import Mapping
from itertools import zip_longest

from lab.lab import Lab
from lab.waiting import eventually
from scenarios.casts import reach_page
from scenarios.casts.checks import reach
from scenarios.casts.shared import TOPOLOGY, bring_up, program
from scenarios.scenario import Scenario

GROUP = "239.84.1.1"
PORT = 7010


def one_of_each(lab: Lab) -> None:
    """Send one datagram of each kind, and count."""
    bring_up(lab)
    terminals = {"anycast1": lab.node("anycast1").terminal}
    with contextlib.ExitStack() as programs:
        with lab.step(f"All hosts but w3 listen on UDP port {PORT}; w2 and e1 join {GROUP}"):
            for node in reach.HOSTS:
                if node != "w3":
                    group = ["--group", GROUP] if node in ("w2", "e1") else []
                    listener = program(lab, node, "datagram_receiver", "--listen", str(PORT), *group)
                    terminals[node] = programs.enter_context(listener)
                    terminals[node].wait_for(f"joined {GROUP}" if group else "listening on")
        with lab.step(f"The routers know that {GROUP} is wanted in the east"):
            eventually(lambda: GROUP in groups_known(lab, "r1"), f"r1 knows {GROUP}")
        kinds = destinations(lab)
        with lab.step("All hosts tell how many datagrams have come up to them"):
            read_counters(lab, f"before {next(iter(kinds))}")
        for (kind, (place, flags)), following in zip_longest(kinds.items(), list(kinds)[1:]):
            with lab.step(f"w1 sends to {place}: {kind}"):
                sender = programs.enter_context(program(lab, "w1", "datagram_sender", "--to", place, *flags))
                sender.type(f"{reach.WORDS}{kind}\n")
                for node in reach.EXPECTED[kind].programs:
                    terminals[node].wait_for(f"{reach.WORDS}{kind}")
                read_counters(lab, f"after {kind}", *([f"before {following}"] if following else []))


def destinations(lab: Lab) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Return where each kind of cast goes, and the sender's flags."""
    west = lab.topology.networks["west"].subnet
    anycast = lab.node("anycast1").spec
    return {
        "unicast": (f"{lab.node('e1').spec.addresses['east']}:{PORT}", ()),
        "anycast": (f"{anycast.anycast}:{anycast.port}", ()),
        "multicast": (f"{GROUP}:{PORT}", ("--ttl", "3")),
        "limited broadcast": (f"255.255.255.255:{PORT}", ("--broadcast",)),
        "directed broadcast": (f"{west.broadcast_address}:{PORT}", ("--broadcast",)),
    }


def groups_known(lab: Lab, router: str) -> str:
    """Return what a router says of groups."""
    return lab.node(router).run(["vtysh", "-c", "show ip pim state"]).output.decode("utf-8", "replace")


def read_counters(lab: Lab, *when: str) -> None:
    """Have every host's kernel say its counters, into the history: what is after one datagram is before the next."""
    say = 'for when; do echo "counters $when"; cat /proc/net/snmp; done'
    readings = [lab.node(node).open(["sh", "-c", say, "sh", *when]) for node in reach.HOSTS]
    for reading in readings:
        reading.wait_for_end()


SCENARIOS = (
    Scenario(
        "reach",
        "One, any, many or all: each kind of address reaches those that it should, by one frame of the sender.",
        TOPOLOGY,
        one_of_each,
        (reach.programs_reached, reach.stacks_reached, reach.one_frame_is_sent, reach.routers_forward_what_they_should),
        shares=True,
        drawings=reach_page.drawings,
        page=reach_page.PAGE,
    ),
)
