"""What a play can do to a link between packet switches, seen by what still comes over it. In the lab of datagram."""

import pytest

from lab.errors import UsageError
from lab.events import Fault, Packet
from lab.history import History
from lab.lab import Lab
from lab.recorder import now
from lab.switching.switched import Kind, switched
from lab.waiting import eventually
from scenarios.scenario import Scenario
from scenarios.switching.shared import TOPOLOGY, bring_up, wait_told_whole
from scenarios.verdict import Verdict, check, failed, passed
from tests.scenarios.guests import expect


def send(lab: Lab, sender: str, receiver: str, text: str) -> None:
    """Send a text, and wait until it is on the first link."""
    lab.node(sender).type(f"send {receiver} {text}")
    lab.wait_packet(f"{text} on the wire", lambda packet: text.encode() in packet.payload, sender=sender)


def get_through(lab: Lab, sender: str, receiver: str, text: str) -> None:
    """Send a text until it comes: the switch may have to learn first where the receiver is."""

    def look() -> bool:
        lab.node(sender).type(f"send {receiver} {text}")
        return text in lab.node(receiver).terminal.transcript

    eventually(look, f"{text} at {receiver}", every=0.2, otherwise=lambda: lab.node(receiver).terminal.transcript)


def cut_one_way_and_both_and_healed_one_by_one(lab: Lab) -> None:
    bring_up(lab)
    h1, h3 = lab.node("h1"), lab.node("h3")
    calls = h3.terminal.transcript.count("circuit")
    opened = h1.terminal.transcript.count("circuit 1 to h3: open")
    with lab.step("h1 and h3 reach each other"):
        get_through(lab, "h1", "h3", "before")
        get_through(lab, "h3", "h1", "and there")
    with lab.step("a no longer hears b and h1; but h1 hears a"):
        lab.deafen("a", "b")
        lab.deafen("a", "h1")
        send(lab, "h3", "h1", "onward")
        h1.wait_for("onward")
    with lab.step("a hears b again, but not yet h1: what heals one link leaves the other as it is"):
        lab.hear("a", "b")
        send(lab, "h1", "h3", "drowned")
    with lab.step("a hears h1 again, too"):
        lab.hear("a", "h1")
        get_through(lab, "h1", "h3", "found")
    with lab.step("h3 hears all but a SETUP: who calls has no answer"):
        lab.deafen("h3", "a", Kind.SETUP)
        began = now()
        h1.type("call h3")
        lab.wait_packet("the call", lambda packet: is_setup(packet, began), sender="a", receiver="h3")
        get_through(lab, "h1", "h3", "no call")
        expect(h3.terminal.transcript.count("circuit"), calls, "calls that h3 is told of")
    with lab.step("h3 hears all; the call is made again, and comes"):
        lab.hear("h3", "a")
        h1.wait_for("circuit 1 to h3: open", count=opened + 1)
    with lab.step("The link between h3 and a is cut, and nothing comes, neither way"):
        lab.cut_link("h3", "a")
        send(lab, "h1", "h3", "astray")
        send(lab, "h3", "h1", "in vain")
    with lab.step("It is healed from either end, and all comes again"):
        lab.heal_link("h3", "a")
        lab.heal_link("a", "h3")
        get_through(lab, "h1", "h3", "again")
        get_through(lab, "h3", "h1", "and back")
        expect({"drowned", "astray"} & {*h3.terminal.transcript.split()}, set(), "lost words that h3 shows")
        expect("in vain" in h1.terminal.transcript, False, "lost words at h1")
    with pytest.raises(UsageError, match="there is no link between a and h2"):
        lab.cut_link("a", "h2")
    with lab.step("The circuit is over, and every switch knows the shortest ways again"):
        wait_told_whole(lab)


def is_setup(packet: Packet, since: float) -> bool:
    """Tell whether this is a call that was made since then."""
    read = switched(packet) if packet.time >= since else None
    return read is not None and read.kind is Kind.SETUP


@check
def faults_tell_node_link_and_time(history: History) -> Verdict:
    """Each fault names node and link, and when it began and was done."""
    faults = history.of(Fault)
    told = [(fault.node, fault.what) for fault in faults[:3]]
    if told != [
        ("a", "no longer hears b (link a-b)"),
        ("a", "no longer hears h1 (link h1-a)"),
        ("a", "hears b again (link a-b)"),
    ]:
        return failed(str(told))
    cut = [(fault.node, fault.link) for fault in sorted(faults[6:8], key=lambda fault: fault.node)]
    if cut != [("a", "h3-a"), ("h3", "h3-a")]:
        return failed(str(cut))
    if not all(fault.began is not None and fault.began < fault.time for fault in faults):
        return failed("a fault has no time at which it began")
    return passed(f"{len(faults)} faults")


GUESTS = (
    Scenario(
        "link-faults",
        "Links are cut one way and both, and healed one by one.",
        TOPOLOGY,
        cut_one_way_and_both_and_healed_one_by_one,
        (faults_tell_node_link_and_time,),
        shares=True,
    ),
)
