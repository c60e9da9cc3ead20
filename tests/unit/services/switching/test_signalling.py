from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.switching.header import BadPacketError, Kind, Packet
from services.switching.line import Line
from services.switching.signalling import Reason, Release, Setup, has_room

names = st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True)


def test_setup_and_release_on_the_wire() -> None:
    assert Setup(258, 64_000).pack().hex() == "0102" + "0000fa00"
    released = Release(Reason.NORMAL, "h1").pack()
    assert released == b"\x01" + b"h1\0\0\0\0\0\0" + bytes(8)
    gone = Release(Reason.NEIGHBOUR_GONE, "c", "e").pack()
    assert gone == b"\x06" + b"c\0\0\0\0\0\0\0" + b"e\0\0\0\0\0\0\0"


@given(st.integers(0, 0xFFFF), st.integers(0, 2**32 - 1))
def test_setup_is_read_as_it_was_written(label: int, rate: int) -> None:
    assert Setup.unpack(Setup(label, rate).pack()) == Setup(label, rate)


@given(st.sampled_from(Reason), names, names | st.just(""))
def test_release_is_read_as_it_was_written(reason: Reason, by: str, neighbour: str) -> None:
    release = Release(reason, by, neighbour)
    assert Release.unpack(release.pack()) == release
    assert by in str(release) or reason is Reason.NO_ANSWER


@given(st.binary(max_size=20))
def test_other_bytes_are_flawed(payload: bytes) -> None:
    for read in (Setup.unpack, Release.unpack):
        try:
            assert read(payload).pack() == payload
        except BadPacketError:
            continue


@pytest.mark.parametrize("reason", [0, 11, 255])
def test_unknown_reason_is_flawed(reason: int) -> None:
    with pytest.raises(BadPacketError):
        Release.unpack(bytes([reason]) + Release(Reason.NORMAL, "h1").pack()[1:])


def test_release_packet() -> None:
    release = Release(Reason.IDLE, "c")
    expected = Packet(Kind.RELEASE, label=5, payload=release.pack(), back=True, last=True)
    assert release.packet(5, back=True, last=True) == expected


def test_room_is_nine_tenths_of_a_line_and_always_there_for_nothing() -> None:
    line = Line("b", rate=1_000_000, delay=0)
    assert has_room(line, 0, 900_000)
    assert has_room(line, 800_000, 100_000)
    assert not has_room(line, 800_000, 100_001)
    assert has_room(line, 900_000, 0)
