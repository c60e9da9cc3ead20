"""`make fault` and `make heal`: faults of a lab that is up, until they are healed. Nobody of ours stays beside it."""

import contextlib

from lab.engine import Engine, NodeState
from lab.errors import GaveUp, LabError, UsageError
from lab.faults.faults import Faults
from lab.faults.model import FaultKind, Way, Wish
from lab.up import READY, condition
from lab.waiting import eventually
from topology.plan import Topology


def fault(
    engine: Engine,
    topology: Topology,
    kind: str,
    node: str,
    *,
    peer: str | None = None,
    amount: str | None = None,
    way: str | None = None,
    network: str | None = None,
) -> None:
    """Do what a person wishes for, and print it. UsageError if it cannot be."""
    kinds, ways = ([each.value for each in words] for words in (FaultKind, Way))
    if kind not in kinds:
        what = f"there is no fault {kind!r}; give KIND=" if kind else "which fault? Give KIND="
        raise UsageError(f"{what}, one of {', '.join(kinds)}")
    if way is not None and way not in ways:
        raise UsageError(f"there is no way {way!r}; give WAY=, one of {', '.join(ways)}")
    wish = Wish(FaultKind(kind), node, peer, amount, Way(way or Way.BOTH), network)
    faults = _faults(engine, topology)
    try:
        faults.do(wish)
    finally:
        faults.close()


def heal(engine: Engine, topology: Topology) -> None:
    """Undo all faults that are found at the nodes, and print them."""
    faults = _faults(engine, topology)
    try:
        if not faults.heal(everywhere=True):
            print(f"nothing in {topology.name} is broken")
    finally:
        faults.close()


def _faults(engine: Engine, topology: Topology) -> Faults:
    if not engine.states():
        raise LabError(f"{topology.name} is not up; start it with `make up`")
    return Faults(engine, topology, _Programs(engine, topology), _say, undo=False)


def _say(node: str, what: str, *, began: float | None = None, link: str | None = None) -> None:
    print(f"{node}: {what}", flush=True)


class _Programs:
    """How programs are ended and started by hand: nobody is at their terminals."""

    def __init__(self, engine: Engine, topology: Topology) -> None:
        self._engine, self._topology = engine, topology

    def was_started(self, node: str) -> bool:
        return True

    def start(self, node: str) -> None:
        self._engine.start(node)

    def end(self, node: str) -> None:
        self._engine.stop(node)

    def wait_ready(self, node: str) -> None:
        def look() -> bool:
            runs = self._engine.states().get(node) is NodeState.RUNNING
            return runs and condition(self._topology, self._engine, node) == READY

        with contextlib.suppress(GaveUp):
            eventually(look, f"{node} ready")
