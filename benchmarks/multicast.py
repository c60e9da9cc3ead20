"""Multicast: the same messages from one sender to many receivers, by one call each, or by a TCP connection to each.

                        .--> bridge --> receiver 1             sender --> receiver 1
    sender --one frame--|          '--> receiver 2   against      '-----> receiver 2
                        '               ...                       '-----> ...

What makes the figures comparable:

- Every receiver checks every message: whole, in order, none missing, none twice. One that is wrong ends the run.
- Both are sent by one program, in one loop (benchmarks/load/messages_sender.py), from a list that was made before. A
  message has 64 bytes. It is one call by multicast, and one call for each receiver by TCP, with TCP_NODELAY: it goes
  out at once. The time ends when the last receiver has acknowledged the last message.
- UDP loses what does not fit a receive buffer. So messages come in blocks, each receiver acknowledges each block over
  a TCP connection, and no more than two blocks are under way. A block is small enough for half of what the system gives
  as a receive buffer. TCP needs no blocks: it has its own flow control.
- A receiver that sleeps is woken for every message that comes; on few processors this costs more than the message.
  The acknowledged blocks spare that: the sender says, by one more datagram, when a block was sent, and receivers read
  then. So that nobody has to ask what either does, all four are measured: both ways, woken once a block or by each
  message. TCP fan-out as people write it is the one that reads what comes.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from benchmarks.contest import Better, Contest, Curve, Goal, Measure, Run, compete
from benchmarks.effort import Effort
from benchmarks.errors import BenchmarkError
from benchmarks.stations import Station, Where, bridge, spoken, stations

BLOCK = 256
SIZE = 64
GOALS = {5: 2.4, 25: 3.1, 100: 4.1}
LEAST_BLOCKS = 8
WITHIN = 120.0
"""Seconds that a run may take: 200 receivers take ten to start where nothing else runs, and more elsewhere."""
OF_THE_BLOCKS = 0.05
"""Calls and frames a message that may come on top of one: announcements, one a block, and what ARP asks."""


@dataclass(frozen=True)
class Way:
    """How messages get to all: by what, with which options, and microseconds a receiver that this takes, about."""

    by: str
    options: tuple[str, ...]
    microseconds: float


WAYS = {
    "multicast": Way("multicast", ("--block", str(BLOCK), "--announce"), 5),
    "TCP fan-out": Way("tcp", (), 20),
    "multicast, message by message": Way("multicast", ("--block", str(BLOCK)), 10),
    "TCP fan-out, block by block": Way("tcp", ("--block", str(BLOCK), "--announce"), 10),
}
OURS, THEIRS, PLAIN, *_ = WAYS

GROUP = "224.1.1.1"
"""On a port of its own for each run: what one sends is not heard in the next."""

MESSAGES = Measure("messages", "/s")
CALLS = Measure("send calls", "a message", Better.LOW)
FRAMES = Measure("frames from the sender", "a message", Better.LOW)
SENDER = Measure("sender's CPU", "µs a message and receiver", Better.LOW)
RECEIVER = Measure("receiver's CPU", "µs a message", Better.LOW)


def measure(effort: Effort) -> Iterator[Contest | Curve]:
    """Yield a contest for each number of receivers, in containers; and one on loopback."""
    with ExitStack() as stack:
        network = stack.enter_context(bridge())
        here: list[Station] = []
        for receivers in (2,) if effort.smoke else GOALS:
            # One after the other: a bridge sends a copy to each of its containers, whether it is a receiver or not.
            here += stack.enter_context(stations(receivers + 1 - len(here), on=network))
            yield contest(here, Where.CONTAINERS, effort)
    if effort.smoke:
        return
    with stations(6, Where.LOOPBACK) as here:
        yield contest(here, Where.LOOPBACK, effort)


def contest(here: Sequence[Station], where: Where, effort: Effort) -> Contest:
    """Let all ways compete, from the first of these stations to all others."""
    receivers = len(here) - 1
    in_containers = where is Where.CONTAINERS
    goals = [Goal(CALLS.name, OURS, (THEIRS,), at_most=round(1 / receivers, 2))]
    if in_containers and receivers in GOALS:
        goals = [Goal(MESSAGES.name, one, (THEIRS,), at_least=GOALS[receivers]) for one in (OURS, PLAIN)] + goals
    made = Contest(
        f"{receivers} receivers, {where.value}",
        (MESSAGES, CALLS, FRAMES, SENDER, RECEIVER) if in_containers else (MESSAGES, CALLS, SENDER, RECEIVER),
        tuple(goals),
        "The frames of multicast are without those of TCP, by which the receivers acknowledge a block. "
        f"Messages have {SIZE} bytes, a block has {BLOCK} messages. The first goal compares multicast "
        "at its best with TCP fan-out as people write it; the second is on equal terms, both message by message."
        if in_containers
        else "",
    )
    runs: dict[str, Run] = {
        name: partial(run, way, here, where, count(way, receivers, effort.seconds)) for name, way in WAYS.items()
    }
    return compete(made, runs, effort)


def count(way: Way, receivers: int, seconds: float) -> int:
    """Return how many messages take about so long; but so many that the first block and the last weigh little."""
    least = LEAST_BLOCKS * BLOCK if "--block" in way.options else BLOCK
    return max(least, int(seconds * 1e6 / (10 + way.microseconds * receivers)))


def run(way: Way, here: Sequence[Station], where: Where, messages: int) -> dict[str, float]:
    """Send messages from the first station to all others. BenchmarkError if one does not get all."""
    sender, *receivers = here
    port = sender.port()
    sender.port()  # for the announcements
    common = ("--by", way.by, "--group", f"{GROUP}:{port}", "--port", str(port))
    sending = sender.start(
        "python3", "-m", "benchmarks.load.messages_sender", *common, "--address", sender.address,
        "--receivers", str(len(receivers)), "--messages", str(messages), "--size", str(SIZE), *way.options,
        listens=port,
    )  # fmt: skip
    program = ("python3", "-m", "benchmarks.load.messages_receiver", *common, "--sender", sender.address)
    receiving = [one.start(*program, "--address", one.address) for one in receivers]
    try:
        heard = [spoken(job.result(WITHIN)) for job in receiving]
        sent = spoken(sending.result(WITHIN))
    except BenchmarkError:
        for job in (sending, *receiving):
            job.stop()
        raise
    if any(one["messages"] != messages for one in heard):
        raise BenchmarkError(f"{messages} messages were sent by {way.by}, and not all receivers say so")
    found = {
        MESSAGES.name: messages / sent["seconds"],
        CALLS.name: sent["calls"] / messages,
        FRAMES.name: (sent["frames"] - (sent["segments"] if way.by == "multicast" else 0)) / messages,
        SENDER.name: 1e6 * sent["cpu_seconds"] / messages / len(receivers),
        RECEIVER.name: 1e6 * sum(one["cpu_seconds"] for one in heard) / messages / len(receivers),
    }
    if where is Where.LOOPBACK:
        del found[FRAMES.name]  # all share one interface there
    if way.by == "multicast" and max(found[CALLS.name], found.get(FRAMES.name, 1)) > 1 + OF_THE_BLOCKS:
        raise BenchmarkError(f"a message by multicast took more than one call or frame: {found}")
    return found
