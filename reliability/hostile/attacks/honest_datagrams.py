"""An honest sender of datagrams beside an attack.

--kind answered    says `honest 7`, waits until it comes back, and says how long that took
--kind heard       says `honest at TIME` to who prints it: whoever watches that program knows how long it took
--kind packets     the same in a packet, from the host h1 to the host --name
--kind through     packets from h1 to h2 through a switch; it is both hosts, and says how long they took

A datagram may be lost; how many were is said.
"""

import argparse
import contextlib
import signal
import socket
import threading
import time

from reliability.hostile.attacks.words import address, command_line, milliseconds, tell
from services.switching.header import BadPacketError, Kind, Packet, decode, encode
from services.switching.routing import PERIOD, pack_vector

PATIENCE = 0.25
PACE = 0.005
AT_ONCE = 1 << 16


def opened(port: int) -> socket.socket:
    """Open a socket."""
    found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found.bind(("", port))
    found.settimeout(PATIENCE)
    return found


def text_of(data: bytes) -> bytes:
    """Return what a packet says, or a datagram that is none."""
    try:
        return decode(data).payload
    except BadPacketError:
        return data


def answer_to(heard: socket.socket, said: bytes) -> bool:
    """Wait for what was said. Tell whether it came."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if text_of(heard.recv(AT_ONCE)).endswith(said):
                return True
        except OSError:
            break
    return False


class Sender:
    """Sends, and waits for what it sent where that comes back."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._is_answered = options.kind in ("answered", "through")
        self._socket = opened(options.port)
        self._listener = opened(options.other_port) if options.kind == "through" else self._socket
        self._told_at = 0.0
        self.asked = 0
        self.ways: list[int] = []

    def ask(self) -> bool:
        """Send one datagram. Tell whether it was answered, if it should be."""
        self._be_there()
        self.asked += 1
        began = time.monotonic_ns()
        said = b"honest %d" % self.asked if self._is_answered else b"honest at %d" % began
        with contextlib.suppress(OSError):  # of an earlier one: it was refused
            self._socket.sendto(self._datagram(said), self._options.server)
        if self._is_answered and not answer_to(self._listener, said):
            return False
        self.ways.append(time.monotonic_ns() - began)
        return True

    def _datagram(self, said: bytes) -> bytes:
        if self._options.kind not in ("packets", "through"):
            return said
        return encode(Packet(Kind.DATAGRAM, "h1", self._options.name, sequence=self.asked % 65536, payload=said))

    def _be_there(self) -> None:
        """Tell the switch, now and then, which hosts are at the two ends."""
        if self._options.kind == "through" and time.monotonic() >= self._told_at + PERIOD:
            self._told_at = time.monotonic()
            ends = (("h1", self._socket, self._options.server), ("h2", self._listener, self._options.other))
            for name, end, switch in ends:
                end.sendto(encode(Packet(Kind.VECTOR, name, payload=pack_vector({name: 0}))), switch)

    def begin_anew(self) -> None:
        """Forget what was asked."""
        self.asked = 0
        self.ways.clear()


def main() -> None:
    """Send until SIGTERM, and say how that was."""
    line = command_line("Is an honest sender of datagrams.")
    line.add_argument("--ready", type=int, required=True, help="listens on this port when it is served")
    line.add_argument("--port", type=int, default=0, help="the port that it sends from")
    line.add_argument("--other-port", type=int, default=0, help="where h2 gets what comes through the switch")
    line.add_argument("--other", type=address, help="HOST:PORT of the switch's link to h2")
    line.add_argument("--name", default="h2", help="the host that packets are for")
    options = line.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    sender = Sender(options)
    while not sender.ask():
        pass
    if options.kind in ("answered", "through"):  # those before the first answer may have come before the program
        sender.begin_anew()
    pause = threading.Event()
    with socket.create_server(("", options.ready)):
        while signal.SIGTERM not in signal.sigpending():
            sender.ask()
            pause.wait(PACE)
    is_answered = options.kind in ("answered", "through")
    answered = len(sender.ways) if is_answered else 0
    tell(asked=sender.asked, answered=answered, ways=milliseconds(sender.ways) if is_answered else {})


if __name__ == "__main__":
    main()
