"""Question 2: forwarders that dial first, pass bytes on as they are, and break and heal like the path they are."""

from itertools import pairwise

from lab.connections import Connection
from lab.events import Exited, Fault
from lab.history import History
from scenarios.verdict import Verdict, at, check, failed, passed

SERVER, FORWARDER, CLIENT = "project3-server", "forwarder", "project3-client"
BREAKS_WITHIN = 1.0
"""Seconds in which both sides of a killed forwarder must see their connections end."""
REFUSED_WITHIN = 0.5
"""Seconds in which a call is refused. A kernel does so itself; one that is asked twice is asked after a second."""


def chain(history: History) -> list[str]:
    """Return the chain's forwarders from the clients' end to the server's: each dialed the next."""
    upstream = {
        node: next((n for n in history.nodes() if n != node and history.connections_between(node, n)), None)
        for node in history.nodes(FORWARDER)
    }
    way = [node for node in upstream if node not in upstream.values()][:1]
    while way and (following := upstream.get(way[-1])) in upstream and following not in way:
        way.append(str(following))
    return way


def end_of(history: History) -> str:
    """Return the server at the end of the chain. IndexError if there is none: ask `no_server` before."""
    return history.nodes(SERVER)[0]


def outsiders(history: History) -> list[str]:
    """Return the nodes that are no part of the chain: clients."""
    return [n for n in history.nodes() if n not in (*history.nodes(SERVER), *history.nodes(FORWARDER))]


def hops(history: History) -> list[tuple[str, str]]:
    """Return who dials whom along the path that a client's word takes."""
    way = chain(history)
    callers = [n for n in outsiders(history) if way and history.connections_between(n, way[0])]
    return list(pairwise([*callers[:1], *way, end_of(history)]))


def no_server(history: History) -> Verdict | None:
    """Fail if the play stopped before it started the server."""
    return None if history.nodes(SERVER) else failed(f"no {SERVER} was ever started")


def no_chain(history: History) -> Verdict | None:
    """Fail if there is no server, or if the forwarders do not stand one behind the other, all of them."""
    if none := no_server(history):
        return none
    way = chain(history)
    if not way or len(way) != len(history.nodes(FORWARDER)):
        return failed(f"the forwarders make no chain: {way} of {history.nodes(FORWARDER)}")
    return None


def no_path(history: History) -> Verdict | None:
    """Fail if there is no chain, or if nobody called its first forwarder."""
    way = chain(history)
    return no_chain(history) or (
        None if hops(history)[0][0] in outsiders(history) else failed(f"nobody called {way[0]}")
    )


@check
def forwarders_dial_before_they_listen(history: History) -> Verdict:
    """Each forwarder is connected to its upstream before its own listener answers anybody."""
    if none := no_chain(history):
        return none
    seen = []
    for forwarder, upstream in pairwise([*chain(history), end_of(history)]):
        dialed = [c.accepted for c in history.connections_between(forwarder, upstream) if c.accepted]
        answered = [c.accepted for c in _to(history, forwarder) if c.accepted]
        if not dialed:
            return failed(f"{forwarder} never got through to {upstream}")
        if answered and answered[0].time < dialed[0].time:
            return failed(f"{forwarder} let somebody in before it had reached {upstream}", [at(answered[0])])
        seen.append(at(dialed[0]))
    return passed(f"{len(seen)} forwarders, each dialed first", seen)


@check
def who_comes_too_early_is_refused_at_once(history: History) -> Verdict:
    """While the path to the server is not there, a forwarder answers with a reset: nobody hangs."""
    calls = [c for node in history.nodes(FORWARDER) for c in _to(history, node)]
    refusals = [c for c in calls if c.refused]
    hung = [c for c in calls if not c.accepted and not c.refused]
    if hung:
        return failed("a call was neither answered nor refused", [at(hung[0].packets[0])])
    if not refusals:
        return failed("nobody called a forwarder before the path was there")
    for call in refusals:
        took = call.ending.time - call.packets[0].time if call.ending else 0.0
        if took > REFUSED_WITHIN:
            return failed(f"a call was refused only after {took:.3f} s", [at(call.packets[-1])])
    return passed(f"{len(refusals)} calls were refused at once", [at(refusals[0].packets[-1])])


@check
def words_arrive_byte_for_byte(history: History) -> Verdict:
    """What a client typed arrives at the server: the same bytes, nothing more, nothing less."""
    if none := no_server(history):
        return none
    server = end_of(history)
    typed = [line.encode() for client in history.nodes(CLIENT) for line in history.typed(client)]
    if not typed:
        return failed("nothing was typed")
    arrived = [c.from_client for c in _to(history, server) if c.from_client]
    missing = [word for word in typed if not any(word in stream for stream in arrived)]
    if missing:
        return failed(f"{missing[0]!r} did not arrive; {server} received {arrived}")
    if sum(map(len, arrived)) != sum(map(len, typed)):
        return failed(f"{sum(map(len, typed))} bytes were typed, {sum(map(len, arrived))} arrived: {arrived}")
    calls = [c for c in history.connections if history.node_at(c.client[0]) in history.nodes(CLIENT)]
    sent = [c.from_client for c in calls if c.from_client]
    if sorted(sent) != sorted(arrived):
        return failed(f"the clients sent {sent}, {server} received {arrived}")
    unseen = [word for word in typed if word.decode() not in history.printed(server)]
    if unseen:
        return failed(f"{server} received {unseen[0]!r} and did not show it")
    return passed(f"words: {len(typed)}, bytes: {sum(map(len, typed))}")


@check
def each_hop_is_a_connection_of_its_own(history: History) -> Verdict:
    """Every hop is a TCP connection between its own two neighbours, with their own addresses."""
    if none := no_path(history):
        return none
    wanted = hops(history)
    for dialer, answerer in wanted:
        if not any(c.accepted for c in history.connections_between(dialer, answerer)):
            return failed(f"{dialer} has no connection to {answerer}")
    path = {name for pair in wanted for name in pair}
    for connection in history.connections:
        pair = history.node_at(connection.client[0]), history.node_at(connection.server[0])
        if pair not in wanted and path >= set(pair):
            return failed(f"{pair[0]} went past its neighbour, straight to {pair[1]}", [at(connection.packets[0])])
    return passed(" - ".join([wanted[0][0], *(answerer for _, answerer in wanted)]))


@check
def the_server_never_sees_the_client(history: History) -> Verdict:
    """No packet passes between client and server; the server sees the last forwarder's address alone."""
    if none := no_path(history):
        return none
    server, last = end_of(history), chain(history)[-1]
    callers = {history.node_at(c.client[0]) for c in _to(history, server)}
    if callers != {last}:
        return failed(f"{server} was called by {sorted(map(str, callers))} instead of {last} alone")
    for packet in history.packets():
        ends = {history.node_at(packet.src), history.node_at(packet.dst)}
        if packet.protocol != "arp" and server in ends and ends & set(outsiders(history)):
            return failed(f"a packet passed between {server} and a client", [at(packet)])
    return passed(f"{server} was called by {history.address(last)} alone, which is {last}")


@check
def a_broken_chain_ends_on_both_sides(history: History) -> Verdict:
    """Within a second of a forwarder's death, every connection of the chain that was open is closed."""
    forwarders = history.nodes(FORWARDER)
    killed = [f for f in history.of(Fault) if "SIGKILL" in f.what and f.node in forwarders]
    if not killed:
        return failed("no forwarder was killed")
    when = _death(history, killed[0])
    cut = [c for c in history.connections if _open_at(c, when) and _carried(c, when)]
    if not any(history.address(killed[0].node) in (c.client[0], c.server[0]) for c in cut):
        return failed("no word had passed the forwarder before it was killed")
    for connection in cut:
        names = f"{history.node_at(connection.client[0])} - {history.node_at(connection.server[0])}"
        if connection.ending is None or connection.ending.time > when + BREAKS_WITHIN:
            return failed(f"{names} did not end within {BREAKS_WITHIN:g} s", [at(connection.packets[-1])])
    ends = [c.ending for c in cut if c.ending]
    slowest = max(end.time for end in ends) - when
    return passed(f"{len(cut)} connections ended within {slowest:.3f} s", [at(end) for end in ends])


@check
def the_end_of_a_stream_travels_alone(history: History) -> Verdict:
    """After the client has ended its direction, the server's answer still comes the whole way back."""
    if none := no_path(history):
        return none
    halves = []
    for dialer, answerer in hops(history):
        calls = history.connections_between(dialer, answerer)
        ended = [(c, fin) for c in calls if c.from_client and (fin := c.fin_from(c.client))]
        if not ended:
            return failed(f"no end of stream travelled from {dialer} to {answerer}")
        halves.append((dialer, answerer, *ended[0]))
    for dialer, answerer, half, fin in halves:
        if not any(time > fin.time for time, _ in half.sent(half.server)):
            return failed(f"{answerer} sent {dialer} nothing after the end of its stream", [at(fin)])
    answers = [half.from_server for _, _, half, _ in halves]
    if len(set(answers)) != 1:
        return failed(f"the answer did not come back whole: from the client's end on, {answers}")
    return passed(f"the answer came back over {len(answers)} hops that were closed one way")


@check
def exit_closes_the_whole_path(history: History) -> Verdict:
    """`exit` reaches the server, and every connection that the client's word took is closed by FIN."""
    if none := no_path(history):
        return none
    gone = [e for e in history.of(Exited) if e.node in history.nodes(CLIENT) and e.status == 0]
    if not gone:
        return failed("the client did not end with status 0")
    for dialer, answerer in hops(history):
        carried = [c for c in history.connections_between(dialer, answerer) if c.from_client.rstrip().endswith(b"exit")]
        if not carried:
            return failed(f"`exit` did not travel from {dialer} to {answerer}")
        if not (carried[0].fin_from(carried[0].client) and carried[0].fin_from(carried[0].server)):
            return failed(f"{dialer} - {answerer} was not closed both ways by FIN", [at(carried[0].packets[-1])])
    return passed(f"{len(hops(history))} connections were closed both ways")


def _to(history: History, node: str) -> list[Connection]:
    return [c for c in history.connections if history.node_at(c.server[0]) == node]


def _death(history: History, killed: Fault) -> float:
    """Return when a killed node's kernel began to end its connections; the order to kill it takes its time."""
    last_words = (
        p.time
        for p in history.packets("tcp")
        if p.time > killed.time and p.src == history.address(killed.node) and {"FIN", "RST"} & set(p.flags)
    )
    return next(last_words, killed.time)


def _open_at(connection: Connection, time: float) -> bool:
    """Tell whether neither end had begun to close a connection just before a time."""
    return connection.ending is None or connection.ending.time >= time


def _carried(connection: Connection, time: float) -> bool:
    """Tell whether a connection bore a word before a time: one that is held ready is no client's."""
    return any(packet.payload and packet.time < time for packet in connection.packets)
