"""The Ethernet address of a group holds 23 of its 28 bits, so 32 groups share one: what that means for a host.

224.  1.1.1   1110 0000 0|000 0001 ...
225.129.1.1   1110 0001 1|000 0001 ...      the bits left of the bar are lost: both are 01:00:5e:01:01:01

This is played where there is no querier. Where there is one, a bridge that snoops (see snooping.py) may keep the frames
of the other group away: Linux's tells groups apart by their IP addresses, many a switch by these Ethernet addresses.
"""

from lab.events import Packet
from lab.history import History
from lab.wire import is_group, joins_group
from scenarios.casts.checks.counters import looks
from scenarios.casts.checks.groups import frames
from scenarios.checks.datagrams import text_of, times_shown
from scenarios.checks.membership import said
from scenarios.verdict import Verdict, at, check, failed, passed

GROUP, TWIN = "224.1.1.1", "225.129.1.1"
MAC = "01:00:5e:01:01:01"
MEMBER = "receiver1"
TABLES = ("/proc/net/snmp", "/proc/net/dev_mcast")
"""What the kernel has counted, and which group addresses its interfaces take (man 5 proc)."""

HANDED_TO_IP = "InReceives"
"""IP's counter of all that interfaces handed to it (RFC 4293)."""


@check
def two_groups_share_a_mac(history: History) -> Verdict:
    """Frames to 224.1.1.1 and to 225.129.1.1 have one Ethernet address: only 23 bits of a group's are in it."""
    evidence = []
    for group in (GROUP, TWIN):
        sent = frames(history, group)
        if not sent:
            return failed(f"nothing was sent to {group}")
        if strange := [f for f in sent if f.eth_dst != MAC]:
            return failed(f"a datagram to {group} was sent to {strange[0].eth_dst}", [at(strange[0])])
        evidence.append(at(sent[0]))
    return passed(f"both went to {MAC}", evidence)


@check
def the_filter_takes_both(history: History) -> Verdict:
    """The interface of a host that joined one of them takes frames to both: it filters by Ethernet address alone."""
    if not said(history, MEMBER, GROUP, joins_group) or said(history, MEMBER, TWIN, joins_group):
        return failed(f"{MEMBER} should have asked for {GROUP}, and not for {TWIN}")
    seen = [(time, counters[HANDED_TO_IP]) for time, counters in looks(history, MEMBER, "Ip")]
    if len(seen) < 2:
        return failed(f"the kernel of {MEMBER} was looked into {len(seen)} times, not before and after")
    (before, first), (after, last) = seen[0], seen[-1]
    if MAC.replace(":", "") not in history.printed(MEMBER):
        return failed(f"no interface of {MEMBER} takes {MAC}")
    between = [p for p in history.packets() if before < p.time < after and _for_ip(history, p)]
    sent = [p for p in between if p.dst in (GROUP, TWIN)]
    if not any(p.dst == TWIN for p in sent):
        return failed(f"nothing was sent to {TWIN} between the two looks")
    if last - first < len(between):
        return failed(f"of {len(between)} packets on the wire, IP of {MEMBER} got {last - first}", map(at, sent))
    return passed(f"{MEMBER}'s interface takes {MAC}, and handed IP all {len(sent)} frames", map(at, sent))


def _for_ip(history: History, packet: Packet) -> bool:
    """Tell whether a packet is one of IPv4 that others sent to the member, or to any group."""
    mine, dst = history.address(MEMBER), packet.dst or ""
    is_ipv4 = packet.ttl is not None and ":" not in dst
    return is_ipv4 and packet.src != mine and (dst == mine or is_group(dst))


@check
def the_program_gets_one(history: History) -> Verdict:
    """IP knows the whole group: the member's program shows what is sent to 224.1.1.1, and not the other."""
    right, wrong = frames(history, GROUP), frames(history, TWIN)
    if not right or not wrong:
        return failed(f"nothing was sent to {TWIN if right else GROUP}")
    for frame in wrong:
        if times_shown(history, MEMBER, text_of(frame)):
            return failed(f"{MEMBER} showed {text_of(frame)!r}, which was sent to {TWIN}", [at(frame)])
    for frame in right:
        if not times_shown(history, MEMBER, text_of(frame)):
            return failed(f"{MEMBER} did not show {text_of(frame)!r}", [at(frame)])
    if right[-1].time < wrong[-1].time:
        return failed(f"nothing was sent to {GROUP} afterwards, so the rest may be under way", [at(wrong[-1])])
    return passed(f"{MEMBER} showed {len(right)} of {len(right) + len(wrong)} datagrams", map(at, (*wrong, *right)))
