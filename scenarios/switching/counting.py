"""Counting to infinity: a host dies, and two switches tell each other of ways to it over each other.

x1 ── b1 ──── c1    no guard: c1 says "I am 2 from x1", b1 believes it: "then I am 3", c1: "then I am 4", ...
x2 ── b2 ──── c2    poisoned reverse: what c2 reaches by b2, it tells b2 to be at infinity

The same two-switch network is in the lab twice, so both are seen side by side. That they count is no luck: see the file
of the topology.
"""

from collections.abc import Callable

from lab.chart import Axis, Chart
from lab.events import Packet
from lab.history import History
from lab.lab import Lab
from lab.recorder import now
from lab.switching.switched import Kind, switched
from scenarios.scenario import Page, Scenario
from scenarios.switching.checks import counting
from scenarios.switching.checks.counting import GUARDED, UNGUARDED, Pair, last_word, steps, told
from scenarios.switching.checks.vectors import INFINITY
from scenarios.switching.shared import PAGE, wait_whole

TOPOLOGY = "count-to-infinity"


def two_hosts_die(lab: Lab) -> None:
    """Kill both hosts, and wait until the switches have forgotten them."""
    with lab.step("x1 is behind b1 and c1, which have no guard; x2 behind b2 and c2, with poisoned reverse"):
        lab.start()
        wait_whole(lab)
    with lab.step("Both hosts are killed; with poisoned reverse, that is soon known and forgotten"):
        killed = now()
        for pair in (UNGUARDED, GUARDED):
            lab.node(pair.host).kill()
        _wait_forgotten(lab, GUARDED, killed)
    with lab.step("With no guard, b1 and c1 count up to infinity first"):
        _wait_forgotten(lab, UNGUARDED, killed)


def _wait_forgotten(lab: Lab, pair: Pair, since: float) -> None:
    """Wait until both switches tell nothing of the host any more."""
    for teller, listener in ((pair.switch, pair.other), (pair.other, pair.switch)):
        expected = f"a vector of {teller} without {pair.host}"
        lab.wait_packet(expected, _vector_without(pair.host, since), sender=teller, receiver=listener)


def _vector_without(host: str, since: float) -> Callable[[Packet], bool]:
    def wanted(packet: Packet) -> bool:
        told = switched(packet) if packet.time >= since else None
        return told is not None and told.kind is Kind.VECTOR and host not in told.metrics

    return wanted


def drawings(history: History) -> dict[str, str]:
    """Draw what was told over time."""
    chart = Chart(
        "How far it is to a host that is gone, as its neighbours tell it",
        Axis("time since the host's last word", "s", reaches=8.0),
        Axis(f"metric; {INFINITY} is infinity"),
    )
    began = last_word(history, UNGUARDED.host)
    for teller, listener in ((UNGUARDED.switch, UNGUARDED.other), (UNGUARDED.other, UNGUARDED.switch)):
        count = steps(history, teller, listener, UNGUARDED.host)
        chart.add(f"{teller}, no guard", [(max(0.0, each.time - began), metric) for each, metric in count])
    (_, metric), *_, (gave_up, _) = steps(history, GUARDED.switch, GUARDED.other, GUARDED.host)
    last = told(history, GUARDED.switch, GUARDED.other, GUARDED.host)[-1]
    began = last_word(history, GUARDED.host)
    points = [(0.0, metric), *((each.time - began, INFINITY) for each in (gave_up, last))]
    chart.add(f"{GUARDED.switch}, poisoned reverse", points)
    return {"count-to-infinity": chart.svg()}


def rows(history: History) -> list[str]:
    """Return the table of what was told."""
    found = ["| switch | guard | told of the host | infinity, seconds after its last word |", "|---|---|---|---|"]
    for pair, guard in ((UNGUARDED, "none"), (GUARDED, "poisoned reverse")):
        count = steps(history, pair.switch, pair.other, pair.host)
        metrics = ", ".join("infinity" if metric >= INFINITY else str(metric) for _, metric in count)
        took = count[-1][0].time - last_word(history, pair.host)
        found.append(f"| {pair.switch} | {guard} | {metrics} | ≈ {took:.1f} |")
    return found


SCENARIOS = (
    Scenario(
        "count-to-infinity",
        "Two switches with no guard count to infinity when a host dies; with poisoned reverse they know at once.",
        TOPOLOGY,
        two_hosts_die,
        (
            counting.with_no_guard_they_count,
            counting.with_poisoned_reverse_nobody_counts,
            counting.with_poisoned_reverse_bad_news_is_told_at_once,
            counting.with_no_guard_it_takes_longer,
        ),
        ladder=False,
        drawings=drawings,
        page=Page(PAGE, rows),
    ),
)
