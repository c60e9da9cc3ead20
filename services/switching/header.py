"""The packet: what its bits mean, how it becomes bytes, and what may be wrong with bytes that came.

     0                   1                   2                   3
     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    +-------+-------+---+-----------+-------------------------------+
    |version| kind  |flg|   hops    |            length             |
    +-------+-------+---+-----------+-------------------------------+
    |           checksum            |           sequence            |
    +-------------------------------+-------------------------------+
    an addressed kind goes on:     source (8 bytes), destination (8 bytes)     header: 24 bytes
    a kind that goes by circuit:   label (2 bytes)                             header: 10 bytes
    then the payload

flags     LAST (1): the last packet of a message or a flow. BACK (2): from the called to the calling side of a circuit.
hops      as IP's TTL: each switch takes one off, and drops the packet at 0.
length    of the whole packet, in bytes.
checksum  of the whole packet, with zero in its own place: the Internet checksum (RFC 1071).
sequence  the number of the packet in its message or flow.
names     1 to 8 of a-z, 0-9 and -, then zero bytes: as they are read in tables, so they stand on the wire.
label     chosen by the sender of this packet; with BACK, by its receiver.
"""

import re
import struct
from dataclasses import dataclass
from enum import IntEnum, StrEnum

VERSION = 1
MOST_HOPS = 63
FIRST_HOPS = 32
LARGEST = 65_000  # of a whole packet; a UDP datagram carries 65,507 bytes
NAME_BYTES = 8

_FIXED = struct.Struct("!BBHHH")
_NAMES = struct.Struct(f"!{NAME_BYTES}s{NAME_BYTES}s")
_LABEL = struct.Struct("!H")
_CHECKSUM = slice(4, 6)
_LAST, _BACK = 0x1, 0x2
_NAME = re.compile(r"[a-z0-9-]{1,8}")


class Kind(IntEnum):
    """What a packet is for."""

    DATAGRAM = 1
    VECTOR = 2
    SETUP = 3
    ACCEPT = 4
    DATA = 5
    RELEASE = 6
    KEEP = 7

    @property
    def is_addressed(self) -> bool:
        """Say if the packet carries names; else it carries a label."""
        return self in (Kind.DATAGRAM, Kind.VECTOR, Kind.SETUP)

    @property
    def is_urgent(self) -> bool:
        """Say if the packet is for the switches, not for the users: it waits for no user's packet.

        But a RELEASE waits: it is the last that is sent under its label, and who hears it counts on that.
        """
        return self not in (Kind.DATAGRAM, Kind.DATA, Kind.RELEASE)


class Flaw(StrEnum):
    """What is wrong with bytes that should be a packet."""

    SHORT = "short"  # fewer bytes than a header has, or than its length says
    LONG = "long"  # more bytes than its length says, or than a packet may have
    VERSION = "version"
    CHECKSUM = "checksum"
    KIND = "kind"
    ADDRESS = "address"


class BadPacketError(ValueError):
    """These bytes are no packet, or this packet cannot be made bytes."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(f"bad packet: {flaw}")
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet. Names are of addressed kinds, the label of the others."""

    kind: Kind
    source: str = ""
    destination: str = ""
    label: int = 0
    hops: int = FIRST_HOPS
    sequence: int = 0
    payload: bytes = b""
    last: bool = False
    back: bool = False


def encode(packet: Packet) -> bytes:
    """Make a packet bytes. Raises BadPacketError for names that are none, and for a payload that is too long."""
    if packet.kind.is_addressed:
        destination = b"" if packet.kind is Kind.VECTOR else pack_name(packet.destination)
        goes_to = _NAMES.pack(pack_name(packet.source), destination)
    else:
        goes_to = _LABEL.pack(packet.label)
    length = _FIXED.size + len(goes_to) + len(packet.payload)
    if length > LARGEST:
        raise BadPacketError(Flaw.LONG)
    flags = _LAST * packet.last | _BACK * packet.back
    fixed = _FIXED.pack(VERSION << 4 | packet.kind, flags << 6 | packet.hops, length, 0, packet.sequence % 65536)
    data = bytearray(fixed + goes_to + packet.payload)
    data[_CHECKSUM] = struct.pack("!H", checksum(data))
    return bytes(data)


def decode(data: bytes) -> Packet:
    """Read a packet from bytes. Raises BadPacketError."""
    if len(data) < _FIXED.size:
        raise BadPacketError(Flaw.SHORT)
    version_kind, flags_hops, length, _, sequence = _FIXED.unpack_from(data)
    if version_kind >> 4 != VERSION:
        raise BadPacketError(Flaw.VERSION)
    if len(data) != length or length > LARGEST:
        raise BadPacketError(Flaw.SHORT if len(data) < length else Flaw.LONG)
    if checksum(data) != 0:
        raise BadPacketError(Flaw.CHECKSUM)
    try:
        kind = Kind(version_kind & 0xF)
    except ValueError:
        raise BadPacketError(Flaw.KIND) from None
    header = _FIXED.size + (_NAMES if kind.is_addressed else _LABEL).size
    if length < header:
        raise BadPacketError(Flaw.SHORT)
    source, destination, label = "", "", 0
    if kind.is_addressed:
        first, second = _NAMES.unpack_from(data, _FIXED.size)
        source, destination = unpack_name(first), _destination(kind, second)
    else:
        (label,) = _LABEL.unpack_from(data, _FIXED.size)
    return Packet(
        kind=kind,
        source=source,
        destination=destination,
        label=label,
        hops=flags_hops & MOST_HOPS,
        sequence=sequence,
        payload=bytes(data[header:]),
        last=bool(flags_hops >> 6 & _LAST),
        back=bool(flags_hops >> 6 & _BACK),
    )


def checksum(data: bytes | bytearray) -> int:
    """Return the Internet checksum: the complement of the sum of all 16-bit words, carries added in again.

    Over a packet that holds its own checksum, it is 0.
    """
    even = data if len(data) % 2 == 0 else data + b"\0"
    total: int = sum(struct.unpack(f"!{len(even) // 2}H", even))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def is_name(text: str) -> bool:
    """Say if this can be the name of a node."""
    return _NAME.fullmatch(text) is not None


def pack_name(name: str) -> bytes:
    """Make a name 8 bytes. Raises BadPacketError."""
    if not is_name(name):
        raise BadPacketError(Flaw.ADDRESS)
    return name.encode().ljust(NAME_BYTES, b"\0")


def unpack_name(data: bytes) -> str:
    """Read a name from 8 bytes. Raises BadPacketError."""
    name = data.rstrip(b"\0").decode("ascii", "replace")
    if not is_name(name):
        raise BadPacketError(Flaw.ADDRESS)
    return name


def _destination(kind: Kind, data: bytes) -> str:
    if kind is not Kind.VECTOR:
        return unpack_name(data)
    if data.strip(b"\0"):
        raise BadPacketError(Flaw.ADDRESS)
    return ""
