"""The history while it grows: one thread adds, another waits."""

import threading

import pytest

from lab.errors import GaveUp
from lab.events import AnyEvent, Exited, Typed
from lab.recorder import Recorder, now


def typed(text: str, time: float = 1.0) -> Typed:
    return Typed(time=time, node="alice", data=text.encode())


def test_what_was_there_before_is_found_at_once() -> None:
    recorder = Recorder()
    recorder.add(typed("one"))
    assert recorder.wait(Typed, lambda e: True, "a word", within=0).data == b"one"


def test_a_wait_ends_when_another_thread_brings_the_event() -> None:
    recorder = Recorder()
    waiting = threading.Event()
    found: list[Typed] = []

    def wanted(event: Typed) -> bool:
        waiting.set()  # the waiter has looked at the first event
        return event.data == b"two"

    waiter = threading.Thread(target=lambda: found.append(recorder.wait(Typed, wanted, "two")))
    recorder.add(typed("one"))
    waiter.start()
    assert waiting.wait(5)
    recorder.add(Exited(time=1, node="alice", status=0))
    recorder.add(typed("two"))
    waiter.join(5)
    assert found == [typed("two")]


def test_events_from_many_threads_are_all_kept() -> None:
    heard: list[AnyEvent] = []
    recorder = Recorder(heard.append)

    def add_fifty() -> None:
        for _ in range(50):
            recorder.add(typed("x"))

    threads = [threading.Thread(target=add_fifty) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(recorder.history().events) == len(heard) == 200


def test_the_nth_is_waited_for() -> None:
    recorder = Recorder()
    for word in ("a", "b", "a2", "a3"):
        recorder.add(typed(word))
    third = recorder.wait(Typed, lambda e: e.data.startswith(b"a"), "three", count=3, within=0)
    assert third.data == b"a3"


def test_what_is_older_does_not_count() -> None:
    recorder = Recorder()
    recorder.add(typed("old", 1))
    recorder.add(typed("new", 3))
    assert recorder.wait(Typed, lambda e: True, "a word", since=2, within=0).data == b"new"


def test_it_gives_up_and_says_how_far_it_came() -> None:
    recorder = Recorder()
    recorder.add(typed("one"))
    with pytest.raises(GaveUp) as gave_up:
        recorder.wait(Typed, lambda e: True, "two words", count=2, within=0.01)
    assert (gave_up.value.expected, gave_up.value.got) == ("two words within 0.01 s", "1 of 2")


def test_a_history_does_not_grow_any_more() -> None:
    recorder = Recorder()
    recorder.add(typed("one"))
    history = recorder.history()
    recorder.add(typed("two"))
    assert len(history.events) == 1
    assert now() > 1_700_000_000
