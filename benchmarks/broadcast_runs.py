"""One run of a broadcast server in a benchmark: who is started where, and what came of it.

station 0: server    station 1: sender    others: a receiver each
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from benchmarks.contest import OURS, Better, Measure
from benchmarks.errors import BenchmarkError
from benchmarks.stations import Cost, Station, spoken

DELIVERED = Measure("delivered", "million lines/s")
WHOLE = Measure("whole", "% of the lines")
NAMED = Measure("whole and named", "% of the lines")
MEDIAN = Measure("p50", "µs", Better.LOW)
NINETY_NINE = Measure("p99", "µs", Better.LOW)

Command = Callable[[int], tuple[str, ...]]
"""A port to the command of a server that listens there."""

BROKER = "ncat --broker"
CHAT = "ncat --broker --chat"
LIMIT = "no server"
MOST_CLIENTS = 1000
SERVERS: dict[str, Command] = {
    OURS: lambda port: (
        "python3", "-m", "services.broadcast_server", "--port", str(port), "--max-clients", str(MOST_CLIENTS)
    ),
    BROKER: lambda port: ("ncat", "--broker", "--listen", str(port)),
    CHAT: lambda port: ("ncat", "--broker", "--chat", "--listen", str(port)),
}  # fmt: skip

WITHIN = 60.0
BYTES_A_BLOCK = 72 * 1024
"""1024 lines of 64 bytes, and what a server puts in front of them."""

SPARE = 1 << 18


@dataclass(frozen=True)
class Load:
    """What is sent, and who receives it."""

    sending: tuple[str, ...]
    receiving: tuple[str, ...]
    stuck: int = 0
    """How many of the last stations read nothing."""
    crowds: tuple[int, ...] = ()
    """How many clients each station has, if it is not one each."""


def pouring(blocks: int, seconds: float, stuck: int = 0, crowds: tuple[int, ...] = ()) -> Load:
    """Return a load of so many blocks of 1024 lines, as fast as they go, as long as the time is not over."""
    room = ("--room", str(blocks * BYTES_A_BLOCK + SPARE))
    return Load(("--blocks", str(blocks), "--seconds", str(seconds)), room, stuck, crowds)


def strolling(pace: float, seconds: float, quick: bool, crowds: tuple[int, ...] = ()) -> Load:
    """Return a load of single lines at a pace."""
    receiving = ("--stamps", "--quick") if quick else ("--stamps",)
    return Load(("--pace", str(pace), "--seconds", str(seconds)), receiving, crowds=crowds)


def pour(here: Sequence[Station], load: Load, command: Command | None) -> dict[str, float]:
    """Have a server pass on all it can; return how much that was."""
    sent, heard, _ = talk(here, load, command)
    if any(one["lines"] != sent["lines"] for one in heard):
        raise BenchmarkError(f"{sent['lines']} lines were sent, and {[one['lines'] for one in heard]} came")
    receivers = sum(one.get("clients", 1) for one in heard)
    found = {
        DELIVERED.name: receivers * sent["lines"] / (max(one["ended"] for one in heard) - sent["begun"]) * 1e3,
        WHOLE.name: 100 * sum(one["whole"] for one in heard) / sent["lines"] / len(heard),
        NAMED.name: 100 * sum(one["named"] for one in heard) / sent["lines"] / len(heard),
    }
    if command is SERVERS[OURS] and found[NAMED.name] < 100:
        raise BenchmarkError(f"ours broke lines, or did not name them: {found}")
    return found


def stroll(here: Sequence[Station], load: Load, command: Command | None) -> dict[str, float]:
    """Have a server pass on single lines; return how long they were under way."""
    sent, heard, _ = talk(here, load, command)
    if any(len(one["microseconds"]) != sent["lines"] * one.get("clients", 1) for one in heard):
        raise BenchmarkError(f"not every receiver got each of the {sent['lines']} lines")
    ways = [way for one in heard for way in one["microseconds"]]
    return {MEDIAN.name: median(ways), NINETY_NINE.name: quantiles(ways, n=100)[-1]}


Talk = tuple[dict[str, Any], list[dict[str, Any]], Cost]


def talk(here: Sequence[Station], load: Load, command: Command | None) -> Talk:
    """Start a server, or none, and its clients.

    Return what the sender says, what the receivers say that are not stuck, and what it cost the server.
    """
    server, sender, *places = here
    port = server.port()
    program = (
        "python3", "-m", "benchmarks.load.broadcast_sender", *load.sending,
        "--receivers", str(len(places)), "--stuck", str(load.stuck),
    )  # fmt: skip
    if command:
        serving = server.start(*command(port), listens=port)
        before = serving.cost()
        source = f"{server.address}:{port}"
        speaking = sender.start(*program, "--server", source)
    else:
        speaking = sender.start(*program, "--listen", str(port), listens=port)
        source = f"{sender.address}:{port}"
    listening = [
        place.start(*receiver(load, number, len(places)), "--server", source) for number, place in enumerate(places)
    ]
    moving = len(places) - load.stuck
    heard = [spoken(job.result(WITHIN)) for job in listening[:moving]]
    sent = spoken(speaking.result(WITHIN))
    for job in listening[moving:]:
        job.stop()
    return sent, heard, serving.stop().cost.since(before) if command else Cost(0.0, 0.0)


def receiver(load: Load, number: int, places: int) -> tuple[str, ...]:
    """Return the command of one of the receivers, but for where to connect to."""
    program: tuple[str, ...]
    if load.crowds:
        program = ("python3", "-m", "benchmarks.load.broadcast_crowd", "--clients", str(load.crowds[number]))
    else:
        program = ("python3", "-m", "benchmarks.load.broadcast_receiver")
    how = load.receiving if number < places - load.stuck else ("--stuck",)
    return (*program, "--number", str(number), *how)
