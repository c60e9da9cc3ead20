from pathlib import Path

from hypothesis import given

from lab.events import AnyEvent, Step
from lab.history import History
from scenarios.run import Result
from scenarios.scenario import Scenario
from scenarios.story import steps, story
from scenarios.verdict import Verdict, failed, passed, unknown

from .exchange import FEW, HISTORIES, history


def words_arrive(history: History) -> Verdict:
    """Words arrive as they were typed.

    More of it.
    """
    return passed("")


SCENARIO = Scenario("q9", "A word arrives.", "none", lambda lab: None, (words_arrive,))
STOPPED = Step(time=20.0, began=5.0, sentence="Type hello", expected="'hello' on server", got="'\x1b[A'")


def result(directory: Path, *verdicts: tuple[str, Verdict], more: tuple[AnyEvent, ...] = ()) -> Result:
    return Result(SCENARIO, directory, history(*more), verdicts)


def test_a_failure_reads_as_a_numbered_story(tmp_path: Path) -> None:
    for name in ("history.jsonl", "lab.pcapng", "server.log", "compose.yaml"):
        (tmp_path / name).touch()
    play = ("the_play", failed("expected 'hello' on server, but got '\x1b[A'"))
    words = ("words_arrive", failed("b'\\xff' did not arrive", ["lab.pcapng packet 3", "lab.pcapng packet 4"]))
    assert (
        story(result(tmp_path, play, words, more=(STOPPED,)))
        == f"""\
q9: A word arrives.

What was done:
  1. Start all three (1.1 s)
  2. Type a word; the client dies (0.4 s)
  3. Type hello: DID NOT WORK (15.0 s)
       expected 'hello' on server
       but got  '\\x1b[A'

What was seen:
  FAIL     Every step of the play worked
           because a step did not work, see above
  FAIL     Words arrive as they were typed
           because b'\\xff' did not arrive
           see lab.pcapng packet 3; lab.pcapng packet 4
  Verdict: fail: something that must hold was seen not to

Where to look:
  history  {tmp_path}/history.jsonl
  capture  {tmp_path}/lab.pcapng
  log      {tmp_path}/server.log
  lab      {tmp_path}/compose.yaml
"""
    )


def test_unknown_is_told_as_unknown(tmp_path: Path) -> None:
    told = story(result(tmp_path, ("words_arrive", unknown("the tap of lab lost 3 of 9 packets"))))
    assert "unknown  Words arrive as they were typed\n           because the tap of lab lost 3 of 9 packets" in told
    assert "Verdict: unknown: the lab could not see all of it, so this counts neither as pass nor as fail" in told


def test_a_play_that_stopped_outside_a_step_says_why(tmp_path: Path) -> None:
    told = story(result(tmp_path, ("the_play", failed("expected a, but got b"))))
    assert "because expected a, but got b" in told


def test_a_pass_is_told_as_a_pass(tmp_path: Path) -> None:
    assert "Verdict: pass: " in story(result(tmp_path, ("words_arrive", passed("3 words"))))


def test_a_play_without_steps_says_so() -> None:
    assert list(steps(History([]))) == ["no step of the play was begun and ended"]


@FEW
@given(HISTORIES)
def test_any_history_has_a_printable_story(any_history: History) -> None:
    assert all(line.isprintable() for line in steps(any_history))
