"""After the faults: all is well again within five seconds, each time; and that there were faults at all."""

from lab.events import Exited, Started, Step
from lab.history import History
from scenarios.chaos.reachable import reachable_since
from scenarios.chaos.signs import CHAIN_CLIENT, missing_but_chains, missing_of_chains
from scenarios.chaos.steps import healings
from scenarios.chaos.tally import tally
from scenarios.checks.talk import opened
from scenarios.verdict import Verdict, check, failed, passed

WITHIN = 5.0
"""Seconds."""


@check
def all_is_well_again_within_five_seconds(history: History) -> Verdict:
    """Within 5 s of healing words pass the chain, five clients are in and one is refused, peers and groups hear.

    The given client of a chain ends with its connection. The time until the engine has started it again, with the chain
    there for it, does not count: it is the engine's.
    """
    healed = healings(history)
    if not healed:
        return failed("nothing was healed")
    slowest = 0.0
    for number, step in enumerate(healed, 1):
        until, anew = step.began + WITHIN, started_anew(history, step)
        lacking = missing_of_chains(history.between(step.began, until + anew))
        lacking += missing_but_chains(history.between(step.began, until))
        if lacking:
            return failed(f"healed for the {number}. time, the lab did not show {'; '.join(lacking)}")
        slowest = max(slowest, step.time - step.began - anew)
    return passed(f"{len(healed)} times, after {slowest:.1f} s at most")


def started_anew(history: History, step: Step) -> float:
    """Return the seconds of a step in which given clients of chains did not run, though they could have dialled."""
    seconds = 0.0
    for client in history.nodes(CHAIN_CLIENT):
        forwarders = {name for call in opened(history, client) if (name := history.node_at(call.server[0]))}
        ends = [event.time for event in history.of(Exited) if event.node == client]
        starts = [event.time for event in history.of(Started) if event.node == client]
        for start in (time for time in starts if step.began < time <= step.time):
            ended = max((time for time in ends if time < start), default=start)
            reachable = min((reachable_since(history, name, start) for name in forwarders), default=start)
            seconds += max(0.0, start - max(step.began, ended, reachable))
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
