"""The signs that a lab is well, read off what people saw since all was healed. None of them needs an event of before.

    a word that was typed    at one of five clients    is shown at the other four, and the sixth is refused
                                                       is shown at every receiver, by multicast
                             at the client of a chain  is shown at the server behind it
                             at a peer                 is shown at the other one, by UDP

The play waits for them, and the check that judges how long that took looks for the same.
"""

from collections.abc import Iterator

from lab.history import History, once
from scenarios.chaos.spoken import Line, lines_in
from scenarios.checks.talk import CLIENT, opened

CHAIN_CLIENT, CHAIN_SERVER = "project3-client", "project3-server"
PEER, RECEIVER = "udp-peer", "multicast-receiver"


Seen = dict[str, set[Line]]
"""Which of the lines that were typed since then each terminal has shown."""


def missing(since: History) -> list[str]:
    """Say what a history, which begins when all was healed, does not show yet; an empty list when all is well."""
    return [*missing_of_chains(since), *missing_but_chains(since)]


def missing_of_chains(since: History) -> list[str]:
    """Say whose words have not passed their chain."""
    return list(_chain(since, _seen(since)))


def missing_but_chains(since: History) -> list[str]:
    """Say what of all the rest is missing."""
    seen = _seen(since)
    return [*_peers(since, seen), *_receivers(since, seen), *_clients(since, seen)]


@once
def _seen(since: History) -> Seen:
    typed = {line for node in since.nodes() for line in lines_in("\n".join(since.typed(node)))}
    return {node: {line for line in lines_in(since.printed(node)) if line in typed} for node in since.nodes()}


def _says(seen: Seen, speaker: str, listener: str) -> bool:
    return any(line.speaker == speaker for line in seen[listener])


def _chain(since: History, seen: Seen) -> Iterator[str]:
    for client in since.nodes(CHAIN_CLIENT):
        for server in since.nodes(CHAIN_SERVER):
            if not _says(seen, client, server):
                yield f"a word of {client} at {server}"


def _peers(since: History, seen: Seen) -> Iterator[str]:
    peers = since.nodes(PEER)
    for peer in peers:
        for other in peers:
            if peer != other and not _says(seen, peer, other):
                yield f"a word of {peer} at {other}"


def _receivers(since: History, seen: Seen) -> Iterator[str]:
    clients = since.nodes(CLIENT)
    for receiver in since.nodes(RECEIVER):
        if not any(_says(seen, client, receiver) for client in clients):
            yield f"a client's word at {receiver}"


def _clients(since: History, seen: Seen) -> Iterator[str]:
    """Leave one out, so that the least is missing among the others; that one has to be refused."""
    clients = since.nodes(CLIENT)
    found = []
    for left_out in clients:
        five = [client for client in clients if client != left_out]
        pairs = ((one, other) for one in five for other in five if one != other)
        lacking = [f"a word of {one} at {other}" for one, other in pairs if not _says(seen, one, other)]
        found.append([*lacking, *([] if _is_refused(since, left_out) else [f"a refusal of {left_out}"])])
    yield from min(found, key=len, default=["a client"])


def _is_refused(since: History, client: str) -> bool:
    """Tell whether the server took a call of a client and then ended it. Nobody breaks anything meanwhile."""
    return any(call.ending and call.ending.src == call.server[0] for call in opened(since, client))
