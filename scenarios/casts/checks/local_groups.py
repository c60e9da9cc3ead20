"""Groups that belong to one network: 224.0.0.1 (all hosts), 224.0.0.2 (all routers), and what is sent to 224.0.0.x."""

from lab.events import Packet
from lab.history import History
from lab.hops import sightings
from scenarios.casts.checks.groups import HOST, ROUTER, frames, others
from scenarios.checks.datagrams import text_of, times_shown
from scenarios.checks.membership import is_member
from scenarios.verdict import Verdict, at, check, failed, passed

ALL_HOSTS, ALL_ROUTERS = "224.0.0.1", "224.0.0.2"
LOCAL, MARKER = "224.0.0.84", "239.84.5.3"
"""A local group that nobody else uses, and one that may leave."""


def requests(history: History, group: str) -> list[Packet]:
    """Return the echo requests to a group."""
    return [p for p in history.packets("icmp") if (p.what, p.dst) == ("echo request", group)]


def answers(history: History, request: Packet) -> dict[str, Packet]:
    """Return the replies to an echo request, by the node that answered."""
    return {
        node: p
        for p in history.packets("icmp")
        if (p.what, p.dst, p.seq, p.payload) == ("echo reply", request.src, request.seq, request.payload)
        and p.time > request.time
        and (node := history.node_at(p.src))
    }


def neighbours(history: History, packet: Packet, *roles: str) -> set[str]:
    """Return the nodes of these roles (all, if none is named) on a packet's network, its sender left out."""
    there = {node for role in roles or [None] for node in history.nodes(role)}
    return {
        node for node in there
        if packet.network in history.addresses(node).values() and node != history.node_at(packet.src)
    }  # fmt: skip


@check
def all_hosts_answer(history: History) -> Verdict:
    """A ping to 224.0.0.1 is answered by every host and router of the network."""
    asked = requests(history, ALL_HOSTS)
    if not asked:
        return failed(f"nobody pinged {ALL_HOSTS}")
    found = answers(history, asked[0])
    if silent := neighbours(history, asked[0], HOST, ROUTER) - found.keys():
        return failed(f"{', '.join(sorted(silent))} did not answer", [at(asked[0])])
    return passed(f"{', '.join(sorted(found))} answered", map(at, (asked[0], *found.values())))


@check
def routers_alone_answer(history: History) -> Verdict:
    """A ping to 224.0.0.2 is answered by the routers of the network, and by nobody else."""
    asked = requests(history, ALL_ROUTERS)
    if not asked:
        return failed(f"nobody pinged {ALL_ROUTERS}")
    found, routers = answers(history, asked[0]), neighbours(history, asked[0], ROUTER)
    if not routers or (silent := routers - found.keys()):
        return failed(f"{', '.join(sorted(silent)) if routers else 'no router'} answered not", [at(asked[0])])
    if wrong := found.keys() - routers:
        return failed(f"{', '.join(sorted(wrong))} answered, and is no router", [at(found[n]) for n in sorted(wrong)])
    # What a host would have said it says before its answer to a later ping.
    later = [p for p in requests(history, ALL_HOSTS) if p.time > asked[0].time]
    quiet = {node for request in later for node in answers(history, request)} - routers
    if not quiet:
        return failed("no host answered a later ping, so nobody knows whether it would have", [at(asked[0])])
    because = f"{', '.join(sorted(found))} answered; {', '.join(sorted(quiet))}, heard of later, did not"
    return passed(because, map(at, (asked[0], *found.values())))


@check
def local_groups_never_leave(history: History) -> Verdict:
    """What is sent to 224.0.0.x stays in its network, whatever its TTL; with no more another group's leaves."""
    sent = frames(history, LOCAL)
    if not sent:
        return failed(f"nothing was sent to {LOCAL}")
    for frame in sent:
        if frame.network != sent[0].network:
            return failed(f"{text_of(frame)!r} to {LOCAL} was seen on {frame.network}", [at(sent[0]), at(frame)])
    last = sent[-1]
    if last.ttl is None or last.ttl < 2:
        return failed(f"it had a TTL of {last.ttl}, so it could not leave anyway", [at(last)])
    after = [f for f in frames(history, MARKER) if f.time > last.time and (f.ttl or 0) <= last.ttl]
    where = [seen[0] for network, seen in sightings(history, dst=MARKER).items() if network != last.network]
    crossed = [f for f in where if f in after]
    if not crossed:
        return failed(f"nothing that was sent to {MARKER} afterwards left, so the way may have been shut", [at(last)])
    networks = ", ".join(f.network for f in crossed)
    return passed(f"to {LOCAL} with TTL {last.ttl}: {last.network} alone; to {MARKER}: also {networks}",
                  [at(last), *map(at, crossed)])  # fmt: skip


@check
def local_members_get_it(history: History) -> Verdict:
    """Members of a local group get its datagrams in the sender's network, and in no other."""
    sent = frames(history, LOCAL)
    if not sent:
        return failed(f"nothing was sent to {LOCAL}")
    near: list[str] = []
    far: list[str] = []
    for frame in (f for f in sent if f.network == sent[0].network):
        text = text_of(frame)
        for node in others(history, frame):
            if not is_member(history, node, LOCAL, frame.time):
                continue
            is_near, got = node in neighbours(history, frame), bool(times_shown(history, node, text))
            if got is not is_near:
                return failed(f"{node} {'showed' if got else 'did not show'} {text!r}", [at(frame)])
            (near if is_near else far).append(node)
    if not near or not far:
        return failed(f"there was no member {'beside the sender' if not near else 'elsewhere'}", map(at, sent))
    return passed(f"{', '.join(near)} showed it, {', '.join(far)} did not", map(at, sent))
