"""Packets of packet switches: read alike by the switches and by the lab that judges them; written as they were read.

Most bytes are no packet at all, so the first byte of an input says whether what is checked first (version, length,
checksum) is set right before the rest is read.
"""

from collections.abc import Callable

from lab.switching import switched
from reliability.fuzz.target import target
from services.switching import header
from services.switching.header import BadPacketError, Flaw, Kind, Packet
from services.switching.routing import pack_vector, unpack_vector
from services.switching.signalling import Reason, Release, Setup
from services.switching.transfers import LARGEST_PAYLOAD, SMALLEST_PAYLOAD, transfer_of

PACKETS = (
    Packet(Kind.DATAGRAM, "h1", "h2", sequence=3, payload=b"hello", last=True),
    Packet(Kind.VECTOR, "a", payload=pack_vector({"a": 0, "b-2": 1, "h2": 16})),
    Packet(Kind.SETUP, "h1", "h2", sequence=1, payload=Setup(4, 64_000).pack()),
    Packet(Kind.ACCEPT, label=4, back=True),
    Packet(Kind.DATA, label=4, payload=b"m1 5 4000 ...."),
    Packet(Kind.RELEASE, label=4, payload=Release(Reason.NEIGHBOUR_GONE, "c", "d").pack()),
    Packet(Kind.KEEP, label=65_535, hops=1),
)
"""One of each kind."""

SETS_RIGHT, AS_IT_IS = b"\1", b"\0"
SEEDS = [mark + header.encode(packet) for packet in PACKETS for mark in (SETS_RIGHT, AS_IT_IS)]


def set_right(data: bytes) -> bytes:
    """Return a packet with version, length and checksum as they should be."""
    if len(data) < 8:
        return data
    fixed = bytearray(data)
    fixed[0] = header.VERSION << 4 | fixed[0] & 0xF
    fixed[2:4] = len(fixed).to_bytes(2, "big")
    fixed[4:6] = b"\0\0"
    fixed[4:6] = header.checksum(fixed).to_bytes(2, "big")
    return bytes(fixed)


def packet_of(data: bytes) -> bytes:
    """Return the bytes of a packet that an input stands for."""
    return set_right(data[1:]) if data[:1] == SETS_RIGHT else data[1:]


def told(read: Callable[[bytes], object], payload: bytes) -> object:
    """Return what a payload says; None if it is none."""
    try:
        return read(payload)
    except BadPacketError as error:
        assert error.flaw in Flaw
        return None


@target(
    "switches and lab agree on whether it is a packet and on each of its fields; encoded, it is the same bytes",
    longest=120,
    seeds=SEEDS,
)
def packets(data: bytes) -> None:
    raw = packet_of(data)
    ours, labs = told(header.decode, raw), switched.decode(raw)
    assert (ours is None) is (labs is None), f"{ours} is {labs}"
    if not isinstance(ours, Packet) or labs is None:
        return
    again = header.encode(ours)
    assert header.decode(again) == ours
    assert again[:4] + again[6:] == raw[:4] + raw[6:]  # a checksum of zero may be written in two ways
    label = 0 if ours.kind is Kind.SETUP else labs.label  # of a SETUP the lab has the one that it asks for
    same = Packet(
        Kind(labs.kind), labs.source, labs.destination, label,
        labs.hops, labs.sequence, labs.payload, labs.last, labs.back,
    )  # fmt: skip
    assert same == ours and labs.length == len(raw)
    assert labs.words.isprintable()


@target(
    "switches and lab agree on what the payload of a VECTOR, SETUP or RELEASE says; packed, it is the same bytes",
    longest=120,
    seeds=[bytes([packet.kind]) + packet.payload for packet in PACKETS],
)
def payloads(data: bytes) -> None:
    payload = data[1:]
    match data[0] % 3 if data else 0:
        case 0:
            labs = _as_the_lab_reads(Kind.VECTOR, payload)
            vector = told(unpack_vector, payload)
            if isinstance(vector, dict):
                assert labs.metrics == vector
                assert unpack_vector(pack_vector(vector)) == vector
                assert len(pack_vector(vector)) == len(payload) or len(vector) < len(payload) // 9  # a name came twice
        case 1:
            labs = _as_the_lab_reads(Kind.SETUP, payload)
            setup = told(Setup.unpack, payload)
            if isinstance(setup, Setup):
                assert (labs.label, labs.rate) == (setup.label, setup.rate) and setup.pack() == payload
        case _:
            labs = _as_the_lab_reads(Kind.RELEASE, payload)
            release = told(Release.unpack, payload)
            if isinstance(release, Release):
                assert (labs.who, labs.gone) == (release.by, release.neighbour) and release.pack() == payload
                assert labs.reason == switched.REASONS[release.reason] and str(release).isprintable()


def _as_the_lab_reads(kind: Kind, payload: bytes) -> switched.Switched:
    read = switched.decode(header.encode(Packet(kind, "a", "b", label=1, payload=payload)))
    assert read is not None and read.payload == payload and read.words.isprintable()
    return read


@target(
    "a payload's mark is of a transfer whose packets bear that mark and fit",
    longest=60,
    runs=4000,
    seeds=[b"m1 5 4000 ....", b"f2 200 12800 ...", b"f9999 100000 6497600000 "],
    words=[b"m1 ", b"f9999 ", b"100000 ", b"24 "],
)
def transfers(data: bytes) -> None:
    transfer = transfer_of(data)
    if transfer is None:
        return
    for index in (0, transfer.packets - 1):
        payload = transfer.payload(index)
        assert transfer_of(payload) == transfer, payload[:40]
        assert len(payload) >= SMALLEST_PAYLOAD
        assert len(payload) <= LARGEST_PAYLOAD or transfer.size > transfer.packets * LARGEST_PAYLOAD
