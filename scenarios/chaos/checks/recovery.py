"""After the faults: all is well again within five seconds, each time; and that there were faults at all."""

from lab.history import History
from scenarios.chaos.signs import missing
from scenarios.chaos.steps import healings
from scenarios.chaos.tally import tally
from scenarios.verdict import Verdict, check, failed, passed

WITHIN = 5.0
"""Seconds."""


@check
def all_is_well_again_within_five_seconds(history: History) -> Verdict:
    """Within 5 s of healing words pass the chain, five clients are in and one is refused, peers and groups hear."""
    healed = healings(history)
    if not healed:
        return failed("nothing was healed")
    for number, step in enumerate(healed, 1):
        lacking = missing(history.between(step.began, step.began + WITHIN))
        if lacking:
            return failed(f"healed for the {number}. time, the lab did not show {'; '.join(lacking)}")
    slowest = max(step.time - step.began for step in healed)
    return passed(f"{len(healed)} times, after {slowest:.1f} s at most")


@check
def faults_came_while_all_were_busy(history: History) -> Verdict:
    """Faults were injected while lines were typed and heard."""
    found = tally(history)
    if not found.faults:
        return failed("nothing was broken")
    if not found.delivered:
        return failed(f"nobody heard any of the {found.typed} lines that were typed")
    return passed(str(found))
