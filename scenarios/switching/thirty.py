"""Thirty switches: what works with six works with thirty, where nobody has seen the whole.

A ring with chords across it. From h1 to h2 it is nine switches; when a link in the middle is cut, there is another way.
"""

from lab.history import History
from lab.lab import Lab
from lab.recorder import now
from lab.state import Wish
from lab.switching import flow_map
from scenarios.scenario import Page, Scenario
from scenarios.switching.checks import thirty
from scenarios.switching.checks.thirty import CUT, TOPOLOGY, message_and_flow, two_calls
from scenarios.switching.shared import PAGE, datagram_since, wait_told_whole

MANY, GAP = 3000, 0.02
"""More packets than will be sent, for the flow is stopped; and seconds from one to the next."""
SEVERAL = 10
"""So many packets on a way, and the play goes on."""


def a_link_is_cut_among_many(lab: Lab) -> None:
    """Send, call, cut a link on the way, and call again."""
    with lab.step("Thirty switches and two hosts are up, and every switch knows the shortest way to all others"):
        lab.complete()
        wait_told_whole(lab)
    h1, h2 = lab.node("h1"), lab.node("h2")
    with lab.step("h1 sends h2 a message, and calls it"):
        h1.type("message h2 4000 5")
        h2.wait_for("4000 bytes in 5 packets, whole")
        h1.type("call h2")
        h1.wait_for("circuit 1 to h2: open")
        h1.type("say 1 good morning")
        h2.wait_for("good morning")
    with lab.step(f"h1 sends a packet every 20 ms; the link {'-'.join(CUT)} is cut; the packets find another way"):
        flow_began = now()
        h1.type(f"flow h2 {MANY} {GAP}")
        from_here, to_there = CUT
        on_the_link = datagram_since(flow_began)
        lab.wait_packet("packets on the link", on_the_link, sender=from_here, receiver=to_there, count=SEVERAL)
        lab.cut_link(*CUT)
        lab.wait_packet("packets at h2 again", datagram_since(now()), receiver="h2", count=SEVERAL)
    with lab.step("Both ends of the circuit are told; h1 calls again, and the new circuit goes around the cut"):
        h1.wait_for(f"circuit 1 to h2: {CUT[0]} lost its neighbour")
        h2.wait_for(f"circuit 1 from h1: {CUT[1]} lost its neighbour")
        h1.type("call h2")
        h1.wait_for("to h2: open", count=2)
        h1.type("say 1 good evening")
        h2.wait_for("good evening")
    with lab.step("The flow is stopped"):
        h1.type("stop")
        lab.wait_packet("its last packet at h2", datagram_since(flow_began, last=True), receiver="h2")


def drawings(history: History) -> dict[str, str]:
    """Draw the ways of the flow, before the cut and around it."""
    _, flow = message_and_flow(history)
    came = [way for way in flow if way.came]
    before = [way for way in came if way.nodes == came[0].nodes]
    after = [way for way in came if way.nodes == came[-1].nodes]
    phases = (flow_map.Phase("Before the cut", before), flow_map.Phase("Around the cut", after))
    return {"thirty": flow_map.svg(Wish(TOPOLOGY).load(), "One flow among thirty switches", *phases)}


def rows(history: History) -> list[str]:
    """Return the table of the ways."""
    _, flow = message_and_flow(history)
    came = [way for way in flow if way.came]
    found = ["| what | way before the cut | way around the cut |", "|---|---|---|"]
    found.append(f"| flow | {' '.join(came[0].nodes)} | {' '.join(came[-1].nodes)} |")
    calls = " | ".join(" ".join(call.nodes) for call in two_calls(history))
    return [*found, f"| circuit | {calls} |"]


SCENARIOS = (
    Scenario(
        "thirty",
        "Thirty switches that each know only their neighbours find the shortest ways, and others when a link is cut.",
        TOPOLOGY,
        a_link_is_cut_among_many,
        (
            thirty.every_table_is_of_shortest_ways,
            thirty.packets_and_a_call_go_the_shortest_way,
            thirty.the_flow_finds_another_way,
            thirty.both_ends_of_the_call_are_told,
            thirty.a_new_call_goes_around,
        ),
        ladder=False,
        drawings=drawings,
        page=Page(PAGE, rows),
    ),
)
