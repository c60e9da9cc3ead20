"""A lab, over an engine on paper: in which order nodes are started, and what it is like when all was ended."""

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from lab.engine import Engine, NodeState
from lab.errors import EngineError, GaveUp
from lab.events import Exited, Started
from lab.lab import Lab
from lab.recorder import now
from lab.sockets import Sockets
from lab.state import Wish

LINES = (Path(__file__).parent / "wire.ek").read_bytes().splitlines()
SYN = next(line for line in LINES if b'"0x0002"' in line)
SIGHTING = next(line for line in LINES if b"0x88b5" in line)

ALL_OPEN = Sockets(
    listening=frozenset({8000, 10000}),
    established=frozenset((("10.0.0.1", 40000), ("10.0.0.2", port)) for port in (8000, 10000)),
    udp=frozenset(),
    groups=frozenset(),
)


class Quiet:
    """The terminal of a program that says nothing, until it is let go of."""

    def __init__(self) -> None:
        self._closed = queue.SimpleQueue[bytes]()

    def read(self) -> bytes:
        return self._closed.get()

    def write(self, data: bytes) -> None:
        pass

    def close(self) -> None:
        self._closed.put(b"")


class PaperTap:
    """A tap that has seen one packet, long ago, and sees its canary."""

    def __init__(self) -> None:
        self._lines = queue.SimpleQueue[bytes]()
        for line in (b'{"tap": "open"}', SYN):
            self._lines.put(line)

    def lines(self) -> Iterator[bytes]:
        while line := self._lines.get():
            yield line

    def order(self, line: str) -> None:
        ended = (b'{"tap": "closed", "received": 1, "dropped": 0}', b"")
        for answer in ended if line == "end" else (SIGHTING,):
            self._lines.put(answer)

    def collect(self, path: Path) -> None:
        pass


class PaperEngine:
    """Starts and ends programs on paper. Those in `fragile` end by themselves before they can be killed."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []
        self.running: set[str] = set()
        self.fragile: set[str] = set()
        self.immortal: set[str] = set()
        self._nodes: set[str] = set()
        self._happened = queue.SimpleQueue[Started | Exited | None]()

    def prepare(self, *given: object) -> None:
        pass

    def make(self, node: str) -> None:
        self._nodes.add(node)

    def states(self) -> dict[str, NodeState]:
        return {name: NodeState.RUNNING if name in self.running else NodeState.EXITED for name in self._nodes}

    def attach(self, node: str) -> Quiet:
        return Quiet()

    def start(self, node: str) -> None:
        self.done.append(("start", node))
        self.running.add(node)
        self._happened.put(Started(time=now(), node=node, role="host", addresses={"lab": "10.83.0.2"}))

    def kill(self, node: str) -> None:
        if node in self.immortal:
            raise EngineError(f"{node} cannot be killed")
        self.done.append(("kill", node))
        self.running.remove(node)
        self._happened.put(Exited(time=now(), node=node, status=137))
        if node in self.fragile:
            raise EngineError(f"{node} is not running")

    def sockets(self, node: str) -> Sockets | None:
        self.done.append(("look", node))
        return ALL_OPEN if node in self.running else None

    def tap(self, network: str) -> PaperTap:
        return PaperTap()

    def watch(self) -> Iterator[Started | Exited]:
        while event := self._happened.get():
            yield event

    def logs(self, node: str) -> bytes:
        return b""

    def remove(self) -> list[str]:
        return []

    def close(self) -> None:
        self._happened.put(None)


@pytest.fixture
def engine() -> PaperEngine:
    return PaperEngine()


@pytest.fixture
def lab(engine: PaperEngine, tmp_path: Path) -> Iterator[Lab]:
    """A chain: p3server, forwarder1 to forwarder3, and p3client, who dials the first of them."""
    lab = Lab(Wish("chain").load(), cast(Engine, engine), tmp_path)
    lab.create()
    with lab:
        yield lab


def started(engine: PaperEngine) -> list[str]:
    return [name for what, name in engine.done if what == "start"]


def test_all_are_started_and_who_dials_when_those_that_it_waits_for_are_ready(lab: Lab, engine: PaperEngine) -> None:
    lab.start()
    assert sorted(started(engine)) == ["forwarder1", "forwarder2", "forwarder3", "p3client", "p3server"]
    assert engine.done.index(("look", "forwarder1")) < engine.done.index(("start", "p3client"))
    assert engine.done[-1] == ("look", "p3client")


def test_who_was_started_is_not_started_again(lab: Lab, engine: PaperEngine) -> None:
    lab.start("p3server")
    lab.complete()
    lab.complete()
    assert len(started(engine)) == 5


def test_when_all_was_ended_none_runs_and_all_can_be_started_again(lab: Lab, engine: PaperEngine) -> None:
    lab.start("p3server", "forwarder3")
    lab.clear()
    assert not engine.running
    assert not lab.node("p3server").was_started
    lab.complete()
    assert len(engine.running) == 5


def test_who_ends_when_those_that_it_needs_are_killed_is_ended_too(lab: Lab, engine: PaperEngine) -> None:
    engine.fragile.add("p3client")
    lab.start()
    lab.clear()
    assert not engine.running


def test_who_cannot_be_killed_is_told(lab: Lab, engine: PaperEngine) -> None:
    engine.immortal.add("p3server")
    lab.start("p3server")
    with pytest.raises(EngineError, match="p3server cannot be killed"):
        lab.clear()


def test_packets_of_before_are_not_waited_for(lab: Lab) -> None:
    lab.wait_packet("the packet of before")
    lab.clear()
    with pytest.raises(GaveUp):
        lab.wait_packet("another one", within=0)
