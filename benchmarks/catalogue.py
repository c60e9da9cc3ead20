"""All benchmarks, by the name that `make bench ONLY=` knows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks import broadcast, costs, footprint, forwarder, multicast, start_up, suite
from benchmarks.contest import Contest, Curve
from benchmarks.effort import Effort
from benchmarks.growth import clients, hops, nodes, receivers


@dataclass(frozen=True)
class Benchmark:
    """What is measured, in a sentence, and how."""

    what: str
    measure: Callable[[Effort], Iterator[Contest | Curve]]


BENCHMARKS: dict[str, Benchmark] = {
    "broadcast": Benchmark("the broadcast server beside ncat's brokers", broadcast.measure),
    "forwarder": Benchmark("the forwarder beside haproxy, socat and nginx", forwarder.measure),
    "multicast": Benchmark("one message to many: multicast beside TCP to each", multicast.measure),
    "start-up": Benchmark("`make up` and `make down` beside Docker Compose alone", start_up.measure),
    "footprint": Benchmark("what a node takes on the disk and in memory", footprint.measure),
    "costs": Benchmark("what the programs' time goes into, and what a start takes", costs.measure),
    "suite": Benchmark("the tests on real containers beside the start of their containers", suite.measure),
    "nodes": Benchmark("how start-up and memory grow with nodes", nodes.measure),
    "hops": Benchmark("how the forwarder's speed and delay change with hops", hops.measure),
    "clients": Benchmark("how the broadcast server's speed and delay change with clients", clients.measure),
    "receivers": Benchmark("how multicast's speed and cost change with receivers", receivers.measure),
}
