"""Virtual circuits: a way that is found once, labels that lead along it, and calls that are refused.

h1, h3 ── a ── c ── e ── f ── h2, h4        h1 and h3 call h2 and h4, so labels are chosen from left to right.
          └─── b ─── d ──┘
"""

from lab.lab import Lab
from scenarios.scenario import Scenario
from scenarios.switching import circuits_page as page
from scenarios.switching.calling import call, release, show_all_tables, told
from scenarios.switching.checks import admission, circuits, relabelling, tables
from scenarios.switching.shared import TOPOLOGY, bring_up, show_tables

ON_THE_WAY = ("a", "c", "e", "f")
"""The switches that all calls here go through."""
FLOW = f"{circuits.PACKETS} 0.02"
"""Packets, and the gap between them."""


def one_circuit(lab: Lab) -> None:
    """h1 calls h2, both send packets over the circuit, and h1 releases it."""
    bring_up(lab)
    with lab.step("h3 has a circuit to h4; so its label is taken on every link in the middle"):
        call(lab, "h3", "h4")
    with lab.step("h1 calls h2: SETUP finds the way, and ACCEPT comes back on it"):
        call(lab, "h1", "h2")
    with lab.step("The switches show their tables: what comes with this label on that line goes on with that on this"):
        show_tables(lab, *ON_THE_WAY)
    with lab.step(f"{circuits.PACKETS} packets go over the circuit, in both directions at once"):
        came = f"{circuits.PACKETS} of {circuits.PACKETS} came"
        with told(lab, h2=f"flow from h1: {came}", h1=f"flow from h2: {came}"):
            lab.node("h1").type(f"flow 1 {FLOW}")
            lab.node("h2").type(f"flow 1 {FLOW}")
    with lab.step("h1 says a word over the circuit, and sends the same word as a datagram, which bears both names"):
        with told(lab, h2=circuits.WORD):
            lab.node("h1").type(f"say 1 {circuits.WORD}")
        with told(lab, h2=circuits.WORD):
            lab.node("h1").type(f"send h2 {circuits.WORD}")
    with lab.step("h1 releases its circuit, and h3 the other"):
        release(lab, "h1", "h2")
        release(lab, "h3", "h4")
    with lab.step("No switch has an entry any more"):
        show_all_tables(lab)


def two_of_one_label(lab: Lab) -> None:
    """h1 and h3 choose the same label, and all four hosts send something over their circuits."""
    bring_up(lab)
    with lab.step("h1 calls h2, and h3 calls h4: both choose label 1, for it is free on their own lines"):
        call(lab, "h1", "h2")
        call(lab, "h3", "h4")
    with lab.step("Each of the four says something over its circuit 1; it comes to the other end, and to nobody else"):
        for here, there in (*relabelling.PAIRS, *(pair[::-1] for pair in relabelling.PAIRS)):
            with told(lab, **{there: relabelling.words(here, there)}):
                lab.node(here).type(f"say 1 {relabelling.words(here, there)}")
    with lab.step("Both are released"):
        release(lab, "h1", "h2")
        release(lab, "h3", "h4")
        show_all_tables(lab)


def more_than_there_is_room_for(lab: Lab) -> None:
    """Call until the labels of a link run out, and then until the rate does."""
    bring_up(lab)
    with lab.step(f"h1 calls h2 {admission.LABELS} times, and so takes all labels of the link from a to c"):
        for number in range(1, admission.LABELS + 1):
            call(lab, "h1", "h2", number=number, there=number)
    with lab.step("h1 calls h2 once more, and is refused by a: no label left"):
        refused(lab, "h1", f"circuit {admission.LABELS + 1} to h2: refused by a: no label left", "call h2")
        show_tables(lab, *ON_THE_WAY)
    with lab.step("h1 releases one of them; now its call is taken"):
        release(lab, "h1", "h2")
        call(lab, "h1", "h2")
    with lab.step("h1 releases all"):
        for number in range(1, admission.LABELS + 1):
            release(lab, "h1", "h2", number=number, there=number)
    with lab.step(f"h1 calls h2, with {admission.RATE} bit/s reserved; each link has 1,000,000"):
        call(lab, "h1", "h2", admission.RATE)
    with lab.step("h3 asks for as much to h4, and is refused by a: no rate left"):
        refused(lab, "h3", "circuit 1 to h4: refused by a: no rate left", f"call h4 {admission.RATE}")
        show_tables(lab, *ON_THE_WAY)
    with lab.step("h1 releases its circuit; now h3 gets its own"):
        release(lab, "h1", "h2")
        call(lab, "h3", "h4", admission.RATE)
    with lab.step("h3 releases it; no switch has an entry any more"):
        release(lab, "h3", "h4")
        show_all_tables(lab)


def refused(lab: Lab, caller: str, words: str, command: str) -> None:
    """Make a call that is refused with these words."""
    with told(lab, **{caller: words}):
        lab.node(caller).type(command)


SCENARIOS = (
    Scenario(
        "virtual-circuit",
        "The way is found once; then all packets take it, in order, led by a label that is another on each link.",
        TOPOLOGY,
        one_circuit,
        (
            circuits.the_answer_takes_the_way_of_the_setup,
            circuits.data_takes_that_way_in_order,
            tables.tables_have_the_open_circuits,
            circuits.data_bears_a_label_and_no_names,
            circuits.no_data_follows_the_release,
            tables.nothing_is_left,
        ),
        shares=True,
        ladder=False,
        drawings=page.draw_one,
        page=page.CIRCUIT,
    ),
    Scenario(
        "relabelling",
        "Two hosts choose the same label; where their circuits share a link, the labels differ.",
        TOPOLOGY,
        two_of_one_label,
        (
            relabelling.both_hosts_choose_the_same_label,
            relabelling.labels_differ_on_shared_links,
            relabelling.each_host_gets_its_own_data,
            tables.nothing_is_left,
        ),
        shares=True,
        ladder=False,
        drawings=page.draw_both,
        page=page.RELABELLING,
    ),
    Scenario(
        "admission",
        "A call for which a link has no label or no rate left is refused, and leaves nothing behind.",
        TOPOLOGY,
        more_than_there_is_room_for,
        (
            admission.who_has_no_label_left_says_so,
            admission.who_has_no_rate_left_says_so,
            admission.no_link_is_promised_more_than_it_has,
            admission.what_is_released_can_be_had_again,
            tables.tables_have_the_open_circuits,
            tables.nothing_is_left,
        ),
        shares=True,
        ladder=False,
        page=page.ADMISSION,
    ),
)
