"""A node in the hands of a play, over an engine on paper: looked at, and started where the engine may do so, too."""

from dataclasses import replace
from typing import cast

import pytest

from lab.engine import Engine
from lab.events import ResourcesSeen, Started, Typed
from lab.faults.faults import Faults
from lab.node import Node
from lab.recorder import Recorder, now
from lab.state import Wish
from tests.unit.lab.test_lab import Quiet

TOPOLOGY = Wish("chain").load()


class Paper:
    """An engine whose node has one thread more each time that it is looked at."""

    def __init__(self, recorder: Recorder) -> None:
        self.done: list[str] = []
        self._recorder = recorder
        self._looks = 0

    def proc(self, node: str) -> dict[str, str]:
        self._looks += 1
        threads = {f"7/task/{7 + number}/status": "RssAnon:\t 100 kB\n" for number in range(self._looks)}
        return threads | {"7/fd/0": "/dev/pts/0", "7/fd/3": "socket:[5]"}

    def attach(self, node: str) -> Quiet:
        return Quiet()

    def start(self, node: str) -> None:
        self.done.append("start")
        self._recorder.add(Started(time=now(), node=node, role="host", addresses={}))

    def stop(self, node: str) -> None:
        self.done.append("stop")


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def engine(recorder: Recorder) -> Paper:
    return Paper(recorder)


def node(engine: Paper, recorder: Recorder, *, restart: bool = False) -> Node:
    spec = replace(TOPOLOGY.nodes["p3client"], restart=restart)
    return Node(spec, TOPOLOGY, cast(Engine, engine), recorder, cast(Faults, None))


def test_what_it_holds_is_read_once_and_stands_in_the_history(engine: Paper, recorder: Recorder) -> None:
    seen = node(engine, recorder).look_at_resources()
    assert (seen.threads, seen.descriptors, seen.sockets, seen.memory) == (1, 2, 1, 100 * 1024)
    assert recorder.history().of(ResourcesSeen) == [seen]


def test_it_is_read_until_it_is_as_wanted_and_the_last_reading_stands_in_the_history(
    engine: Paper, recorder: Recorder
) -> None:
    seen = node(engine, recorder).look_at_resources(lambda seen: seen.threads == 3)
    assert seen.threads == 3
    assert recorder.history().of(ResourcesSeen) == [seen]


def test_it_is_read_until_time_is_over(engine: Paper, recorder: Recorder) -> None:
    assert node(engine, recorder).look_at_resources(lambda seen: False, within=0).threads == 1


def test_what_the_engine_may_start_by_itself_is_ended_before_it_is_started_again(
    engine: Paper, recorder: Recorder
) -> None:
    restarted = node(engine, recorder, restart=True)
    restarted.start()
    restarted.start()
    assert engine.done == ["start", "stop", "start"]
    restarted.close()


def test_others_are_just_started_again(engine: Paper, recorder: Recorder) -> None:
    other = node(engine, recorder)
    other.start()
    other.start()
    assert engine.done == ["start", "start"]
    other.close()


def test_of_what_was_before_a_time_only_starts_are_returned(recorder: Recorder) -> None:
    for time in (1.0, 2.0, 3.0):
        recorder.add(Started(time=time, node="bob", role="host", addresses={}))
        recorder.add(Typed(time=time, node="bob", data=b"one\n"))
    history = recorder.history(since=2.0)
    assert [event.time for event in history.of(Started)] == [1.0, 2.0, 3.0]
    assert [event.time for event in history.of(Typed)] == [2.0, 3.0]
