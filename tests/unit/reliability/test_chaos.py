"""What many runs of chaos come to: counted, and what did not pass told with the command that plays it again."""

from collections import Counter
from pathlib import Path

from lab.events import LabFailed
from reliability.chaos import COLUMNS, Played, found_in, table
from scenarios.chaos.play import chaos
from scenarios.chaos.tally import Tally
from scenarios.run import Result, judge
from scenarios.verdict import Outcome
from tests.unit.scenarios.chaos.busy import Busy


def played(seed: int, **more: object) -> Played:
    given: dict[str, object] = {
        "seed": seed, "seconds": 20.0, "outcome": Outcome.PASS, "programs": 17, "most_grown": 4096, "leaked": False,
        "lasted": 21.0, "tally": Tally(Counter({"cut": 2, "kill": 1}), 100, 300, (1.0, 2.5)),
    }  # fmt: skip
    return Played(**(given | more))  # type: ignore[arg-type]


def test_it_counts() -> None:
    found = table([played(1), played(2, most_grown=1 << 20)], {})
    assert found.columns == COLUMNS
    rows = {str(what): value for what, value in found.rows}
    assert rows["seeds played"] == rows["of which the verdict is pass"] == 2
    assert (rows["faults injected"], rows["of which cut"], rows["of which kill"]) == (6, 4, 2)
    assert (rows["lines typed"], rows["lines delivered by the broadcast server"]) == (200, 600)
    slowest = rows["seconds until all was well again, with the engine's starts, at most"]
    assert (rows["times that all was healed"], slowest) == (4, 2.5)
    assert rows["KiB that one of them grew by, at most"] == 1024
    assert not found.wrong


def test_what_did_not_pass_is_told_with_its_command() -> None:
    lost = played(7, outcome=Outcome.FAIL, because=("no_line_is_lost: bob was not sent 'alice line 3.'",))
    (told,) = table([played(1), lost], {}).wrong
    assert told == "seed 7: no_line_is_lost: bob was not sent 'alice line 3.'; `make chaos MINUTES=0.3333 SEED=7`"


def test_nothing_was_played() -> None:
    assert ("faults injected", 0) in table([], {}).rows


def test_what_is_found_in_a_run() -> None:
    scenario = chaos(3, 20.0)
    history = Busy().looks("server").breaks().heals().looks("server", threads=9).silence().history()
    found = found_in(Result(scenario, Path(), history, judge(scenario, history)), 3, 20.0)
    assert (found.outcome, found.leaked, found.programs) == (Outcome.FAIL, True, 1)
    assert [each.partition(":")[0] for each in found.because] == ["nobody_holds_more_than_before"]


def test_a_lab_that_failed_is_told_once() -> None:
    scenario = chaos(3, 20.0)
    busy = Busy().breaks().heals().silence()
    busy.wire.events.append(LabFailed(time=busy.wire.time, what="there is no image socklab-tap"))
    history = busy.history()
    found = found_in(Result(scenario, Path(), history, judge(scenario, history)), 3, 20.0)
    assert found.because == ("the_play: the lab failed: there is no image socklab-tap",)


def test_how_long_it_lasted_is_read_off_the_history() -> None:
    history = Busy().breaks().heals(after=60.0).silence().history()
    scenario = chaos(3, 20.0)
    assert 60 < found_in(Result(scenario, Path(), history, judge(scenario, history)), 3, 20.0).lasted < 61
