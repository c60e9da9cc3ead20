"""Since when a forwarder can be reached, as it says itself: it listens only while its upstream is there.

dialing ... ready ... serving ... not listening, dialing ... ready ... killed
'--- reachable ----'                             '---------'
"""

import re

from lab.events import Exited, Printed
from lab.history import History, once

FORWARDER = "forwarder"
NEVER = float("inf")
STATES = re.compile(rb"(dialing|ready): ")
"""A forwarder says the first when it can no longer be reached, and the second when it can."""


def reachable_since(history: History, forwarder: str, until: float) -> float:
    """Return since when a forwarder could be reached, as it said itself, or NEVER if it could not any more."""
    since = NEVER
    for time, can_be in changes(history).get(forwarder, ()):
        if time <= until:
            since = min(since, time) if can_be else NEVER
    return since


@once
def changes(history: History) -> dict[str, list[tuple[float, bool]]]:
    """Return when each forwarder could be reached, and when no more: as it said itself, or since it ended."""
    found: dict[str, list[tuple[float, bool]]] = {name: [] for name in history.nodes(FORWARDER)}
    for event in history:
        match event:
            case Exited() if event.node in found:
                found[event.node].append((event.time, False))
            case Printed() if event.node in found:
                found[event.node] += [(event.time, state == b"ready") for state in STATES.findall(event.data)]
    return found
