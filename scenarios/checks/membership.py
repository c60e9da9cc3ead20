"""Who is a member of a multicast group, as IGMP says, and what is sent to it."""

from collections.abc import Callable

from lab.events import Packet
from lab.history import History
from lab.wire import joins_group, leaves_group


def said(history: History, node: str, group: str, *kinds: Callable[[Packet, str], bool]) -> list[Packet]:
    """Return a node's IGMP messages by which it joins, or leaves, a group."""
    mine = history.addresses(node)
    return [p for p in history.packets("igmp") if p.src in mine and any(kind(p, group) for kind in kinds)]


def is_member(history: History, node: str, group: str, time: float) -> bool:
    """Tell whether the last that a node had said of a group was that it wants it."""
    last = [p for p in said(history, node, group, joins_group, leaves_group) if p.time <= time][-1:]
    return any(joins_group(p, group) for p in last)
