"""What the packets say that set circuits up and take them down: the payloads of SETUP and RELEASE.

    SETUP      label (2 bytes), rate to reserve in bit/s (4)
    RELEASE    reason (1 byte), name of who says so (8), name of the neighbour that it lost (8; else zero bytes)

A RELEASE is passed on with the reason and the name that it began with, so both ends of a circuit learn who ended it.
One with LAST answers another: see labels. The sequence of a SETUP is the number that the caller gave to its call; a
SETUP that is sent again has the same.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum

from services.switching.header import NAME_BYTES, BadPacketError, Flaw, Kind, Packet, pack_name, unpack_name
from services.switching.line import Line

HIGHEST_SHARE = 0.9  # of a line's rate may be reserved: the rest is for what sets up and takes down

_SETUP = struct.Struct("!HI")
_RELEASE = struct.Struct(f"!B{NAME_BYTES}s{NAME_BYTES}s")
_NOBODY = bytes(NAME_BYTES)


class Reason(IntEnum):
    """Why a circuit ends, or does not come to be."""

    NORMAL = 1
    NO_ROUTE = 2
    NO_LABEL = 3
    NO_RATE = 4
    NO_ANSWER = 5
    NEIGHBOUR_GONE = 6
    UNKNOWN_LABEL = 7
    IDLE = 8
    REFUSED = 9
    LABEL_TAKEN = 10


_WORDS = {
    Reason.NORMAL: "released by {by}",
    Reason.NO_ROUTE: "refused by {by}: no route",
    Reason.NO_LABEL: "refused by {by}: no label left",
    Reason.NO_RATE: "refused by {by}: no rate left",
    Reason.NO_ANSWER: "no answer",
    Reason.NEIGHBOUR_GONE: "{by} lost its neighbour {neighbour}",
    Reason.UNKNOWN_LABEL: "{by} does not know its label",
    Reason.IDLE: "{by} heard nothing on it any more",
    Reason.REFUSED: "refused by {by}",
    Reason.LABEL_TAKEN: "refused by {by}: label taken",
}


@dataclass(frozen=True, slots=True)
class Setup:
    """The payload of a SETUP."""

    label: int
    rate: int

    def pack(self) -> bytes:
        """Make it bytes."""
        return _SETUP.pack(self.label, self.rate)

    @staticmethod
    def unpack(payload: bytes) -> "Setup":
        """Read it from bytes. Raises BadPacketError."""
        if len(payload) != _SETUP.size:
            raise BadPacketError(Flaw.SHORT if len(payload) < _SETUP.size else Flaw.LONG)
        return Setup(*_SETUP.unpack(payload))


@dataclass(frozen=True, slots=True)
class Release:
    """The payload of a RELEASE: why, who says so, and with NEIGHBOUR_GONE the neighbour that is gone."""

    reason: Reason
    by: str
    neighbour: str = ""

    def __str__(self) -> str:
        return _WORDS[self.reason].format(by=self.by, neighbour=self.neighbour)

    def pack(self) -> bytes:
        """Make it bytes. Raises BadPacketError for a name that is none."""
        neighbour = pack_name(self.neighbour) if self.neighbour else _NOBODY
        return _RELEASE.pack(self.reason, pack_name(self.by), neighbour)

    @staticmethod
    def unpack(payload: bytes) -> "Release":
        """Read it from bytes. Raises BadPacketError."""
        if len(payload) != _RELEASE.size:
            raise BadPacketError(Flaw.SHORT if len(payload) < _RELEASE.size else Flaw.LONG)
        reason, by, neighbour = _RELEASE.unpack(payload)
        if reason not in _WORDS:
            raise BadPacketError(Flaw.KIND)
        return Release(Reason(reason), unpack_name(by), unpack_name(neighbour) if neighbour != _NOBODY else "")

    def packet(self, label: int, back: bool, last: bool = False) -> Packet:
        """Return the packet that says it about a label. `last`: it answers a RELEASE."""
        return Packet(Kind.RELEASE, label=label, payload=self.pack(), back=back, last=last)


def has_room(line: Line, reserved: int, rate: int) -> bool:
    """Say if so much more can be reserved on a line."""
    return rate == 0 or reserved + rate <= HIGHEST_SHARE * line.rate
