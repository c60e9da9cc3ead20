"""Multicast between networks: IGMP brings members to their router, PIM brings routers to each other."""

import contextlib

from lab.lab import Lab
from scenarios.casts.checks import routed_groups
from scenarios.casts.checks.routed_groups import GROUP, NEAR_GROUP
from scenarios.casts.groups import receiver, sender, wait_joined, wait_routed
from scenarios.casts.shared import TOPOLOGY, bring_up
from scenarios.scenario import Scenario

PORT, NEAR_PORT = 7007, 7008
MEMBERS = {"west": ("w2", "w3"), "east": ("e1", "e2", "e3")}
REACH = {1: MEMBERS["west"], 2: MEMBERS["west"], 3: MEMBERS["west"] + MEMBERS["east"]}
"""The members that a datagram reaches, by its TTL."""


def as_far_as_asked(lab: Lab) -> None:
    """Members in two networks join one group, members in one network another; w1 sends to both."""
    bring_up(lab)
    with contextlib.ExitStack() as programs:
        with lab.step(f"w2, w3 in the west and e1, e2, e3 in the east join {GROUP}"):
            everybody = [node for there in MEMBERS.values() for node in there]
            members = {n: programs.enter_context(receiver(lab, n, GROUP, port=PORT)) for n in everybody}
            for member in members.values():
                member.wait_for(f"joined {GROUP}")
            wait_joined(lab, GROUP, *members)
        with lab.step("r2 has asked r1 for the group (PIM), and both know by which network to pass it on"):
            wait_routed(lab, GROUP, "r2", "r1")
        with lab.step(f"w2 joins {NEAR_GROUP}, in the west alone; w1 sends to it with a TTL of 8, and w2 shows it"):
            near = programs.enter_context(receiver(lab, "w2", NEAR_GROUP, port=NEAR_PORT))
            near.wait_for(f"joined {NEAR_GROUP}")
            wait_joined(lab, NEAR_GROUP, "w2")
            programs.enter_context(sender(lab, "w1", NEAR_GROUP, "--ttl", "8", port=NEAR_PORT)).type("for w2 alone\n")
            near.wait_for("for w2 alone")
        for ttl, there in REACH.items():
            with lab.step(f"w1 sends to {GROUP} with a TTL of {ttl}; {', '.join(there)} show it"):
                programs.enter_context(sender(lab, "w1", GROUP, "--ttl", str(ttl), port=PORT)).type(f"ttl of {ttl}\n")
                for node in there:
                    members[node].wait_for(f"ttl of {ttl}")
                # Its datagrams make its router a route for this source alone, which may lead nowhere for a moment.
                wait_routed(lab, GROUP, "r1", source=str(lab.node("w1").spec.addresses["west"]))


SCENARIOS = (
    Scenario(
        "multicast-routed",
        "A group's datagram crosses as many routers as its TTL allows, where members asked, as one frame a network.",
        TOPOLOGY,
        as_far_as_asked,
        (
            routed_groups.ttl_says_how_far,
            routed_groups.one_frame_on_each_network,
            routed_groups.members_show_what_reaches_them,
            routed_groups.nothing_goes_where_nobody_asked,
        ),
        shares=True,
    ),
)  # fmt: skip
