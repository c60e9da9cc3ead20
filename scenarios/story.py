"""The story of a run, as plain text: what was done, what came of it, what every check says, and where to look.

1. Start the server, and five clients (1.9 s)
2. frank comes as the sixth, and is told that the server is full: DID NOT WORK (15.0 s)
     expected 'full' on the terminal of frank within 15 s
     but got  '> '
FAIL     The sixth client is refused
         because nothing was sent to frank
"""

from collections.abc import Iterator
from pathlib import Path

from lab.events import Step
from lab.history import History
from lab.visible import visible
from scenarios.run import Result, the_play
from scenarios.verdict import Outcome, Verdict, sentence

WORDS = {Outcome.PASS: "pass", Outcome.FAIL: "FAIL", Outcome.UNKNOWN: "unknown"}
WHOLE = {
    Outcome.PASS: "pass: all that was checked was seen to hold",
    Outcome.FAIL: "fail: something that must hold was seen not to",
    Outcome.UNKNOWN: "unknown: the lab could not see all of it, so this counts neither as pass nor as fail",
}
KEPT = {"history": "history.jsonl", "capture": "*.pcapng", "log": "*.log", "drawing": "*.svg"}
"""What is in the directory of a run, and its files."""


def story(result: Result) -> str:
    """Return all of it: for a failed test, and for a person who asks."""
    parts = (
        [f"{result.scenario.name}: {result.scenario.intent}"],
        ["What was done:", *indented(steps(result.history))],
        ["What was seen:", *indented(verdicts(result))],
        ["Where to look:", *indented(kept(result.directory))],
    )
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def steps(history: History) -> Iterator[str]:
    """Tell the steps of the play, numbered; of one that did not work, what was expected and what came."""
    numbered = list(enumerate(sorted(history.of(Step), key=lambda step: step.began), 1))
    for number, step in numbered:
        came = "" if step.worked else ": DID NOT WORK"
        yield f"{number}. {visible(step.sentence)}{came} ({step.time - step.began:.1f} s)"
        if not step.worked:
            yield f"     expected {visible(step.expected or '')}"
            yield f"     but got  {visible(step.got or 'nothing')}"
    if not numbered:
        yield "no step of the play was begun and ended"


def verdicts(result: Result) -> Iterator[str]:
    """Tell what every check says, why, and by what it judged; last, the verdict on the whole."""
    sentences = {check.__name__: sentence(check) for check in (the_play, *result.scenario.checks)}
    stopped = any(not step.worked for step in result.history.of(Step))
    for name, verdict in result.verdicts:
        because = "a step did not work, see above" if name == "the_play" and stopped else verdict.because
        yield from _verdict(sentences.get(name, name), verdict, because)
    yield f"Verdict: {WHOLE[result.outcome]}"


def kept(directory: Path) -> Iterator[str]:
    """Say where history, captures, logs, compose file and nodes are, as far as they are there."""
    for what, pattern in KEPT.items():
        for path in sorted(directory.glob(pattern)):
            yield f"{what:9}{path}"
    if (compose := directory / "compose.yaml").exists():
        yield f"{'lab':9}{compose}"
    if (directory / "lab.json").exists():
        name = directory.name
        yield f"{'nodes':9}still up: `make status NAME={name}`; `make down NAME={name}` removes them"


def indented(lines: Iterator[str]) -> list[str]:
    """Move lines to the right."""
    return [f"  {line}" for line in lines]


def _verdict(told: str, verdict: Verdict, because: str) -> Iterator[str]:
    yield f"{WORDS[verdict.outcome]:8} {visible(told)}"
    if because:
        yield f"         because {visible(because)}"
    if verdict.evidence:
        yield f"         see {visible('; '.join(verdict.evidence))}"
