"""Datagrams thrown at a program. --as says whose they claim to be: that of its honest peer, which is right.

random       any bytes of any length, from an address of our own
forged       what would do harm (`exit`, vectors, packets), from addresses that are not its peer's; some are nobody's
truncated    from its peer: each beginning of a datagram that is well-formed, an empty one, lengths that lie
oversized    from its peer: the longest there are, in fragments
twice        from its peer: each two times, and in any order
hostile      from its peer: well-formed, and meant ill: terminal escapes, marks and labels without number
"""

import itertools
import random
import socket
import threading
import time
from collections.abc import Iterator

from reliability.hostile.attacks.half_open import nobodys, subnet
from reliability.hostile.attacks.wire import Address, Wire
from reliability.hostile.attacks.words import address, command_line, tell
from services.switching.header import Kind, Packet, encode
from services.switching.routing import pack_vector
from services.switching.signalling import Setup
from services.switching.transfers import SMALLEST_PAYLOAD

LONGEST = 65_507
ESCAPES = b"\x1b]0;owned\x07\x1b[2J\x1b[31mred\r[9] forged\x9b5n\xc2\x9b6n\x00\x08\x7f and so on\n[8] forged"
SLOWLY = 0.05
BLOCK = 32


def packet(kind: Kind, payload: bytes, sequence: int = 0, label: int = 0, to: str = "h2") -> bytes:
    """Make a packet of the host h1."""
    destination = to if kind is not Kind.VECTOR else ""
    back = kind is Kind.DATA
    return encode(Packet(kind, "h1", destination, label=label, sequence=sequence, payload=payload, back=back))


def harmful(packets: bool) -> list[bytes]:
    """Return what would do harm if it were believed."""
    if not packets:
        return [b"exit", b"hello, I am your peer", b"x" * 1000, b""]
    vector = pack_vector({f"v{number}": 0 for number in range(500)})
    return [packet(Kind.VECTOR, vector), packet(Kind.DATAGRAM, b"forged"), packet(Kind.SETUP, Setup(1, 0).pack())]


def ill_meant(packets: bool, name: str) -> Iterator[bytes]:
    """Yield what is well-formed and meant ill."""
    if not packets:
        while True:
            yield ESCAPES
    number = 0
    vectors = [pack_vector({f"v{start + each}": 1 for each in range(7000)}) for start in range(0, 70_000, 7000)]
    while True:
        number += 1
        mark = f"m{number % 9999 + 1} 100000 {100_000 * SMALLEST_PAYLOAD + number} ".encode()  # ever another message
        yield packet(Kind.DATAGRAM, mark.ljust(SMALLEST_PAYLOAD, b"."), number % 65536, to=name)
        yield packet(Kind.DATAGRAM, ESCAPES, to=name)
        yield packet(Kind.DATA, b"of no circuit", label=number % 65536)
        yield packet(Kind.SETUP, Setup(number % 65536, 0).pack(), number % 65536, to=name)
        if number % 100 == 0:
            yield packet(Kind.VECTOR, vectors[number // 100 % 10])


def lengths(whole: bytes) -> Iterator[tuple[bytes, int | None]]:
    """Yield each beginning of a datagram, and some that claim to be longer or shorter than they are."""
    yield from ((whole[:size], None) for size in range(len(whole)))
    yield from ((whole, claimed) for claimed in (0, 1, 7, 8, 9, 20, len(whole) + 9, 65535))


def shuffled_twice(packets: bool, name: str) -> Iterator[bytes]:
    """Yield each two times, in any order among their neighbours."""
    order = random.Random(6)  # noqa: S311
    for start in itertools.count(step=BLOCK):
        numbers = list(range(start, start + BLOCK)) * 2
        order.shuffle(numbers)
        for number in numbers:
            said = b"again %d" % number
            yield packet(Kind.DATAGRAM, said, number % 65536, to=name) if packets else said


class Thrower:
    """Sends, and counts."""

    def __init__(self, server: Address, peer: Address) -> None:
        self.datagrams = self.bytes = 0
        self._server, self.peer = server, peer
        self._wire = Wire()
        self._own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def from_peer(self, data: bytes, claimed: int | None = None) -> None:
        """Send as if it were the peer."""
        self.from_anywhere(self.peer, data, claimed)

    def from_anywhere(self, source: Address, data: bytes, claimed: int | None = None) -> None:
        """Send as if it were somebody else."""
        self._wire.send(source, self._server, data, claimed)
        self._count(data)

    def from_here(self, data: bytes) -> None:
        """Send from an address of our own."""
        try:
            self._own.sendto(data, self._server)
        except OSError:  # of an earlier one: it was refused
            return
        self._count(data)

    def _count(self, data: bytes) -> None:
        self.datagrams += 1
        self.bytes += len(data)


def throw(thrower: Thrower, kind: str, packets: bool, name: str, seconds: float) -> None:
    """Throw what that kind is."""
    source = random.Random(6)  # noqa: S311
    pause, here = threading.Event(), subnet()
    until = time.monotonic() + seconds
    if kind == "truncated":
        whole = packet(Kind.DATAGRAM, b"whole", to=name) if packets else b"a whole datagram"
        for data, claimed in itertools.cycle(lengths(whole)):
            thrower.from_peer(data, claimed)
            if time.monotonic() > until:
                return
    elif kind == "oversized":
        bodies = [b"x" * LONGEST, "ø".encode() * (LONGEST // 2), packet(Kind.DATAGRAM, b"y" * 64_976, to=name)]
        for body in itertools.cycle(bodies[: 3 if packets else 2]):
            thrower.from_peer(body)
            if time.monotonic() > until:
                return
    elif kind == "twice":
        for data in shuffled_twice(packets, name):
            thrower.from_peer(data)
            if time.monotonic() > until:
                return
    elif kind == "hostile":
        for data in ill_meant(packets, name):
            thrower.from_peer(data)
            if time.monotonic() > until:  # what came of it may come later
                pause.wait(SLOWLY)
            if time.monotonic() > until + 2 * seconds:
                return
    while kind in ("random", "forged") and time.monotonic() < until:
        if kind == "random":
            thrower.from_here(source.randbytes(source.choice((0, 1, 10, 100, 1000))))
            continue
        for data in harmful(packets):
            thrower.from_anywhere((nobodys(here, source), source.randrange(1, 65536)), data)
            thrower.from_here(data)


def main() -> None:
    """Attack, and say what came of it."""
    line = command_line("Throws datagrams at a program.")
    line.add_argument("--as", dest="peer", type=address, required=True, help="HOST:PORT of its peer")
    line.add_argument("--packets", action="store_true", help="for programs that speak packets")
    line.add_argument("--name", default="h2", help="the host that packets are for")
    options = line.parse_args()
    thrower = Thrower(options.server, options.peer)
    throw(thrower, options.kind, options.packets, options.name, options.seconds)
    tell(datagrams=thrower.datagrams, bytes=thrower.bytes)


if __name__ == "__main__":
    main()
