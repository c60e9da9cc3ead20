"""Multicast in one network: members, the sender's own host, groups that never leave, and shared Ethernet addresses."""

import contextlib
import json
from functools import partial

from lab.events import Packet
from lab.lab import Lab
from lab.terminal import Terminal
from lab.waiting import eventually
from lab.wire import joins_group, leaves_group
from scenarios.casts.checks import group_macs, groups, local_groups
from scenarios.casts.shared import TOPOLOGY, bring_up, program
from scenarios.scenario import Scenario

PORT = 7005
REGISTER = "pimreg"
"""What FRR names the way to the rendezvous point; it is none to a network."""

Program = contextlib.AbstractContextManager[Terminal]


def receiver(lab: Lab, node: str, *joined: str, port: int = PORT, shared: bool = False) -> Program:
    """Run a receiver on a host while the block lasts, a member of these groups, or of none."""
    flags = [word for group in joined for word in ("--group", group)] + ["--share"] * shared
    return program(lab, node, "datagram_receiver", "--listen", str(port), *flags)


def sender(lab: Lab, node: str, to: str, *flags: str, port: int = PORT) -> Program:
    """Run a sender on a host while the block lasts."""
    return program(lab, node, "datagram_sender", "--to", f"{to}:{port}", *flags)


def wait_joined(lab: Lab, group: str, *members: str) -> None:
    """Wait until hosts have told their network that they want a group."""
    for node in members:
        lab.wait_packet(f"{node}'s IGMP report", partial(joins_group, group=group), sender=node)


def wait_routed(lab: Lab, group: str, *routers: str, source: str = "*") -> None:
    """Wait until routers know by which networks they are to pass a group on, of this source or whoever sends."""
    for router in routers:
        eventually(partial(_ways_out, lab, router, group, source), f"a route for {group} at {router}", every=0.1)


def _ways_out(lab: Lab, router: str, group: str, source: str) -> set[str]:
    """Return the interfaces by which a router passes on what a source sends to a group: by its route, or `*`."""
    told = lab.node(router).run(["vtysh", "-c", f"show ip mroute {group} json"]).output
    routes = json.loads(told or b"{}").get(group, {})
    route = routes.get(source) or routes.get("*", {})
    return set(route.get("oil", {})) - {route.get("iif"), REGISTER} if route.get("installed") else set()


# --- members ---


def members_get_it(lab: Lab) -> None:
    """Two programs on w2 join, w3 listens without joining; w2's programs leave, one after the other."""
    bring_up(lab)
    group, listening = groups.MEMBERS, "listening on"
    w2, w3 = (str(lab.node(name).spec.addresses["west"]) for name in ("w2", "w3"))
    with contextlib.ExitStack() as programs, contextlib.ExitStack() as going, contextlib.ExitStack() as staying:
        with lab.step(f"Two programs on w2 join {group}; one on w3 listens on the same port, and joins nothing"):
            first = going.enter_context(receiver(lab, "w2", group, shared=True))
            second = staying.enter_context(receiver(lab, "w2", group, shared=True))
            idle = programs.enter_context(receiver(lab, "w3"))
            for member in (first, second):
                member.wait_for(f"joined {group}")
            idle.wait_for(listening)
            wait_joined(lab, group, "w2")
        with lab.step("w1 sends to the group; both programs on w2 show it"):
            w1 = programs.enter_context(sender(lab, "w1", group))
            w1.type("for members\n")
            for member in (first, second):
                member.wait_for("for members")
        with lab.step("w1 sends to w3 itself; w3 shows it, so it listens"):
            programs.enter_context(sender(lab, "w1", w3)).type("for w3 itself\n")
            idle.wait_for("for w3 itself")
        with lab.step("One of w2's programs ends; w1 sends again, and the other shows it"):
            going.close()
            w1.type("for the one that stayed\n")
            second.wait_for("for the one that stayed")
        with lab.step("The other ends, too; now w2 tells its network that it goes"):
            staying.close()
            lab.wait_packet("w2's IGMP report that it goes", partial(leaves_group, group=group), sender="w2")
        with lab.step("w2 listens and joins nothing; w1 sends to the group, and then to w2 itself, which shows that"):
            late = programs.enter_context(receiver(lab, "w2"))
            late.wait_for(listening)
            w1.type("for nobody\n")
            lab.wait_packet("the datagram", lambda p: p.payload == b"for nobody")
            programs.enter_context(sender(lab, "w1", w2)).type("for w2 itself\n")
            late.wait_for("for w2 itself")


# --- the sender's own host ---


def hearing_oneself(lab: Lab) -> None:
    """w1 and w2 are members; w1 sends with IP_MULTICAST_LOOP off, then on."""
    bring_up(lab)
    group = groups.LOOP
    with contextlib.ExitStack() as programs:
        with lab.step(f"w1 and w2 join {group}"):
            members = {node: programs.enter_context(receiver(lab, node, group)) for node in ("w1", "w2")}
            for member in members.values():
                member.wait_for(f"joined {group}")
            wait_joined(lab, group, *members)
        with lab.step("w1 sends with IP_MULTICAST_LOOP off, and w2 shows it"):
            programs.enter_context(sender(lab, "w1", group, "--loop", "off")).type(f"{groups.LOOP_OFF}\n")
            members["w2"].wait_for(groups.LOOP_OFF)
        with lab.step("w1 sends with IP_MULTICAST_LOOP on; both show it"):
            programs.enter_context(sender(lab, "w1", group, "--loop", "on")).type(f"{groups.LOOP_ON}\n")
            for member in members.values():
                member.wait_for(groups.LOOP_ON)


# --- groups of one network ---


def local_groups_stay(lab: Lab) -> None:
    """w1 pings all routers and all hosts, and sends to a local group that has members in two networks."""
    bring_up(lab)
    local, marker = local_groups.LOCAL, local_groups.MARKER
    with lab.step(f"w1 pings {local_groups.ALL_ROUTERS}, and the router answers"):
        ping(lab, local_groups.ALL_ROUTERS, b"\x02", "r1")
    with lab.step(f"w1 pings {local_groups.ALL_HOSTS}; hosts and router answer"):
        ping(lab, local_groups.ALL_HOSTS, b"\x01", "w2", "w3", "r1")
    with contextlib.ExitStack() as programs:
        with lab.step(f"w2 joins {local}; so does e1, and {marker}, too; the routers know the way there"):
            near = programs.enter_context(receiver(lab, "w2", local))
            far = programs.enter_context(receiver(lab, "e1", local, marker))
            near.wait_for(f"joined {local}")
            far.wait_for(f"joined {marker}")
            wait_joined(lab, local, "w2", "e1")
            wait_routed(lab, marker, "r2", "r1")
        with lab.step(f"w1 sends to {local} with a TTL of 64, and w2 shows it"):
            programs.enter_context(sender(lab, "w1", local, "--ttl", "64")).type("for this network\n")
            near.wait_for("for this network")
        with lab.step(f"w1 sends to {marker} with the same TTL, and e1 shows it"):
            programs.enter_context(sender(lab, "w1", marker, "--ttl", "64")).type("for all networks\n")
            far.wait_for("for all networks")


def ping(lab: Lab, group: str, pattern: bytes, *who: str) -> None:
    """Let w1 ping a group once, with a pattern that tells its replies from others; wait until nodes have answered."""

    def answered(packet: Packet) -> bool:
        return packet.what == "echo reply" and packet.payload.endswith(pattern * 2)

    terminal = lab.node("w1").open(["ping", "-c", "1", "-p", pattern.hex(), group])
    for node in who:
        lab.wait_packet(f"{node}'s answer", answered, sender=node, receiver="w1")
    terminal.wait_for_end()


# --- Ethernet addresses ---


def one_mac_for_two_groups(lab: Lab) -> None:
    """receiver1 has joined 224.1.1.1; the sender sends to that group and to one with the same Ethernet address."""
    counts = ["grep", "-h", "Ip:\\|01005e", *group_macs.TABLES]
    with contextlib.ExitStack() as programs:
        with lab.step(f"receiver1 joins {group_macs.GROUP}; the sender is ready"):
            lab.start("receiver1", "sender")
            member = lab.node("receiver1")
        with lab.step("Look at what the kernel of receiver1 has counted"):
            member.open(counts).wait_for_end()
        with lab.step(f"Send to {group_macs.TWIN}, which nobody has joined, and then to {group_macs.GROUP}"):
            other = programs.enter_context(sender(lab, "sender", group_macs.TWIN, port=11000))
            for word in ("one", "two", "three"):
                other.type(f"{word} for the other group\n")
            lab.wait_packet("three datagrams", lambda p: p.dst == group_macs.TWIN, count=3)
            lab.node("sender").type("for our group")
            member.wait_for("for our group")
        with lab.step("Look at the kernel's counts again"):
            member.open(counts).wait_for_end()


SCENARIOS = (
    Scenario(
        "multicast-members",
        "Only hosts that joined a group by IGMP get its datagrams up to their programs, and then all of these do.",
        TOPOLOGY,
        members_get_it,
        (groups.join_and_leave_are_said_by_igmp, groups.only_members_get_it, groups.all_programs_of_a_host_get_it),
        shares=True,
    ),
    Scenario(
        "multicast-loop",
        "With IP_MULTICAST_LOOP off the sender's own host hears nothing of what it sends, with it on it does.",
        TOPOLOGY,
        hearing_oneself,
        (groups.loop_decides_for_the_own_host, groups.loop_is_nothing_to_the_others),
        shares=True,
    ),
    Scenario(
        "multicast-local",
        "All hosts answer at 224.0.0.1, routers alone at 224.0.0.2, and nothing to 224.0.0.x leaves its network.",
        TOPOLOGY,
        local_groups_stay,
        (
            local_groups.all_hosts_answer,
            local_groups.routers_alone_answer,
            local_groups.local_groups_never_leave,
            local_groups.local_members_get_it,
        ),
        shares=True,
    ),
    Scenario(
        "multicast-mac",
        "Groups that share an Ethernet address pass a host's filter together, and its program gets its own alone.",
        "multicast",
        one_mac_for_two_groups,
        (group_macs.two_groups_share_a_mac, group_macs.the_filter_takes_both, group_macs.the_program_gets_one),
    ),
)  # fmt: skip
