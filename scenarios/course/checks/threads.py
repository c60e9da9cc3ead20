"""A thread a client: judged by what the server's system says of its threads, never by what a program calls them.

Whose a thread is, is told by the socket that it waits at: at the other end is the client. A client may have further
threads, such as one that writes to it.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from lab.events import ThreadsSeen
from lab.history import History
from lab.threads.model import State, Thread
from lab.threads.words import place
from scenarios.checks.talk import CLIENT, messages, present
from scenarios.verdict import Verdict, check, failed, passed

SERVER = "broadcast-server"


@check
def each_client_has_a_thread(history: History) -> Verdict:
    """Each client that is in has a thread of its own, which appears when it comes and waits for what it says."""
    seen = _readings(history)
    most = max((_clients(history, reading) for reading in seen), key=len, default=[])
    if len(most) < 2:
        return failed("no two clients were in when the threads were looked at")
    for reading in seen:
        for client in _clients(history, reading):
            found = [t for t in reading.threads if client in _waits_for(history, t)]
            if not found:
                return failed(f"no thread waits for what {client} says", _told(history, reading.threads))
            if all(len(_waits_for(history, t)) > 1 for t in found):
                return failed(f"{client} has no thread of its own", _told(history, found))
    for before, after in pairwise(seen):
        came = set(_clients(history, after)) - set(_clients(history, before))
        left = set(_clients(history, before)) - set(_clients(history, after))
        if came and not left and len(after.threads) < len(before.threads) + len(came):
            told = f"{len(before.threads)} threads before, and {len(after.threads)} after"
            return failed(f"no thread appeared when {', '.join(sorted(came))} came: {told}")
    last = [reading for reading in seen if _clients(history, reading) == most][-1]
    return passed(
        f"{len(most)} clients, {len(most)} threads that wait for them", _told(history, _all(history, last, most))
    )


@check
def an_idle_client_blocks_its_thread(history: History) -> Verdict:
    """The thread of a client that says nothing stays blocked at the socket to that client."""
    judged = []
    for client, before, after in _spans(history):
        if _said(history, client, before, after):
            continue
        found = _same(history, client, before, after)
        if not found:
            return failed(f"no thread waited for {client} all the time", _told(history, after.threads))
        awake = [later for _, later in found if later.state is not State.BLOCKED]
        if awake:
            return failed(f"{client} said nothing, but its thread is {awake[0].state}", _told(history, awake))
        judged += [(client, later) for _, later in found]
    if not judged:
        return failed("no client said nothing from one look at the threads to the next")
    idle = list(dict.fromkeys(client for client, _ in judged))
    return passed(f"{', '.join(idle)} said nothing", _told(history, [judged[-1][1]]))


@check
def a_busy_client_s_thread_is_switched(history: History) -> Verdict:
    """The thread of a client that talks gives up the CPU and gets it again, about once for each line."""
    judged = []
    for client, before, after in _spans(history):
        lines = _said(history, client, before, after)
        if not lines:
            continue
        rises = [later.switches - first.switches for first, later in _same(history, client, before, after)]
        if not rises:
            return failed(f"no thread waited for {client} before and after", _told(history, after.threads))
        if 2 * max(rises) < lines:  # a line may come before the one ahead of it is done with
            return failed(f"{client} said {lines} lines, and its thread was switched {max(rises)} times")
        quiet = [
            f"{other}'s {max((later.switches - first.switches for first, later in found), default=0)}"
            for other in _clients(history, after)
            if other != client and not _said(history, other, before, after)
            for found in [_same(history, other, before, after)]
        ]
        judged.append(", ".join([f"{client} said {lines} lines: its thread was switched {max(rises)} times", *quiet]))
    if not judged:
        return failed("no client said anything from one look at the threads to the next")
    return passed("; ".join(judged))


@check
def a_thread_goes_with_its_client(history: History) -> Verdict:
    """When a client has left, no thread waits for it, and there are no more threads than before it came."""
    seen = _readings(history)
    judged = []
    for before, after in pairwise(seen):
        for client in set(_clients(history, before)) - set(_clients(history, after)):
            still = [t for t in after.threads if client in _waits_for(history, t)]
            if still:
                return failed(f"{client} has left, and a thread still waits for it", _told(history, still))
            same = [r for r in seen if r.time < before.time and _clients(history, r) == _clients(history, after)]
            if same and len(after.threads) > len(same[-1].threads):
                told = f"{len(same[-1].threads)} threads before it came, {len(after.threads)} now"
                return failed(f"{client} has left, and its thread has not: {told}", _told(history, after.threads))
            if len(after.threads) >= len(before.threads):
                return failed(f"{client} has left, and no thread has ended", _told(history, after.threads))
            judged.append(f"{client} left: {len(before.threads)} threads became {len(after.threads)}")
    if not judged:
        return failed("no client left between two looks at the threads")
    return passed("; ".join(judged))


def _readings(history: History) -> list[ThreadsSeen]:
    """Return the looks at the threads of the server."""
    return [seen for seen in history.of(ThreadsSeen) if seen.node in history.nodes(SERVER)]


def _clients(history: History, reading: ThreadsSeen) -> list[str]:
    """Return the clients that were in when the threads were looked at."""
    return [client for client in history.nodes(CLIENT) if present(history, client, reading.time)]


def _waits_for(history: History, thread: Thread) -> set[str]:
    """Return the nodes whose words a thread waits for."""
    return {node for peer in thread.reads_from() if (node := history.node_at(peer))}


def _spans(history: History) -> Iterator[tuple[str, ThreadsSeen, ThreadsSeen]]:
    """Yield each client with each two looks in a row at both of which it was in."""
    for before, after in pairwise(_readings(history)):
        for client in _clients(history, before):
            if client in _clients(history, after):
                yield client, before, after


def _said(history: History, client: str, before: ThreadsSeen, after: ThreadsSeen) -> int:
    """Count what a client said between two looks."""
    return sum(before.time < message.time < after.time for message in messages(history, client))


def _same(history: History, client: str, before: ThreadsSeen, after: ThreadsSeen) -> list[tuple[Thread, Thread]]:
    """Return the threads that waited for a client at both looks, each as it was at the first and at the second."""
    first = {(t.process, t.number): t for t in _all(history, before, [client])}
    return [(first[key], t) for t in _all(history, after, [client]) if (key := (t.process, t.number)) in first]


def _all(history: History, reading: ThreadsSeen, clients: Iterable[str]) -> list[Thread]:
    return [t for t in reading.threads if _waits_for(history, t) & {*clients}]


def _told(history: History, threads: Iterable[Thread]) -> list[str]:
    return [f"{t.name} ({t.number}): {t.state} {place(t, history.owners)}".rstrip() for t in threads]
