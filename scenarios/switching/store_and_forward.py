"""Three chains of packet switches with slow links; over each goes the same message, cut into ever more packets.

h1 ── s1 ── g1        h2 ── s2 ── s3 ── g2        h3 ── s4 ── s5 ── s6 ── s7 ── g3
"""

from collections.abc import Iterator
from itertools import count
from time import monotonic

from lab.errors import GaveUp
from lab.history import History
from lab.lab import Lab
from lab.metronome import Metronome
from lab.state import Wish
from lab.switching.timespace import model, svg
from lab.waiting import eventually
from scenarios.scenario import Page, Scenario
from scenarios.switching.checks import store_and_forward
from scenarios.switching.checks.store_and_forward import BYTES, CHAINS, PACKETS, TOPOLOGY, quickest
from scenarios.switching.shared import PAGE

SOON = 0.8
"""Seconds that a word takes at most over the longest chain, if nobody has to look its neighbour up first."""
CALM, MOST_TIMES = 0.008, 5
"""How late a machine that is not busy wakes a program at worst, as a part of the time that is measured; and how often
each message is sent at most. Over many links what programs are late adds up.
"""
DRAWN = (1, 2, 5)
"""The numbers of packets that are drawn, over two switches."""


def in_ever_more_packets(lab: Lab) -> None:
    """Send a message over each chain at the same time: in one packet, then in ever more."""
    with lab.step("Three chains are up: one, two and four switches, with a host at either end"):
        lab.start()
    with lab.step("A word goes over each chain, so that every program knows where its neighbours are"):
        words = (f"hello {number}" for number in count(1))
        eventually(lambda: _greeted(lab, words), "a word over each chain")
    for packets in PACKETS:
        with lab.step(f"h1, h2 and h3 each send {BYTES} bytes in {_counted(packets)}; again, if the machine was busy"):
            _send(lab, packets)


def _send(lab: Lab, packets: int) -> None:
    """Send a message over each chain, and wait until all are whole, until the machine was calm meanwhile."""
    for time in range(1, MOST_TIMES + 1):
        began = monotonic()
        with Metronome() as metronome:
            for source, *_, destination in CHAINS:
                lab.node(source).type(f"message {destination} {BYTES} {packets}")
            for *_, destination in CHAINS:
                lab.node(destination).wait_for(f"{BYTES} bytes in {_counted(packets)}, whole", count=time)
        if metronome.late < CALM * (monotonic() - began):
            return


def _counted(packets: int) -> str:
    return "1 packet" if packets == 1 else f"{packets} packets"


def _greeted(lab: Lab, words: Iterator[str]) -> bool:
    """Send a word over each chain; tell whether it came soon. The first words may be lost, later ones come in order."""
    word = next(words)
    for source, *_, destination in CHAINS:
        lab.node(source).type(f"send {destination} {word}")
    try:
        for *_, destination in CHAINS:
            lab.node(destination).wait_for(word, within=SOON)
    except GaveUp:
        return False
    return True


def drawings(history: History) -> dict[str, str]:
    """Draw a message over two switches, in one packet and in more."""
    topology = Wish(TOPOLOGY).load()
    diagrams = [
        model.diagram(topology, message.ways, f"in {_counted(message.packets)}")
        for message in quickest(history)
        if message.switches == 2 and message.packets in DRAWN
    ]
    return {"store-and-forward": svg.svg(f"{BYTES} bytes over two switches", *diagrams)}


SCENARIOS = (
    Scenario(
        "store-and-forward",
        "A switch has all of a packet before it sends it on, so a message comes sooner when it is cut into packets.",
        TOPOLOGY,
        in_ever_more_packets,
        (
            store_and_forward.messages_come_whole,
            store_and_forward.whole_before_on,
            store_and_forward.time_is_as_calculated,
            store_and_forward.packets_overlap,
        ),
        ladder=False,
        drawings=drawings,
        page=Page(PAGE, store_and_forward.table),
    ),
)
