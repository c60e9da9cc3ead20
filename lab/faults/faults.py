"""The faults of one lab, whoever wishes for them: a play (Lab, Node), or a person (by_hand.py).

    Faults ──► check ──► the engine: kill, pause, resume, stop and start, off a network
                    '──► NetworkFaults: packets
    heal   ──► paused nodes go on, queues and rules go, nodes come back on their networks, ended nodes are started

Of packets, what cannot be done is refused, and nothing is done.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from lab.engine import Engine, NodeState
from lab.faults.check import check
from lab.faults.filters import PREFIX
from lab.faults.model import FaultKind, Wish
from lab.faults.network import NetworkFaults
from lab.faults.parts import Part, parts
from lab.recorder import now
from lab.up import start_order, waits_for
from topology.plan import Topology


class Tell(Protocol):
    """Takes what has been done to a node."""

    def __call__(self, node: str, what: str, *, began: float | None = None, link: str | None = None) -> None:
        """Take it: from `began` on, and for sure now."""


class Starter(Protocol):
    """Starts programs, in a play with their terminals."""

    def was_started(self, node: str) -> bool:
        """Tell whether a program has ever been started, so that it is one to be started again."""

    def start(self, node: str) -> None:
        """Start a program that has ended."""

    def end(self, node: str) -> None:
        """End a program with SIGTERM, and return when it has ended."""

    def wait_ready(self, node: str) -> None:
        """Return when a node is ready, or may never be."""


class Faults:
    """What is broken on purpose in one lab."""

    def __init__(self, engine: Engine, topology: Topology, starter: Starter, tell: Tell, *, undo: bool) -> None:
        """Begin with none. `undo`: whether faults of packets end with us; else they stay until `heal`."""
        self.network = NetworkFaults(engine, topology, undo=undo)
        self._engine, self._topology, self._starter, self._tell = engine, topology, starter, tell

    def do(self, wish: Wish) -> None:
        """Do it. UsageError if it cannot be; then nothing is done."""
        check(wish, self._topology, self._engine.states())
        match wish.kind:
            case FaultKind.KILL:
                self._tell(wish.node, "killed with SIGKILL")
                self._engine.kill(wish.node)
            case FaultKind.PAUSE:
                self._tell(wish.node, "paused")
                self._engine.pause(wish.node)
            case FaultKind.RESUME:
                self._engine.resume(wish.node)
                self._tell(wish.node, "resumed")
            case FaultKind.RESTART:
                self._restart(wish.node)
            case _ if wish.takes_off:
                self._take_off(wish.node, wish.network)
            case _:
                self.put(wish.node, wish.sentence, parts(wish, self._topology))

    def put(self, node: str, what: str, some: Iterable[Part], link: str | None = None) -> None:
        """Put faults of packets there, in place of those of the same name, and tell it of a node."""
        began = now()
        self.network.put(some)
        self._tell(node, what, began=began, link=link)

    def take(self, node: str, what: str, some: Iterable[Part], link: str | None = None) -> None:
        """Take such faults away, and tell it of a node; harmless where there are none."""
        began = now()
        self.network.take(some)
        self._tell(node, what, began=began, link=link)

    def put_back(self, node: str, network: str) -> None:
        """Put a node back on a network, at its old address. A router is started again: only then it sees its interface.

        Faults of its packets that stand are put on the interface, too, but for a router, where they go with its run.
        """
        began = now()
        self._engine.heal(node, network)
        self._tell(node, f"back on {network}", began=began)
        if self._topology.nodes[node].speaks and self._engine.started_at(node) is not None:
            self._restart(node)
        else:
            self.network.renew(node)

    def heal(self, *, everywhere: bool) -> bool:
        """Undo all that is broken, whoever broke it; `everywhere`: also faults of packets that others than us put.

        Tell whether anything was broken.
        """
        healed = False
        for node in self._all(NodeState.PAUSED):
            self._engine.resume(node)
            self._tell(node, "resumed")
            healed = True
        for node, found in self.network.heal(self._all(NodeState.RUNNING) if everywhere else None).items():
            self._tell(node, f"healed of {', '.join(kinds(found))}")
            healed = True
        for node, network in self._cut_off():
            self.put_back(node, network)
            healed = True
        for node in self._revived(set(self._all(NodeState.EXITED))):
            self._tell(node, "started again")
            healed = True
        return healed

    def _cut_off(self) -> list[tuple[str, str]]:
        """Return who is not on which of its networks."""
        on = self._engine.places()
        nodes = [spec for name, spec in self._topology.nodes.items() if name in on]
        return [(spec.name, network) for spec in nodes for network in spec.addresses if network not in on[spec.name]]

    def close(self) -> None:
        """Let go of the helpers; they undo what they are to undo."""
        self.network.close()

    def _take_off(self, node: str, network: str | None) -> None:
        networks = [network] if network else list(self._topology.nodes[node].addresses)
        on = self._engine.places()[node]
        for name in networks:
            if name in on:
                self._tell(node, f"cut off {name}")
                self._engine.cut(node, name)

    def _restart(self, node: str) -> None:
        if self._engine.started_at(node) is not None:
            self._tell(node, "stopped with SIGTERM, to be started again")
            self._starter.end(node)
        else:
            self._tell(node, "started again")
        self._starter.start(node)

    def _all(self, state: NodeState) -> list[str]:
        """Return the nodes of our topology that are so."""
        states = self._engine.states()
        return [name for name in self._topology.nodes if states.get(name) is state]

    def _revived(self, ended: set[str]) -> Iterator[str]:
        """Start what has ended: first that which others wait for, as `make up` does."""
        order = start_order(self._topology)
        while ready := order.get_ready():
            for node in ready:
                if node in ended and self._starter.was_started(node):
                    for needed in waits_for(self._topology, node):
                        self._starter.wait_ready(needed)
                    self._starter.start(node)
                    yield node
            order.done(*ready)


def kinds(found: Iterable[str]) -> list[str]:
    """Say of tables and devices that were found at a node which kinds of faults they were."""
    return sorted({name.split(".")[1] for name in found if PREFIX in name}) or ["queues"]
