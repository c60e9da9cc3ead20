"""Scenarios that share a lab: each is judged by its own part of the history, and a lab that failed by none."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from lab import state
from lab.errors import GaveUp, LabError
from lab.events import AnyEvent, LabFailed, Printed, Started, Step, TapClosed
from lab.history import History
from scenarios import run as running
from scenarios.run import Result, run_together
from scenarios.scenario import Scenario
from scenarios.verdict import Outcome, Verdict, check, failed, passed


class PaperLab:
    """A lab in which plays only write events down, one a second of a clock of its own."""

    def __init__(self, *given: object, keep: Callable[[History], bool], listener: object) -> None:
        self.events: list[AnyEvent] = [Started(time=0, node="w1", role="host", addresses={"west": "10.84.1.3"})]
        self.stopped_by: GaveUp | None = None
        self.history = History([])
        self.kept = False
        self.is_settled = True
        self._keep = keep

    def create(self) -> None:
        """Nothing has to be made."""

    def __enter__(self) -> "PaperLab":
        return self

    def __exit__(self, *exc: object) -> None:
        closed = TapClosed(time=CLOCK.now(), network="west", received=0, dropped=0, canary=True)
        self.history = History([*self.events, closed])
        LABS.append(self)
        self.kept = self._keep(self.history)

    def says(self, text: str) -> None:
        """Show a line at w1, in a step that works."""
        began = CLOCK.now()
        self.events.append(Printed(time=CLOCK.now(), node="w1", data=f"{text}\n".encode()))
        self.events.append(Step(time=CLOCK.now(), began=began, sentence=f"w1 says {text}"))

    def waits_in_vain(self) -> None:
        """End the play in a step."""
        self.stopped_by = GaveUp("a sign", "nothing")
        self.events.append(Step(time=CLOCK.now(), began=0, sentence="Wait", expected="a sign", got="nothing"))
        raise self.stopped_by

    def clear(self) -> None:
        """End the programs, of which one says its last word."""
        self.events.append(Printed(time=CLOCK.now(), node="w1", data=b"I am killed\n"))

    def starts(self, node: str) -> None:
        """Start a node, in a step."""
        began = CLOCK.now()
        self.events.append(Started(time=CLOCK.now(), node=node, role="host", addresses={"west": "10.84.1.3"}))
        self.events.append(Step(time=CLOCK.now(), began=began, sentence=f"{node} starts"))

    def failed(self, error: LabError) -> None:
        self.events.append(LabFailed(time=CLOCK.now(), what=str(error)))


class Clock:
    """Tells a second more each time."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        self.time += 1
        return self.time


CLOCK = Clock()
LABS: list[PaperLab] = []


@pytest.fixture(autouse=True)
def on_paper(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(running, "Lab", PaperLab)
    monkeypatch.setattr(running, "DockerEngine", lambda name: None)
    monkeypatch.setattr(running, "free_base", lambda: nullcontext("10.85.0.0/16"))
    monkeypatch.setattr(running, "now", CLOCK.now)
    monkeypatch.setattr(state, "RUNS", tmp_path)
    yield
    LABS.clear()


@check
def one_line(history: History) -> Verdict:
    """W1 says one line."""
    lines = history.printed("w1").split()
    return passed(lines[0]) if len(lines) == 1 else failed(f"{len(lines)} lines")


def scenario(name: str, play: Callable[[PaperLab], None], *, shares: bool = True) -> Scenario:
    return Scenario(name, "One line.", "casts", play, (one_line,), shares=shares)  # type: ignore[arg-type]


def verdicts(results: list[Result]) -> dict[str, list[str]]:
    return {result.scenario.name: [verdict.because for _, verdict in result.verdicts] for result in results}


def test_each_is_judged_by_what_happened_in_its_own_time() -> None:
    results = run_together([scenario("one", lambda lab: lab.says("first")), scenario("two", lambda lab: lab.says("2"))])
    assert verdicts(results) == {"one": ["1 steps", "first"], "two": ["1 steps", "2"]}
    assert len(LABS) == 1
    assert len({result.directory for result in results}) == 1


def test_before_one_that_shares_no_running_lab_all_programs_are_ended() -> None:
    def plays(lab: PaperLab) -> None:
        lab.starts("w2")
        lab.says("afresh")

    one, other = scenario("one", lambda lab: lab.says("first")), scenario("two", plays, shares=False)
    guest = scenario("three", lambda lab: lab.says("guest"))
    results = run_together([one, other, guest])
    assert verdicts(results) == {
        "one": ["1 steps", "first"],
        "two": ["2 steps", "afresh"],
        "three": ["1 steps", "guest"],
    }
    assert [result.history.nodes() for result in results] == [["w1", "w2"], ["w2"], ["w1", "w2"]]


def test_one_alone_is_judged_by_all() -> None:
    (result,) = run_together([scenario("one", lambda lab: lab.says("first"))])
    assert result.history is LABS[0].history
    assert result.directory.name.startswith("socklab-one-")


def test_one_that_gives_up_does_not_end_the_others() -> None:
    results = run_together([scenario("one", PaperLab.waits_in_vain), scenario("two", lambda lab: lab.says("2"))])
    assert [result.outcome for result in results] == [Outcome.FAIL, Outcome.PASS]
    assert verdicts(results)["one"][0] == "Wait: expected a sign, but got nothing"


def test_a_lab_that_failed_judges_nobody() -> None:
    def breaks(lab: PaperLab) -> None:
        raise LabError("the engine has gone")

    results = run_together([scenario("one", lambda lab: lab.says("first")), scenario("two", breaks)])
    assert [result.outcome for result in results] == [Outcome.UNKNOWN, Outcome.UNKNOWN]


def test_a_wait_outside_a_step_is_the_authors_mistake() -> None:
    def careless(lab: PaperLab) -> None:
        raise GaveUp("a sign", "nothing")

    with pytest.raises(GaveUp):
        run_together([scenario("one", careless)])


@pytest.mark.parametrize(("keep", "kept"), [(True, True), (False, False)])
def test_a_lab_is_kept_if_any_did_not_pass(keep: bool, kept: bool) -> None:
    silent, says = scenario("one", lambda lab: None), scenario("two", lambda lab: lab.says("2"))
    (result, _) = run_together([silent, says], keep=keep)
    assert LABS[0].kept is kept
    assert (result.directory / "lab.json").exists() is kept


def test_a_lab_in_which_all_passed_is_not_kept() -> None:
    (result,) = run_together([scenario("one", lambda lab: lab.says("first"))], keep=True)
    assert not LABS[0].kept
    assert not (result.directory / "lab.json").exists()
