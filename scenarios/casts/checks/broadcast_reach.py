"""Broadcast: one frame for everybody of a network, whether they asked for it or not; and where it stops.

w1 ──► ff:ff:ff:ff:ff:ff ──► w1 w2 w3 r1     every stack takes it; programs that listen get it
                                      │
                                      ■      a router keeps it, and passes it on to nobody
"""

import re
from itertools import pairwise

from lab.events import Packet
from lab.history import History
from lab.hops import sightings, stations
from scenarios.verdict import Verdict, at, check, failed, passed

EVERYBODY = "ff:ff:ff:ff:ff:ff"
LIMITED = "255.255.255.255"
HOME, ROUTER = "west", "r1"
SENDER, SLEEPER, ABROAD = "w1", "w3", "e1"

# What is said, each in words of its own: to all of the sender's network, to all of another one, and to one host.
TO_ALL_HERE, UNALLOWED, TO_ONE = "limited: to everybody here", "limited: without being allowed", "limited: to e1 alone"
TO_ALL_OF_WEST, AFAR, WAY_IS_OPEN = "directed: to all of west", "directed: to west from afar", "directed: to w1 alone"
LET_IN = "forwarded: to west from afar"

HEARERS = {TO_ALL_HERE: ("w1", "w2"), TO_ALL_OF_WEST: ("w1", "w2", "w3"), LET_IN: ("w1", "w2", "w3")}
"""Who listens when it is said. A sender's own host is one of its network."""

COUNTERS = ("IpExtInBcastPkts", "UdpIgnoredMulti")
"""What the kernel counts: broadcasts that came in; and those of UDP that no program of the host listened for."""
_COUNTER = re.compile(rf"^({'|'.join(COUNTERS)})\s+(\d+)", re.MULTILINE)
_LETS_IN = re.compile(r"bc_forwarding = (\d)")
REFUSED = re.compile("permission denied", re.IGNORECASE)


def frames(history: History, text: str) -> dict[str, list[Packet]]:
    """Return the frames that carry a text, by network, in the order in which they saw it."""
    return sightings(history, payload=text.encode())


def counts(history: History, node: str) -> dict[str, list[int]]:
    """Return what a node's counters were each time that somebody looked."""
    found: dict[str, list[int]] = {name: [] for name in COUNTERS}
    for name, number in _COUNTER.findall(history.printed(node)):
        found[name].append(int(number))
    return found


def is_to_many(frame: Packet) -> bool:
    """Tell whether a frame is for more than one: the lowest bit of the first byte of its address is set."""
    return bool(int(frame.eth_dst[:2], 16) & 1)


@check
def one_frame_to_the_address_of_all(history: History) -> Verdict:
    """However many are on the network, a broadcast is one frame, to ff:ff:ff:ff:ff:ff."""
    said = {text: frames(history, text).get(HOME, []) for text in HEARERS}
    said = {text: sent for text, sent in said.items() if sent}
    if not said:
        return failed(f"nothing was broadcast in {HOME}")
    for text, sent in said.items():
        if len(sent) != 1:
            return failed(f"{text!r} was {len(sent)} frames in {HOME}", map(at, sent))
        if sent[0].eth_dst != EVERYBODY:
            return failed(f"{text!r} was sent to {sent[0].eth_dst}", map(at, sent))
        if history.holders(sent[0].dst or ""):
            return failed(f"{text!r} was sent to {sent[0].dst}, which is the address of one node", map(at, sent))
    places = ", ".join(f"{sent[0].dst} is {EVERYBODY}" for sent in said.values())
    return passed(f"one frame each: {places}", [at(p) for sent in said.values() for p in sent])


@check
def every_listener_hears_it_once(history: History) -> Verdict:
    """Every host of the network that listens on the port gets the broadcast, once."""
    said = [text for text in HEARERS if frames(history, text)]
    if not said:
        return failed("nothing was broadcast")
    for text in said:
        for node in HEARERS[text]:
            if (times := history.printed(node).count(text)) != 1:
                return failed(f"{node} showed {text!r} {times} times")
    return passed("; ".join(f"{text!r} was shown by {', '.join(HEARERS[text])}" for text in said))


@check
def who_does_not_listen_is_woken_too(history: History) -> Verdict:
    """The stack of a host with no listener takes the frame all the same, and finds nobody to give it to."""
    sent = frames(history, TO_ALL_HERE).get(HOME, [])
    if not sent:
        return failed(f"nothing was broadcast in {HOME}")
    if TO_ALL_HERE in history.printed(SLEEPER):
        return failed(f"{SLEEPER} showed {TO_ALL_HERE!r}, so it did listen")
    told = []
    for name, seen in counts(history, SLEEPER).items():
        if len(seen) < 2:
            return failed(f"{name} of {SLEEPER} was not read before and after")
        if seen[-1] <= seen[0]:
            return failed(f"{name} of {SLEEPER} stayed {seen[0]}", map(at, sent))
        told.append(f"{name} {seen[0]} to {seen[-1]}")
    return passed(f"at {SLEEPER}: {', '.join(told)}", map(at, sent))


@check
def no_router_passes_it_on(history: History) -> Verdict:
    """A limited broadcast is on its own network alone, while what was sent to one host after it crosses the others."""
    seen, later = frames(history, TO_ALL_HERE), frames(history, TO_ONE)
    if HOME not in seen:
        return failed(f"nothing was broadcast in {HOME}")
    if stray := [p for network, sent in seen.items() if network != HOME for p in sent]:
        return failed(f"it was seen on {', '.join(n for n in seen if n != HOME)} as well", map(at, stray))
    if [p for p in seen[HOME] if p.dst != LIMITED]:
        return failed(f"it was not sent to {LIMITED}", map(at, seen[HOME]))
    others = [network for network in later if network != HOME]
    if not others or later[others[-1]][0].time < seen[HOME][0].time or TO_ONE not in history.printed(ABROAD):
        return failed(f"nothing reached {ABROAD} after it, so it is not known whether the way was open")
    return passed(f"on {HOME} alone; what was sent after it is on {', '.join(others)}, too",
                  [at(seen[HOME][0]), *(at(later[network][0]) for network in others)])  # fmt: skip


@check
def nothing_leaves_unless_broadcasts_are_allowed(history: History) -> Verdict:
    """A program that did not ask for leave (SO_BROADCAST) is told "permission denied", and no frame leaves its host."""
    if not REFUSED.search(history.printed(SENDER)):
        return failed(f'the terminal of {SENDER} shows no "permission denied"')
    if left := [p for sent in frames(history, UNALLOWED).values() for p in sent]:
        return failed("it was sent all the same", map(at, left))
    later = frames(history, TO_ALL_HERE).get(HOME, [])
    if not later:
        return failed(f"{SENDER} broadcast nothing afterwards, so it is not known whether it could")
    return passed("permission denied; the first frame is the one that was allowed", [at(later[0])])


@check
def it_travels_as_for_one_host(history: History) -> Verdict:
    """On the way to its network, a directed broadcast is a datagram like any other: one frame a hop, to one machine."""
    text = next((text for text in (AFAR, LET_IN) if frames(history, text)), None)
    if text is None:
        return failed("nothing was sent to west from afar")
    way = [sent for network, sent in frames(history, text).items() if network != HOME]
    if not way:
        return failed(f"{text!r} was seen on {HOME} alone")
    for sent in way:
        if len(sent) != 1 or is_to_many(sent[0]):
            return failed(f"{text!r} was {len(sent)} frames on {sent[0].network}, to {sent[0].eth_dst}", map(at, sent))
    for [before], [after] in pairwise(way):
        if after.ttl != (before.ttl or 0) - 1:
            return failed(f"its TTL was {before.ttl}, then {after.ttl}", [at(before), at(after)])
    hops = ", ".join(f"{sent[0].network}: to {sent[0].eth_dst}, TTL {sent[0].ttl}" for sent in way)
    return passed(hops, [at(sent[0]) for sent in way])


@check
def the_last_router_keeps_it_out(history: History) -> Verdict:
    """The router on the network's edge drops it, as routers do by default, and lets in what is for one host."""
    seen, later = frames(history, AFAR), frames(history, WAY_IS_OPEN)
    if not seen:
        return failed("nothing was sent to west from afar")
    if HOME in seen:
        return failed(f"it was let into {HOME}", map(at, seen[HOME]))
    if shown := [node for node in HEARERS[TO_ALL_OF_WEST] if AFAR in history.printed(node)]:
        return failed(f"{', '.join(shown)} showed it")
    if _settings(history) != {"0"}:
        return failed(f"{ROUTER} does not show that it has its default setting")
    last = next(reversed(seen.values()))[-1]
    if not later.get(HOME) or later[HOME][0].time < last.time or WAY_IS_OPEN not in history.printed(SENDER):
        return failed(f"nothing reached {SENDER} after it, so it is not known whether the way was open", [at(last)])
    return passed(
        f"last seen on {last.network}; what was sent to {SENDER} after it came in", [at(last), at(later[HOME][0])]
    )


@check
def a_router_that_is_told_to_lets_it_in(history: History) -> Verdict:
    """With one setting, the last router makes one frame to all of it, from the same source, with a TTL lower by one."""
    seen = frames(history, LET_IN)
    if _settings(history) != {"1"}:
        return failed(f"{ROUTER} does not show that it was told to let broadcasts in")
    if HOME not in seen:
        return failed(f"it was not let into {HOME}", [at(p) for sent in seen.values() for p in sent])
    outside = [sent[-1] for network, sent in seen.items() if network != HOME]
    if not outside or history.node_at(outside[-1].src) != ABROAD:
        return failed(f"it was not sent from afar by {ABROAD}", map(at, seen[HOME]))
    before, sent = outside[-1], seen[HOME][0]
    if (sent.src, sent.dst, sent.ttl) != (before.src, before.dst, (before.ttl or 0) - 1):
        return failed(f"it came from {sent.src} with TTL {sent.ttl}, after {before.src} and TTL {before.ttl}",
                      [at(before), at(sent)])  # fmt: skip
    by = stations(history).get((HOME, sent.eth_src), ROUTER)
    if by != ROUTER or sent.eth_dst != EVERYBODY or sent.eth_src == before.eth_src:
        return failed(f"it was brought in by {by}, {sent.eth_src}, to {sent.eth_dst}", [at(before), at(sent)])
    return passed(f"to {before.eth_dst} on {before.network}, to {EVERYBODY} on {HOME}", [at(before), at(sent)])


def _settings(history: History) -> set[str]:
    """Return what a router showed of its setting."""
    return set(_LETS_IN.findall(history.printed(ROUTER)))
