"""Counting to infinity: what two switches tell each other of a host that is gone, with no guard and with one.

    x1 ── b1 ──── c1    no guard             b1: 1, then 3, 5, ... 15, infinity      c1: 2, then 4, 6, ... 14, infinity
    x2 ── b2 ──── c2    poisoned reverse     b2: 1, then infinity                    c2: infinity, since it goes by b2

With no guard there are two pieces of news on the way at a time: that x1 is gone, and the old one that it can be reached
over the other. Each switch passes on both, again and again, and the old news grows by 1 each time.
"""

from dataclasses import dataclass
from math import inf

from lab.history import History
from lab.switching.crossings import Crossing, crossings
from scenarios.switching.checks.vectors import INFINITY, SILENT_PERIODS, expect_no_stall, vectors
from scenarios.verdict import FailedError, Verdict, at, check, failed, passed

PERIOD, DELAY = 0.25, 0.3
"""Of vectors, and of the link between b and c, in seconds; as topology/count-to-infinity.yaml has them."""
TOLD_WITHIN = SILENT_PERIODS * PERIOD + DELAY + 0.5
"""Seconds from a host's last word until its switch has told the next one: after three silent periods, over the link;
the rest is for a busy machine."""


@dataclass(frozen=True)
class Pair:
    """A host, its switch, and the next switch."""

    host: str
    switch: str
    other: str


UNGUARDED, GUARDED = Pair("x1", "b1", "c1"), Pair("x2", "b2", "c2")


def last_word(history: History, host: str) -> float:
    """Return when a host was heard last. FailedError if it never was."""
    said = [crossing.time for crossing in crossings(history) if crossing.sender == host]
    if not said:
        raise FailedError(f"{host} said nothing")
    return said[-1]


def told(history: History, teller: str, listener: str, host: str) -> list[Crossing]:
    """Return the vectors from one switch to the other that say how far it is to a host."""
    return [each for each in vectors(history, teller, listener) if host in each.switched.metrics]


def steps(history: History, teller: str, listener: str, host: str) -> list[tuple[Crossing, int]]:
    """Return the vectors that told a metric for the first time, those to infinity, and the first of its end there.

    FailedError if a host's end is not seen: nothing finite was told, or that was told last. UnseenError if the lab
    stalled meanwhile.
    """
    seen = [(each, each.switched.metrics[host]) for each in told(history, teller, listener, host)]
    finite = [place for place, (_, metric) in enumerate(seen) if metric < INFINITY]
    if not finite or finite[-1] + 1 == len(seen):
        raise FailedError(f"{teller} told {listener} {'at last a finite' if finite else 'no finite'} way to {host}")
    expect_no_stall(history, PERIOD, last_word(history, host), inf)
    found: dict[int, Crossing] = {}
    for place in finite:
        found.setdefault(seen[place][1], seen[place][0])
    return [*((each, metric) for metric, each in found.items()), seen[finite[-1] + 1]]


def at_infinity(history: History, pair: Pair) -> Crossing:
    """Return the vector by which the host's switch gave the host up. FailedError if it did not."""
    return steps(history, pair.switch, pair.other, pair.host)[-1][0]


@check
def with_no_guard_they_count(history: History) -> Verdict:
    """With no guard, both switches tell of a longer and longer way to a host that is gone, by 2 more each time."""
    pair, because, evidence = UNGUARDED, [], list[str]()
    for teller, listener in ((pair.switch, pair.other), (pair.other, pair.switch)):
        found = steps(history, teller, listener, pair.host)
        metrics = [metric for _, metric in found]
        because.append(f"{teller} told {', '.join(map(str, metrics))}")
        evidence += [at(crossing.packet) for crossing, _ in found]
        if metrics != [*range(metrics[0], INFINITY, 2), INFINITY]:
            return failed(because[-1], [at(crossing.packet) for crossing, _ in found])
    return passed("; ".join(because), evidence)


@check
def with_poisoned_reverse_nobody_counts(history: History) -> Verdict:
    """With poisoned reverse, nobody ever tells of a longer way to a host that is gone."""
    pair = GUARDED
    for teller, listener in ((pair.switch, pair.other), (pair.other, pair.switch)):
        seen = [(each, each.switched.metrics[pair.host]) for each in told(history, teller, listener, pair.host)]
        finite = [(each, metric) for each, metric in seen if metric < INFINITY]
        longer = next((each for each, metric in finite if metric > finite[0][1]), None)
        if longer:
            return failed(f"{teller} told of a way of {longer.switched.metrics[pair.host]}", [at(longer.packet)])
    found = steps(history, pair.switch, pair.other, pair.host)
    return passed(f"{pair.switch} told {found[0][1]}, then infinity", [at(crossing.packet) for crossing, _ in found])


@check
def with_poisoned_reverse_bad_news_is_told_at_once(history: History) -> Verdict:
    """With poisoned reverse, the host is at infinity as soon as its silence is noticed."""
    gave_up = at_infinity(history, GUARDED)
    took = gave_up.time - last_word(history, GUARDED.host)
    because = f"{took:.2f} s after the last word of {GUARDED.host}, of {TOLD_WITHIN:g} s"
    return (passed if took <= TOLD_WITHIN else failed)(because, [at(gave_up.packet)])


@check
def with_no_guard_it_takes_longer(history: History) -> Verdict:
    """With no guard the host is at infinity only when the news has gone to and fro for each two steps of the count."""
    count = steps(history, UNGUARDED.switch, UNGUARDED.other, UNGUARDED.host)
    took = count[-1][0].time - last_word(history, UNGUARDED.host)
    times = len(count) - 2
    least = times * 2 * DELAY
    because = f"{took:.2f} s after the last word of {UNGUARDED.host}; {times} times to and fro takes {least:.1f} s"
    return (passed if took >= least else failed)(because, [at(count[-1][0].packet)])
