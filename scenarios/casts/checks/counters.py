"""What a host's kernel has counted, as its terminal showed whenever somebody looked into /proc/net (man 5 proc).

Ip: Forwarding DefaultTTL InReceives ...      a protocol, and the names of its counters
Ip: 1 64 2027 ...                             the counters
"""

import re

from lab.events import Printed
from lab.history import History
from lab.visible import shown


def readings(text: str, protocol: str) -> list[dict[str, int]]:
    """Return a protocol's counters each time that a text has all of them, by name."""
    found = re.findall(rf"{protocol}: ([A-Z].*)\n{protocol}: (\d.*)\n", text)
    return [dict(zip(names.split(), map(int, numbers.split()), strict=True)) for names, numbers in found]


def looks(history: History, node: str, protocol: str) -> list[tuple[float, dict[str, int]]]:
    """Return each look at a protocol's counters on a node's terminal: when all were there, and the counters."""
    found: list[tuple[float, dict[str, int]]] = []
    text = ""
    for event in history.of(Printed):
        if event.node == node:
            text += shown(event.data)
            found += [(event.time, counters) for counters in readings(text, protocol)[len(found) :]]
    return found
