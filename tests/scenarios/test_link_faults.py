"""What a play can do to a link between packet switches, seen by what still comes over it."""

import os
from pathlib import Path

import pytest

from lab.docker import DockerEngine
from lab.errors import UsageError
from lab.events import Fault, Packet
from lab.lab import Lab
from lab.switching.switched import Kind, switched
from lab.waiting import eventually
from scenarios.run import free_base
from topology.plan import ROOT, load


def send(lab: Lab, sender: str, receiver: str, text: str) -> None:
    """Send a text, and wait until it is on the first link."""
    lab.node(sender).type(f"send {receiver} {text}")
    lab.wait_packet(f"{text} on the wire", lambda packet: text.encode() in packet.payload, sender=sender)


def kind(packet: Packet) -> Kind | None:
    """Return what kind of a switches' packet it is, if it is one."""
    read = switched(packet)
    return read.kind if read else None


def get_through(lab: Lab, sender: str, receiver: str, text: str) -> None:
    """Send a text until it comes: the switch may have to learn first where the receiver is."""

    def look() -> bool:
        lab.node(sender).type(f"send {receiver} {text}")
        return text in lab.node(receiver).terminal.transcript

    eventually(look, f"{text} at {receiver}", every=0.2, otherwise=lambda: lab.node(receiver).terminal.transcript)


def test_links_are_cut_one_way_and_both_and_healed_one_by_one(tmp_path: Path) -> None:
    name = f"socklab-link-faults-{os.getpid()}"
    with free_base() as base:
        lab = Lab(load(ROOT / "topology" / "datagram.yaml", name=name, base=base), DockerEngine(name), tmp_path)
        lab.create()
    with lab:
        lab.start("a", "b", "h1", "h3")
        h1, h3 = lab.node("h1"), lab.node("h3")
        get_through(lab, "h1", "h3", "before")
        get_through(lab, "h3", "h1", "and there")

        lab.deafen("a", "b")
        lab.deafen("a", "h1")
        send(lab, "h3", "h1", "onward")
        h1.wait_for("onward")  # who is not heard hears
        lab.hear("a", "b")
        send(lab, "h1", "h3", "drowned")  # two links of one node: what heals one leaves the other as it is
        lab.hear("a", "h1")
        get_through(lab, "h1", "h3", "found")

        lab.deafen("h3", "a", Kind.SETUP)  # of one kind: who calls has no answer, and all else comes
        h1.type("call h3")
        lab.wait_packet("the call", lambda packet: kind(packet) is Kind.SETUP, sender="a", receiver="h3")
        get_through(lab, "h1", "h3", "no call")
        assert "circuit" not in h3.terminal.transcript
        lab.hear("h3", "a")
        h1.wait_for("circuit 1 to h3: open")  # it is made again

        lab.cut_link("h3", "a")
        send(lab, "h1", "h3", "astray")
        send(lab, "h3", "h1", "in vain")
        lab.heal_link("h3", "a")
        lab.heal_link("a", "h3")
        get_through(lab, "h1", "h3", "again")
        get_through(lab, "h3", "h1", "and back")
        with pytest.raises(UsageError, match="there is no link between a and h2"):
            lab.cut_link("a", "h2")
        assert not {"drowned", "astray"} & {*h3.terminal.transcript.split()}
        assert "h3 #0: in vain" not in h1.terminal.transcript
    faults = lab.history.of(Fault)
    assert [(f.node, f.what) for f in faults[:3]] == [
        ("a", "no longer hears b (link a-b)"),
        ("a", "no longer hears h1 (link h1-a)"),
        ("a", "hears b again (link a-b)"),
    ]
    assert [(f.node, f.link) for f in sorted(faults[6:8], key=lambda f: f.node)] == [("a", "h3-a"), ("h3", "h3-a")]
    assert all(f.began is not None and f.began < f.time for f in faults)
