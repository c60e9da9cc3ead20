"""A scenario: what must hold, where, what is done, and how it is judged."""

from collections.abc import Callable
from dataclasses import dataclass

from lab.lab import Lab
from lab.state import Wish
from scenarios.verdict import Check


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
    shares: bool = False  # whether it can be played in a lab in which others were played, and leaves it as it was

    def wish(self, *, name: str, base: str | None = None) -> Wish:
        """Return what to ask for: a lab of this name, its subnets moved to `base`."""
        return Wish(self.topology, self.forwarders, base, name)
