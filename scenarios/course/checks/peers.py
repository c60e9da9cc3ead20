"""Question 3: two clients of one TCP server that also talk straight to each other over UDP."""

from lab.events import Exited, Fault, Packet
from lab.history import History
from scenarios.verdict import Verdict, at, check, failed, passed

SERVER, PEER = "project3-server", "udp-peer"
GOODBYE = "exit"
DNS = 53


def peers(history: History) -> tuple[str, str]:
    """Return the two peers. ValueError if there are not two: ask `someone_missing` before."""
    one, other = history.nodes(PEER)
    return one, other


def someone_missing(history: History) -> Verdict | None:
    """Fail if the play stopped before it started the server and two peers."""
    if not history.nodes(SERVER):
        return failed(f"no {SERVER} was ever started")
    if len(there := history.nodes(PEER)) != 2:
        return failed(f"two peers should have been started, but there were: {', '.join(there) or 'none'}")
    return None


def datagrams(history: History, sender: str, receiver: str) -> list[Packet]:
    """Return the UDP packets that went from one node to another."""
    ends = history.address(sender), history.address(receiver)
    return [p for p in history.packets("udp") if (p.src, p.dst) == ends]


def words(history: History, node: str) -> list[str]:
    """Return what was typed at a node, the goodbye left out."""
    return [line for line in history.typed(node) if line not in ("", GOODBYE)]


def leavers(history: History) -> list[str]:
    """Return the peers at which the goodbye was typed."""
    return [peer for peer in peers(history) if GOODBYE in history.typed(peer)]


def both_ways(history: History) -> list[tuple[str, str]]:
    """Return (sender, receiver) for both directions."""
    one, other = peers(history)
    return [(one, other), (other, one)]


@check
def both_joined_over_tcp(history: History) -> Verdict:
    """Both peers have a TCP connection to the server before they send each other a datagram."""
    if missing := someone_missing(history):
        return missing
    server = history.nodes(SERVER)[0]
    joined = []
    for peer, other in both_ways(history):
        accepted = [c.accepted for c in history.connections_between(peer, server) if c.accepted]
        if not accepted:
            return failed(f"{peer} did not join {server} over TCP")
        if (first := datagrams(history, peer, other)[:1]) and first[0].time < accepted[0].time:
            return failed(f"{peer} sent a datagram before it had joined", [at(first[0])])
        joined.append(at(accepted[0]))
    return passed(f"both joined {server}", joined)


@check
def messages_go_both_ways_at_once(history: History) -> Verdict:
    """Each message appears at the other peer, by UDP, and at the server, by TCP."""
    if missing := someone_missing(history):
        return missing
    server = history.nodes(SERVER)[0]
    seen = []
    for peer, other in both_ways(history):
        if not words(history, peer):
            return failed(f"nothing was said at {peer}")
        by_tcp = b"".join(c.from_client for c in history.connections_between(peer, server))
        for word in words(history, peer):
            carrier = next((d for d in datagrams(history, peer, other) if word.encode() in d.payload), None)
            if carrier is None:
                return failed(f"no datagram from {peer} to {other} carried {word!r}")
            if word not in history.printed(other):
                return failed(f"{other} did not show {word!r}")
            if word.encode() not in by_tcp or word not in history.printed(server):
                return failed(f"{word!r} did not reach {server} over TCP")
            seen.append(at(carrier))
    return passed(f"{len(seen)} messages went by UDP to the peer and by TCP to the server", seen)


@check
def datagrams_go_straight(history: History) -> Verdict:
    """A datagram leaves one peer's network interface for the other's: no node stands between them."""
    if missing := someone_missing(history):
        return missing
    seen = 0
    for peer, other in both_ways(history):
        theirs = {p.eth_src for p in history.packets() if p.src == history.address(other)}
        for datagram in datagrams(history, peer, other):
            if datagram.eth_dst not in theirs:
                return failed(f"a datagram for {other} was sent to {datagram.eth_dst}", [at(datagram)])
            seen += 1
    third = [d for d in history.packets("udp") if _between(history, d) == 1 and DNS not in (d.sport, d.dport)]
    if third:
        return failed("a peer exchanged a datagram with somebody else", [at(third[0])])
    if not seen:
        return failed("no datagram was sent")
    return passed(f"{seen} datagrams, each from one peer's interface to the other's")


def _between(history: History, packet: Packet) -> int:
    """Count how many ends of a packet are peers."""
    return sum(history.node_at(end) in peers(history) for end in (packet.src, packet.dst))


@check
def exit_ends_everything(history: History) -> Verdict:
    """`exit` at one peer ends both programs: TCP by FIN, and no datagram any more."""
    if missing := someone_missing(history):
        return missing
    said = leavers(history)
    if not said:
        return failed("nobody said exit")
    server = history.nodes(SERVER)[0]
    for peer, other in both_ways(history):
        ended = [e for e in history.of(Exited) if e.node == peer]
        if not ended:
            return failed(f"{peer} goes on after exit at {said[0]}")
        if ended[0].status != 0:
            return failed(f"{peer} ended with status {ended[0].status}")
        accepted = [c for c in history.connections_between(peer, server) if c.accepted]
        if not accepted:
            return failed(f"{peer} had no TCP connection that could end")
        for connection in accepted:
            if not connection.fin_from(connection.client):
                return failed(f"{peer} ended without FIN on its TCP connection", [at(connection.packets[-1])])
        late = [d for d in datagrams(history, peer, other) if d.time > ended[0].time]
        if late:
            return failed(f"{peer} sent a datagram after its end", [at(late[0])])
    return passed(f"exit at {said[0]} ended both peers")


@check
def the_first_exit_was_lost(history: History) -> Verdict:
    """The first `exit` datagram did not get through, and was sent again."""
    if missing := someone_missing(history):
        return missing
    faults = [f for f in history.of(Fault) if f.what.startswith("loses udp")]
    if not (leavers(history) and faults):
        return failed("nothing was lost on purpose")
    peer = leavers(history)[0]
    other = next(p for p in peers(history) if p != peer)
    if faults[0].node != other:
        return failed(f"it was {faults[0].node} that lost datagrams, not {other}")
    sent = [d for d in datagrams(history, peer, other) if GOODBYE.encode() in d.payload]
    if any(d.time < faults[0].time for d in sent):
        return failed(f"{other} lost nothing yet when {peer} said exit", [at(sent[0])])
    heard = reaction(history, other)
    if not sent or heard is None:
        return failed(f"{peer} sent exit {len(sent)} times, and {other} did not react", [at(d) for d in sent])
    lost = [d for d in sent if d.time < heard][:-1]
    if not lost:
        return failed(f"{other} reacted to the first exit, so it was not lost", [at(sent[0])])
    return passed(f"exit was sent {len(lost)} times in vain, and then once more", [at(lost[0])])


def reaction(history: History, peer: str) -> float | None:
    """Return when a peer showed that it had been told exit: by its own exit, the end of its stream, or its end."""
    other = next(p for p in peers(history) if p != peer)
    times = [d.time for d in datagrams(history, peer, other) if GOODBYE.encode() in d.payload]
    times += [
        fin.time for c in history.connections_between(peer, history.nodes(SERVER)[0]) if (fin := c.fin_from(c.client))
    ]
    times += [e.time for e in history.of(Exited) if e.node == peer]
    return min(times, default=None)
