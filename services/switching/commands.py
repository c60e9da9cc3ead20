"""What a host can be told to do. words.py reads it from what a person types, host.py does it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Send:
    """One datagram."""

    destination: str
    text: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A message of `size` bytes, cut into packets."""

    destination: str
    size: int
    packets: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Packets with a gap in between, each with `size` bytes of payload, to a host or over a circuit."""

    to: str | int
    packets: int
    gap: float
    size: int


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of the flows that are under way."""


@dataclass(frozen=True, slots=True)
class Call:
    """A new circuit, with `rate` bit/s reserved."""

    destination: str
    rate: int


@dataclass(frozen=True, slots=True)
class Say:
    """One packet over a circuit."""

    circuit: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Release:
    """The end of a circuit."""

    circuit: int


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that go on the line as they are."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Circuits:
    """The list of circuits."""


@dataclass(frozen=True, slots=True)
class Help:
    """The list of commands."""


@dataclass(frozen=True, slots=True)
class Exit:
    """The end."""


Command = Send | Message | Flow | Stop | Call | Say | Release | Raw | Circuits | Help | Exit
