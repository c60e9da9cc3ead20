"""A scenario: what must hold, where, what is done, and how it is judged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lab.history import History
from lab.lab import Lab
from lab.state import Wish
from scenarios.verdict import Check

Drawings = Callable[[History], Mapping[str, str]]
"""Makes drawings (SVG) of a history, by name."""


def no_drawings(history: History) -> Mapping[str, str]:
    """Draw nothing."""
    return {}


@dataclass(frozen=True)
class Page:
    """The document that tells of a scenario, and the rows of it that a run makes (see page.py)."""

    file: str  # from the top of the repository
    rows: Callable[[History], Sequence[str]]


@dataclass(frozen=True)
class Scenario:
    """One experiment. The same one serves the tests and the demo.

    `play` drives the lab and judges nothing; `checks` judge the history and drive nothing.
    """

    name: str
    intent: str
    topology: str  # a file in topology/, without its ending
    play: Callable[[Lab], None]
    checks: tuple[Check, ...]
    forwarders: int | None = None  # the length of the topology's chain, where it is not the file's own
    shows: frozenset[str] = frozenset()  # noise elsewhere, as `lab.wire.noise` names it, but what this is about
    shares: bool = False  # whether it can be played where all runs since the play of others, and leaves it as it was
    ladder: bool = True  # whether a demo ends with a ladder diagram; of thousands of packets, nobody reads one
    drawings: Drawings = no_drawings  # of its run, by name; a demo ends with them
    page: Page | None = None  # the document that shows what was seen

    def wish(self, *, name: str, base: str | None = None) -> Wish:
        """Return what to ask for: a lab of this name, its subnets moved to `base`."""
        return Wish(self.topology, self.forwarders, base, name)
