"""What is known of the labs that are up: which topology each was made from.

`up` writes runs/LAB/lab.json; the other verbs read it. A lab that plain `docker compose up` made has none: it is the
default one.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import MISSHAPEN, UsageError
from lab.files import write_whole
from topology.errors import TopologyError, did_you_mean
from topology.names import project

if TYPE_CHECKING:
    from topology.plan import Topology

ROOT = Path(__file__).resolve().parents[1]
DEFAULT = "socklab"
"""The name of the default lab, topology/lab.yaml."""
RUNS = ROOT / "runs"
TOPOLOGIES = ROOT / "topology"


@dataclass(frozen=True)
class Wish:
    """What a lab was asked to be, on the command line."""

    topology: str = "lab"
    forwarders: int | None = None
    base: str | None = None
    name: str | None = None

    def load(self) -> "Topology":
        """Read the topology, by the name of a file in topology/ or by a path. UsageError with all that is wrong."""
        from topology.plan import load  # it takes a while to import, and `make down` reads no topology

        path = Path(self.topology)
        if not path.suffix:
            path = TOPOLOGIES / f"{self.topology}.yaml"
            known = sorted(file.stem for file in TOPOLOGIES.glob("*.yaml"))
            if self.topology not in known:
                raise UsageError(f"there is no topology {self.topology!r}; {did_you_mean(self.topology, known)}")
        short = Path(os.path.relpath(path))  # for messages
        try:
            return load(short, name=self.name, base=self.base, forwarders=self.forwarders)
        except TopologyError as error:
            raise UsageError(str(error)) from None


def directory(lab: str) -> Path:
    """Return where a lab's files are."""
    return RUNS / lab


def remember(wish: Wish, lab: str) -> None:
    """Keep a wish for the other verbs."""
    directory(lab).mkdir(parents=True, exist_ok=True)
    write_whole(directory(lab) / "lab.json", json.dumps(asdict(wish)) + "\n")


def forget(lab: str) -> None:
    """Let go of the wish for a lab that is no more. Its captures and logs stay."""
    (directory(lab) / "lab.json").unlink(missing_ok=True)


def chosen(lab: str | None) -> str:
    """Return the lab that a verb is about: the one named, else the default one, else the only one that is up.

    Labs that were given a name of their own are never meant unless they are named. UsageError if several are left.
    """
    if lab is not None:
        try:
            return project(lab)
        except ValueError as error:
            raise UsageError(f"NAME={lab}: {error}") from None
    unnamed = [file.parent.name for file in sorted(RUNS.glob("*/lab.json")) if (w := _read(file)) and w.name is None]
    if DEFAULT in unnamed or not unnamed:
        return DEFAULT
    if len(unnamed) > 1:
        raise UsageError(f"which lab? Give NAME=, one of {', '.join(unnamed)}")
    return unnamed[0]


def recall(lab: str | None) -> "Topology":
    """Return the topology that a lab was made from. UsageError if there is none of that name."""
    name = chosen(lab)
    if wish := _read(directory(name) / "lab.json"):
        return wish.load()
    if name != DEFAULT:
        raise UsageError(f"there is no lab {name}; `make up NAME={name}` makes one")
    return Wish().load()


def _read(file: Path) -> Wish | None:
    """Read what `remember` wrote; None if it is not there, or not whole."""
    try:
        wish = Wish(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, *MISSHAPEN):
        return None
    is_one = isinstance(wish.topology, str) and all(isinstance(text, str | None) for text in (wish.base, wish.name))
    return wish if is_one and type(wish.forwarders) in (int, type(None)) else None
