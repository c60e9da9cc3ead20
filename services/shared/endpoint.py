"""HOST:PORT, as given on a command line and as printed."""

from argparse import ArgumentTypeError
from typing import NamedTuple

_HIGHEST = 65535
_MOST_DIGITS = 20  # Python refuses to read thousands


class Endpoint(NamedTuple):
    """One end of a connection, as a socket takes it. An empty host is every address of this machine."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host or '0.0.0.0'}:{self.port}"


def port(text: str, lowest: int = 0) -> int:
    """Read a port; 0 lets the system choose one to listen on. Raises ArgumentTypeError."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else -1
    if not lowest <= number <= _HIGHEST:
        raise ArgumentTypeError(f"{text!r} is no port: give a number from {lowest} to {_HIGHEST}")
    return number


def remote(text: str) -> Endpoint:
    """Read HOST:PORT, something to send to. Raises ArgumentTypeError."""
    host, _, number = text.partition(":")
    if not (host and number):
        raise ArgumentTypeError(f"{text!r} is no HOST:PORT: give both, as in server:9000")
    return Endpoint(host_name(host), port(number, lowest=1))


def local(text: str) -> Endpoint:
    """Read [HOST:]PORT, something to listen on, without HOST on every address. Raises ArgumentTypeError."""
    host, colon, number = text.partition(":")
    return Endpoint(host_name(host), port(number)) if colon else Endpoint("", port(text))


def host_name(host: str) -> str:
    """Refuse what no name server can be asked for: a look-up would raise UnicodeError, which is no OSError."""
    try:
        host.encode("idna")
    except UnicodeError:
        raise ArgumentTypeError(f"{host!r} is no name of a host: give one as in server, or an address") from None
    return host
