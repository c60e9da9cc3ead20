"""Virtual circuits at a host: the calls that it makes, and those that it is called for.

    caller h1                                        called h2
    SETUP label 1 ----------> ... ----------> SETUP label 3       a number of the person's own at either end:
      again after 2 s, and again                    |             `circuit 1 to h2`, `circuit 4 from h1`
    ACCEPT <----------------- ... <---------- ACCEPT (BACK)
    DATA, KEEP every second ----------------------->
    <----------------------- DATA, KEEP every second (BACK)
    RELEASE ----------------> ... ----------> either side, when it will, or when the other has been silent for 3 s

A host has one line, and the labels on it of the calls that it makes are its own choice.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from services.switching.circuits import IDLE_SECONDS
from services.switching.header import Kind, Packet
from services.switching.labels import REST_SECONDS, Labels
from services.switching.line import Line
from services.switching.signalling import Reason, Release, Setup, has_room

MOST_CALLS = 64
ANSWER_SECONDS = 2.0
MOST_TRIES = 3
KEEP_SECONDS = 1.0


class State(StrEnum):
    """How far a call has come."""

    CALLING = "calling"
    OPEN = "open"
    ENDED = "ended"


@dataclass(eq=False)
class Call:
    """One circuit that ends at this host. As text it is `circuit 1 to h2`, or `circuit 1 from h1`."""

    number: int
    peer: str
    label: int
    is_ours: bool  # we have called, so the label is our choice
    sequence: int  # of its SETUP: which of all its caller's calls it is
    rate: int
    state: State
    heard: float  # when something last came from the other side
    next_at: float  # when the next KEEP is sent; while we call, the next SETUP
    tries: int = 1

    def __str__(self) -> str:
        return f"circuit {self.number} {'to' if self.is_ours else 'from'} {self.peer}"


@dataclass(frozen=True, slots=True)
class Said:
    """News of a call for the person: that it is open, or how it ended."""

    call: Call
    words: str

    def __str__(self) -> str:
        return f"{self.call}: {self.words}"


@dataclass(frozen=True, slots=True)
class Came:
    """A DATA packet came over a circuit."""

    call: Call
    packet: Packet


Event = Said | Came


class Calls:
    """All circuits that end at a host. What its owner has to know is returned, in the order in which it happened."""

    def __init__(
        self,
        name: str,
        line: Line,
        most: int = MOST_CALLS,
        answer: float = ANSWER_SECONDS,
        keep: float = KEEP_SECONDS,
        idle: float = IDLE_SECONDS,
        rest: float = REST_SECONDS,
    ) -> None:
        """`most`: with so many circuits, further ones are refused. The others are seconds."""
        self._name = name
        self._line = line
        self._most = most
        self._answer = answer
        self._keep = keep
        self._idle = idle
        self._labels = Labels(name, line, rest=rest)
        self._calls: dict[tuple[int, bool], Call] = {}  # by label, and whether it was chosen here
        self._made = 0

    def calls(self) -> list[Call]:
        """Return the calls that have not ended, in the order of their numbers."""
        return sorted(self._calls.values(), key=lambda call: call.number)

    def find(self, number: int) -> Call | None:
        """Return the call that has this number."""
        return next((call for call in self._calls.values() if call.number == number), None)

    def call(self, now: float, peer: str, rate: int = 0) -> list[Event]:
        """Ask for a circuit, with `rate` bit/s reserved in each direction. What comes of it is told later."""
        self._made += 1
        call = self._new(now, peer, 0, True, self._made % 65536, rate)
        if not has_room(self._line, self._reserved, rate):
            return [self._ended(call, Release(Reason.NO_RATE, self._name))]
        label = self._labels.take()
        if label is None:
            return [self._ended(call, Release(Reason.NO_LABEL, self._name))]
        call.label = label
        self._calls[label, True] = call
        self._set_up(call, now)
        return []

    def send(self, now: float, call: Call, payload: bytes, sequence: int = 0, last: bool = False) -> bool:
        """Send a packet over a circuit; False when it is not open, or the queue of the line is full."""
        return call.state is State.OPEN and self._send(now, call, Kind.DATA, payload, sequence, last)

    def release(self, now: float, call: Call) -> list[Event]:
        """End a circuit."""
        return self._end(now, call, Release(Reason.NORMAL, self._name))

    def neighbour_gone(self, now: float) -> list[Event]:
        """End all circuits, since the switch at the other end of the line is silent."""
        why = Release(Reason.NEIGHBOUR_GONE, self._name, self._line.name)
        return [event for call in self.calls() for event in self._end(now, call, why)]

    def receive(self, now: float, packet: Packet) -> list[Event]:
        """Take in a SETUP, ACCEPT, DATA, RELEASE or KEEP. Raises BadPacketError for a payload that is none."""
        if packet.kind is Kind.SETUP:
            return self._called(now, packet, Setup.unpack(packet.payload))
        call = self._calls.get((packet.label, packet.back))
        if packet.kind is Kind.RELEASE:
            return self._released(now, call, packet, Release.unpack(packet.payload))
        if call is None:
            self._labels.deny(now, packet)
            return []
        return self._heard(now, call, packet)

    def tick(self, now: float) -> list[Event]:
        """Send what is due: SETUP again, KEEP. End what has no answer, or whose other side is silent."""
        self._labels.tick(now)
        events: list[Event] = []
        for call in self.calls():
            if call.state is State.OPEN and call.heard + self._idle <= now:
                events += self._end(now, call, Release(Reason.IDLE, self._name))
            elif call.next_at <= now and call.state is State.OPEN:
                self._send(now, call, Kind.KEEP)
                call.next_at = now + self._keep
            elif call.next_at <= now and call.tries < MOST_TRIES:
                call.tries += 1
                self._set_up(call, now)
            elif call.next_at <= now:
                events += self._end(now, call, Release(Reason.NO_ANSWER, self._name))
        return events

    def due(self) -> float | None:
        """Return when `tick` has to be called next."""
        times = [self._labels.due()]
        for call in self._calls.values():
            times += [call.next_at, call.heard + self._idle if call.state is State.OPEN else None]
        return min((time for time in times if time is not None), default=None)

    @property
    def _reserved(self) -> int:
        return sum(call.rate for call in self._calls.values())

    def _new(self, now: float, peer: str, label: int, is_ours: bool, sequence: int, rate: int) -> Call:
        taken = {call.number for call in self._calls.values()}
        number = next(number for number in count(1) if number not in taken)
        return Call(number, peer, label, is_ours, sequence, rate, State.CALLING, heard=now, next_at=now)

    def _set_up(self, call: Call, now: float) -> None:
        call.next_at = now + self._answer
        payload = Setup(call.label, call.rate).pack()
        packet = Packet(Kind.SETUP, self._name, call.peer, sequence=call.sequence, payload=payload)
        self._labels.send(now, packet)

    def _called(self, now: float, packet: Packet, setup: Setup) -> list[Event]:
        """Accept a call or refuse it."""
        call = self._calls.get((setup.label, False))
        if call is not None and (call.peer, call.sequence) == (packet.source, packet.sequence):
            call.heard = now
            self._send(now, call, Kind.ACCEPT)  # it came again: our answer was lost
            return []
        if call is not None:
            refusal = Reason.LABEL_TAKEN
        elif packet.destination != self._name:
            refusal = Reason.NO_ROUTE
        elif len(self._calls) >= self._most:
            refusal = Reason.REFUSED
        elif not has_room(self._line, self._reserved, setup.rate):
            refusal = Reason.NO_RATE
        else:
            call = self._new(now, packet.source, setup.label, False, packet.sequence, setup.rate)
            self._calls[setup.label, False] = call
            self._send(now, call, Kind.ACCEPT)
            return self._opened(now, call)
        self._labels.release(now, setup.label, Release(refusal, self._name), chosen_here=False)
        return []

    def _heard(self, now: float, call: Call, packet: Packet) -> list[Event]:
        """Take in an ACCEPT, DATA or KEEP."""
        if call.state is State.CALLING:
            return self._opened(now, call) if packet.kind is Kind.ACCEPT else []
        call.heard = now
        return [Came(call, packet)] if packet.kind is Kind.DATA else []

    def _opened(self, now: float, call: Call) -> list[Event]:
        call.state = State.OPEN
        call.heard = now
        call.next_at = now + self._keep
        return [Said(call, "open")]

    def _released(self, now: float, call: Call | None, packet: Packet, why: Release) -> list[Event]:
        if call is None or (packet.back and packet.last):
            self._labels.hear_release(now, packet, why)
            return []
        if call.state is State.CALLING and why.reason is Reason.NO_ANSWER:
            return []  # a switch did not get one to the SETUP before, and there is another on its way
        return self._end(now, call, why, answer=not packet.back)

    def _end(self, now: float, call: Call, why: Release, answer: bool = False) -> list[Event]:
        del self._calls[call.label, call.is_ours]
        self._labels.release(now, call.label, why, chosen_here=call.is_ours, answer=answer)
        return [self._ended(call, why)]

    def _ended(self, call: Call, why: Release) -> Event:
        call.state = State.ENDED
        return Said(call, str(why))

    def _send(
        self, now: float, call: Call, kind: Kind, payload: bytes = b"", sequence: int = 0, last: bool = False
    ) -> bool:
        back = not call.is_ours
        packet = Packet(kind, label=call.label, sequence=sequence, payload=payload, last=last, back=back)
        return self._labels.send(now, packet)
