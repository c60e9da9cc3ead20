"""What all of these share: the words that they are called with, and how they say what they did."""

import argparse
import json
import socket
import statistics
from collections.abc import Sequence


def address(text: str) -> tuple[str, int]:
    """Read HOST:PORT."""
    host, _, port = text.rpartition(":")
    return host, int(port)


def command_line(does: str) -> argparse.ArgumentParser:
    """Make a command line with --server, --kind, --count and --seconds."""
    line = argparse.ArgumentParser(description=does)
    line.add_argument("--server", type=address, required=True, metavar="HOST:PORT", help="whom to attack, or to ask")
    line.add_argument("--kind", required=True, help="how")
    line.add_argument("--count", type=int, default=1, help="how many")
    line.add_argument("--seconds", type=float, default=1.0, help="how long, where that is not a matter of how many")
    return line


def tell(**found: object) -> None:
    """Print the one JSON object that is read."""
    print(json.dumps(found), flush=True)


def milliseconds(nanoseconds: Sequence[int]) -> dict[str, float]:
    """Return p50, p99 and the worst; nothing of nothing."""
    if not nanoseconds:
        return {}
    ordered = sorted(nanoseconds)
    p99 = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    return {"p50": statistics.median(ordered) / 1e6, "p99": p99 / 1e6, "worst": ordered[-1] / 1e6}


def dial(server: tuple[str, int], within: float = 10.0) -> socket.socket:
    """Connect. Raises OSError."""
    connection = socket.create_connection(server, timeout=within)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection
