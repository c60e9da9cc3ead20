"""How long a small message takes through one forwarder, there and back.

    player ----> forwarder ----> echo        64 bytes, in containers on one bridge; the next one is sent
           <----           <----             when the one before it is back

Nothing else is under way, so it is waking up that is measured: of each program, and of the processor under it.
"""

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.contest import OURS, Better, Contest, Curve, Goal, Measure, compete
from benchmarks.effort import Effort
from benchmarks.forwarders import FORWARDERS, RIVALS, Forwarder, chain, direct, through
from benchmarks.stations import Station, Where, stations

TRIP = Measure("round trip, median", "us", Better.LOW)


def measure(effort: Effort) -> Iterator[Contest | Curve]:
    """Measure round trips through one forwarder, and without one."""
    with stations(3) as places:
        contest = Contest(
            f"64 bytes there and back through one forwarder, {Where.CONTAINERS.value}",
            (TRIP,),
            (Goal(TRIP.name, OURS, RIVALS, at_most=1.05),),
            "Every message is a new one, and was compared when it was back.",
        )
        runs = through(FORWARDERS, run, places, effort.seconds) | direct(run, places, effort.seconds)
        yield compete(contest, runs, effort)


def run(forwarder: Forwarder, places: Sequence[Station], seconds: float) -> Mapping[str, float]:
    """Play for some seconds between the first and the last place; return the measure."""
    player, *between, last = places
    port = last.port()
    echo = last.start("python3", "-m", "benchmarks.load.stream_echo", "--port", str(port), listens=port)
    with chain(forwarder, between, (last.address, port)) as hops:
        server = "{}:{}".format(*hops.entrance)
        played = player.run(
            "python3", "-m", "benchmarks.load.stream_ping_pong", "--server", server, "--seconds", str(seconds)
        )
    echo.stop()
    return {TRIP.name: played["microseconds"]}
