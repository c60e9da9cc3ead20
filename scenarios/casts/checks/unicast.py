"""Unicast: one host gets it; routers change the Ethernet header and the TTL, and nothing else."""

from itertools import pairwise

from lab.events import Packet
from lab.history import History
from scenarios.casts.checks.networks import WAY
from scenarios.checks.datagrams import text_of, times_shown
from scenarios.verdict import FailedError, Verdict, at, check, failed, passed

SENDER, RECEIVER = "w1", "e1"


def ways(history: History) -> dict[str, list[Packet]]:
    """Return the frames of each datagram from the sender to the receiver, by its words, in order of time.

    FailedError if there is none.
    """
    found: dict[str, list[Packet]] = {}
    for packet in history.packets("udp"):
        if (history.node_at(packet.src), history.node_at(packet.dst)) == (SENDER, RECEIVER):
            found.setdefault(text_of(packet), []).append(packet)
    if not found:
        raise FailedError(f"no datagram from {SENDER} to {RECEIVER} was on the wire")
    return found


def _all_the_way(history: History) -> dict[str, list[Packet]]:
    """Return the frames of each datagram. FailedError if there is none, or one was not seen once on each network."""
    found = ways(history)
    for text, frames in found.items():
        networks = [frame.network for frame in frames]
        if networks != [*WAY]:
            raise FailedError(
                f"{text!r} was on {', '.join(networks)}, not once on each of {', '.join(WAY)}", map(at, frames)
            )
    return found


def _all(found: dict[str, list[Packet]]) -> list[str]:
    return [at(frame) for frames in found.values() for frame in frames]


@check
def one_host_gets_it(history: History) -> Verdict:
    """The host that a datagram is for shows it, and no other does."""
    found = ways(history)
    for text, frames in found.items():
        for node in history.nodes():
            shows = times_shown(history, node, text) > 0
            if node != SENDER and shows is not (node == RECEIVER):
                return failed(f"{node} {'shows' if shows else 'does not show'} {text!r}", map(at, frames))
    return passed(f"{RECEIVER} alone shows {len(found)} datagrams")


@check
def one_frame_on_each_network(history: History) -> Verdict:
    """The datagram is on each network of its way once, in the order of the way."""
    found = _all_the_way(history)
    return passed(f"{len(found)} datagrams, one frame on each of {', '.join(WAY)}", _all(found))


@check
def each_router_takes_one_off_the_ttl(history: History) -> Verdict:
    """The TTL (in IPv6, the hop limit) falls by one at each router."""
    found = _all_the_way(history)
    lives = {text: [frame.ttl for frame in frames] for text, frames in found.items()}
    for text, ttls in lives.items():
        if any(before is None or after != before - 1 for before, after in pairwise(ttls)):
            return failed(f"the TTL of {text!r} was {', '.join(map(str, ttls))}", map(at, found[text]))
    return passed("; ".join(", ".join(map(str, ttls)) for ttls in lives.values()), _all(found))


@check
def ip_addresses_stay(history: History) -> Verdict:
    """Source and destination address are the same on every network: sender's and receiver's."""
    found = _all_the_way(history)
    for text, frames in found.items():
        ends = {(frame.src, frame.dst, frame.sport, frame.dport) for frame in frames}
        if len(ends) > 1:
            return failed(f"the ends of {text!r} changed on the way: {sorted(map(str, ends))}", map(at, frames))
    return passed(f"{len(found)} datagrams kept both addresses", _all(found))


@check
def mac_addresses_change_at_each_hop(history: History) -> Verdict:
    """Each hop has Ethernet addresses of its own: no router sends on with those that it received."""
    found = _all_the_way(history)
    for text, frames in found.items():
        for here, there in pairwise(frames):
            if {here.eth_src, here.eth_dst} & {there.eth_src, there.eth_dst}:
                return failed(
                    f"{text!r} has an Ethernet address of {here.network} on {there.network}", map(at, (here, there))
                )
    return passed(f"{len(found)} datagrams, new Ethernet addresses at each hop", _all(found))
