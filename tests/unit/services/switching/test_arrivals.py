from __future__ import annotations

import re
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.switching.arrivals import MOST_ARRIVALS, Arrival, Arrivals, ranges
from services.switching.header import Kind, Packet
from services.switching.transfers import MOST_PACKETS, Sort, Transfer

NUMBERS = 65_536


def flow(packets: int) -> Transfer:
    return Transfer(Sort.FLOW, 1, packets, packets * 64)


def message(packets: int, size: int) -> Transfer:
    return Transfer(Sort.MESSAGE, 1, packets, size)


def packet(sequence: int, size: int = 64, *, last: bool = False) -> Packet:
    return Packet(Kind.DATAGRAM, "h1", "h2", sequence=sequence, payload=b"." * size, last=last)


def report(transfer: Transfer, order: list[int]) -> str:
    """Return the report after packets have come in that order."""
    arrival = Arrival("h1", transfer)
    for index in order:
        arrival.take(0.0, packet(index % NUMBERS, len(transfer.payload(index))))
    return arrival.report()


def read(text: str) -> tuple[int, int, set[int], set[int]]:
    """Read the report of a flow: how many came, of how many, which were lost, which were late."""
    found = re.fullmatch(r"flow from h1: (\d+) of (\d+) came(?:; lost ([-, \d]+))?(?:; late ([-, \d]+))?", text)
    assert found, text
    return int(found[1]), int(found[2]), numbers(found[3]), numbers(found[4])


def numbers(text: str | None) -> set[int]:
    pairs = [(part.split("-")[0], part.split("-")[-1]) for part in text.split(", ")] if text else []
    return {number for first, last in pairs for number in range(int(first), int(last) + 1)}


def overtaken(order: list[int]) -> set[int]:
    """The late ones as the definition has it: a packet is late when one behind it has come before it."""
    first = list(dict.fromkeys(order))
    return {index for place, index in enumerate(first) if any(earlier > index for earlier in first[:place])}


# What is said


@pytest.mark.parametrize(
    ("transfer", "order", "text"),
    [
        (flow(3), [0, 1, 2], "flow from h1: 3 of 3 came"),
        (flow(6), [0, 2, 1, 5, 4], "flow from h1: 5 of 6 came; lost 3; late 1, 4"),
        (
            flow(200),
            [*range(57), *range(67, 101), *range(104, 110), 101, 102, 103, *range(110, 200)],
            "flow from h1: 190 of 200 came; lost 57-66; late 101-103",
        ),
        (flow(5), [2], "flow from h1: 1 of 5 came; lost 0-1, 3-4"),
        (flow(2), [0, 0, 0], "flow from h1: 1 of 2 came; lost 1"),  # what comes twice has come
        (message(5, 4000), [0, 1, 2, 3, 4], "message from h1: 4000 bytes in 5 packets, whole"),
        (message(1, 60000), [0], "message from h1: 60000 bytes in 1 packet, whole"),
        (message(3, 100), [0, 2, 1], "message from h1: 100 bytes in 3 packets, whole; late 1"),
        (message(3, 100), [0, 2], "message from h1: 67 of 100 bytes in 2 of 3 packets; lost 1"),
    ],
)
def test_report(transfer: Transfer, order: list[int], text: str) -> None:
    assert report(transfer, order) == text


@given(st.sets(st.integers(0, 300)))
def test_ranges_name_each_number_once(some: set[int]) -> None:
    text = ranges(bytes(number not in some for number in range(301)), b"\0")
    assert numbers(text) == some
    assert all(int(end) + 1 < int(start) for end, start in re.findall(r"(\d+), (\d+)", text)), "no two ranges touch"


# Which are lost and late


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(0, n - 1), min_size=1))))
def test_any_packets_in_any_order_give_exactly_the_lost_and_the_late(sent: tuple[int, list[int]]) -> None:
    packets, order = sent
    came, of, lost, late = read(report(flow(packets), order))
    assert (came, of) == (len(set(order)), packets)
    assert lost == set(range(packets)) - set(order)
    assert late == overtaken(order)


@settings(max_examples=50)
@given(
    around=st.lists(st.integers(NUMBERS - 100, NUMBERS + 100), unique=True),
    after=st.sampled_from([[], [80_000], [80_000, MOST_PACKETS - 1]]),
)
def test_numbers_that_begin_again_are_told_apart(around: list[int], after: list[int]) -> None:
    """Any packets, in any order, around the place where number 65535 is followed by 0; long bursts are lost."""
    order = [30_000, 60_000, *around, *after]
    came, of, lost, late = read(report(flow(MOST_PACKETS), order))
    assert (came, of) == (len(order), MOST_PACKETS)
    assert lost == set(range(MOST_PACKETS)) - set(order)
    assert late == overtaken(order)


def test_a_number_that_no_packet_of_the_transfer_has_is_ignored() -> None:
    arrival = Arrival("h1", flow(3))
    arrival.take(0.0, packet(3))
    arrival.take(0.0, packet(1))
    assert arrival.report() == "flow from h1: 1 of 3 came; lost 0, 2"


# When it is said


def test_a_transfer_that_has_come_is_told_at_once_and_once() -> None:
    arrivals = Arrivals(quiet=3.0)
    said = [arrivals.take(now, "h1", flow(3), packet(sequence)) for now, sequence in [(1, 0), (2, 2), (3, 1), (4, 1)]]
    assert said == ["", "", "flow from h1: 3 of 3 came; late 1", ""]
    assert arrivals.over(6.9) == []
    assert arrivals.over(7.0) == []
    assert arrivals.due() is None


def test_a_transfer_with_a_loss_is_told_when_nothing_more_comes() -> None:
    arrivals = Arrivals(quiet=3.0)
    assert arrivals.due() is None
    arrivals.take(1.0, "h1", flow(3), packet(0))
    assert arrivals.due() == 4.0
    arrivals.take(2.0, "h1", flow(3), packet(2))
    assert arrivals.due() == 5.0
    assert arrivals.over(4.9) == []
    assert arrivals.over(5.0) == ["flow from h1: 2 of 3 came; lost 1"]
    assert arrivals.over(9.0) == []


def test_a_flow_may_end_sooner_than_its_mark_says() -> None:
    arrivals = Arrivals(quiet=3.0)
    order = [packet(0), packet(2, last=True), packet(1)]
    said = [arrivals.take(1.0, "h1", flow(100), one) for one in order]
    assert said == ["", "", "flow from h1: 3 of 3 came; late 1"]
    assert arrivals.over(9.0) == []


def test_a_flow_that_ended_sooner_lost_what_was_sent() -> None:
    arrivals = Arrivals(quiet=3.0)
    for one in [packet(0), packet(3, last=True), packet(0, last=True)]:  # the third came before, and says no more
        assert arrivals.take(1.0, "h1", flow(100), one) == ""
    assert arrivals.over(9.0) == ["flow from h1: 2 of 4 came; lost 1-2"]


def test_transfers_of_several_sources_and_numbers_are_told_apart() -> None:
    arrivals = Arrivals(quiet=3.0)
    first, second = Transfer(Sort.FLOW, 1, 2, 128), Transfer(Sort.FLOW, 2, 2, 128)
    for source, transfer in [("h1", first), ("h2", first), ("h1", second)]:
        assert arrivals.take(0.0, source, transfer, packet(0)) == ""
    assert arrivals.take(1.0, "h2", first, packet(1)) == "flow from h2: 2 of 2 came"
    assert arrivals.over(5.0) == ["flow from h1: 1 of 2 came; lost 1"] * 2


# What others may have it keep


def test_of_too_many_transfers_the_one_that_is_quiet_for_longest_is_over() -> None:
    arrivals = Arrivals(quiet=3.0)
    many = [Transfer(Sort.FLOW, number, MOST_PACKETS, MOST_PACKETS * 64) for number in range(1, MOST_ARRIVALS + 1)]
    for now, transfer in enumerate(many):
        assert arrivals.take(now / 1000, "h1", transfer, packet(1)) == ""
    assert arrivals.take(1.0, "h1", many[0], packet(0)) == ""
    told = arrivals.take(1.0, "h2", flow(1), packet(0))
    assert told == "flow from h1: 1 of 100000 came; lost 0, 2-99999\nflow from h2: 1 of 1 came"
    assert len(arrivals.over(9.0)) == MOST_ARRIVALS - 1  # all of h1 but one; that of h2 has been told


def test_what_came_twice_is_told_once_also_when_there_are_too_many() -> None:
    arrivals = Arrivals(quiet=3.0)
    told = [arrivals.take(0.0, "h1", Transfer(Sort.FLOW, number, 1, 64), packet(0)) for number in range(1, 300)]
    assert told == ["flow from h1: 1 of 1 came"] * 299
    assert arrivals.over(9.0) == []


def test_the_longest_transfer_is_kept_in_a_byte_a_packet() -> None:
    tracemalloc.start()
    arrival = Arrival("h1", flow(MOST_PACKETS))
    for sequence in range(0, NUMBERS, 2):
        arrival.take(0.0, packet(sequence))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 2 * MOST_PACKETS
