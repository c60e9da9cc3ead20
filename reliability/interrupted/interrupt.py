"""One interruption: a run is begun, a moment awaited, a signal sent; then it is seen what is left, and who removes it.

run ──► moment ──► signal ──► all processes end ──► what is left ──► `make down` ──► nothing is left
                                                         └── or a second run over it, then `make down`
"""

import os
import queue
import re
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.errors import BenchmarkError
from lab.bases import free_base
from lab.state import ROOT
from reliability.interrupted.cases import KILL, MAKE_UP, TERM, Moment, Verb
from reliability.interrupted.processes import of_session
from reliability.interrupted.signs import Signs

WITHIN = 60.0
"""Seconds that anything may take before it counts as hanging."""
TOLD = re.compile(r"(?<![-\w])interrupted(?![-\w])")
"""A word, and not a part of the lab's name."""


@dataclass(frozen=True)
class Outcome:
    """What was left of containers and networks; and what did not hold, a sentence each."""

    containers: int
    networks: int
    wrong: tuple[str, ...]


def interrupt(verb: Verb, moment: Moment, number: signal.Signals, name: str, *, again: bool) -> Outcome:
    """Interrupt a run in a lab of that name; with `again`, a second run comes before what is left is removed.

    Nothing is left of it afterwards, however it went.
    """
    wrong: list[str] = []
    try:
        if verb.needs_lab:
            _make_up(name)
        signs = _interrupted(verb, moment, number, name, wrong)
        wrong += judge_words(signs.said, number)
        containers, networks = (_of_lab(kind, signs) for kind in ("container", "network"))
        if again:
            _make_up(name)
        _make("down", f"NAME={name}")
        for kind in ("container", "network"):
            wrong += [f"the {kind} {each} is left after `make down`" for each in _of_lab(kind, signs)]
    except _Failed as error:
        wrong.append(str(error))
        containers = networks = []
    finally:
        subprocess.run(["make", "down", f"NAME={name}"], cwd=ROOT, capture_output=True, check=False)
    where = f"{verb.what}, {moment.what}, {number.name}"
    return Outcome(len(containers), len(networks), tuple(f"{where}: {each}" for each in wrong))


class _Failed(Exception):  # noqa: N818  (it names an outcome)
    """A run that was to work did not."""


def _interrupted(verb: Verb, moment: Moment, number: signal.Signals, name: str, wrong: list[str]) -> Signs:
    with free_base() as base:
        command = [word.format(name=name, base=base) for word in verb.command]
        # The signals as they come to what a terminal runs: a shell in the background has us ignore some.
        process = subprocess.Popen(
            ["env", "--default-signal", *command], cwd=ROOT, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        with process, Signs(process, verb.lab.format(name=name)).looking() as signs:
            try:
                came = signs.wait(moment.sign, moment.count, within=WITHIN)
                if came and number is TERM:
                    process.send_signal(number)
                elif came:
                    os.killpg(process.pid, number)  # as a terminal does; or as when all is lost at once
                if not came:
                    wrong.append(f"it ended before that moment, and said {' / '.join(signs.said[-3:])}")
                else:
                    signs.wait("^ended$", within=WITHIN)
            except queue.Empty:
                wrong.append(f"it hangs: {', '.join(of_session(process.pid).values())}")
                os.killpg(process.pid, KILL)
            except ProcessLookupError:
                wrong.append("it ended at that moment")
    return signs


def judge_words(said: Sequence[str], number: signal.Signals) -> list[str]:
    """Return what is wrong with what a run said that was ended by a signal."""
    wrong = ["it shows a traceback" for line in said if line.startswith("Traceback")][:1]
    told = [line for line in said if TOLD.search(line)]
    if len(told) > 1:
        wrong.append(f"it tells of the interruption in {len(told)} lines: {' / '.join(told)}")
    if told and number is not KILL and "make down" not in told[0] and not told[0].startswith("interrupted"):
        wrong.append(f"it does not say what to do: {told[0]}")
    return wrong


def _make_up(name: str) -> None:
    with free_base() as base:
        _make(*(word.format(name=name, base=base) for word in MAKE_UP[1:]))


def _make(*words: str) -> None:
    done = subprocess.run(
        ["make", *words], cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        timeout=WITHIN * 2,
    )  # fmt: skip
    if done.returncode:
        raise _Failed(f"`make {words[0]}` after it: {(done.stdout + done.stderr).strip()}")


def _of_lab(kind: str, signs: Signs) -> list[str]:
    all_of_them = ["--all"] if kind == "container" else []
    done = subprocess.run(
        ["docker", kind, "ls", *all_of_them, "--filter", "label=socklab.lab", "--format",
         "{{.Names}}" if kind == "container" else "{{.Name}}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BenchmarkError(f"docker {kind} ls: {done.stderr.strip()}")
    return [each for each in done.stdout.split() if signs.is_ours(each)]
