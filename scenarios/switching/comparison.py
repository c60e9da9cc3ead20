r"""One workload on two networks: by datagrams and over circuits, with too much to carry, and while a switch dies.

h1       b ═════ d       h2       The overload: h2 and h4 send at once, each at seven tenths of what a link carries.
  \    /         | \    /         The work: h2 sends packets to h1, and h4 to h3, by f e c a; c dies meanwhile.
    a            |   f
  /    \         | /    \         All is sent from the right: labels between e and c, which is dead, rest for a while
h3       c ───── e       h4       after that, and other plays need all of those that are chosen on the left.
"""

from lab.events import Packet
from lab.lab import Lab
from lab.recorder import now
from lab.switching.switched import Kind, switched
from lab.waiting import eventually
from scenarios.scenario import Page, Scenario
from scenarios.switching import comparison_page as page
from scenarios.switching.calling import call, release, told
from scenarios.switching.checks import comparison as checks
from scenarios.switching.checks import trouble
from scenarios.switching.checks.vectors import INFINITY
from scenarios.switching.checks.workload import BIG, MANY, PAIRS, RATE, SHOWN
from scenarios.switching.shared import (
    PAGE,
    TOPOLOGY,
    bring_up,
    datagram_since,
    packet_since,
    shortest,
    show_tables,
    tables,
)

WORK = "3000 0.04"
"""More packets than will be sent, for the flows are stopped; and the seconds from one to the next: two flows together
are as dense as the one of datagrams.py."""
OVERLOAD = f"{MANY} 0.016 {BIG}"
"""With its headers, each packet has 11,200 bits: seven tenths of what goes over a link of 1 Mbit/s in 16 ms."""
SOME = 20
"""So many packets on a way, and the play goes on."""


def all_of_it_twice(lab: Lab) -> None:
    """Send too much, then do the work; each by datagrams, then over circuits."""
    bring_up(lab)
    overload_by_datagrams(lab)
    overload_over_circuits(lab)
    work_by_datagrams(lab)
    work_over_circuits(lab)


def overload_by_datagrams(lab: Lab) -> None:
    """Send more than the link between f and e carries, and look at tables meanwhile."""
    with lab.step("Nobody sends yet; d and e show their tables"):
        show_tables(lab, *SHOWN)
    with lab.step("Datagrams: h2 sends to h1, and h4 to h3, each at 0.7 Mbit/s; the link from f to e carries 1 Mbit/s"):
        began = now()
        for here, there in PAIRS:
            lab.node(here).type(f"flow {there} {OVERLOAD}")
        show_tables(lab, *SHOWN)
        for here, _ in PAIRS:
            lab.wait_packet(f"the last packet of {here}", datagram_since(began, last=True), sender=here)
        eventually(lambda: not tables(lab, "f")["lines"]["e"]["queued"], "an empty queue at f")


def overload_over_circuits(lab: Lab) -> None:
    """Ask for as much, over the same link."""
    with lab.step(f"Circuits: h2 calls h1 with {RATE} bit/s reserved; h4 asks for as much to h3, and is refused by f"):
        call(lab, "h2", "h1", RATE)
        with told(lab, h4="circuit 1 to h3: refused by f: no rate left"):
            lab.node("h4").type(f"call h3 {RATE}")
    with lab.step("h2 sends the same flow over its circuit"):
        began = now()
        lab.node("h2").type(f"flow 1 {OVERLOAD}")
        lab.wait_packet("the last packet at h1", packet_since(Kind.DATA, began, last=True), receiver="h1")
        release(lab, "h2", "h1")


def work_by_datagrams(lab: Lab) -> None:
    """Send; kill c; start it again when the other way is taken."""
    began = now()
    with lab.step("Datagrams: h2 sends to h1, and h4 to h3, a packet every 40 ms each; nobody is asked"):
        for here, there in PAIRS:
            lab.node(here).type(f"flow {there} {WORK}")
        lab.wait_packet("packets at h1", datagram_since(began), receiver="h1", count=SOME)
    with lab.step("c is killed; nobody does anything about it, and the packets take the other way"):
        lab.node("c").kill()
        lab.wait_packet("packets from b to a", datagram_since(began), sender="b", receiver="a", count=SOME)
    with lab.step("c is started again, and they take the short way again; then both stop"):
        started = now()
        lab.launch("c")
        lab.wait_packet("packets from c to a", datagram_since(started), sender="c", receiver="a", count=SOME)
        for here, _ in PAIRS:
            lab.node(here).type("stop")
            lab.wait_packet(f"the last packet of {here}", datagram_since(began, last=True), sender=here)


def work_over_circuits(lab: Lab) -> None:
    """Call and send; kill c; call again and send more; start c again."""
    near = shortest(lab)["f"]["h1"]
    with lab.step("Circuits: as soon as f knows the short way, h2 calls h1, and h4 calls h3"):
        wait_way(lab, "f", "h2", "h1", near)
        both_call(lab)
    with lab.step("They send as before, over their circuits"):
        began = now()
        both_send(lab)
        lab.wait_packet("packets at h1", packet_since(Kind.DATA, began), receiver="h1", count=SOME)
    with lab.step("c is killed; all four hosts are told that their circuit is over"):
        lost = {here: f"circuit 1 to {there}: e lost its neighbour c" for here, there in PAIRS}
        lost |= {there: f"circuit 1 from {here}: a lost its neighbour c" for here, there in PAIRS}
        with told(lab, **lost):
            lab.node("c").kill()
    with lab.step("As soon as f knows another way, h2 and h4 call again, and go on"):
        wait_way(lab, "f", "h2", "h1", INFINITY - 1)
        both_call(lab)
        both_send(lab)
    with lab.step("c is started again, and f knows the short way; the circuits stay where they are; then both stop"):
        lab.launch("c")
        wait_way(lab, "f", "h2", "h1", near)
        back = now()
        lab.wait_packet("packets at h1", packet_since(Kind.DATA, back), receiver="h1", count=SOME)
        for here, there in PAIRS:
            lab.node(here).type("stop")
            lab.wait_packet(f"the last at {there}", packet_since(Kind.DATA, back, last=True), receiver=there)
    with lab.step("The circuits are released"):
        for here, there in PAIRS:
            release(lab, here, there)
        show_tables(lab, *SHOWN)


def both_call(lab: Lab) -> None:
    """Set up both circuits, and have tables shown."""
    for here, there in PAIRS:
        call(lab, here, there)
    show_tables(lab, *SHOWN)


def both_send(lab: Lab) -> None:
    """Let both begin to send over their circuits."""
    for here, _ in PAIRS:
        lab.node(here).type(f"flow 1 {WORK}")


def wait_way(lab: Lab, switch: str, host: str, destination: str, farthest: int) -> None:
    """Wait until a switch tells a host of its own, from now on, that a destination is not farther than that."""
    began = now()

    def is_near(packet: Packet) -> bool:
        read = switched(packet) if packet.time >= began else None
        return read is not None and read.metrics.get(destination, INFINITY) <= farthest

    lab.wait_packet(f"a way from {switch} to {destination}", is_near, sender=switch, receiver=host)


SCENARIOS = (
    Scenario(
        "compared",
        "The same work by datagrams and over circuits: what each network has to know, and what it can promise.",
        TOPOLOGY,
        all_of_it_twice,
        (
            checks.headers_bear_names_or_a_label,
            checks.a_circuit_is_set_up_before_its_first_data,
            checks.tables_hold_routes_or_circuits_too,
            trouble.datagrams_go_on_by_themselves,
            trouble.circuits_end_with_a_switch_on_their_way,
            checks.a_circuit_keeps_its_way_and_its_order,
            checks.datagrams_take_the_way_of_their_time,
            checks.datagrams_may_overtake_each_other,
            trouble.too_many_datagrams_are_dropped,
            trouble.too_much_is_refused_and_nothing_is_dropped,
        ),
        shares=True,
        ladder=False,
        page=Page(PAGE, page.rows),
    ),
)
