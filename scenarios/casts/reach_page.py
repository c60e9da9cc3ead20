"""What docs/casts.md shows of the scenario `reach`: its table, and a drawing of each kind of cast."""

from lab.events import Packet
from lab.history import History
from lab.hops import sent_by, stations
from lab.state import Wish
from lab.way import Hop, Part, svg
from scenarios.casts.checks.reach import EXPECTED, SENDER, frames, reach, table
from scenarios.casts.shared import TOPOLOGY
from scenarios.scenario import Page

PAGE = Page("docs/casts.md", table)


def drawings(history: History) -> dict[str, str]:
    """Draw the way of each kind's datagram."""
    return {kind.replace(" ", "-"): drawing(history, kind) for kind in EXPECTED}


def drawing(history: History, kind: str) -> str:
    """Draw the way of a kind's datagram, as it was seen."""
    title = f"{kind.capitalize()}: {SENDER} sends to {EXPECTED[kind].to}"
    return svg(Wish(TOPOLOGY).load(), title, hops(history, kind), parts(history, kind))


def parts(history: History, kind: str) -> dict[str, tuple[Part, ...]]:
    """Return what each node had to do with a kind's datagram; one that had nothing is missing."""
    found = reach(history, kind)
    stopped = {node for hop in hops(history, kind) for node in hop.stopped}
    roles = {
        Part.SENT: (SENDER,),
        Part.GOT: found.programs,
        Part.TOOK: set(found.stacks) - set(found.programs),
        Part.PASSED: found.routers,
        Part.STOPPED: stopped,
    }
    had = {node: tuple(part for part, nodes in roles.items() if node in nodes) for node in history.nodes()}
    return {node: some for node, some in had.items() if some}


def hops(history: History, kind: str) -> list[Hop]:
    """Return the hops of a kind's datagram, in the order of its way."""
    by: dict[tuple[str, str], list[Packet]] = {}
    for frame in sorted(frames(history, kind), key=lambda frame: -(frame.ttl or 0)):
        by.setdefault((frame.network, sent_by(history, frame) or "?"), []).append(frame)
    return [_hop(history, kind, seen, sender) for (_, sender), seen in by.items()]


def _hop(history: History, kind: str, seen: list[Packet], sender: str) -> Hop:
    """Tell whom frames reached: the one that they are for or, if they are for a group or all, who took them."""
    first, found = seen[0], reach(history, kind)
    one = stations(history).get((first.network, first.eth_dst))
    reached, stopped = [one] if one else [], list[str]()
    for node in history.nodes() if one is None else ():
        if node == sender or first.network not in history.addresses(node).values():
            continue
        if node in (*found.stacks, *found.programs, *found.routers):
            reached.append(node)
        elif node in history.nodes("router"):
            stopped.append(node)
    return Hop(first.network, sender, len(seen), first.ttl, tuple(sorted(reached)), tuple(sorted(stopped)))
