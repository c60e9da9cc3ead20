"""Bringing labs of any shape up: who is started when, whatever waits for what, runs already, or takes its time."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lab import up
from lab.engine import STARTS_AT_ONCE, NodeState
from tests.unit.services.programs import SECONDS, eventually
from topology.plan import Topology, load

MOST = 12
HEAD = "name: any\nbase: 10.99.0.0/16\nnetworks: {lab: {subnet: 10.99.0.0/24}}\nnodes:\n"
edges = st.sets(st.tuples(st.integers(0, MOST - 1), st.integers(0, MOST - 1)).filter(lambda pair: pair[0] < pair[1]))
states = st.sampled_from([NodeState.MISSING, NodeState.MISSING, NodeState.CREATED, NodeState.EXITED, NodeState.PAUSED])


class Machines:
    """An engine whose nodes run when the test says so; it keeps what it was asked to do."""

    def __init__(self, found: dict[str, NodeState]) -> None:
        self.found = found
        self.made: list[str] = []
        self.resumed: list[str] = []
        self.started: list[str] = []
        self.running: set[str] = set()
        self.prepared = False

    def prepare(self, _topology: Topology, _directory: Path) -> None:
        self.prepared = True

    def states(self) -> dict[str, NodeState]:
        there: dict[str, NodeState] = {
            name: state for name, state in self.found.items() if state is not NodeState.MISSING
        }
        for name in [*self.made]:
            there[name] = NodeState.RUNNING if name in self.running else NodeState.CREATED
        return there

    def make(self, name: str) -> None:
        assert self.prepared, "networks come first"
        self.made.append(name)

    def resume(self, name: str) -> None:
        self.resumed.append(name)

    def start(self, name: str) -> None:
        assert name in self.made
        self.started.append(name)


class UpMachine(RuleBasedStateMachine):
    """Nodes become ready one by one, in any order that is possible."""

    @initialize(size=st.integers(1, MOST), edges=edges, found=st.lists(states, min_size=MOST, max_size=MOST))
    def begin(self, size: int, edges: set[tuple[int, int]], found: list[NodeState]) -> None:
        self.names = [f"n{number}" for number in range(size)]
        self.waits = {
            name: {f"n{one}" for one, other in edges if other == number} for number, name in enumerate(self.names)
        }
        self.quick = patch.multiple(up, LOOK_EVERY=0.001, WITHIN=SECONDS)
        self.quick.start()
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "any.yaml"
        rows = (f"  {name}: {{role: host, after: [{', '.join(sorted(self.waits[name]))}]}}\n" for name in self.names)
        file.write_text(HEAD + "".join(rows))
        self.engine = Machines(dict(zip(self.names, found, strict=False)))
        self.words: dict[str, str] = {}
        self.thread = threading.Thread(target=self.bring_up, args=(load(file),), daemon=True)
        self.thread.start()

    def bring_up(self, topology: Topology) -> None:
        self.words = up.up(topology, cast(Any, self.engine), Path(self.folder.name), lambda _line: None)

    def allowed(self) -> set[str]:
        return {name for name in self.names if self.waits[name] <= self.engine.running}

    @rule(which=st.integers(0, MOST - 1))
    def become_ready(self, which: int) -> None:
        waiting = sorted({*self.engine.started} - self.engine.running)
        if waiting:
            self.engine.running.add(waiting[which % len(waiting)])

    @invariant()
    def all_are_started_that_may_be_and_no_others(self) -> None:
        allowed = self.allowed()
        eventually(lambda: {*self.engine.started} == allowed, f"{sorted(allowed)} are started")
        assert len(self.engine.started) == len({*self.engine.started}), "none is started twice"

    def teardown(self) -> None:
        while {*self.names} - self.engine.running:
            self.become_ready(0)
            self.all_are_started_that_may_be_and_no_others()
        self.thread.join(SECONDS)
        assert self.words == dict.fromkeys(self.names, up.READY)
        paused = {name for name, state in self.engine.found.items() if state is NodeState.PAUSED}
        assert {*self.engine.resumed} == paused & {*self.names}
        self.folder.cleanup()
        self.quick.stop()


assert MOST > STARTS_AT_ONCE, "so that some have to wait for others"
UpMachine.TestCase.settings = settings(max_examples=30, stateful_step_count=10, phases=(Phase.generate,))
TestUp = UpMachine.TestCase
