"""How the number of clients tells on a broadcast server: on what it delivers, and on one line's way.

    sender ---> server ---> 4 crowds of receivers in as many containers

What is delivered in all is about the same at each point, so that each takes as long.
"""

from collections.abc import Iterator

from benchmarks.broadcast_runs import DELIVERED, MEDIAN, NINETY_NINE, SERVERS, pour, pouring, stroll, strolling
from benchmarks.contest import OURS, Curve
from benchmarks.effort import Effort
from benchmarks.stations import stations

CLIENTS = (5, 10, 25, 50, 100, 200, 500)
SMOKE_CLIENTS = (5, 10)
CROWDS = 4
DELIVERED_BLOCKS_A_SECOND = 8192
FEWEST_BLOCKS = 4
PACE = 20
"""Lines a second: so few that a server has passed one on to five hundred clients before the next one comes."""

ROUNDS = 3

WHY_DELIVERED = (
    "A line is read, made harmless and tagged once, for all. So more clients share that, and more is delivered, until "
    "writing to each is nearly all there is to do. It falls again where many threads, two a client, take turns at the "
    "interpreter's lock."
)
WHY_WAY = (
    "The thread that brings a line sends it to one client after the other, so the median waits for half of them. It "
    "grows with their number all the way."
)


def measure(effort: Effort) -> Iterator[Curve]:
    """Measure both at each number of clients."""
    delivered: dict[float, list[float]] = {}
    ways: dict[str, dict[float, list[float]]] = {MEDIAN.name: {}, NINETY_NINE.name: {}}
    with stations(CROWDS + 2) as here:
        for clients in SMOKE_CLIENTS if effort.smoke else CLIENTS:
            crowds = shares(clients - 1)
            blocks = max(FEWEST_BLOCKS, int(DELIVERED_BLOCKS_A_SECOND * effort.seconds) // (clients - 1))
            for _ in range(min(effort.rounds, ROUNDS)):
                poured = pour(here, pouring(blocks, effort.seconds, crowds=crowds), SERVERS[OURS])
                delivered.setdefault(clients, []).append(poured[DELIVERED.name])
                strolled = stroll(here, strolling(PACE, effort.seconds, False, crowds), SERVERS[OURS])
                for name, points in ways.items():
                    points.setdefault(clients, []).append(strolled[name] / 1e3)
    across = "clients"
    yield Curve("Lines to more and more clients", across, "delivered", DELIVERED.unit, {OURS: delivered}, WHY_DELIVERED)
    yield Curve(f"One line's way at {PACE} lines/s to more and more clients", across, "way", "ms", ways, WHY_WAY)


def shares(receivers: int) -> tuple[int, ...]:
    """Split receivers evenly between the crowds."""
    return tuple(receivers // CROWDS + (number < receivers % CROWDS) for number in range(CROWDS))
