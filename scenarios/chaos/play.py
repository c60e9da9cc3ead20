"""The play of chaos, and the scenario: all talk; bursts of faults, each healed; silence; what is held is looked at.

start ──► all is well, and looked at ──► burst ──► healed ──► well ──► burst ... ──► well ──► silence ──► looked at
          '-------------------------- everybody types ------------------------------------'
"""

from functools import partial

from lab.lab import Lab
from lab.recorder import now
from scenarios.chaos import acts, signs, steps
from scenarios.chaos.acts import Holdings
from scenarios.chaos.checks import delivery, holding, recovery
from scenarios.chaos.plan import plan
from scenarios.chaos.talkers import Typing
from scenarios.checks.talk import CLIENT
from scenarios.scenario import Scenario

SEED, SECONDS = 1, 20.0
"""Of the scenario of the catalogue, which the tests play."""
BRISK, LINES = 0.2, 1500
"""Seconds from one line of a node to its next; more in a long run, so that nobody types more lines than this."""


def chaos(seed: int, seconds: float) -> Scenario:
    """Return the scenario for a seed and a length of time."""
    return Scenario(
        "chaos",
        "While everything breaks no line is lost, doubled or forged; healed, all is well again within five seconds.",
        "lab",
        partial(everything_breaks, seed=seed, seconds=seconds),
        (
            recovery.faults_came_while_all_were_busy,
            delivery.no_line_is_delivered_twice,
            delivery.no_line_comes_out_of_order,
            delivery.no_line_comes_under_anothers_tag,
            delivery.no_line_is_lost,
            recovery.all_is_well_again_within_five_seconds,
            holding.nobody_holds_more_than_before,
        ),
        ladder=False,
    )


def everything_breaks(lab: Lab, seed: int, seconds: float) -> None:
    """All talk while the faults of a plan come and are healed; then what everybody holds is looked at."""
    bursts = plan(seed, seconds, {name: lab.topology.partners(name) for name in lab.topology.nodes})
    held = Holdings()
    with lab.step("Start servers and forwarders, then who types at them, and at last the client that is one too many"):
        acts.start(lab)
    talkers = [node.name for node in acts.with_role(lab, CLIENT, signs.CHAIN_CLIENT, signs.PEER)]
    with Typing(lab, talkers, max(BRISK, seconds / LINES)) as typing:
        with lab.step("Everybody types lines all the time; wait until all is well, and look at what programs hold"):
            acts.wait_well(lab, now())
            acts.wait_ready(lab)
            held.look([lab.node(name) for name in lab.topology.nodes])
        for number, burst in enumerate(bursts, 1):
            began = now()
            with lab.step(f"Burst {number} of {len(bursts)}: {burst}"):
                acts.break_(lab, burst)
            with lab.step("Undo all faults, and start again what has ended"):
                lab.heal()
            with lab.step(steps.HEALED):
                acts.wait_well(lab, now())
            with lab.step("Wait until all are connected again, and look at what was started meanwhile"):
                acts.wait_ready(lab)
                held.look(acts.started(lab, began))
        with lab.step(steps.SILENT):
            typing.fall_silent()
            quiet = now()
            typing.last_words()
            acts.wait_well(lab, quiet)
    with lab.step("Wait until programs hold no more than at first, or must have noticed by now"):
        held.wait_released(lab)


SCENARIOS = (chaos(SEED, SECONDS),)
