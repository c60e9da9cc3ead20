"""How the length of a chain tells on a stream through it, and on a small message there and back.

    sender ----> hop ----> ... 1 to 64 ... ----> hop ----> receiver        in containers on one bridge

The stream and the messages have the chain for themselves, one after the other.
"""

from collections.abc import Iterator

from benchmarks import forwarder, ping_pong
from benchmarks.contest import OURS, Contest, Curve
from benchmarks.effort import Effort
from benchmarks.forwarders import FORWARDERS
from benchmarks.stations import stations

HOPS = (1, 2, 4, 8, 16, 32, 64)
SMOKE_HOPS = (1, 2)
ROUNDS = 3
SPEED_NOTE = (
    "Each hop does the same work for each byte, and all hops share the processors: once these are busy, twice the hops "
    "have half the speed."
)
TRIP_NOTE = (
    "A message is under way alone, so each hop adds the same: it is woken, reads, and writes, there and back. In the "
    "longest chains more containers are flooded and scheduled beside it, and a hop takes longer."
)
WHO = (OURS, "haproxy splice")


def measure(effort: Effort) -> Iterator[Contest | Curve]:
    """Measure speed and round trips of ours and of the best other one, at each length, in turn."""
    lengths = SMOKE_HOPS if effort.smoke else HOPS
    speeds: dict[str, dict[float, list[float]]] = {name: {} for name in WHO}
    trips: dict[str, dict[float, list[float]]] = {name: {} for name in WHO}
    with stations(max(lengths) + 2) as places:
        for length in lengths:
            chosen = places[: length + 2]
            for _ in range(min(effort.rounds, ROUNDS)):
                for name in WHO:
                    streamed = forwarder.run(FORWARDERS[name], chosen, effort.seconds)
                    speeds[name].setdefault(length, []).append(streamed[forwarder.SPEED.name])
                    played = ping_pong.run(FORWARDERS[name], chosen, effort.seconds)
                    trips[name].setdefault(length, []).append(played[ping_pong.TRIP.name] / 1e3)
    yield Curve("A stream through a chain of forwarders", "forwarders", "speed", "GB/s", speeds, SPEED_NOTE)
    yield Curve("64 bytes there and back through a chain", "forwarders", "round trip, median", "ms", trips, TRIP_NOTE)
