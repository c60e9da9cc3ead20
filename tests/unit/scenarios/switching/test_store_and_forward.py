"""Messages over the three chains: as they should cross each link, and in every way in which they should not."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.history import History
from lab.switching.timespace.model import Span
from scenarios.switching import store_and_forward
from scenarios.switching.checks import store_and_forward as checks
from scenarios.switching.checks.store_and_forward import BYTES, CHAINS, PACKETS, arrivals
from scenarios.verdict import Check
from services.switching.header import Kind, Packet
from services.switching.line import Line
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.histories import MILLISECOND
from tests.unit.scenarios.switching.wires import Links

CHECKS: tuple[Check, ...] = (
    checks.messages_come_whole,
    checks.whole_before_on,
    checks.time_is_as_calculated,
    checks.packets_overlap,
)
RATE, DELAY, HEADER = 12_000, 0.03, 24

When = Callable[[float, int, int, int], float]
"""When packet `number` of `packets` has crossed the link at `place` of its way, if each takes so many seconds."""


def in_time(crossing: float, packets: int, place: int, number: int) -> float:
    """As it should be: one after the other, on all links at once."""
    return (place + 1) * (crossing + DELAY) + number * crossing


def cut_through(crossing: float, packets: int, place: int, number: int) -> float:
    """Each switch sends on as soon as it has the header."""
    return crossing + DELAY + place * (8 * HEADER / RATE + DELAY) + number * crossing


def all_before_on(crossing: float, packets: int, place: int, number: int) -> float:
    """Each switch waits for all packets of the message."""
    return place * (packets * crossing + DELAY) + (number + 1) * crossing + DELAY


def run(*, when: When = in_time, missing: tuple[int, ...] = (), lost: int = 0, late: float = 0.05,
        slower: tuple[float, ...] = (1.0,), size: int = BYTES) -> Links:  # fmt: skip
    """Send all messages, time after time.

    Some, in so many packets, are not even typed; the last packets get `lost` on the last link; hosts begin so `late`;
    all but the beginning takes so much longer, the first time, the second and so on; so many bytes are in each message.
    """
    wire = Links(checks.TOPOLOGY)
    for factor in slower:
        for packets in (packets for packets in PACKETS if packets not in missing):
            for chain in CHAINS:
                wire.typed(chain[0], f"message {chain[-1]} {BYTES} {packets}")
            begin = wire.time + late
            for chain in CHAINS:
                send(wire, chain, packets, begin, when, lost, factor, size)
            wire.time = begin + 10
    return wire


def send(wire: Links, chain: tuple[str, ...], packets: int, begin: float, when: When, lost: int, slower: float,
         size: int) -> None:  # fmt: skip
    """Let the packets of one message cross the links."""
    crossing = 8 * (BYTES // packets + HEADER) / RATE
    first = when(crossing, packets, 0, 0)
    for number in range(packets):
        payload = f"{begin} {number}".encode().ljust(size // packets, b".")
        sent = Packet(Kind.DATAGRAM, chain[0], chain[-1], sequence=number, payload=payload, last=number == packets - 1)
        for place, link in enumerate(pairwise(chain)):
            if number < packets - lost or link[1] != chain[-1]:
                after = first + slower * (when(crossing, packets, place, number) - first)
                wire.time = begin + after - MILLISECOND
                wire.cross(*link, sent)


@cache
def played(**but: Any) -> History:
    """Return what is seen, with what `run` takes."""
    return run(**but).history()


def test_as_it_should_be() -> None:
    for check in CHECKS:
        passes(check, played())


def test_a_little_late_is_no_matter() -> None:
    for check in CHECKS:
        passes(check, played(slower=(1.05,)))


def test_only_the_quickest_of_those_that_are_alike_counts() -> None:
    for check in CHECKS:
        passes(check, played(slower=(1.3, 1.0, 1.5)))


@pytest.mark.parametrize("check", CHECKS)
def test_a_message_that_nobody_typed_is_missed(check: Check) -> None:
    fails(check, played(missing=(20,)), "h1 was not told to send 1000 bytes in 20 packets")


@pytest.mark.parametrize("check", CHECKS)
def test_a_packet_that_is_lost_is_missed(check: Check) -> None:
    because = "of 1000 bytes in 1 packet over h1 s1 g1, 0 packets came by that way"
    assert fails(check, played(lost=1), because).evidence


def test_a_message_that_never_left_is_missed() -> None:
    wire = run()
    gone = wire.address("h1")
    wire.events = [e for e in wire.events if getattr(e, "src", None) != gone]
    fails(checks.messages_come_whole, wire.history(), "0 packets came by that way")


def test_other_bytes_than_were_to_be_sent_are_seen() -> None:
    fails(checks.messages_come_whole, played(size=980), "other bytes came than were to be sent")


def test_a_switch_that_sends_on_what_has_not_wholly_come_is_seen() -> None:
    history = played(when=cut_through)
    verdict = fails(
        checks.whole_before_on, history, "s1 began to send packet 0 of 1000 bytes in 1 packet over h1 s1 g1"
    )
    assert "667 ms before it had all of it" in verdict.because
    fails(checks.time_is_as_calculated, history, "less than calculated")


def test_a_host_that_sends_faster_than_its_line_is_seen() -> None:
    fails(checks.whole_before_on, played(late=-0.05), "h1 began to send packet 0")


def test_what_takes_longer_than_calculated_is_seen() -> None:
    fails(checks.time_is_as_calculated, played(slower=(1.25,)), "more than calculated")


def test_packets_that_wait_for_each_other_save_nothing() -> None:
    history = played(when=all_before_on)
    fails(checks.packets_overlap, history, "took")
    fails(checks.time_is_as_calculated, history, "more than calculated")
    passes(checks.whole_before_on, history)


@pytest.mark.parametrize("check", CHECKS)
def test_a_blind_lab_is_not_judged(check: Check) -> None:
    cannot_tell(check, Links(checks.TOPOLOGY).history(dropped=3), "lost 3")


def test_the_table_says_what_was_calculated_and_what_was_measured() -> None:
    rows = checks.table(played(slower=(1.05,)))
    assert rows[2] == "| 1 | 1 | 1024 | 1425 | ≈ 1461 |"
    assert rows[-1] == "| 4 | 20 | 1480 | 1334 | ≈ 1397 |"
    assert len(rows) == 2 + len(CHAINS) * len(PACKETS)


def test_the_drawing_shows_one_message_as_one_packet_and_as_more() -> None:
    (drawing,) = store_and_forward.drawings(played()).values()
    assert [drawing.count(f"in {packets}</text>") for packets in ("1 packet", "2 packets", "5 packets")] == [1, 1, 1]
    assert drawing.count("<polygon") == 3 * (1 + 2 + 5)


# What is calculated

lengths = st.lists(st.integers(25, 1500), min_size=1, max_size=20)
links = st.lists(st.builds(Span, st.integers(1000, 10**6), st.floats(0, 1)), min_size=1, max_size=6)


@given(st.integers(25, 1500), st.integers(1, 30), links)
def test_equal_packets_over_equal_links_take_what_the_formula_says(
    length: int, packets: int, links: list[Span]
) -> None:
    rate, delay = links[0].rate, links[0].delay
    formula = (len(links) + packets - 1) * 8 * length / rate + len(links) * delay
    assert arrivals([length] * packets, [links[0]] * len(links))[-1] == pytest.approx(formula)


@given(lengths, links)
def test_any_packets_over_any_links_take_what_the_lines_of_the_switches_take(
    lengths: list[int], links: list[Span]
) -> None:
    came = [0.0] * len(lengths)
    for link in links:
        line = Line("next", link.rate, link.delay, queue=len(lengths))
        for time, length in zip(came, lengths, strict=True):
            assert line.offer(time, bytes(length))
        came = []
        while (due := line.due()) is not None:
            came += [due] * len(line.take(due))
    assert arrivals(lengths, links) == pytest.approx(came)


def test_no_link_takes_no_time() -> None:
    assert arrivals([100, 200], []) == [0.0, 0.0]
