from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.switching.header import LARGEST, Kind, Packet, encode
from services.switching.transfers import (
    LARGEST_PAYLOAD,
    MOST_PACKETS,
    MOST_TRANSFERS,
    SMALLEST_PAYLOAD,
    Sort,
    Transfer,
    transfer_of,
)


@given(
    sort=st.sampled_from(Sort),
    number=st.integers(1, MOST_TRANSFERS),
    packets=st.integers(1, 300),
    more=st.integers(0, 5000),
)
def test_payloads_are_cut_evenly_and_add_up_to_the_size(sort: Sort, number: int, packets: int, more: int) -> None:
    transfer = Transfer(sort, number, packets, packets * SMALLEST_PAYLOAD + more)
    payloads = [transfer.payload(index) for index in range(packets)]
    sizes = [len(payload) for payload in payloads]
    assert sum(sizes) == transfer.size
    assert max(sizes) - min(sizes) <= 1
    assert {transfer_of(payload) for payload in payloads} == {transfer}
    assert all(payload.isascii() for payload in payloads), "a capture is read as text"


def test_the_longest_mark_fits_the_smallest_payload() -> None:
    size = MOST_PACKETS * LARGEST_PAYLOAD
    mark = Transfer(Sort.FLOW, MOST_TRANSFERS, MOST_PACKETS, size).payload(0).rstrip(b".")
    assert len(mark) == SMALLEST_PAYLOAD


def test_the_largest_payload_makes_the_largest_packet() -> None:
    assert len(encode(Packet(Kind.DATAGRAM, "h1", "h2", payload=b"." * LARGEST_PAYLOAD))) == LARGEST


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"good morning",
        b"m1 5 4000",  # no space behind it
        b"x1 5 4000 ",
        b"m0 5 4000 ",
        b"m01 5 4000 ",
        b"m1 0 4000 ",
        b"m1 5 0 ",
        b"m1 -5 4000 ",
        b"m1 5 119 ",  # less than five marks
        b"f1 999999 9999999999 ",
        b"f10000 5 4000 ",
        b" m1 5 4000 ",
    ],
)
def test_a_text_is_no_transfer(payload: bytes) -> None:
    assert transfer_of(payload) is None


@given(st.binary(max_size=40))
def test_any_bytes_are_read(payload: bytes) -> None:
    transfer_of(payload)
