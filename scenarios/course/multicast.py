"""Multicast: one sender, several members; and the course's whole architecture."""

from functools import partial

from lab.lab import Lab
from lab.wire import joins_group, leaves_group
from scenarios.course.checks import multicast
from scenarios.course.q1 import OWN_ID
from scenarios.scenario import Scenario

RECEIVERS = ("receiver1", "receiver2", "receiver3")


def wait_joined(lab: Lab, *receivers: str) -> None:
    """Wait until receivers have told their network that they want the group: their kernels may take a moment."""
    wanted = partial(joins_group, group=multicast.GROUP)
    for receiver in receivers:
        lab.wait_packet(f"{receiver}'s IGMP report", wanted, sender=receiver)


def one_sends_many_hear(lab: Lab) -> None:
    """Receivers join, the sender speaks, one receiver leaves, the sender speaks again."""
    with lab.step("Start three receivers, each of which joins the group, and the sender"):
        lab.start()
        wait_joined(lab, *RECEIVERS)
    with lab.step("Send a message; all three show it"):
        lab.node("sender").type("one frame for all")
        for receiver in RECEIVERS:
            lab.node(receiver).wait_for("one frame for all")
    with lab.step("receiver3 leaves the group"):
        lab.node("receiver3").type("exit")
        lab.node("receiver3").wait_exit()
        lab.wait_packet("receiver3 leaving", lambda p: leaves_group(p, multicast.GROUP), sender="receiver3")
    with lab.step("Send another message; the two that stayed show it"):
        lab.node("sender").type("for those who stayed")
        for receiver in RECEIVERS[:2]:
            lab.node(receiver).wait_for("for those who stayed")


def the_whole_architecture(lab: Lab) -> None:
    """A word typed behind three forwarders reaches every client and every receiver."""
    with lab.step("Start the receivers, and the broadcast server, which publishes to their group; three forwarders in "
                  "front of it, and alice behind them; bob and carol at the server itself"):  # fmt: skip
        lab.start()
        wait_joined(lab, *RECEIVERS[:2])
        for client in ("alice", "bob", "carol"):
            lab.node(client).wait_for(OWN_ID)
    with lab.step("alice types a word; bob, carol and both receivers show it"):
        lab.node("alice").type("everywhere")
        for node in ("bob", "carol", "receiver1", "receiver2"):
            lab.node(node).wait_for("everywhere")
    with lab.step("bob answers; alice hears him through the forwarders"):
        lab.node("bob").type("got it")
        for node in ("alice", "carol", "receiver1", "receiver2"):
            lab.node(node).wait_for("got it")


SCENARIOS = (
    Scenario(
        "multicast", "Members join first; one frame serves them all; who has left hears nothing more.",
        "multicast", one_sends_many_hear,
        (
            multicast.members_join_before_delivery,
            multicast.one_frame_serves_all,
            multicast.members_get_every_message_once,
            multicast.who_has_left_hears_nothing,
        ),
    ),
    Scenario(
        "architecture", "A word typed behind three forwarders reaches every client and receiver, with its sender's ID.",
        "architecture", the_whole_architecture,
        (
            multicast.a_word_reaches_clients_and_members,
            multicast.members_join_before_delivery,
            multicast.one_frame_serves_all,
        ),
    ),
)  # fmt: skip
