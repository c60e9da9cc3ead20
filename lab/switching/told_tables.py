"""What a packet switch tells of its tables when it is asked with `--json`: one line, read here, and put into words.

{"name": "a", "routes": {"h2": {"via": "c", "metric": 4}}, "circuits": [{"in_line": "h1", "in_label": 1, ...}], ...}

circuits: h1 1 -> c 2; routes: h2 by c 4
"""

import json
from typing import Any, NamedTuple

from lab.errors import MISSHAPEN
from lab.visible import visible

BEGINNING = '{"name": '


class Entry(NamedTuple):
    """Where a circuit enters a switch, and where it leaves it."""

    in_line: str
    in_label: int
    out_line: str
    out_label: int

    def __str__(self) -> str:
        return f"{self.in_line} {self.in_label} -> {self.out_line} {self.out_label}"


def read(line: str) -> dict[str, Any] | None:
    """Return the tables that a line on a switch's terminal tells; None if it tells none, or not all of them."""
    if not line.startswith(BEGINNING):
        return None
    try:
        tables: dict[str, Any] = json.loads(line)
        words(tables)
    except MISSHAPEN:  # a program may print what it likes
        return None
    return tables if "lines" in tables else None


def entries(tables: dict[str, Any]) -> list[Entry]:
    """Return the circuits, in the order in which they were told."""
    return [Entry(*(entry[key] for key in Entry._fields)) for entry in tables["circuits"]]


def words(tables: dict[str, Any]) -> str:
    """Say the circuits and the routes in one line."""
    circuits = ", ".join(map(str, entries(tables))) or "none"
    routes = [
        " ".join([name, *(["by", route["via"]] if route["via"] else ["unreachable"]), str(route["metric"] or "")])
        for name, route in tables["routes"].items()
    ]
    return visible(f"circuits: {circuits}; routes: {', '.join(map(str.rstrip, routes)) or 'none'}")
