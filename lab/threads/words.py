"""Where a thread is, in words: `recv from alice`, `accept on port 9000`, `lock or queue (futex)`."""

from collections.abc import Iterable, Mapping

from lab.threads.model import Descriptor, Kind, State, Thread
from lab.threads.syscalls import CALLS
from topology.plan import Topology

_MOST = 3
"""Descriptors named of one call that is given many."""


def names(topology: Topology) -> dict[str, str]:
    """Return the nodes by their addresses."""
    six = {str(address): node.name for node in topology.nodes.values() for address in node.addresses6.values()}
    return topology.name_of | six | {"127.0.0.1": "this node", "::1": "this node"}


def row(thread: Thread, names: Mapping[str, str]) -> str:
    """Say what a thread does, and its voluntary and involuntary context switches, in columns."""
    where = f"{thread.name:15}  {thread.state:8}  {place(thread, names):21}"
    return f"{where}  {thread.voluntary:5}  {thread.involuntary:5}"


def told(threads: Iterable[Thread], names: Mapping[str, str]) -> str:
    """Say of each thread what it does, all on one line."""
    said = (f"{thread.name} {thread.state} {place(thread, names)}".strip() for thread in threads)
    return "; ".join(said) or "no thread"


def place(thread: Thread, names: Mapping[str, str]) -> str:
    """Say where a thread waits; nothing of one that could go on. `names` are the nodes' by their addresses."""
    if thread.state in (State.RUNNING, State.READY, State.ENDED):
        return ""
    if thread.call not in CALLS:
        return thread.call
    call = CALLS[thread.call]
    about = list(dict.fromkeys(_told(descriptor, names) for descriptor in thread.on))
    if not call.preposition or not about:
        return call.words
    more = [f"{len(about) - _MOST} more"] if len(about) > _MOST else []
    return f"{call.words} {call.preposition} {', '.join([*about[:_MOST], *more])}"


def _told(descriptor: Descriptor, names: Mapping[str, str]) -> str:
    match descriptor.kind:
        case Kind.CONNECTION:
            peer = descriptor.peer or ""
            return names.get(peer) or f"{peer}:{descriptor.peer_port}"
        case Kind.LISTENER:
            return f"port {descriptor.port}"
        case Kind.UDP:
            return f"UDP port {descriptor.port}"
        case Kind.TERMINAL:
            return "the terminal"
        case Kind.OTHER:
            return descriptor.name
