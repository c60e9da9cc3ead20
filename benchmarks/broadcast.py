"""How fast a broadcast server passes lines on: all it can, one at a time, and with a client that does not read.

                 .---> receiver 1          Every receiver keeps all that it gets, and compares it with what was sent
    sender ---> server ---> ...            when the clock has stopped: no byte missing, none too much, all in order.
                 '---> receiver 4          The limit: the sender writes the same bytes to the receivers itself.

Lines have 64 bytes. The clock runs from the first byte sent to the last that the slowest receiver gets.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from benchmarks.broadcast_runs import (
    BROKER,
    CHAT,
    DELIVERED,
    LIMIT,
    MEDIAN,
    NAMED,
    NINETY_NINE,
    SERVERS,
    WHOLE,
    Command,
    pour,
    pouring,
    stroll,
    strolling,
)
from benchmarks.contest import OURS, Contest, Curve, Goal, Run, compete
from benchmarks.effort import Effort
from benchmarks.stations import Station, Where, stations

RECEIVERS = 4
PACE = 1000
"""Lines a second, so that each has its way for itself."""

BLOCKS_A_SECOND = 2048
"""Of 1024 lines: so many seconds' worth are sent, and a run ends before that if its time is over."""
STUCK_TIMES = 3
"""As long as others takes a run with a stuck reader: that ours waits for it once, is to weigh as little as it does."""


def measure(effort: Effort) -> Iterator[Contest | Curve]:
    """Let the servers compete for throughput and for one line's way; and ours against itself with a stuck reader."""
    with stations(RECEIVERS + 3) as here:
        yield throughput(here, Where.CONTAINERS, effort)
        yield one_lines_way(here, effort, quick=True)
        if not effort.smoke:
            yield one_lines_way(here, effort, quick=False)
        yield stuck_reader(here, effort)
    if effort.smoke:
        return
    with stations(RECEIVERS + 2, Where.LOOPBACK) as here:
        yield throughput(here, Where.LOOPBACK, effort)


def throughput(here: Sequence[Station], where: Where, effort: Effort) -> Contest:
    """Let all pass on as many lines as they can."""
    in_containers = where is Where.CONTAINERS
    contest = Contest(
        f"As many lines as a server can pass on, one sender and {RECEIVERS} receivers, {where.value}",
        (DELIVERED, WHOLE, NAMED),
        (
            Goal(DELIVERED.name, OURS, (CHAT,), at_least=4),
            Goal(DELIVERED.name, OURS, (BROKER,), at_least=3),
            Goal(DELIVERED.name, OURS, (LIMIT,), at_least=0.5),
        )
        if in_containers
        else (Goal(DELIVERED.name, OURS, (BROKER,), at_least=1.5),),
        f"{LIMIT}: the sender writes the bytes that ours delivers straight to the receivers. ncat passes on what it "
        "reads, 8 KiB at a time: with --chat it puts a name in front of that, be it at the beginning of a line or not.",
    )
    return compete(
        contest, contenders(partial(pour, here[: RECEIVERS + 2], pouring(blocks(effort), effort.seconds))), effort
    )


def one_lines_way(here: Sequence[Station], effort: Effort, quick: bool) -> Contest:
    """Measure how long one line is under way when they come one by one."""
    contest = Contest(
        f"One line's way at {PACE} lines/s, in containers on one bridge, receivers that acknowledge "
        + ("each line at once" if quick else "as they do if nothing is set"),
        (MEDIAN, NINETY_NINE),
        (Goal(MEDIAN.name, OURS, (BROKER, CHAT), at_most=1.1),),
        "" if quick else
        "ncat leaves Nagle's algorithm on: a line waits in its system until the receiver has acknowledged the one "
        "before it, and receivers put acknowledgements off. So to compare programs rather than this option, the "
        "receivers of the other contest acknowledge each line at once (TCP_QUICKACK).",
    )  # fmt: skip
    return compete(
        contest, contenders(partial(stroll, here[: RECEIVERS + 2], strolling(PACE, effort.seconds, quick))), effort
    )


def stuck_reader(here: Sequence[Station], effort: Effort) -> Contest:
    """Let ours run with one more client that reads nothing, and without it."""
    with_it, without = "with a stuck reader", "without it"
    contest = Contest(
        f"One more client that reads nothing for the whole run; the other {RECEIVERS} receivers get:",
        (DELIVERED,),
        (Goal(DELIVERED.name, with_it, (without,), at_least=0.95),),
    )

    longer = effort if effort.smoke else replace(effort, seconds=STUCK_TIMES * effort.seconds)

    def run(stuck: int) -> dict[str, float]:
        places = here[: RECEIVERS + 2 + stuck]
        # Twice as many a second as elsewhere, so that ours has enough for all of the time.
        measured = pour(places, pouring(2 * blocks(longer), longer.seconds, stuck), SERVERS[OURS])
        return {DELIVERED.name: measured[DELIVERED.name]}

    return compete(contest, {with_it: partial(run, 1), without: partial(run, 0)}, effort)


def blocks(effort: Effort) -> int:
    """Return how many blocks a run sends at most: memory for all of them is needed at each receiver."""
    return int(BLOCKS_A_SECOND * effort.seconds)


def contenders(run: Callable[[Command | None], dict[str, float]]) -> dict[str, Run]:
    """Return a run of each server, and one with none."""
    runs: dict[str, Run] = {name: partial(run, command) for name, command in SERVERS.items()}
    return runs | {LIMIT: partial(run, None)}
