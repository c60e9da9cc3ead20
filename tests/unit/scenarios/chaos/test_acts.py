"""How a burst is done: each fault at its time, and those of one node one after the other."""

import threading
from types import SimpleNamespace
from typing import cast

import pytest

from lab.errors import LabError, UsageError
from lab.faults import FaultKind, Wish
from lab.lab import Lab
from scenarios.chaos.acts import break_
from scenarios.chaos.plan import Burst, Moment
from tests.unit.scenarios.chaos.busy import ROLES

SLOW = 0.3
"""Seconds that a pause takes here, if nobody comes in between."""


class PaperLab:
    """Takes its time for a pause, and cannot resume who is not paused yet. Nothing can be done to one who has ended."""

    def __init__(self, ended: str = "") -> None:
        self.ended = ended
        self.paused: set[str] = set()
        self.done: list[tuple[str, str]] = []
        nodes = {name: SimpleNamespace(role=SimpleNamespace(name=role)) for name, role in ROLES.items()}
        self.topology = SimpleNamespace(nodes=nodes)
        self._resumed = threading.Event()

    def node(self, name: str) -> SimpleNamespace:
        return SimpleNamespace(name=name)

    def fault(self, wish: Wish) -> None:
        if wish.node == self.ended:
            raise UsageError(f"{wish.node} does not run (it is exited)")
        if wish.kind is FaultKind.PAUSE:
            self._resumed.wait(SLOW)
            self.paused.add(wish.node)
        if wish.kind is FaultKind.RESUME:
            self._resumed.set()
            if wish.node not in self.paused:
                raise UsageError(f"{wish.node} is not paused, so it cannot be resumed")
        self.done.append((wish.node, wish.kind.value))

    def as_lab(self) -> Lab:
        return cast("Lab", self)


def burst(*wishes: Wish) -> Burst:
    return Burst(tuple(Moment(0.01 * number, wish) for number, wish in enumerate(wishes)), 0.1)


def test_a_node_is_resumed_when_it_is_paused() -> None:
    lab = PaperLab()
    break_(lab.as_lab(), burst(Wish(FaultKind.PAUSE, "server"), Wish(FaultKind.RESUME, "server")))
    assert lab.done == [("server", "pause"), ("server", "resume")]


def test_others_do_not_wait_for_it() -> None:
    lab = PaperLab()
    break_(lab.as_lab(), burst(Wish(FaultKind.PAUSE, "server"), Wish(FaultKind.KILL, "bob")))
    assert lab.done == [("bob", "kill"), ("server", "pause")]


def test_what_cannot_be_done_is_told() -> None:
    with pytest.raises(LabError, match="bob does not run"):
        break_(PaperLab("bob").as_lab(), burst(Wish(FaultKind.KILL, "bob")))


def test_a_client_that_ends_with_its_chain_may_be_gone() -> None:
    lab = PaperLab("p3client")
    break_(lab.as_lab(), burst(Wish(FaultKind.PAUSE, "p3client"), Wish(FaultKind.KILL, "bob")))
    assert lab.done == [("bob", "kill")]
