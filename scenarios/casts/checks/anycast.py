"""Anycast: who answers a client at an address that two servers share, and what becomes of it when one is killed.

Why TCP breaks: a connection is a state that both of its ends keep. Routes lead its next segment to the other server,
which has the address and not the state, and answers with a reset (RFC 9293, 3.10.7.1).
"""

from lab.events import Exited, Fault, Packet, Started
from lab.history import History
from scenarios.verdict import Verdict, at, check, failed, passed

NEAR = {"w1": "anycast1", "e1": "anycast2"}
"""Each client's near server."""
VICTIM, HEIR, CLIENT, CALLER = "anycast1", "anycast2", "w1", "w2"
NEVER = float("inf")
WITHIN = 2.0
"""Seconds until the other server answers: BFD tells of the end in 1, routers learn it, the client asks again."""


def shared_address(history: History) -> str | None:
    """Return the address that both servers have."""
    return next((a for a in history.addresses(VICTIM) if a in history.addresses(HEIR)), None)


def answers(history: History, client: str) -> list[Packet]:
    """Return what came to a client from the shared address, each datagram once, as seen on the client's network."""
    shared, mine = shared_address(history), history.addresses(client)
    return [p for p in history.packets("udp") if p.src == shared and mine.get(p.dst or "") == p.network]


def answered_by(packet: Packet) -> str:
    """Return the server that an answer names."""
    return packet.payload.decode("utf-8", "backslashreplace").partition(":")[0]


def names(packets: list[Packet]) -> str:
    """Return the servers that answers name, for people."""
    return " and ".join(sorted({answered_by(p) for p in packets})) or "nobody"


def struck_at(history: History) -> float:
    """Return when the server was about to be killed, or NEVER: the engine tells of its end a little later."""
    return min((e.time for e in history.of(Fault) if e.node == VICTIM), default=killed_at(history))


def killed_at(history: History) -> float:
    """Return when the server ended, or NEVER."""
    return next((e.time for e in history.of(Exited) if e.node == VICTIM), NEVER)


def back_at(history: History) -> float:
    """Return when it was started again, or NEVER."""
    return next((e.time for e in history.of(Started) if e.node == VICTIM and e.time > killed_at(history)), NEVER)


@check
def everybody_asks_one_address(history: History) -> Verdict:
    """Both clients ask at the same address, and every answer comes from it, whoever gives it."""
    shared = shared_address(history)
    if shared is None:
        return failed(f"{VICTIM} and {HEIR} were not started with one address")
    given: list[Packet] = []
    for client in NEAR:
        mine, udp = history.addresses(client), history.packets("udp")
        asked, got = [p for p in udp if p.src in mine and p.dst == shared], answers(history, client)
        if not asked or not got:
            return failed(f"{client} asked {len(asked)} times at {shared} and got {len(got)} answers", map(at, asked))
        strays = [p for p in udp if p.dst in mine and history.node_at(p.src) in NEAR.values()]
        if strays:
            return failed(f"{client} was answered from {strays[0].src}, not from {shared}", map(at, strays))
        given += got
    if {answered_by(p) for p in given} != set(NEAR.values()):
        return failed(f"answers from {shared} name {names(given)}", map(at, given))
    return passed(f"{names(given)} both answer from {shared}", map(at, given))


@check
def the_near_server_answers(history: History) -> Verdict:
    """While both servers are there, each client is answered by the one on its own network, and nothing goes further."""
    shared, end = shared_address(history), struck_at(history)
    evidence = []
    for client, near in NEAR.items():
        mine = [p for p in answers(history, client) if p.time < end]
        if not mine or any(answered_by(p) != near for p in mine):
            return failed(f"{client} was answered by {names(mine)}, not by {near}", map(at, mine))
        evidence += mine
    far = [p for p in history.packets() if p.network == "backbone" and shared in (p.src, p.dst) and p.time < end]
    if far:
        return failed("a question or an answer crossed the backbone", map(at, far))
    return passed("each by the server on its own network", map(at, evidence))


@check
def the_other_takes_over_within_two_seconds(history: History) -> Verdict:
    """Two seconds after the near server was killed, at most, the client is answered by the other."""
    end = killed_at(history)
    if end == NEVER:
        return failed(f"{VICTIM} never ended")
    heirs = [p for p in answers(history, CLIENT) if p.time > struck_at(history) and answered_by(p) == HEIR]
    if not heirs:
        return failed(f"{HEIR} never answered {CLIENT} after the end of {VICTIM}")
    took = max(heirs[0].time - end, 0.0)
    after = f"{HEIR} answered {CLIENT} {took:.2f} s after the end of {VICTIM}"
    return (passed if took <= WITHIN else failed)(after, [at(heirs[0])])


@check
def the_near_server_answers_again(history: History) -> Verdict:
    """When the near server is back, its client is answered by it again; the other network never noticed."""
    back = back_at(history)
    if back == NEVER:
        return failed(f"{VICTIM} did not return")
    last = {client: [p for p in answers(history, client) if p.time > back][-1:] for client in NEAR}
    for client, near in NEAR.items():
        if names(last[client]) != near:
            return failed(
                f"after the return of {VICTIM}, {client} was last answered by {names(last[client])}, not by {near}",
                map(at, last[client]),
            )
    wrong = [p for p in answers(history, "e1") if answered_by(p) != HEIR]
    if wrong:
        return failed(f"e1 was answered by {names(wrong)}", map(at, wrong))
    return passed(f"{last[CLIENT][0].time - back:.1f} s after its start", map(at, last[CLIENT]))


@check
def an_open_tcp_connection_breaks(history: History) -> Verdict:
    """The TCP connection that was open is reset: the other server has its address, but not its state."""
    shared, end = shared_address(history), struck_at(history)
    mine, theirs = history.addresses(CALLER), history.addresses(HEIR)
    down = [p for p in history.packets("tcp") if p.src == shared and p.dst in mine]
    opened = [p for p in down if {"SYN", "ACK"} <= set(p.flags) and p.time < end]
    if not opened or end == NEVER:
        return failed(f"{CALLER} had no TCP connection to the shared address when {VICTIM} was killed")
    ends = opened[0].dst, opened[0].dport, opened[0].sport
    resets = [p for p in down if (p.dst, p.dport, p.sport) == ends and "RST" in p.flags]
    if any(p.time < end for p in resets):
        return failed(f"the connection was reset before {VICTIM} was killed", map(at, resets))
    heard = [p for p in resets if p.network == mine[p.dst or ""]]
    if not heard:
        return failed(f"no reset of the connection came from {shared} after the end of {VICTIM}", map(at, opened))
    if theirs[opened[0].src or ""] not in {p.network for p in resets}:
        return failed(f"the reset did not come from {HEIR}", map(at, resets))
    return passed(
        f"reset {max(heard[0].time - killed_at(history), 0.0):.1f} s after the end of {VICTIM}", map(at, resets)
    )
