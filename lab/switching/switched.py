"""The packets of packet switches, read from the payload of UDP.

    version kind │ flags hops │ length │ checksum │ sequence │ source destination, or label │ payload
    4 bits  4    │ 2     6    │ 16     │ 16       │ 16       │ 8 bytes each,      16 bits   │

services/switching/header.py has the drawing and the rules. They are read here a second time, on purpose: a check must
not trust the code of the program that it judges.
"""

import re
import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from lab.events import Packet

PORTS = range(6001, 7000)
"""Link k of a topology has UDP port 6000 + k, at both ends."""
VERSION = 1
LARGEST = 65_000

_FIXED, _NAMES, _LABEL = struct.Struct("!BBHHH"), struct.Struct("!8s8s"), struct.Struct("!H")
_ENTRY, _CALL, _RELEASE = struct.Struct("!8sB"), struct.Struct("!HI"), struct.Struct("!B8s8s")
_LAST, _BACK, _HOPS = 0x40, 0x80, 0x3F
_NAME = re.compile(rb"([a-z0-9-]{0,8})\0*")


class Kind(IntEnum):
    """What a packet is for."""

    DATAGRAM = 1
    VECTOR = 2
    SETUP = 3
    ACCEPT = 4
    DATA = 5
    RELEASE = 6
    KEEP = 7


_KINDS = {int(kind): kind for kind in Kind}
ADDRESSED = {Kind.DATAGRAM, Kind.VECTOR, Kind.SETUP}
"""The kinds that bear the names of two nodes; the others bear a label."""

USERS = (Kind.DATAGRAM, Kind.DATA)
"""The kinds whose payload is a user's."""

REASONS = {
    1: "normal",
    2: "no route",
    3: "no label left",
    4: "no rate left",
    5: "no answer",
    6: "neighbour gone",
    7: "unknown label",
    8: "idle",
    9: "refused",
    10: "label taken",
}
"""Why a circuit is released. What is not known here keeps its number."""


@dataclass(frozen=True)
class Switched:
    """One packet of packet switches. What its kind does not have is empty."""

    kind: Kind
    source: str = ""
    destination: str = ""
    label: int = 0  # of a SETUP the one that it asks for
    back: bool = False  # goes from the called to the calling side
    last: bool = False  # of its message or flow; a RELEASE that goes back: it answers one
    hops: int = 0
    sequence: int = 0  # in its message or flow; of a SETUP the caller's number of the call
    length: int = 0
    payload: bytes = b""
    metrics: dict[str, int] = field(default_factory=dict, hash=False)  # of a VECTOR
    rate: int = 0  # in bit/s, of a SETUP
    reason: str = ""  # of a RELEASE
    who: str = ""  # says so
    gone: str = ""  # the neighbour that it lost, where that is the reason

    @property
    def words(self) -> str:
        """Say what it is in a few words: `datagram h1 to h2 #3`, `release label 2: no label left (c)`.

        The answer to a RELEASE from the calling side is `released`.
        """
        match self.kind:
            case Kind.DATAGRAM:
                return f"datagram {self.source} to {self.destination} #{self.sequence}"
            case Kind.VECTOR:
                return f"vector of {self.source}"
            case Kind.SETUP:
                return f"setup {self.source} to {self.destination}, label {self.label}"
            case Kind.DATA:
                return f"data #{self.sequence}, label {self.label}"
            case Kind.RELEASE:
                answers = self.back and self.last
                reason = f"{self.reason} {self.gone}".strip()
                return f"{'released' if answers else 'release'} label {self.label}: {reason} ({self.who})"
        return f"{self.kind.name.lower()}, label {self.label}"


def switched(packet: Packet) -> Switched | None:
    """Return the packet of packet switches that a UDP datagram carries, or None if it carries none, or a spoilt one."""
    on_a_link = packet.protocol == "udp" and packet.sport == packet.dport and packet.dport in PORTS
    return decode(packet.payload) if on_a_link else None


def decode(data: bytes) -> Switched | None:
    """Read one packet; None if these bytes are none."""
    if not _FIXED.size <= len(data) <= LARGEST:
        return None
    first, second, length, _, sequence = _FIXED.unpack_from(data)
    kind = _KINDS.get(first & 0xF)
    if first >> 4 != VERSION or length != len(data) or kind is None or not _adds_up(data):
        return None
    goes_to = _NAMES if kind in ADDRESSED else _LABEL
    if length < _FIXED.size + goes_to.size:
        return None
    payload = data[_FIXED.size + goes_to.size :]
    goes = goes_to.unpack_from(data, _FIXED.size)
    found: dict[str, Any] = {"label": goes[0]}
    if kind in ADDRESSED:
        source, destination = map(_name, goes)
        if not source or destination is None or (destination == "") is not (kind is Kind.VECTOR):
            return None
        found = {"source": source, "destination": destination}
    return Switched(
        kind=kind,
        back=bool(second & _BACK),
        last=bool(second & _LAST),
        hops=second & _HOPS,
        sequence=sequence,
        length=length,
        payload=payload,
        **{**found, **_told(kind, payload)},
    )


def _told(kind: Kind, payload: bytes) -> dict[str, Any]:
    """Return what the payload of a packet between switches says; nothing if it is not as it should be."""
    if kind is Kind.VECTOR and len(payload) % _ENTRY.size == 0:
        return {"metrics": {_name(name) or "?": metric for name, metric in _ENTRY.iter_unpack(payload)}}
    if kind is Kind.SETUP and len(payload) == _CALL.size:
        label, rate = _CALL.unpack(payload)
        return {"label": label, "rate": rate}
    if kind is Kind.RELEASE and len(payload) == _RELEASE.size:
        reason, *names = _RELEASE.unpack(payload)
        who, gone = map(_name, names)
        return {"reason": REASONS.get(reason, f"reason {reason}"), "who": who or "?", "gone": gone or ""}
    return {}


def _name(data: bytes) -> str | None:
    """Read a name from 8 bytes; None if they are none, "" if all are zero."""
    found = _NAME.fullmatch(data)
    return found[1].decode() if found else None


def _adds_up(data: bytes) -> bool:
    """Tell whether the Internet checksum is right (RFC 1071): all 16-bit words sum up to ones only."""
    even = data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(even) // 2}H", even))
    return total > 0 and total % 0xFFFF == 0
