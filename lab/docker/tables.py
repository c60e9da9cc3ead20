"""What the kernel of this host tells of a node, below the /proc/PID/net of its process (man 5 proc).

For the TCP sockets of one node the kernel walks through the table of the whole machine, empty or not: milliseconds
each time, for as long as somebody waits until a port opens. How many there are it knows without that, in sockstat.
"""

import re
from collections.abc import Iterable
from pathlib import Path

COUNTED = {"tcp": ("sockstat", "TCP"), "tcp6": ("sockstat6", "TCP6")}
"""The tables that take long, and where their sockets are counted."""


def read(net: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the texts of tables, by name. One that has nothing in it is an empty text. OSError if the node is gone."""
    return {name: "" if _is_empty(net, name) else (net / name).read_text() for name in names}


def _is_empty(net: Path, name: str) -> bool:
    """Tell whether the kernel counts none; a table that it does not count has to be read."""
    if name not in COUNTED:
        return False
    file, word = COUNTED[name]
    return re.search(rf"^{word}: inuse 0\b", (net / file).read_text(), re.MULTILINE) is not None
