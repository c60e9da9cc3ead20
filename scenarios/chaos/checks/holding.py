"""What a program holds of its system after the chaos (threads, sockets, descriptors, memory), beside what was before.

Both readings are of one run of a program, so what was started again in between is compared from there on. A reading is
of what a program *should* hold at that time, too:

    a client       was refused at the first reading and is in at the last: it has a connection more
    the given      Project 3 server never speaks and has no keep-alive. It cannot know that a client was lost without a
                   word (killed and cut at once), so TCP lets it wait for that one for ever, with a thread and a socket
"""

from lab.connections import Connection
from lab.events import Fault, ResourcesSeen
from lab.history import History
from scenarios.chaos.signs import CHAIN_SERVER
from scenarios.chaos.spoken import runs
from scenarios.chaos.steps import healings
from scenarios.checks.talk import CLIENT, present
from scenarios.verdict import Verdict, check, failed, passed

MEBIBYTE = 2**20
ALLOWED = MEBIBYTE
"""Bytes that a program may have more. Python and C give memory back in pieces of up to a quarter of that, and keep a
little of what they once needed; a line typed at a terminal is kept, too, to be recalled."""


@check
def nobody_holds_more_than_before(history: History) -> Verdict:
    """No program has a thread, a socket, a descriptor or a megabyte more than before."""
    found = compared(history)
    if not found:
        return failed("no program was looked at before and after")
    for first, last in found:
        connections = _open(history, last.node, last.time) - _open(history, last.node, first.time)
        if grown := more(first, last, connections):
            return failed(f"{last.node} has {', '.join(grown)}")
    most = max(last.memory - first.memory for first, last in found)
    return passed(f"{len(found)} programs, each looked at twice, and none grew by more than {most / 1024:.0f} KiB")


def compared(history: History) -> list[tuple[ResourcesSeen, ResourcesSeen]]:
    """Return the first and the last look at each run of a program that was looked at twice."""
    found = []
    for node, lives in runs(history).items():
        seen = [reading for reading in history.of(ResourcesSeen) if reading.node == node]
        for run in lives:
            mine = [each for each in seen if run.began <= each.time and (run.ended is None or each.time < run.ended)]
            if len(mine) > 1:
                found.append((mine[0], mine[-1]))
    return found


def more(first: ResourcesSeen, last: ResourcesSeen, connections: int = 0) -> list[str]:
    """Say what the last reading has more than the first; so many more connections, each with a thread, may be."""
    allowed = max(0, connections)
    found = [
        f"{now} {what}, {before} before"
        for what, before, now in (
            ("threads", first.threads, last.threads),
            ("sockets", first.sockets, last.sockets),
            ("descriptors", first.descriptors, last.descriptors),
        )
        if now > before + allowed
    ]
    if last.memory > first.memory + ALLOWED:
        found.append(f"{last.memory / MEBIBYTE:.1f} MiB of memory, {first.memory / MEBIBYTE:.1f} MiB before")
    return found


def _open(history: History, node: str, time: float) -> int:
    """Count the connections that a node may have at a time, and at another time not: see above."""
    if node in history.nodes(CLIENT):
        return int(present(history, node, time))
    if node in history.nodes(CHAIN_SERVER):
        return sum(_may_be_open(history, each, time) for each in history.connections if _serves(history, node, each))
    return 0


def _serves(history: History, node: str, connection: Connection) -> bool:
    return history.node_at(connection.server[0]) == node and connection.accepted is not None


def _may_be_open(history: History, connection: Connection, time: float) -> bool:
    """Tell whether a server could, at a time, not know better than that a connection is open."""
    packets = [packet for packet in connection.packets if packet.time <= time]
    if not any({"SYN", "ACK"} <= set(packet.flags) for packet in packets):
        return False
    fins = [p for p in packets if "FIN" in p.flags and (p.src, p.sport) == connection.client]
    for packet in packets:
        from_server = (packet.src, packet.sport) == connection.server
        if from_server and {"FIN", "RST"} & set(packet.flags):
            return False
        if from_server and any(packet.ack == _behind(fin.seq, len(fin.payload)) for fin in fins):
            return False
        if "RST" in packet.flags and not _in_trouble(history, packet.time):
            return False
    return True


def _behind(seq: int | None, size: int) -> int:
    """Return the number that acknowledges a FIN, which takes up one behind its payload."""
    return ((seq or 0) + size + 1) % 2**32


def _in_trouble(history: History, time: float) -> bool:
    """Tell whether a packet may have been lost on purpose: some fault was not healed yet."""
    faults = [fault.time for fault in history.of(Fault) if fault.time <= time]
    healed = [step.began for step in healings(history) if step.began <= time]
    return max(faults, default=0.0) > max(healed, default=0.0)
