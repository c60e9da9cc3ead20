import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.switching.header import (
    LARGEST,
    BadPacketError,
    Flaw,
    Kind,
    Packet,
    checksum,
    decode,
    encode,
)

NAMES = st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True)
FIELDS = {
    "hops": st.integers(0, 63),
    "sequence": st.integers(0, 65535),
    "payload": st.binary(max_size=60),
    "last": st.booleans(),
    "back": st.booleans(),
}
CIRCUIT_KINDS = [kind for kind in Kind if not kind.is_addressed]
PACKETS = st.one_of(
    st.builds(Packet, st.just(Kind.VECTOR), source=NAMES, **FIELDS),
    st.builds(Packet, st.sampled_from([Kind.DATAGRAM, Kind.SETUP]), source=NAMES, destination=NAMES, **FIELDS),
    st.builds(Packet, st.sampled_from(CIRCUIT_KINDS), label=st.integers(0, 65535), **FIELDS),
)
HELLO = Packet(Kind.DATAGRAM, "h1", "h2", sequence=7, payload=b"hello", last=True)


def flaw(data: bytes) -> Flaw:
    with pytest.raises(BadPacketError) as caught:
        decode(data)
    return caught.value.flaw


def with_checksum(data: bytes) -> bytes:
    blank = data[:4] + b"\0\0" + data[6:]
    return blank[:4] + struct.pack("!H", checksum(blank)) + blank[6:]


def test_every_field_stands_where_the_drawing_says() -> None:
    data = encode(HELLO)
    assert data[:4].hex() == "1160001d", "version and kind, LAST and 32 hops, length 29"
    assert data[6:8].hex() == "0007"
    assert data[8:] == b"h1\0\0\0\0\0\0" + b"h2\0\0\0\0\0\0" + b"hello"
    circuit = encode(Packet(Kind.DATA, label=258, hops=1, payload=b"x", back=True))
    assert (circuit[0], circuit[1], circuit[2:4], circuit[8:]) == (0x15, 0b10_000001, b"\0\x0b", b"\x01\x02x")
    assert len(encode(Packet(Kind.VECTOR, "a"))) == 24
    assert len(encode(Packet(Kind.KEEP))) == 10


def test_the_checksum_is_the_one_of_rfc_1071() -> None:
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0xFFFF - 0xDDF2
    assert checksum(b"\x01") == 0xFFFF - 0x0100, "an odd byte is the first of a word"
    assert checksum(encode(HELLO)) == 0


@given(PACKETS)
def test_what_is_encoded_is_decoded(packet: Packet) -> None:
    assert decode(encode(packet)) == packet


@given(st.binary(max_size=80))
def test_any_bytes_are_a_packet_or_a_flaw(data: bytes) -> None:
    try:
        assert decode(encode(decode(data))) == decode(data)
    except BadPacketError as error:
        assert error.flaw in Flaw


@given(PACKETS, st.data())
def test_any_bytes_with_the_right_length_and_checksum_too(packet: Packet, data: st.DataObject) -> None:
    spoilt = bytearray(encode(packet))
    for _ in range(3):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    spoilt[2:4] = struct.pack("!H", len(spoilt))
    whole = with_checksum(bytes(spoilt))
    try:
        assert decode(encode(decode(whole))) == decode(whole)
    except BadPacketError as error:
        assert error.flaw in Flaw


@settings(max_examples=30)
@given(PACKETS)
def test_every_flipped_bit_is_caught(packet: Packet) -> None:
    data = encode(packet)
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 0x80 >> bit % 8
        flaw(bytes(flipped))


@given(PACKETS, st.integers(1, 30))
def test_cut_off_is_short_and_anything_behind_is_long(packet: Packet, count: int) -> None:
    data = encode(packet)
    assert flaw(data[:-count]) is Flaw.SHORT
    assert flaw(data + bytes(count)) is Flaw.LONG


def test_each_flaw_has_its_name() -> None:
    data = encode(HELLO)
    assert flaw(b"") is Flaw.SHORT
    assert flaw(b"\x21" + data[1:]) is Flaw.VERSION
    assert flaw(data[:-1] + b"x") is Flaw.CHECKSUM
    assert flaw(with_checksum(b"\x18" + data[1:])) is Flaw.KIND
    assert flaw(with_checksum(b"\x10" + data[1:])) is Flaw.KIND
    assert flaw(with_checksum(data[:8] + b"H" + data[9:])) is Flaw.ADDRESS
    assert flaw(with_checksum(data[:8] + bytes(8) + data[16:])) is Flaw.ADDRESS
    assert flaw(with_checksum(data[:8] + b"h\0h\0\0\0\0\0" + data[16:])) is Flaw.ADDRESS
    assert flaw(with_checksum(b"\x12" + data[1:])) is Flaw.ADDRESS, "a vector goes to nobody but the neighbour"
    short = struct.pack("!BBHHH", 0x11, 0, 8, 0, 0)
    assert flaw(with_checksum(short)) is Flaw.SHORT, "shorter than the header of its kind"


def test_the_largest_packet_is_65000_bytes() -> None:
    largest = Packet(Kind.DATAGRAM, "h1", "h2", payload=b"0123456789" * 6497 + b"012345")
    assert decode(encode(largest)) == largest
    with pytest.raises(BadPacketError, match="long"):
        encode(Packet(Kind.DATAGRAM, "h1", "h2", payload=bytes(LARGEST - 23)))
    more = struct.pack("!BBHHH", 0x15, 0, LARGEST + 1, 0, 0) + bytes(LARGEST + 1 - 8)
    assert flaw(with_checksum(more)) is Flaw.LONG


@pytest.mark.parametrize("name", ["", "ninechars", "A", "h 1", "é", "h1\n", "h_1"])
def test_a_name_that_is_none_is_not_encoded(name: str) -> None:
    with pytest.raises(BadPacketError, match="address"):
        encode(Packet(Kind.DATAGRAM, name, "h2"))
