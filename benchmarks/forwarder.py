"""How fast bytes go through a chain of forwarders, and what that costs the forwarders.

    sender ----> hop ----> ... ----> hop ----> receiver        in containers on one bridge, and on loopback
    seconds                                    compares every byte

GB/s: from the first byte sent to the end of the stream at the receiver. CPU: user and system time of the forwarders
from the moment that all of them listen; what the kernel does in their name is in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks import connections, ping_pong
from benchmarks.contest import OURS, Better, Contest, Curve, Goal, Measure, compete
from benchmarks.effort import Effort
from benchmarks.errors import BenchmarkError
from benchmarks.forwarders import DIRECT, FORWARDERS, RIVALS, Forwarder, chain, direct, through
from benchmarks.stations import Cost, Station, Where, spoken, stations

HOPS = {Where.CONTAINERS: (1, 4, 8), Where.LOOPBACK: (1, 8)}
SMOKE_HOPS = {Where.CONTAINERS: (2,)}

NOTE = (
    "The receiver compared every byte with what was sent. haproxy splice has pipes of the size that they come with, "
    "64 KiB; the goals are set against that, and the same with pipes as wide as ours is shown beside it."
)
SPEED = Measure("speed", "GB/s")
CPU = Measure("CPU", "s per GiB and hop", Better.LOW)


def measure(effort: Effort) -> Iterator[Contest | Curve]:
    """Measure streams through chains, then round trips, then many connections at once."""
    for where, lengths in (SMOKE_HOPS if effort.smoke else HOPS).items():
        with stations(max(lengths) + 2, where) as places:
            for length in lengths:
                yield streams(places[: length + 2], where, effort)
    yield from ping_pong.measure(effort)
    yield from connections.measure(effort)


def streams(places: Sequence[Station], where: Where, effort: Effort) -> Contest:
    """Let streams compete: a sender on the first place, a receiver on the last, forwarders on those between."""
    length = len(places) - 2
    hops = "one forwarder" if length == 1 else f"{length} forwarders in a chain"
    contest = Contest(
        f"A stream through {hops}, {where.value}",
        (SPEED, CPU),
        goals(length) if where is Where.CONTAINERS else (),
        NOTE,
    )
    runs = through(FORWARDERS, run, places, effort.seconds)
    if length == 1:
        runs |= direct(run, places, effort.seconds)
    return compete(contest, runs, effort)


def goals(length: int) -> tuple[Goal, ...]:
    """Return what is aimed at for a chain of so many."""
    cpu = Goal(CPU.name, OURS, RIVALS, at_most=0.6)
    if length == 1:
        return (
            Goal(SPEED.name, OURS, RIVALS, at_least=1.4), Goal(SPEED.name, OURS, (DIRECT,), at_least=0.6), cpu
        )  # fmt: skip
    return (Goal(SPEED.name, OURS, RIVALS, at_least=1.1), cpu)


@dataclass(frozen=True)
class Moved:
    """A stream that came whole: bytes, seconds, and what it cost all forwarders."""

    bytes: int
    seconds: float
    cost: Cost

    @property
    def cpu_a_gib(self) -> float:
        """CPU seconds for each GiB."""
        return self.cost.cpu / (self.bytes / 2**30)


def run(forwarder: Forwarder, places: Sequence[Station], seconds: float) -> Mapping[str, float]:
    """Send one stream; return its measures."""
    moved = stream(forwarder, places, seconds)
    measured = {SPEED.name: moved.bytes / moved.seconds / 1e9}
    if hops := len(places) - 2:
        measured[CPU.name] = moved.cpu_a_gib / hops
    return measured


def stream(forwarder: Forwarder, places: Sequence[Station], seconds: float) -> Moved:
    """Send one stream. BenchmarkError if the receiver has not what was sent."""
    sender, *between, last = places
    port = last.port()
    receiver = last.start("python3", "-m", "benchmarks.load.stream_receiver", "--port", str(port), listens=port)
    with chain(forwarder, between, (last.address, port)) as hops:
        server = "{}:{}".format(*hops.entrance)
        sent = sender.run(
            "python3", "-m", "benchmarks.load.stream_sender", "--server", server, "--seconds", str(seconds)
        )
        got = spoken(receiver.result())
        cost = hops.cost()
    if sent["bytes"] != got["bytes"]:
        raise BenchmarkError(f"{sent['bytes']} bytes were sent, and {got['bytes']} came; see the forwarder's log")
    return Moved(got["bytes"], got["ended"] - sent["began"], cost)
