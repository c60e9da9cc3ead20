"""A switch that snoops: it reads the hosts' IGMP, and sends a group's frames only where somebody wants them.

           ┌── w1  sends                          w2 reports ──► the bridge keeps "group: port of w2", for a while
    bridge ┼── w2  member                         the querier asks again and again; w2 reports again
           ├── w3  wants nothing                  no snooping, or no querier: every frame to every port
           └── r1  querier: asks who wants what

The tap hears all that passes the bridge. What arrives at a host its own kernel counts (bytes that IP was handed), so
the datagrams here are long: one more or less can't be taken for anything else.
"""

from lab.events import Packet
from lab.history import History
from lab.wire import is_group, joins_group, memberships
from scenarios.casts.checks.counters import looks
from scenarios.casts.checks.groups import ROUTER, frames
from scenarios.checks.datagrams import text_of, times_shown
from scenarios.checks.membership import said
from scenarios.verdict import FailedError, Verdict, at, check, failed, passed

GROUP = "239.84.8.1"
NETWORK, MEMBER, OTHER = "west", "w2", "w3"
TO_ALL, TO_MEMBERS = "with snooping off", "with snooping on"
"""How the datagrams begin that are sent while the bridge does not snoop, and while it does."""
FORGETS_AFTER, ASKS_EVERY = 4, 1
"""Seconds, in the scenario: how long the bridge keeps a port after a report, and how often the router asks."""
DEFAULTS = "the defaults are 260 s and 125 s (RFC 3376, 8)"

TABLE = "/proc/net/netstat"
COUNTED_BY, COUNTER = "IpExt", "InOctets"
"""The bytes that IP was handed, in that file."""
ETHERNET_HEADER = 14


def datagram(history: History, words: str) -> Packet | None:
    """Return the first datagram to the group that begins with these words."""
    return next((f for f in frames(history, GROUP) if f.payload.startswith(words.encode())), None)


def arrived(history: History, frame: Packet) -> bool | None:
    """Tell whether a frame arrived at the host that wants nothing; None if its kernel was not looked into."""
    seen = [(time, counters[COUNTER]) for time, counters in looks(history, OTHER, COUNTED_BY)]
    before = [look for look in seen if look[0] < frame.time][-1:]
    after = [look for look in seen if look[0] > frame.time][:1]
    if not before or not after:
        return None
    (begin, first), (end, last) = before[0], after[0]
    mine = history.address(OTHER)
    rest = [
        p for p in history.packets()
        if p.network == frame.network and begin < p.time < end and p.dst != GROUP and p.src != mine
        and p.ttl is not None and ":" not in (p.dst or "") and (p.dst == mine or is_group(p.dst or ""))
    ]  # fmt: skip
    return last - first - sum(p.length - ETHERNET_HEADER for p in rest) > len(frame.payload) // 2


def _told(history: History, words: str, *, arrives: bool) -> Packet:
    """Return the datagram. FailedError if it or a look is missing, or it did not go where it should."""
    frame = datagram(history, words)
    if frame is None:
        raise FailedError(f"nothing was sent to {GROUP} {words}")
    if said(history, OTHER, GROUP, joins_group):
        raise FailedError(f"{OTHER} asked for {GROUP}, too, so it can't show what others get")
    if not times_shown(history, MEMBER, text_of(frame)):
        raise FailedError(f"{MEMBER} did not show what was sent {words}", [at(frame)])
    there = arrived(history, frame)
    if there is None:
        raise FailedError(
            f"nobody looked at what arrives at {OTHER} before and after the datagram {words}", [at(frame)]
        )
    if there is not arrives:
        raise FailedError(f"{words} the frame {'arrived' if there else 'did not arrive'} at {OTHER}", [at(frame)])
    return frame


@check
def without_snooping_all_get_it(history: History) -> Verdict:
    """A bridge that does not snoop sends a group's frames to every port."""
    frame = _told(history, TO_ALL, arrives=True)
    return passed(f"the frame arrived at {MEMBER}, and at {OTHER}, which had not asked", [at(frame)])


@check
def with_snooping_members_get_it(history: History) -> Verdict:
    """A bridge that snoops, where there is a querier, sends a group's frames to members' ports alone."""
    frame = _told(history, TO_MEMBERS, arrives=False)
    return passed(f"the frame arrived at {MEMBER}, and not at {OTHER}", [at(frame)])


def series(queries: list[Packet]) -> list[Packet]:
    """Return the last queries that came as often as the play has them come; one from before has other timers."""
    first = len(queries)
    while first and (first == len(queries) or queries[first].time - queries[first - 1].time <= 2 * ASKS_EVERY):
        first -= 1
    return queries[first:]


@check
def membership_lasts_while_it_is_asked_for(history: History) -> Verdict:
    """A membership outlasts the bridge's memory: the querier asks, and the member reports, before that ends."""
    frame, joined = datagram(history, TO_MEMBERS), said(history, MEMBER, GROUP, joins_group)
    if frame is None or not joined:
        return failed(f"{MEMBER} never asked for {GROUP}" if frame else f"nothing was sent to {GROUP} {TO_MEMBERS}")
    routers = {address for node in history.nodes(ROUTER) for address in history.addresses(node)}
    queries = series([
        p for p in history.packets("igmp")
        if p.network == NETWORK and p.src in routers and not memberships(p) and "query" in p.what
        and joined[0].time < p.time < frame.time
    ])  # fmt: skip
    if not queries or frame.time - queries[0].time <= FORGETS_AFTER:
        return failed(f"no router had asked for longer than {FORGETS_AFTER} s when it was sent", [at(frame)])
    reports = [p.time for p in joined if queries[0].time < p.time < frame.time]
    gaps = [after - before for before, after in zip([queries[0].time, *reports], [*reports, frame.time], strict=True)]
    if max(gaps) > FORGETS_AFTER:
        return failed(f"{MEMBER} said nothing for {max(gaps):.1f} s, and the bridge forgets after {FORGETS_AFTER} s")
    if not times_shown(history, MEMBER, text_of(frame)):
        return failed(f"{MEMBER} did not show what was sent {TO_MEMBERS}", [at(frame)])
    return passed(
        f"asked {len(queries)} times in {frame.time - queries[0].time:.0f} s, {MEMBER} reported {len(reports)} times; "
        f"here a bridge forgets after {FORGETS_AFTER} s, and is asked every {ASKS_EVERY} s: {DEFAULTS}",
        map(at, (queries[0], frame)),
    )
