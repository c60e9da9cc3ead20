import json
from typing import Any

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.multicast import BLOCK, CALLS, FRAMES, MESSAGES, RECEIVER, SENDER, WAYS, count, run
from benchmarks.stations import Cost, Ended, Where

MULTICAST, TCP = WAYS["multicast"], WAYS["TCP fan-out"]
SENT = {"seconds": 0.5, "cpu_seconds": 0.01, "frames": 1020, "segments": 20, "calls": 1004}


class Job:
    """One that has ended, and printed that."""

    def __init__(self, words: dict[str, Any]) -> None:
        self._words = words

    def result(self, within: float) -> Ended:
        assert within > 60
        return Ended(0, json.dumps(self._words), "", Cost(0.0, 0.0), 0, 0)


class Station:
    """One where all programs say the same."""

    address = "192.0.2.1"

    def __init__(self, **words: float) -> None:
        self._words = words

    def port(self) -> int:
        return 10000

    def start(self, *_: str, **__: int) -> Job:
        return Job(self._words)


def here(sent: dict[str, float], messages: int = 1000) -> list[Any]:
    receiver = Station(messages=messages, cpu_seconds=0.002)
    return [Station(**sent), receiver, receiver]


def test_what_is_measured_of_a_run() -> None:
    assert run(MULTICAST, here(SENT), Where.CONTAINERS, 1000) == {
        MESSAGES.name: 2000,
        CALLS.name: 1.004,
        FRAMES.name: 1.0,  # without the TCP segments
        SENDER.name: pytest.approx(5.0),  # 10 ms for 1,000 messages to two
        RECEIVER.name: pytest.approx(2.0),
    }


def test_segments_are_what_tcp_sends() -> None:
    assert run(TCP, here(SENT | {"segments": 1020}), Where.CONTAINERS, 1000)[FRAMES.name] == 1.02


def test_on_loopback_nobody_can_tell_whose_frame_it_is() -> None:
    assert FRAMES.name not in run(MULTICAST, here(SENT), Where.LOOPBACK, 1000)


@pytest.mark.parametrize("more", [{"calls": 2000}, {"frames": 2020}])
def test_multicast_that_takes_more_than_one_call_or_frame_is_no_multicast(more: dict[str, float]) -> None:
    with pytest.raises(BenchmarkError, match="more than one call or frame"):
        run(MULTICAST, here(SENT | more), Where.CONTAINERS, 1000)


def test_a_receiver_without_all_messages_ends_the_run() -> None:
    with pytest.raises(BenchmarkError, match="not all receivers say so"):
        run(MULTICAST, here(SENT, messages=999), Where.CONTAINERS, 1000)


def test_more_receivers_get_fewer_messages_and_a_run_has_several_blocks() -> None:
    assert count(TCP, 5, 1.0) > count(TCP, 100, 1.0)
    assert count(TCP, 10_000, 1.0) == BLOCK
    assert count(MULTICAST, 10_000, 1.0) == 8 * BLOCK
