"""Asks a packet switch of this machine for its tables and counters, and prints them.

$ python3 -m services.switch_tables
switch a
destination  next hop  metric
b            b              1
...
"""

import json
import socket
from collections.abc import Sequence
from typing import Any

from services.shared import endpoint
from services.shared.command_line import CommandLine
from services.shared.ending import end_on_signals, fail
from services.shared.endpoint import Endpoint
from services.shared.output import say
from services.switching.console import DEFAULT_PORT, REQUEST

_ANSWER_SECONDS = 2.0


class NoSwitchError(Exception):
    """What answered is no switch."""


def ask(console: Endpoint) -> bytes:
    """Return the answer of the switch. Raises OSError."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(_ANSWER_SECONDS)
        asking.connect(console)
        asking.send(REQUEST)
        return asking.recv(65535)


def shown(answer: bytes) -> str:
    """Return what an answer says, as tables. Raises NoSwitchError where no switch of ours has said it."""
    try:
        return text(json.loads(answer))
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise NoSwitchError("these are not the tables of a switch") from None


def text(seen: dict[str, Any]) -> str:
    """Return what a switch says of itself as tables."""
    drops = [f"{count} {why}" for why, count in seen["drops"].items() if count]
    full = sum(line["dropped"] for line in seen["lines"].values())
    parts = [
        f"switch {seen['name']}",
        _routes(seen["routes"]),
        _circuits(seen["circuits"], seen.get("circuits_left_out", 0)),
        _lines(seen["lines"]),
        "dropped: " + (", ".join([*drops, *([f"{full} queue full"] if full else [])]) or "nothing"),
    ]
    return "\n\n".join(parts)


def _routes(routes: dict[str, Any]) -> str:
    rows = [
        (name, way["via"] or "none", "fixed" if way["metric"] is None else way["metric"])
        for name, way in routes.items()
    ]
    return aligned(("destination", "next hop", "metric"), rows) if rows else "no routes"


def _circuits(circuits: list[dict[str, Any]], left_out: int) -> str:
    if not circuits:
        return "no circuits"
    head = ("in line", "in label", "out line", "out label", "from", "to", "state", "reserved bit/s")
    keys = ("in_line", "in_label", "out_line", "out_label", "source", "destination", "state", "reserved")
    table = aligned(head, [[circuit[key] for key in keys] for circuit in circuits])
    return table + (f"\nand {left_out} more" if left_out else "")


def _lines(lines: dict[str, Any]) -> str:
    head = ("line to", "bit/s", "delay s", "sent", "bytes", "received", "dropped", "queued", "most queued",
            "reserved bit/s")  # fmt: skip
    keys = ("rate", "delay", "sent", "bytes", "received", "dropped", "queued", "most_queued", "reserved")
    return aligned(head, [[name, *(line[key] for key in keys)] for name, line in lines.items()])


def aligned(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table: words begin below each other, and numbers end so."""
    cells = [list(head), *([f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    are_numbers = [all(isinstance(cell, int | float) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(row, widths, are_numbers, strict=True)
        ).rstrip()
        for row in cells
    )


def main() -> None:
    """Read the command line, ask and print."""
    line = CommandLine("switch_tables", "Prints the tables and the counters of a packet switch on this machine.")
    line.add_argument(
        "--console",
        type=endpoint.remote,
        default=Endpoint("127.0.0.1", DEFAULT_PORT),
        metavar="HOST:PORT",
        help=f"where the switch is asked: its own --console (default 127.0.0.1:{DEFAULT_PORT})",
    )
    line.add_argument("--json", action="store_true", help="print one line of JSON")
    options = line.parse_args()
    end_on_signals()
    try:
        answer = ask(options.console)
        tables = shown(answer)
    except (OSError, NoSwitchError):
        fail(f"no switch answers at {options.console}: start services.packet_switch, or give its --console")
    say(answer.decode() if options.json else tables)


if __name__ == "__main__":
    main()
