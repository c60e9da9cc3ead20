from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lab.errors import LabError
from lab.events import Step, TapClosed
from lab.history import History
from scenarios import __main__ as command
from scenarios.catalogue import CATALOGUE
from scenarios.run import Result
from scenarios.scenario import Scenario
from scenarios.verdict import Verdict, failed, passed, unknown

from .exchange import events, history

Run = Callable[..., Result]


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """Return the directory of a run of q2 that is named as runs are."""
    directory = tmp_path / "socklab-q2-123"
    directory.mkdir()
    history().save(directory / "history.jsonl")
    return directory


def call(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(command.app, [str(word) for word in words])
    return result.exit_code, result.stdout, result.stderr


def outcome(monkeypatch: pytest.MonkeyPatch, directory: Path, verdict: Verdict) -> None:
    """Let `run` play events by hand, and come to a verdict."""

    def run(scenario: Scenario, *, listener: Callable[..., None]) -> Result:
        for event in events():
            listener(event)
        return Result(scenario, directory, history(), (("a check", verdict),))

    monkeypatch.setattr(command, "run", run)


def test_list_names_every_scenario() -> None:
    status, out, _ = call("list")
    assert status == 0
    assert all(name in out for name in CATALOGUE)


def test_chaos_tells_its_seed_its_steps_and_what_was_seen(monkeypatch: pytest.MonkeyPatch, stored: Path) -> None:
    outcome(monkeypatch, stored, passed("ok"))
    code, out, _ = call("chaos", "--seed", "7", "--minutes", "0.5")
    assert code == 0
    assert "Seed 7; to have it again: make chaos MINUTES=0.5 SEED=7" in out
    assert "Start all three (1.1 s)" in out
    assert "because ok" in out
    assert "did not pass" not in out


@pytest.mark.parametrize(("verdict", "status"), [(failed("no"), 1), (unknown("blind"), 3)])
def test_chaos_that_does_not_pass_ends_with_the_command_that_plays_it_again(
    monkeypatch: pytest.MonkeyPatch, stored: Path, verdict: Verdict, status: int
) -> None:
    outcome(monkeypatch, stored, verdict)
    code, out, _ = call("chaos", "--seed", "7")
    assert code == status
    assert out.endswith("Seed 7 did not pass. To have it again: make chaos MINUTES=1 SEED=7\n")


def test_chaos_chooses_a_seed_and_tells_it_also_where_the_lab_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(scenario: Scenario, *, listener: Callable[..., None]) -> Result:
        raise LabError("no engine")

    monkeypatch.setattr(command, "run", run)
    code, out, err = call("chaos")
    assert code == 3
    chosen = out.partition("Seed ")[2].partition(";")[0]
    assert chosen.isdecimal()
    assert err == f"the lab failed: no engine; to have it again: make chaos MINUTES=1 SEED={chosen}\n"


@pytest.mark.parametrize(("verdict", "status"), [(passed("ok"), 0), (failed("no"), 1), (unknown("blind"), 3)])
def test_demo_tells_judges_draws_and_exits_with_the_verdict(
    monkeypatch: pytest.MonkeyPatch, stored: Path, verdict: Verdict, status: int
) -> None:
    outcome(monkeypatch, stored, verdict)
    code, out, _ = call("demo", "q2")
    assert code == status
    assert "  1. Start all three (1.1 s)" in out
    assert f"because {verdict.because}" in out
    assert "TCP SYN :9000" in out
    assert str(stored / "ladder.svg") in out
    assert (stored / "ladder.svg").read_text().startswith("<svg ")


def test_a_wrong_name_gets_one_line_and_the_right_ones() -> None:
    status, out, err = call("demo", "q1-ful")
    assert (status, out) == (2, "")
    assert err.startswith("no scenario is called 'q1-ful'; did you mean q1-full? there are: threads, q1, q1-full,")
    assert err.count("\n") == 1


def test_a_lab_that_fails_gets_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(scenario: Scenario, *, listener: object) -> Result:
        raise LabError("no engine answers; run `make up`")

    monkeypatch.setattr(command, "run", run)
    status, _, err = call("demo", "q2")
    assert (status, err) == (3, "the lab failed: no engine answers; run `make up`\n")


def test_an_interrupt_gets_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(scenario: Scenario, *, listener: object) -> Result:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run", run)
    status, _, err = call("demo", "q2")
    assert (status, err) == (130, "\ninterrupted; the lab was removed\n")


def test_judge_knows_the_scenario_by_the_directory(stored: Path) -> None:
    for path in (stored, stored / "history.jsonl"):
        status, out, _ = call("judge", path)
        assert status != 2
        assert out.startswith("q2: ")


def test_judge_draws_when_told_to(stored: Path) -> None:
    assert "What was on the wire" in call("judge", stored, "--ladder")[1]
    assert (stored / "ladder.svg").exists()


def test_a_stored_play_that_stopped_does_not_pass(tmp_path: Path) -> None:
    stopped = Step(time=3, began=1, sentence="Wait", expected="'x'", got="''")
    tap = TapClosed(time=4, network="lab", received=1, dropped=0, canary=True)
    History([stopped, tap]).save(tmp_path / "history.jsonl")
    assert "FAIL     Every step of the play worked" in call("judge", tmp_path, "q1")[1]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone", None, "there is no "),
        ("history.jsonl", '{"kind": "nonsense"}\n', "cannot be read as a history"),
    ],
)
def test_what_is_no_history_gets_one_line(tmp_path: Path, name: str, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    status, _, err = call("judge", tmp_path / name, "q2")
    assert status == 2
    assert said in err
    assert err.count("\n") == 1


def test_a_directory_of_another_name_needs_the_scenarios_name(tmp_path: Path) -> None:
    history().save(tmp_path / "history.jsonl")
    status, _, err = call("judge", tmp_path)
    assert status == 2
    assert "give its name" in err
