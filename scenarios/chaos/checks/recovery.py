"""After the faults: all is well again within five seconds, each time; and that there were faults at all."""

from itertools import pairwise

from lab.events import Fault, Started, Step
from lab.history import History
from scenarios.chaos.signs import CHAIN_CLIENT, missing_but_chains, missing_of_chains
from scenarios.chaos.steps import healings
from scenarios.chaos.tally import tally
from scenarios.verdict import Verdict, check, failed, passed

WITHIN = 5.0
"""Seconds."""
STOPPED = "stopped with SIGTERM"
"""What is told of the given client when the play starts it anew, as nobody else does."""


@check
def all_is_well_again_within_five_seconds(history: History) -> Verdict:
    """Within 5 s of healing words pass the chain, five clients are in and one is refused, peers and groups hear.

    For the chain, the time in which the engine starts its client anew does not count: it is the engine's.
    """
    healed = healings(history)
    if not healed:
        return failed("nothing was healed")
    for number, step in enumerate(healed, 1):
        until = step.began + WITHIN
        lacking = missing_of_chains(history.between(step.began, until + started_anew(history, step)))
        lacking += missing_but_chains(history.between(step.began, until))
        if lacking:
            return failed(f"healed for the {number}. time, the lab did not show {'; '.join(lacking)}")
    slowest = max(step.time - step.began - started_anew(history, step) for step in healed)
    return passed(f"{len(healed)} times, after {slowest:.1f} s at most")


def started_anew(history: History, step: Step) -> float:
    """Return the seconds of a step in which the given clients of chains were being started anew."""
    seconds = 0.0
    for client in history.nodes(CHAIN_CLIENT):
        stops = [each.time for each in history.of(Fault) if each.node == client and each.what == STOPPED]
        stops = [time for time in stops if step.began <= time < step.time]
        for stop, then in pairwise([*stops, step.time]):
            starts = [each.time for each in history.of(Started) if each.node == client and stop < each.time <= then]
            seconds += max(starts, default=then) - stop
    return seconds


@check
def faults_came_while_all_were_busy(history: History) -> Verdict:
    """Faults were injected while lines were typed and heard."""
    found = tally(history)
    if not found.faults:
        return failed("nothing was broken")
    if not found.delivered:
        return failed(f"nobody heard any of the {found.typed} lines that were typed")
    return passed(str(found))
