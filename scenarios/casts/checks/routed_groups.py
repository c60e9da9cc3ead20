"""Multicast between networks: how far a datagram goes is up to its TTL, and to who has asked for it.

w1 ──one frame── west ── r1 ──one frame── backbone ── r2 ──one frame── east      however many members there are
"""

from itertools import pairwise

from lab.events import Packet
from lab.history import History
from lab.hops import forwarders, same_datagram
from lab.wire import joins_group
from scenarios.casts.checks.groups import HOST, others
from scenarios.casts.checks.networks import WAY
from scenarios.checks.datagrams import text_of, times_shown
from scenarios.checks.membership import is_member, said
from scenarios.verdict import Verdict, at, check, failed, passed

GROUP, NEAR_GROUP = "239.84.7.1", "239.84.7.2"
"""A group with members in west and east, and one with members in west alone."""


def ways(history: History, group: str) -> list[list[Packet]]:
    """Return the frames of each datagram to a group that began in the first network, each list in order of time."""
    first = [p for p in history.packets("udp") if p.dst == group and p.network == WAY[0]]
    origins = [p for p in first if history.node_at(p.src) in _hosts_on(history, WAY[0])]
    return [same_datagram(history, p) for p in {(p.sport, p.payload): p for p in reversed(origins)}.values()][::-1]


def _hosts_on(history: History, network: str) -> list[str]:
    return [node for node in history.nodes(HOST) if network in history.addresses(node).values()]


def _members_on(history: History, network: str, group: str, time: float) -> list[str]:
    return [node for node in _hosts_on(history, network) if is_member(history, node, group, time)]


@check
def ttl_says_how_far(history: History) -> Verdict:
    """A datagram with TTL 1 stays, with TTL 2 it crosses one router, with TTL n n-1; each takes one off."""
    sent = ways(history, GROUP)
    crossed: dict[int, str] = {}
    for frames in sent:
        ttl, text = frames[0].ttl or 0, text_of(frames[0])
        reach = list(WAY[: max(ttl, 1)])
        if list(dict.fromkeys(f.network for f in frames)) != reach:
            return failed(
                f"{text!r} with TTL {ttl} was on {', '.join(f.network for f in frames)}, not on {', '.join(reach)}",
                map(at, frames),
            )
        by_network = {f.network: f.ttl or 0 for f in reversed(frames)}
        if any(by_network[here] - by_network[there] != 1 for here, there in pairwise(reach)):
            return failed(f"the TTL of {text!r} was {', '.join(str(f.ttl) for f in frames)}", map(at, frames))
        crossed[ttl] = ", ".join(forwarders(history, frames[0])) or "no router"
    if missing := [ttl for ttl in range(1, len(WAY) + 1) if ttl not in crossed]:
        return failed(f"nothing was sent to {GROUP} with TTL {missing[0]}")
    if (sent[-1][0].ttl or 0) < len(WAY):
        return failed("nothing crossed all routers in the end, so the rest may be under way", map(at, sent[-1]))
    told = "; ".join(f"TTL {ttl} crossed {by}" for ttl, by in sorted(crossed.items()))
    return passed(told, [at(f) for frames in sent for f in frames])


@check
def one_frame_on_each_network(history: History) -> Verdict:
    """However many members there are, the sender sends one frame, and each network that it reaches has one."""
    sent = ways(history, GROUP)
    if not sent:
        return failed(f"nothing was sent to {GROUP}")
    for frames in sent:
        twice = [f for f in frames if sum(g.network == f.network for g in frames) > 1]
        if twice:
            return failed(
                f"{text_of(frames[0])!r} was {len(twice)} frames on {twice[0].network}", map(at, twice)
            )  # fmt: skip
    most = max(sent, key=len)
    members = {network: _members_on(history, network, GROUP, most[0].time) for network in (f.network for f in most)}
    if sum(len(there) > 1 for there in members.values()) < 2:
        return failed("there were not two members in each of two networks, so one frame is nothing special")
    told = ", ".join(f"{len(there)} in {network}" for network, there in members.items())
    return passed(f"members: {told}; frames: one on each", map(at, most))


@check
def members_show_what_reaches_them(history: History) -> Verdict:
    """Every member shows what reached its network, once, and nothing else."""
    sent = ways(history, GROUP)
    deliveries = 0
    for frames in sent:
        text, reached = text_of(frames[0]), {f.network for f in frames}
        for network in WAY:
            for node in _members_on(history, network, GROUP, frames[0].time):
                if node not in others(history, frames[0]):
                    continue
                times, wanted = times_shown(history, node, text), int(network in reached)
                if times != wanted:
                    return failed(f"{node} in {network} showed {text!r} {times} times, not {wanted}", map(at, frames))
                deliveries += wanted
    if not deliveries:
        return failed(f"nothing was sent to {GROUP} that a member could show")
    return passed(f"{len(sent)} datagrams were shown {deliveries} times")


@check
def nothing_goes_where_nobody_asked(history: History) -> Verdict:
    """A router with no members behind it passes nothing on, though the TTL would do, and others' groups pass it."""
    sent = ways(history, NEAR_GROUP)
    if not sent:
        return failed(f"nothing was sent to {NEAR_GROUP}")
    askers = [n for n in history.nodes(HOST) if said(history, n, NEAR_GROUP, joins_group)]
    if not askers or not set(askers) <= set(_hosts_on(history, WAY[0])):
        return failed(f"{NEAR_GROUP} was to have members in {WAY[0]} alone; it had {', '.join(askers) or 'none'}")
    for frames in sent:
        if gone := [f for f in frames if f.network != WAY[0]]:
            return failed(f"{text_of(gone[0])!r} was on {gone[0].network}, where nobody asked for it", map(at, gone))
    last = sent[-1][0]
    if (last.ttl or 0) < len(WAY):
        return failed(f"it had a TTL of {last.ttl}, so it could not go all the way anyway", [at(last)])
    later = [frames for frames in ways(history, GROUP) if frames[0].time > last.time and frames[-1].network == WAY[-1]]
    if not later:
        return failed(f"nothing that was sent to {GROUP} afterwards crossed the routers, so the way may have been shut")
    return passed(
        f"{text_of(last)!r}, with TTL {last.ttl}, stayed in {WAY[0]}; a later one for {GROUP} crossed both routers",
        map(at, (last, *later[-1])),
    )
