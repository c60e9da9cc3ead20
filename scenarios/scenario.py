"""A scenario: what must hold, where, what is done, and how it is judged."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab.lab import Lab
from scenarios.verdict import Check
from topology.plan import Topology, load

TOPOLOGIES = Path(__file__).parents[1] / "topology"


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

    def load(self, *, name: str, base: str | None = None) -> Topology:
        """Read the topology, for a lab of this name and with its subnets moved to `base`."""
        return load(TOPOLOGIES / f"{self.topology}.yaml", name=name, base=base, forwarders=self.forwarders)
