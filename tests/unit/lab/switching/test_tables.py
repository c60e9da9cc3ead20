"""The tables of packet switches: whom they are asked from, and what is said where there is nobody to ask."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from lab.engine import Completed, Engine, NodeState
from lab.errors import LabError, UsageError
from lab.state import Wish
from lab.switching import tables as switch_tables
from tests.unit.lab.switching.links import ADDRESSES, topology

ALL_RUN = dict.fromkeys(ADDRESSES, NodeState.RUNNING)


@dataclass
class Answering:
    """What runs in the nodes, and says the name of the node that it is asked in."""

    nodes: dict[str, NodeState] = field(default_factory=lambda: dict(ALL_RUN))
    silent: tuple[str, ...] = ()

    def states(self) -> dict[str, NodeState]:
        return self.nodes

    def run(self, node: str, command: list[str], *, data: bytes = b"") -> Completed:
        assert command == ["python3", "-m", "services.switch_tables"]
        if node in self.silent:
            return Completed(1, b"no switch answers at 127.0.0.1:5999\n")
        return Completed(0, f"switch {node}\n\x1b[2Jno routes\n".encode())


def show(engine: Answering, node: str | None = None) -> str:
    return switch_tables.show(cast(Engine, engine), topology(), node)


def test_all_switches_are_asked_in_the_order_of_the_topology() -> None:
    assert [part.splitlines()[0] for part in show(Answering()).split("\n\n")] == [f"switch {name}" for name in "abcef"]


def test_one_is_asked_and_what_it_says_cannot_move_the_cursor() -> None:
    assert show(Answering(), "c") == "switch c\n\\x1b[2Jno routes"


def test_a_switch_that_does_not_run_or_answer_is_told_of_among_the_others() -> None:
    said = show(Answering({**ALL_RUN, "b": NodeState.EXITED}, silent=("c",)))
    assert "b is not running; `make up` starts it again" in said
    assert "c: no switch answers at 127.0.0.1:5999" in said
    assert "switch a" in said and "switch f" in said


def test_where_there_is_nobody_to_ask() -> None:
    with pytest.raises(LabError, match="c is not running"):
        show(Answering({**ALL_RUN, "c": NodeState.EXITED}), "c")
    with pytest.raises(LabError, match="a, b, c, e, f are not running"):
        show(Answering(dict.fromkeys(ADDRESSES, NodeState.CREATED)))
    with pytest.raises(LabError, match="try is not up; start it with `make up`"):
        show(Answering({}))
    with pytest.raises(UsageError, match="h1 is no packet switch; give NODE=, one of a, b, c, e, f"):
        show(Answering(), "h1")
    with pytest.raises(UsageError, match="socklab has no packet switch; `make up TOPOLOGY=datagram`"):
        switch_tables.show(cast(Engine, Answering()), Wish().load(), None)
