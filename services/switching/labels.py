"""The labels of one line: each end chooses the lowest that it has free for the circuits that it sets up.

    free --- take ---> in use --- release ---> resting --- answered, or too long ---> free

A label that is given back is not free at once: packets under it may still be on the wire, in either direction, and
would be taken for those of the next circuit. So the end that chose it sends a RELEASE behind all that it sent under
the label, and the other end answers with a RELEASE that says LAST, behind all that IT sent (X.25: clear request, clear
confirmation). Until the answer comes the label rests. Only the end that chose a label uses it again, so the other end
has nothing to wait for.
"""

from services.switching.header import Packet, encode
from services.switching.line import Line
from services.switching.signalling import Reason, Release

MOST_LABELS = 255
# A RELEASE may be lost, or wait behind a queue full of the largest packets: by then either would be over.
REST_SECONDS = 20.0


class Labels:
    """The labels of a line, seen from one end of it: those it chose itself, and what it says about any."""

    def __init__(self, name: str, line: Line, most: int = MOST_LABELS, rest: float = REST_SECONDS) -> None:
        """`name` is this node's. It chooses from 1 to `most`; one whose answer is lost rests for `rest` seconds."""
        self._name = name
        self._line = line
        self._most = most
        self._rest = rest
        self._used: set[int] = set()
        self._resting: dict[int, float] = {}  # until when

    def take(self) -> int | None:
        """Return the lowest free label, which then is in use; None when none is left."""
        taken = self._used | self._resting.keys()
        label = next((label for label in range(1, self._most + 1) if label not in taken), None)
        if label is not None:
            self._used.add(label)
        return label

    def send(self, now: float, packet: Packet) -> bool:
        """Send a packet; False when it was dropped, since the queue is full."""
        return self._line.offer(now, encode(packet), packet.kind.is_urgent)

    def release(self, now: float, label: int, why: Release, chosen_here: bool, answer: bool = False) -> None:
        """Say that a label is of no circuit any more. `answer`: the other end, which chose it, has said so."""
        if chosen_here and label <= self._most:  # another one is never taken, so it needs no rest
            self._used.discard(label)
            self._resting[label] = now + self._rest
        self.send(now, why.packet(label, back=not chosen_here, last=answer))

    def hear_release(self, now: float, packet: Packet, why: Release) -> None:
        """Take in a RELEASE that ends no circuit here: an answer, or one that wants an answer all the same."""
        if not packet.back:
            self.release(now, packet.label, why, chosen_here=False, answer=True)
        elif packet.last:
            self._resting.pop(packet.label, None)

    def deny(self, now: float, packet: Packet) -> None:
        """Tell who sends a packet under a label that is of no circuit here."""
        if not (packet.back and packet.label in self._resting):  # else it has been told, and sent this before
            self.release(now, packet.label, Release(Reason.UNKNOWN_LABEL, self._name), chosen_here=packet.back)

    def tick(self, now: float) -> None:
        """Free the labels that have rested for long enough."""
        for label in [label for label, until in self._resting.items() if until <= now]:
            del self._resting[label]

    def due(self) -> float | None:
        """Return when the next label has rested for long enough."""
        return min(self._resting.values(), default=None)
