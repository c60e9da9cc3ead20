"""Packets of packet switches, read by the lab as the switches write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.switching.switched import REASONS, Kind, decode, switched
from services.switching import header
from services.switching.header import BadPacketError
from services.switching.routing import pack_vector
from services.switching.signalling import Reason, Release, Setup
from tests.unit.lab.properties import steady
from tests.unit.lab.switching.links import released, setup, vector, wire

NAMES = st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True)
LABELS, SEQUENCES = st.integers(0, 65535), st.integers(0, 65535)
PACKETS = st.builds(
    header.Packet,
    kind=st.sampled_from(header.Kind),
    source=NAMES,
    destination=NAMES,
    label=LABELS,
    hops=st.integers(0, header.MOST_HOPS),
    sequence=SEQUENCES,
    payload=st.binary(max_size=80) | st.sampled_from([bytes(60_001)]),
    last=st.booleans(),
    back=st.booleans(),
)


def end(label: int, payload: bytes, *, back: bool = False, last: bool = False) -> bytes:
    return header.encode(header.Packet(header.Kind.RELEASE, label=label, payload=payload, back=back, last=last))


HELLO = header.encode(header.Packet(header.Kind.DATAGRAM, "h1", "h2", sequence=3, payload=b"hello"))


@steady
@given(PACKETS)
def test_every_packet_is_read_as_it_was_meant(packet: header.Packet) -> None:
    data = header.encode(packet)
    read, meant = decode(data), header.decode(data)
    assert read is not None
    assert (read.kind.name, read.hops, read.sequence, read.length) == (
        meant.kind.name,
        meant.hops,
        meant.sequence,
        len(data),
    )
    assert (read.source, read.destination, read.payload) == (meant.source, meant.destination, meant.payload)
    assert (read.last, read.back) == (meant.last, meant.back)
    if not meant.kind.is_addressed:
        assert read.label == meant.label


@steady
@given(st.sampled_from([HELLO, header.encode(header.Packet(header.Kind.DATA, label=2))]), st.data())
def test_bytes_that_are_a_packet_to_nobody_are_none_here(sound: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sound) - 1))
    spoilt = bytearray(sound)
    spoilt[place] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):  # with a checksum that is right again
        spoilt[4:6] = bytes(2)
        spoilt[4:6] = header.checksum(spoilt).to_bytes(2, "big")
    spoilt += data.draw(st.binary(max_size=3))
    try:
        header.decode(bytes(spoilt))
        sound_to_switches = True
    except BadPacketError:
        sound_to_switches = False
    assert (decode(bytes(spoilt)) is not None) is sound_to_switches


@steady
@given(st.binary(max_size=40))
def test_any_bytes_are_none_or_a_packet(data: bytes) -> None:
    try:
        header.decode(data)
    except BadPacketError:
        assert decode(data) is None


@steady
@given(st.dictionaries(NAMES, st.integers(0, 255), max_size=9))
def test_the_metrics_of_a_vector(metrics: dict[str, int]) -> None:
    read = decode(header.encode(header.Packet(header.Kind.VECTOR, "a", payload=pack_vector(metrics))))
    assert read is not None and read.metrics == metrics and read.words == "vector of a"


@steady
@given(LABELS, st.integers(0, 2**32 - 1))
def test_label_and_rate_of_a_setup(label: int, rate: int) -> None:
    data = header.encode(header.Packet(header.Kind.SETUP, "h1", "h2", payload=Setup(label, rate).pack()))
    read = decode(data)
    assert read is not None and (read.label, read.rate) == (label, rate)
    assert read.words == f"setup h1 to h2, label {label}"


@pytest.mark.parametrize("reason", Reason)
def test_why_a_circuit_is_released(reason: Reason) -> None:
    data = header.encode(Release(reason, "c").packet(2, back=False))
    read = decode(data)
    assert read is not None and read.who == "c"
    assert read.reason == reason.name.lower().replace("_", " ") or read.reason in REASONS.values()
    assert read.words == f"release label 2: {REASONS[reason]} (c)"


@pytest.mark.parametrize(
    ("words", "bits"),
    [
        ("datagram h1 to h2 #3", HELLO),
        ("accept, label 1", header.encode(header.Packet(header.Kind.ACCEPT, label=1, back=True))),
        ("data #7, label 2", header.encode(header.Packet(header.Kind.DATA, label=2, sequence=7))),
        ("keep, label 1", header.encode(header.Packet(header.Kind.KEEP, label=1))),
        ("release label 2: neighbour gone d (b)", end(2, released(Reason.NEIGHBOUR_GONE, "b", "d"))),
        ("released label 2: normal (h1)", end(2, released(), back=True, last=True)),
        ("release label 2: reason 99 (h1)", end(2, b"\x63" + released()[1:])),
    ],
)  # fmt: skip
def test_words(words: str, bits: bytes) -> None:
    read = decode(bits)
    assert read is not None and read.words == words


def test_it_is_udp_between_the_two_ports_of_a_link() -> None:
    assert switched(wire(1, "h1", "a", HELLO)) == decode(HELLO)
    assert switched(setup(1, "h1", "a", 1)) is not None
    assert switched(vector(1, "a", "b", h1=1)) is not None
    for other in (
        {"protocol": "tcp"},
        {"sport": 40000},
        {"sport": 6000, "dport": 6000},
        {"sport": 7000, "dport": 7000},
    ):
        assert switched(wire(1, "h1", "a", HELLO, **other)) is None


def test_a_payload_that_is_not_as_it_should_be_says_nothing() -> None:
    for kind in (header.Kind.VECTOR, header.Kind.SETUP, header.Kind.RELEASE):
        read = decode(header.encode(header.Packet(kind, "a", "b", payload=b"odd")))
        assert read is not None and (read.metrics, read.rate, read.reason) == ({}, 0, "")


def test_kinds_have_their_numbers() -> None:
    assert [(kind.name, int(kind)) for kind in Kind] == [(kind.name, int(kind)) for kind in header.Kind]
