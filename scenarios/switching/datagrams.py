r"""Datagrams: each packet finds its own way, so a flow survives a cut link, and a switch that forgets everything.

h1 ── a ── c ─✗─ e ── f ── h2        first by c and e; when that breaks, by b and d (slow); then by c and e again
        \─ b ══ d ─────/
"""

from lab.lab import Lab
from lab.recorder import now
from lab.terminal import Terminal
from scenarios.scenario import Page, Scenario
from scenarios.switching import datagrams_page
from scenarios.switching.checks import datagrams
from scenarios.switching.shared import PAGE, TOPOLOGY, bring_up, datagram_since, wait_told_whole

GAP = 0.02
"""Seconds from packet to packet: five are on the slow link b-d (100 ms) at a time. A switch that a busy machine keeps
waiting for half a second still has room in its queue for all that comes at once then."""
MANY = 6000
"""More packets than will be sent: the flow is stopped."""
SEVERAL = 20
"""So many packets on a way, and the play goes on."""


def a_link_is_cut(lab: Lab) -> None:
    """Cut the link c-e under a flow, and heal it."""
    bring_up(lab)
    flow = Flow(lab)
    with lab.step("h1 sends h2 a packet every 20 ms; they go by c and e"):
        flow.begin()
        flow.wait_on("c", "e")
    with lab.step("The link c-e is cut; when c has missed e for 3 periods, the packets go by b and d"):
        lab.cut_link("c", "e")
        flow.wait_on("b", "d")
    with lab.step("The link is healed; the packets go by c and e again"):
        lab.hear("e", "c")  # first, for c sends packets as soon as it hears e
        lab.hear("c", "e")
        flow.wait_on("c", "e")
    flow.end()


def a_switch_is_restarted(lab: Lab) -> None:
    """Kill the switch c under a flow, and start it again."""
    bring_up(lab)
    flow = Flow(lab)
    with lab.step("h1 sends h2 a packet every 20 ms; they go by c and e"):
        flow.begin()
        flow.wait_on("c", "e")
    with lab.step("c is killed; when a has missed it for 3 periods, the packets go by b and d"):
        lab.node("c").kill()
        flow.wait_on("b", "d")
    with lab.step("c is started again, and knows nothing; its neighbours tell it the ways, and the packets come back"):
        lab.start("c")
        flow.wait_on("c", "e")
    flow.end()


class Flow:
    """A flow from h1 to h2 on its way."""

    def __init__(self, lab: Lab) -> None:
        """Prepare it."""
        self._lab = lab
        self._receiver: Terminal = lab.node("h2").terminal
        self._reports = self._receiver.transcript.count("flow from h1")  # of flows before this one

    def begin(self) -> None:
        """Let h1 send."""
        self._lab.node("h1").type(f"flow h2 {MANY} {GAP}")

    def wait_on(self, sender: str, receiver: str) -> None:
        """Wait until several packets were seen on a link from now on."""
        expected = f"{SEVERAL} packets from {sender} to {receiver}"
        self._lab.wait_packet(expected, datagram_since(now()), sender=sender, receiver=receiver, count=SEVERAL)

    def end(self) -> None:
        """Wait until the receiver has told what came, and the lab is as it was."""
        with self._lab.step("The flow is stopped, and h2 says what is lost and what came late"):
            self._lab.node("h1").type("stop")
            self._receiver.wait_for("flow from h1", count=self._reports + 1)
        with self._lab.step("Every switch knows the shortest ways again"):
            wait_told_whole(self._lab)


IN_BOTH = (
    datagrams.packets_go_each_their_own_way,
    datagrams.the_receiver_knows_what_is_missing,
    datagrams.packets_are_lost_before_the_break_alone,
    datagrams.nothing_else_is_lost,
    datagrams.the_tables_heal_in_time,
)

SCENARIOS = (
    Scenario(
        "datagram",
        "Each packet finds its own way, so when a link is cut a flow goes on around it, with a gap and out of order.",
        TOPOLOGY,
        a_link_is_cut,
        (*IN_BOTH, datagrams.the_short_way_overtakes),
        shares=True,
        ladder=False,
        drawings=datagrams_page.drawings,
        page=Page(PAGE, datagrams_page.rows_of_a_cut),
    ),
    Scenario(
        "datagram-restart",
        "Switches know nothing of flows, so one that is started again serves them as soon as it has heard the ways.",
        TOPOLOGY,
        a_switch_is_restarted,
        (*IN_BOTH, datagrams.nothing_is_set_up, datagrams.a_new_switch_learns_before_it_forwards),
        shares=True,
        ladder=False,
        page=Page(PAGE, datagrams_page.rows_of_a_restart),
    ),
)
