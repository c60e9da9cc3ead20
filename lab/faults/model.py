"""What can be wished for: one fault, in the words of a person. What it comes to is in parts.py.

    cut, loss, duplicate, reorder, delay, rate    what becomes of packets: at NODE, or between NODE and PEER
    kill, pause, resume, restart                  what becomes of NODE's program

Who wishes for what cannot be is told so by check.py.
"""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What is done."""

    KILL = "kill"
    PAUSE = "pause"
    RESUME = "resume"
    RESTART = "restart"
    CUT = "cut"
    LOSS = "loss"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    DELAY = "delay"
    RATE = "rate"


class Way(StrEnum):
    """Which packets it is done to: those that come to NODE, those that leave it, or both."""

    BOTH = "both"
    IN = "in"
    OUT = "out"


OF_PROGRAMS = (FaultKind.KILL, FaultKind.PAUSE, FaultKind.RESUME, FaultKind.RESTART)
"""Faults that know no peer, no amount, and no way."""

EXAMPLES = {
    FaultKind.LOSS: "20%",
    FaultKind.DUPLICATE: "10%",
    FaultKind.REORDER: "25%",
    FaultKind.DELAY: "100ms, or 100ms~20ms with jitter",
    FaultKind.RATE: "1mbit",
}
"""Faults of which there can be more or less, and how much, as a person says it."""


@dataclass(frozen=True)
class Wish:
    """One fault: `Wish(FaultKind.LOSS, "bob", peer="server", amount="20%")`.

    `amount`: percent for loss, duplicate and reorder; a time for delay; bits a second for rate. `network`: where a
    node is cut off, if not everywhere.
    """

    kind: FaultKind
    node: str
    peer: str | None = None
    amount: str | None = None
    way: Way = Way.BOTH
    network: str | None = None

    @property
    def ways(self) -> tuple[Way, ...]:
        """In, out, or both of them."""
        return (Way.IN, Way.OUT) if self.way is Way.BOTH else (self.way,)

    @property
    def takes_off(self) -> bool:
        """Whether the node is taken off its networks, as if its cables were pulled."""
        return self.kind is FaultKind.CUT and self.peer is None and self.way is Way.BOTH

    @property
    def sentence(self) -> str:
        """What is done to the node, as a history tells it."""
        spans = {
            Way.BOTH: f"between it and {self.peer}" if self.peer else "in and out",
            Way.IN: f"from {self.peer}" if self.peer else "that come in",
            Way.OUT: f"to {self.peer}" if self.peer else "that go out",
        }
        span = f"packets {spans[self.way]}"
        match self.kind:
            case FaultKind.CUT:
                return f"cut: loses all {span}"
            case FaultKind.LOSS:
                return f"loses {self.amount} of the {span}"
            case FaultKind.DUPLICATE:
                return f"{self.amount} of the {span} come twice"
            case FaultKind.REORDER:
                return f"{self.amount} of the {span} overtake others"
            case FaultKind.DELAY:
                return f"{span} take {self.amount} longer{' each way' * (self.way is Way.BOTH)}"
            case FaultKind.RATE:
                return f"{span} get {self.amount}/s{' each way' * (self.way is Way.BOTH)}"
        return self.kind.value
