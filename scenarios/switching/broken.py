r"""Virtual circuits that break: a switch on their way dies, a call comes to nobody, a RELEASE is lost.

h1, h3 ── a ── c ── e ── f ── h2, h4        Here h2 and h4 call. A label whose RELEASE has no answer rests for a while,
          └─── b ─── d ──┘                  at the end that chose it: so those that h1 and h3 choose are not used up.
"""

import contextlib
from collections.abc import Iterator

from lab.lab import Lab
from lab.recorder import now
from lab.switching.switched import Kind
from scenarios.scenario import Scenario
from scenarios.switching import broken_page as page
from scenarios.switching.calling import call, release, show_all_tables, told
from scenarios.switching.checks import broken, tables, timers
from scenarios.switching.shared import TOPOLOGY, bring_up, packet_since, show_tables, wait_next_hop, wait_told_whole


def a_switch_dies(lab: Lab) -> None:
    """Kill c while two circuits go through it and one does not, call again, and start it again."""
    bring_up(lab)
    with lab.step("h2 calls h1, and h4 calls h3, both through c; h1 calls h3, through a alone"):
        call(lab, "h2", "h1")
        call(lab, "h4", "h3")
        call(lab, "h1", "h3", number=2, there=2)
        both_say(lab, broken.BEFORE)
    with lab.step("c is killed while h1 sends to h3; at both ends of the other circuits is told who lost whom"):
        lost_left, lost_right = "a lost its neighbour c", "e lost its neighbour c"
        with (
            told(lab, h3=f"flow from h1: {broken.PACKETS} of {broken.PACKETS} came"),
            told(lab, h1=f"circuit 1 from h2: {lost_left}", h2=f"circuit 1 to h1: {lost_right}"),
            told(lab, h3=f"circuit 1 from h4: {lost_left}", h4=f"circuit 1 to h3: {lost_right}"),
        ):
            lab.node("h1").type(f"flow 2 {broken.PACKETS} 0.1")
            lab.node("c").kill()
    with lab.step("The switches have found another way"):
        wait_next_hop(lab, "f", "h1", "d")
        wait_next_hop(lab, "d", "h1", "b")
    with lab.step("h2 calls h1 again, and both say something"):
        call(lab, "h2", "h1")
        both_say(lab, broken.AFTER)
    with lab.step("c is started again, and the shortest way is through it again; but the circuit stays where it is"):
        lab.start("c")
        wait_told_whole(lab)
        both_say(lab, broken.RETURNED)
    with lab.step("All circuits are released; no switch has an entry any more"):
        release(lab, "h2", "h1")
        release(lab, "h1", "h3", number=2, there=2)
        show_all_tables(lab)


def both_say(lab: Lab, words: str) -> None:
    """Let h2 and h1 say something over their circuit."""
    for here, there in (("h2", "h1"), ("h1", "h2")):
        with told(lab, **{there: words}):
            lab.node(here).type(f"say 1 {words}")


def what_nobody_ends(lab: Lab) -> None:
    """Leave two calls without an answer, and lose the RELEASE of a circuit."""
    bring_up(lab)
    began = now()
    with lab.step("h2 calls h1"):
        call(lab, "h2", "h1")
    with lost(lab, "f", "h2", Kind.RELEASE), lost(lab, "h3", "a", Kind.SETUP):
        with lab.step("h4 calls h3, by `call`, and once by hand, as who asks and then forgets; h3 hears neither"):
            lab.node("h4").type("call h3")
            lab.node("h4").type(f"raw {timers.BY_HAND}")
            lab.wait_packet("both SETUPs on the way to h3", packet_since(Kind.SETUP, began), receiver="h3", count=2)
            show_tables(lab, "f")
        with (
            lab.step("h2 releases its circuit, and f does not hear it; then nobody does anything but wait"),
            told(lab, h4="circuit 1 to h3: no answer", h1="circuit 1 from h2: "),
        ):
            lab.node("h2").type("release 1")
        with lab.step("h4's RELEASE goes as far as its SETUP did; no switch has an entry any more"):
            lab.wait_packet("the end of both calls", packet_since(Kind.RELEASE, began), receiver="h3", count=2)
            show_all_tables(lab)


@contextlib.contextmanager
def lost(lab: Lab, node: str, neighbour: str, kind: Kind) -> Iterator[None]:
    """Let packets of a kind be lost on their way to a node while the block lasts."""
    lab.deafen(node, neighbour, kind)
    try:
        yield
    finally:
        lab.hear(node, neighbour)


# In this order, for those who play them in one lab: of e's four labels, a switch that dies leaves two in use for a
# while, and the play before it needs three.
SCENARIOS = (
    Scenario(
        "circuit-timers",
        "What nobody ends, ends by itself: a call without an answer, and a circuit whose RELEASE was lost.",
        TOPOLOGY,
        what_nobody_ends,
        (
            timers.a_call_without_an_answer_is_given_up,
            timers.half_a_circuit_lasts_a_few_seconds,
            timers.a_lost_release_is_made_up_for,
            tables.nothing_is_left,
        ),
        shares=True,
        ladder=False,
        page=page.TIMERS,
    ),
    Scenario(
        "circuit-broken",
        "A switch that dies takes its circuits with it: both ends are told, and have to call again.",
        TOPOLOGY,
        a_switch_dies,
        (
            broken.both_ends_are_told_who_lost_whom,
            broken.the_other_circuit_goes_on,
            broken.a_new_call_takes_another_way,
            broken.a_circuit_stays_where_it_is,
            tables.nothing_is_left,
        ),
        shares=True,
        ladder=False,
        drawings=page.draw,
        page=page.BROKEN,
    ),
)
