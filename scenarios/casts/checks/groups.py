"""Multicast in one network: who gets a group's datagrams, how hosts say what they want, and what never leaves.

w1 ──frame to the group's MAC address──► every interface that takes that address ──IP──► members' programs
w2 ──IGMP "I want the group"──► routers, and bridges that listen in
"""

from lab.events import Packet
from lab.history import History
from lab.wire import joins_group, leaves_group
from scenarios.checks.datagrams import text_of, times_shown
from scenarios.checks.membership import is_member, said
from scenarios.verdict import FailedError, Verdict, at, check, failed, passed

HOST, ROUTER = "host", "router"
MEMBERS, LOOP = "239.84.5.1", "239.84.5.2"
TWO_PROGRAMS = "w2"
"""The host on which two programs are members."""
LOOP_OFF, LOOP_ON = "with IP_MULTICAST_LOOP off", "with IP_MULTICAST_LOOP on"
IGMP_VERSIONS = {"v2": "IGMPv2", "v3": "IGMPv3"}

# --- what the others of this subject ask, too ---


def frames(history: History, *groups: str) -> list[Packet]:
    """Return the datagrams to these groups, on whichever network, in order of time."""
    return [p for p in history.packets("udp") if p.dst in groups]


def others(history: History, frame: Packet) -> list[str]:
    """Return the hosts that did not send a frame."""
    return [node for node in history.nodes(HOST) if node != history.node_at(frame.src)]


def listens(history: History, node: str, frame: Packet) -> bool:
    """Tell whether a node showed a later datagram to its own address and the same port."""
    mine = history.addresses(node)
    later = [p for p in history.packets("udp") if p.dst in mine and p.dport == frame.dport and p.time > frame.time]
    return any(times_shown(history, node, text_of(p)) for p in later)


# --- members ---


@check
def join_and_leave_are_said_by_igmp(history: History) -> Verdict:
    """A host says by IGMP that it wants the group before it gets anything, and says so when it goes."""
    sent = frames(history, MEMBERS)
    if not sent:
        return failed(f"nothing was sent to {MEMBERS}")
    joined = [node for node in history.nodes(HOST) if said(history, node, MEMBERS, joins_group)]
    if not joined:
        return failed(f"nobody asked for {MEMBERS}")
    evidence, words = [], []
    for node in joined:
        join = said(history, node, MEMBERS, joins_group)[0]
        if join.time > sent[0].time:
            return failed(f"{node} had not asked for {MEMBERS} when the first datagram was sent", [at(sent[0])])
        leaves = [p for p in said(history, node, MEMBERS, leaves_group) if p.time > join.time]
        if not leaves:
            return failed(f"{node} never said that it goes", [at(join)])
        versions = [p.what.split()[0] for p in (join, leaves[0])]
        if strange := [version for version in versions if version not in IGMP_VERSIONS]:
            return failed(f"{node} spoke IGMP{strange[0]}, which is neither 2 nor 3", [at(join)])
        words.append(f"{node}, by {IGMP_VERSIONS[versions[0]]}: {join.what}; {leaves[0].what}")
        evidence += [at(join), at(leaves[0])]
    return passed("; ".join(words), evidence)


@check
def only_members_get_it(history: History) -> Verdict:
    """Programs of member hosts show what is sent to the group; a program that listens without joining does not."""
    sent = frames(history, MEMBERS)
    deliveries, kept_from = 0, []
    for frame in sent:
        text = text_of(frame)
        for node in others(history, frame):
            times = times_shown(history, node, text)
            if is_member(history, node, MEMBERS, frame.time):
                if not times:
                    return failed(f"{node} was a member, and did not show {text!r}", [at(frame)])
                deliveries += 1
            elif times:
                return failed(f"{node} was no member, and showed {text!r}", [at(frame)])
            elif listens(history, node, frame):
                kept_from.append(f"{text!r} from {node}")
    if not deliveries:
        return failed(f"nothing was sent to {MEMBERS} while somebody was a member")
    if not kept_from:
        return failed("nobody was seen to listen on the port without being a member", map(at, sent))
    return passed(f"members were delivered to {deliveries} times; kept {', '.join(kept_from)}", map(at, sent))


@check
def all_programs_of_a_host_get_it(history: History) -> Verdict:
    """Two programs of one host both get what was one frame; when one leaves, the other still gets it."""
    there = [f for f in frames(history, MEMBERS) if is_member(history, TWO_PROGRAMS, MEMBERS, f.time)]
    if len(there) < 2:
        return failed(f"{len(there)} datagrams were sent while {TWO_PROGRAMS} was a member, so nothing can be compared")
    for frame, wanted in zip(there, (2, 1), strict=False):
        copies = [f for f in there if f.payload == frame.payload]
        if len(copies) > 1:
            return failed(f"{text_of(frame)!r} was {len(copies)} frames", map(at, copies))
        times = times_shown(history, TWO_PROGRAMS, text_of(frame))
        if times != wanted:
            return failed(f"{TWO_PROGRAMS} showed {text_of(frame)!r} {times} times instead of {wanted}", [at(frame)])
    return passed(f"{TWO_PROGRAMS} showed one frame twice, and the next, after one had left, once", map(at, there[:2]))


# --- the sender's own host ---


def _looped(history: History) -> dict[str, Packet]:
    """Return the frame of each of the two datagrams. FailedError if one is missing, or the sender's host no member."""
    found = {}
    for text in (LOOP_OFF, LOOP_ON):
        sent = [f for f in frames(history, LOOP) if text_of(f) == text]
        if len(sent) != 1:
            raise FailedError(f"{text!r} was {len(sent)} frames on the wire, not one", map(at, sent))
        found[text] = sent[0]
        sender = history.node_at(sent[0].src)
        if sender is None or not is_member(history, sender, LOOP, sent[0].time):
            raise FailedError(f"the sender's own host was no member when {text!r} was sent", map(at, sent))
    if found[LOOP_ON].time < found[LOOP_OFF].time:
        raise FailedError(f"{LOOP_ON!r} was sent first, so it does not show that the other would have come")
    return found


@check
def loop_decides_for_the_own_host(history: History) -> Verdict:
    """With IP_MULTICAST_LOOP off a member on the sender's own host hears nothing, with it on it does."""
    found = _looped(history)
    sender = history.node_at(found[LOOP_ON].src) or ""
    if times_shown(history, sender, LOOP_OFF):
        return failed(f"{sender} showed {LOOP_OFF!r}, which it had sent itself", [at(found[LOOP_OFF])])
    if not times_shown(history, sender, LOOP_ON):
        return failed(f"{sender} did not show {LOOP_ON!r}, which it had sent itself", [at(found[LOOP_ON])])
    return passed(f"{sender} heard itself only {LOOP_ON}", map(at, found.values()))


@check
def loop_is_nothing_to_the_others(history: History) -> Verdict:
    """Members on other hosts get it either way: the setting is about the sender's own host."""
    found = _looped(history)
    members = [
        node for node in others(history, found[LOOP_ON])
        if all(is_member(history, node, LOOP, frame.time) for frame in found.values())
    ]  # fmt: skip
    if not members:
        return failed("no other host was a member")
    for node in members:
        for text, frame in found.items():
            if not times_shown(history, node, text):
                return failed(f"{node} did not show {text!r}", [at(frame)])
    return passed(f"{', '.join(members)} showed both", map(at, found.values()))
