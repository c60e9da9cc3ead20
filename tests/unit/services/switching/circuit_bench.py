"""One switch on a bench: a test gives it packets, and sees what it sends."""

from __future__ import annotations

from dataclasses import replace

from services.switching.circuits import Circuits
from services.switching.header import Kind, Packet, decode
from services.switching.line import Line
from services.switching.signalling import Reason, Release, Setup

Sent = list[tuple[str, Packet]]
WAYS = {"h2": "e", "h4": "b"}
ACCEPT = Packet(Kind.ACCEPT, back=True)
DATA = Packet(Kind.DATA, payload=b"text")
GONE = Release(Reason.NORMAL, "h1")


class Bench:
    """A switch c on a bench, with lines to a, b, e; what it sends comes out at once."""

    def __init__(self, most_labels: int = 255) -> None:
        self.lines = {name: Line(name, rate=1e9, delay=0, queue=1000) for name in "abe"}
        self.circuits = Circuits("c", self.lines, WAYS.get, most_labels)
        self.now = 0.0

    def put(self, line: str, packet: Packet) -> Sent:
        self.circuits.receive(self.now, line, packet)
        return self.sent()

    def wait(self, seconds: float) -> Sent:
        """Wait, with the timers as they are due."""
        end = self.now + seconds
        sent: Sent = []
        while (due := self.circuits.due()) is not None and due <= end:
            self.now = max(self.now, due)
            self.circuits.tick(self.now)
            sent += self.sent()
        self.now = end
        return sent

    def sent(self) -> Sent:
        return [(name, decode(data)) for name, line in self.lines.items() for data in line.take(self.now + 1)]

    def set_up(self, label: int = 7, line: str = "a", to: str = "h2", rate: int = 0) -> int:
        """Set a circuit up as far as the ACCEPT; return its label on the next line."""
        ((_, passed),) = self.put(line, setup(label, to, rate))
        out = Setup.unpack(passed.payload).label
        self.put(WAYS[to], replace(ACCEPT, label=out))
        return out


def setup(label: int, to: str = "h2", rate: int = 0, number: int = 1, source: str = "h1") -> Packet:
    return Packet(Kind.SETUP, source, to, sequence=number, payload=Setup(label, rate).pack())


def why(packet: Packet) -> str:
    return str(Release.unpack(packet.payload))
