"""Virtual circuits in a switch: the way is found once, by the SETUP; after that labels lead.

    h1 ----1----> a ----1----> c ----2----> e        a:  (h1, 1) <-> (c, 1)
    h3 ----1----> a ----2----> c ----1----> b        c:  (a, 1) <-> (e, 2)    (a, 2) <-> (b, 1)

A label means something on one line only, and was chosen by the end of it that sent the SETUP: it takes the lowest that
it has free, so labels change at every hop and two hosts may well choose the same. Packets to the called side carry the
label that their sender chose; packets to the calling side say BACK, and carry the label that their receiver chose.

    SETUP ------>  half-open  -------------- ACCEPT back -------------->  open
                       |                                                   |
             no ACCEPT for 3 s                            one side silent for 3 s (hosts send KEEP)
                       |                                                   |
                       '--------> RELEASE to both sides, entry gone <------'    or: a RELEASE came, a neighbour is gone
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from services.switching.header import Kind, Packet
from services.switching.labels import MOST_LABELS, REST_SECONDS, Labels
from services.switching.line import Line
from services.switching.signalling import Reason, Release, Setup, has_room

HALF_OPEN_SECONDS = 3.0  # longer than a caller waits before it sends its SETUP again
IDLE_SECONDS = 3.0


class State(StrEnum):
    """How far a circuit has come."""

    HALF_OPEN = "half-open"  # the SETUP has passed, nothing has come back
    OPEN = "open"


class End(NamedTuple):
    """Where a circuit enters or leaves a switch."""

    line: str
    label: int


@dataclass
class Circuit:
    """One circuit that goes through a switch. Of two entries in a table, one for each direction, this is both."""

    source: str
    destination: str
    call: int  # the caller's number of it, by which a SETUP that is sent again is known
    rate: int  # in bit/s, reserved in each direction
    caller: End
    called: End
    heard_caller: float  # when something last came from the calling side
    heard_called: float
    state: State = State.HALF_OPEN


class Circuits:
    """All circuits through one switch."""

    def __init__(
        self,
        name: str,
        lines: Mapping[str, Line],
        next_hop: Callable[[str], str | None],
        most_labels: int = MOST_LABELS,
        half_open: float = HALF_OPEN_SECONDS,
        idle: float = IDLE_SECONDS,
        rest: float = REST_SECONDS,
    ) -> None:
        """`next_hop` tells the line to a destination; `most_labels` are what this end has of each line."""
        self._name = name
        self._lines = lines
        self._next_hop = next_hop
        self._half_open = half_open
        self._idle = idle
        self._labels = {key: Labels(name, line, most_labels, rest) for key, line in lines.items()}
        # By line, label, and whether the label was chosen here: each circuit is in it twice.
        self._table: dict[tuple[str, int, bool], Circuit] = {}

    def entries(self) -> list[Circuit]:
        """Return the circuits, in the order of the labels with which they come in."""
        found = [circuit for (_, _, chosen_here), circuit in self._table.items() if not chosen_here]
        return sorted(found, key=lambda circuit: circuit.caller)

    def reserved(self, line: str) -> int:
        """Return the rate that is reserved on a line, in the direction out of this switch."""
        return sum(circuit.rate for (end, _, _), circuit in self._table.items() if end == line)

    def receive(self, now: float, line: str, packet: Packet) -> None:
        """Do what a SETUP, ACCEPT, DATA, RELEASE or KEEP asks for.

        Raises BadPacketError, having done nothing, for a payload that is none.
        """
        if packet.kind is Kind.SETUP:
            self._set_up(now, line, packet, Setup.unpack(packet.payload))
        elif packet.kind is Kind.RELEASE:
            self._release(now, line, packet, Release.unpack(packet.payload))
        else:
            self._pass_on(now, line, packet)

    def neighbour_gone(self, now: float, line: str) -> None:
        """Release all circuits over a line whose neighbour is silent."""
        for circuit in self.entries():
            if line in (circuit.caller.line, circuit.called.line):
                self._end(now, circuit, Release(Reason.NEIGHBOUR_GONE, self._name, line))

    def tick(self, now: float) -> None:
        """Release the circuits of which nothing was heard for too long."""
        for labels in self._labels.values():
            labels.tick(now)
        for circuit in self.entries():
            if self._deadline(circuit) <= now:
                reason = Reason.IDLE if circuit.state is State.OPEN else Reason.NO_ANSWER
                self._end(now, circuit, Release(reason, self._name))

    def due(self) -> float | None:
        """Return when `tick` has to be called next."""
        deadlines = [self._deadline(circuit) for circuit in self._table.values()]
        rests = [labels.due() for labels in self._labels.values()]
        return min(deadlines + [due for due in rests if due is not None], default=None)

    def _deadline(self, circuit: Circuit) -> float:
        if circuit.state is State.HALF_OPEN:
            return circuit.heard_caller + self._half_open
        return min(circuit.heard_caller, circuit.heard_called) + self._idle

    def _set_up(self, now: float, line: str, packet: Packet, setup: Setup) -> None:
        known = self._table.get((line, setup.label, False))
        call = (packet.source, packet.destination, packet.sequence)
        refusal = None
        if packet.hops <= 1:  # it went in circles: routes that are not settled yet
            refusal = Reason.NO_ROUTE
        elif known is None:
            refusal = self._admit(now, line, packet, setup)
        elif (known.source, known.destination, known.call) == call:  # sent again: it or its answer was lost
            known.heard_caller = now
        else:
            refusal = Reason.LABEL_TAKEN
        if refusal is not None:
            why = Release(refusal, self._name)
            self._labels[line].release(now, setup.label, why, chosen_here=False)
            return
        out = self._table[line, setup.label, False].called
        payload = Setup(out.label, setup.rate).pack()
        self._labels[out.line].send(now, replace(packet, hops=packet.hops - 1, payload=payload))

    def _admit(self, now: float, line: str, packet: Packet, setup: Setup) -> Reason | None:
        """Enter a circuit into the table, or return why not."""
        if packet.destination == self._name:
            return Reason.REFUSED
        out = self._next_hop(packet.destination)
        if out in (None, line):  # a circuit does not turn round
            return Reason.NO_ROUTE
        if not all(has_room(self._lines[end], self.reserved(end), setup.rate) for end in (line, out)):
            return Reason.NO_RATE
        label = self._labels[out].take()
        if label is None:
            return Reason.NO_LABEL
        circuit = Circuit(
            packet.source,
            packet.destination,
            packet.sequence,
            setup.rate,
            caller=End(line, setup.label),
            called=End(out, label),
            heard_caller=now,
            heard_called=now,
        )
        self._table[*circuit.caller, False] = self._table[*circuit.called, True] = circuit
        return None

    def _pass_on(self, now: float, line: str, packet: Packet) -> None:
        """Give an ACCEPT, DATA or KEEP the label of its next line."""
        circuit = self._table.get((line, packet.label, packet.back))
        if circuit is None:
            self._labels[line].deny(now, packet)
            return
        if circuit.state is State.HALF_OPEN:
            if packet.kind is not Kind.ACCEPT or not packet.back:
                return  # too early, or of a circuit that had this label before this switch was started anew
            circuit.state = State.OPEN
            circuit.heard_caller = now  # its first KEEP takes a while
        if packet.back:
            circuit.heard_called = now
            to = circuit.caller
        else:
            circuit.heard_caller = now
            to = circuit.called
        if packet.hops > 1:
            self._labels[to.line].send(now, replace(packet, label=to.label, hops=packet.hops - 1))

    def _release(self, now: float, line: str, packet: Packet, why: Release) -> None:
        circuit = self._table.get((line, packet.label, packet.back))
        if circuit is None or (packet.back and packet.last):
            self._labels[line].hear_release(now, packet, why)
        else:
            self._end(now, circuit, why, answer=not packet.back)

    def _end(self, now: float, circuit: Circuit, why: Release, answer: bool = False) -> None:
        """Take a circuit out of the table and tell both sides. `answer`: the calling side said it first."""
        caller, called = circuit.caller, circuit.called
        del self._table[*caller, False], self._table[*called, True]
        self._labels[called.line].release(now, called.label, why, chosen_here=True)
        self._labels[caller.line].release(now, caller.label, why, chosen_here=False, answer=answer)
