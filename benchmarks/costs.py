"""What the programs' time goes into: their own work, the kernel's, waking up. It shows how far a goal is from a floor.

a stream     through one forwarder          the kernel's part: what no change to a program saves
lines        through the broadcast server   beside what it does with lines, done by itself
messages     on 500 connections             how often a program goes to sleep and is woken for one
a start      of a node                      what the whole machine does for it, and how many processes that takes
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks import connections, forwarder, start_up
from benchmarks.broadcast import RECEIVERS, blocks
from benchmarks.broadcast_runs import BROKER, CHAT, SERVERS, Command, pouring, talk
from benchmarks.contest import OURS, Better, Contest, Measure, Run, compete
from benchmarks.effort import Effort
from benchmarks.forwarders import FORWARDERS, Forwarder, haproxy, ours
from benchmarks.machine_work import work_during
from benchmarks.stations import Cost, Station, Where, stations

NODES, SMOKE_NODES = 40, 1
KERNEL_PART = Measure("kernel", "% of the CPU time", Better.LOW)
A_GIB = Measure("CPU", "s per GiB", Better.LOW)
OWN = Measure("own work", "s per million lines", Better.LOW)
KERNEL = Measure("kernel", "s per million lines", Better.LOW)
A_MESSAGE = Measure("CPU", "us per message", Better.LOW)
SLEEPS = Measure("sleeps", "per message", Better.LOW)
A_NODE = Measure("CPU of the machine", "s per node", Better.LOW)
STARTED = Measure("processes and threads", "per node", Better.LOW)
ROUNDS = 3
"""Enough for shares and counts, which hardly change."""


def measure(effort: Effort) -> Iterator[Contest]:
    """Yield where the time of a stream, of messages, of lines and of a start goes."""
    effort = replace(effort, rounds=min(effort.rounds, ROUNDS))
    with stations(3) as places:
        yield stream(places, effort)
        yield messages(places, effort)
    with stations(RECEIVERS + 2, Where.LOOPBACK) as places:
        yield lines(places, effort)
    yield start(effort)


def stream(places: Sequence[Station], effort: Effort) -> Contest:
    """Measure how much of what a stream costs a forwarder is the kernel's."""

    def run(hop: Forwarder) -> Mapping[str, float]:
        moved = forwarder.stream(hop, places, effort.seconds)
        return {A_GIB.name: moved.cpu_a_gib, KERNEL_PART.name: kernel_part(moved.cost)}

    contest = Contest(f"What a stream costs one forwarder, {Where.CONTAINERS.value}", (A_GIB, KERNEL_PART))
    return compete(contest, {name: partial(run, hop) for name, hop in FORWARDERS.items()}, effort)


def messages(places: Sequence[Station], effort: Effort) -> Contest:
    """Measure what a small message costs a forwarder that has many connections."""
    count = connections.SMOKE_CONNECTIONS if effort.smoke else connections.CONNECTIONS

    def run(hop: Forwarder) -> Mapping[str, float]:
        played, (ended,) = connections.play(hop, places, count, effort.seconds)
        return {
            A_MESSAGE.name: 1e6 * ended.cost.cpu / played["messages"],
            KERNEL_PART.name: kernel_part(ended.cost),
            SLEEPS.name: ended.switches / played["messages"],
        }

    contest = Contest(
        f"What a message costs a forwarder with {count} connections, {Where.CONTAINERS.value}",
        (A_MESSAGE, KERNEL_PART, SLEEPS),
        note="A message is 64 bytes there and back. Sleeps: how often a thread waits for something, each time to be "
        "woken again.",
    )
    return compete(contest, {OURS: partial(run, ours), "haproxy": partial(run, haproxy)}, effort)


def lines(places: Sequence[Station], effort: Effort) -> Contest:
    """Measure what lines cost a broadcast server on loopback, and what ours does with them, by itself."""
    load = pouring(blocks(effort), effort.seconds)

    def serve(command: Command) -> Mapping[str, float]:
        sent, _, cost = talk(places, load, command)
        millions = sent["lines"] / 1e6
        return {OWN.name: (cost.cpu - cost.kernel) / millions, KERNEL.name: cost.kernel / millions}

    def alone(step: str) -> Mapping[str, float]:
        program = ("python3", "-m", "benchmarks.load.broadcast_pass", "--step", step)
        return {OWN.name: places[0].run(*program, "--seconds", str(effort.seconds / 2))["seconds"]}

    contest = Contest(
        f"What lines cost a broadcast server with {RECEIVERS} receivers, {Where.LOOPBACK.value}",
        (OWN, KERNEL),
        note="Alone: what ours does with the lines that it has read, on the same lines, with no socket.",
    )
    runs: dict[str, Run] = {name: partial(serve, SERVERS[name]) for name in (OURS, BROKER, CHAT)}
    runs |= {f"{step}, alone": partial(alone, step) for step in ("sanitise", "tag")}
    return compete(contest, runs, effort)


def start(effort: Effort) -> Contest:
    """Measure what the whole machine does for a node. It says something only where nothing else runs."""
    nodes = SMOKE_NODES if effort.smoke else NODES

    def counted(run: Run) -> Mapping[str, float]:
        worked = work_during(run)
        return {A_NODE.name: worked.cpu / nodes, STARTED.name: worked.started / nodes}

    contest = Contest(
        f"What the machine does to start a node and stop it, {nodes} hosts",
        (A_NODE, STARTED),
        note="Of all that runs on the machine: the engine, what it executes, who asks it, and the nodes. A node is two "
        "processes, docker-init and its program.",
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hosts.yaml"
        file.write_text(start_up.HOSTS % nodes)
        runs: dict[str, Run] = {
            OURS: partial(counted, partial(start_up.ours, file)),
            start_up.COMPOSE: partial(counted, partial(start_up.compose, nodes)),
        }
        return compete(contest, runs, effort)


def kernel_part(cost: Cost) -> float:
    """Return the kernel's part of it in per cent."""
    return 100 * cost.kernel / cost.cpu if cost.cpu else 0.0
