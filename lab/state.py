"""What is known of the labs that are up: which topology each was made from.

`up` writes runs/LAB/lab.json; the other verbs read it. A lab that plain `docker compose up` made has none: it is the
default one.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from lab.errors import UsageError
from topology.plan import ROOT, Topology, load

RUNS = ROOT / "runs"
TOPOLOGIES = ROOT / "topology"


@dataclass(frozen=True)
class Wish:
    """What a lab was asked to be, on the command line."""

    topology: str = "lab"
    forwarders: int | None = None
    base: str | None = None
    name: str | None = None

    def load(self) -> Topology:
        """Read the topology, by the name of a file in topology/ or by a path. TopologyError with all that is wrong."""
        named = TOPOLOGIES / f"{self.topology}.yaml"
        path = named if "/" not in self.topology and named.exists() else Path(self.topology)
        return load(path, name=self.name, base=self.base, forwarders=self.forwarders)


def directory(lab: str) -> Path:
    """Return where a lab's files are."""
    return RUNS / lab


def remember(wish: Wish, lab: str) -> None:
    """Keep a wish for the other verbs."""
    directory(lab).mkdir(parents=True, exist_ok=True)
    (directory(lab) / "lab.json").write_text(json.dumps(asdict(wish)) + "\n")


def forget(lab: str) -> None:
    """Let go of the wish for a lab that is no more. Its captures and logs stay."""
    (directory(lab) / "lab.json").unlink(missing_ok=True)


def recall(lab: str | None) -> Topology:
    """Return the topology that a lab was made from; of the default lab, if no name is given."""
    name = lab or Wish().load().name
    file = directory(name) / "lab.json"
    if file.exists():
        return Wish(**json.loads(file.read_text())).load()
    if lab is None or name == Wish().load().name:
        return Wish().load()
    raise UsageError(f"there is no lab {lab}; `make up NAME={lab}` makes one")
