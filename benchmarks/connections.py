"""What a forwarder does with many connections at once: 500 of them, each with one small message under way.

    player ==500==> forwarder ==500==> echo        64 bytes each, in containers on one bridge
           <==500==           <==500==

Player and echo are one thread each, which waits for all its connections.
"""

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.contest import OURS, Better, Contest, Curve, Goal, Measure, compete
from benchmarks.effort import Effort
from benchmarks.forwarders import Forwarder, chain, direct, haproxy, ours, through
from benchmarks.stations import Ended, Station, Where, stations

CONNECTIONS = 500
SMOKE_CONNECTIONS = 20

MESSAGES = Measure("there and back", "messages/s")
TRIP = Measure("round trip, median", "ms", Better.LOW)
MEMORY = Measure("most memory", "MiB", Better.LOW)


def measure(effort: Effort) -> Iterator[Contest | Curve]:
    """Measure ours beside haproxy, and with none between."""
    count = SMOKE_CONNECTIONS if effort.smoke else CONNECTIONS
    with stations(3) as places:
        contest = Contest(
            f"{count} connections at once, 64 bytes there and back on each, {Where.CONTAINERS.value}",
            (MESSAGES, TRIP, MEMORY),
            (Goal(MESSAGES.name, OURS, ("haproxy",), at_least=0.5),),
            "Every message is a new one, and was compared when it was back.",
        )
        runs = through({OURS: ours, "haproxy": haproxy}, run, places, count, effort.seconds)
        runs |= direct(run, places, count, effort.seconds)
        yield compete(contest, runs, effort)


def run(forwarder: Forwarder, places: Sequence[Station], count: int, seconds: float) -> Mapping[str, float]:
    """Play for some seconds on so many connections; return the measures."""
    played, ended = play(forwarder, places, count, seconds)
    measured = {MESSAGES.name: played["per_second"], TRIP.name: played["microseconds"] / 1e3}
    if ended:
        measured[MEMORY.name] = sum(each.peak_bytes for each in ended) / 2**20
    return measured


def play(
    forwarder: Forwarder, places: Sequence[Station], count: int, seconds: float
) -> tuple[dict[str, float], list[Ended]]:
    """Play between the first and the last place; return what the player says, and how the forwarders ended."""
    player, *between, last = places
    port = last.port()
    echo = last.start("python3", "-m", "benchmarks.load.stream_echo", "--port", str(port), listens=port)
    command = ("python3", "-m", "benchmarks.load.stream_ping_pong", "--connections", str(count))
    with chain(forwarder, between, (last.address, port)) as hops:
        server = "{}:{}".format(*hops.entrance)
        played = player.run(*command, "--server", server, "--seconds", str(seconds))
        ended = hops.stop()
    echo.stop()
    return played, ended
