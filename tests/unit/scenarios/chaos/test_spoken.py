"""Which run of a program showed a line, also where the engine tells late of its start."""

from lab.events import AnyEvent, Exited, Printed, Started
from lab.history import History
from scenarios.chaos.spoken import Line, runs


def started(time: float) -> Started:
    return Started(time=time, node="erin", role="broadcast-client", addresses={"lab": "10.83.0.7"})


def printed(time: float, number: int, start: int = 0) -> Printed:
    return Printed(time=time, node="erin", data=f"[3] carol line {number}.\r\n".encode(), start=start)


def shown(*events: AnyEvent) -> list[list[Line]]:
    return [run.shown for run in runs(History(events))["erin"]]


def carol(*numbers: int) -> list[Line]:
    return [Line("carol", number) for number in numbers]


ENDED = Exited(time=2.0, node="erin", status=0)


def test_what_is_shown_before_the_engine_tells_of_the_start_is_of_that_run() -> None:
    events = (printed(0.9, 1, 1), started(1.0), printed(1.5, 2, 1), ENDED, printed(2.9, 3, 2), started(3.0))
    assert shown(*events) == [carol(1, 2), carol(3)]


def test_what_comes_late_from_one_that_has_ended_is_of_that_one() -> None:
    events = (started(1.0), printed(1.5, 1, 1), ENDED, printed(2.1, 2, 1), started(3.0), printed(3.1, 3, 2))
    assert shown(*events) == [carol(1, 2), carol(3)]


def test_starts_that_the_engine_makes_by_itself_are_told_by_time() -> None:
    events = (started(1.0), printed(1.5, 1, 1), ENDED, started(3.0), started(4.0), printed(4.1, 2, 2))
    assert shown(*events) == [carol(1), [], carol(2)]


def test_a_record_without_numbers_is_told_by_time() -> None:
    assert shown(printed(0.5, 9), started(1.0), printed(1.5, 1), ENDED, started(3.0), printed(3.1, 2)) == [
        carol(1),
        carol(2),
    ]
