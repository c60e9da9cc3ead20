"""What there was in a run of chaos, in numbers: faults by kind, lines, how long it took until all was well."""

import re
from collections import Counter
from dataclasses import dataclass

from lab.events import Fault, Typed
from lab.faults import FaultKind
from lab.history import History
from scenarios.chaos.spoken import calls
from scenarios.chaos.steps import healings

WORDS = {
    FaultKind.KILL: "killed",
    FaultKind.PAUSE: "paused",
    FaultKind.RESTART: "stopped with SIGTERM, to be started again",
    FaultKind.CUT: "cut",
    FaultKind.LOSS: r"loses [\d.]+%",
    FaultKind.RATE: "packets .* get",
}
"""How a history tells of each kind. What undoes a fault is none."""


@dataclass(frozen=True)
class Tally:
    """Faults of each kind, lines typed and lines delivered, and the seconds until all was well, each time."""

    faults: Counter[str]
    typed: int
    delivered: int
    recoveries: tuple[float, ...]

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.faults.most_common())
        return f"{self.faults.total()} faults ({kinds}); {self.typed} lines typed, {self.delivered} times delivered"


def tally(history: History) -> Tally:
    """Count."""
    return Tally(
        Counter(kind for fault in history.of(Fault) if (kind := kind_of(fault))),
        sum(event.data.count(b"\n") for event in history.of(Typed)),
        sum(len(call.heard) for call in calls(history)),
        tuple(step.time - step.began for step in healings(history)),
    )


def kind_of(fault: Fault) -> FaultKind | None:
    """Return the kind of a fault, or None if something was undone."""
    return next((kind for kind, words in WORDS.items() if re.match(words, fault.what)), None)
