"""Signals that end a verb: told in a line, and a second one ends what waits."""

import signal
import subprocess
import sys

import pytest

from lab.state import ROOT

WAITS = """
import atexit, sys, threading
from lab import interruption
try:
    interruption.listen()
    if sys.argv[1] == "rests":
        interruption.rest()
    print("ready", flush=True)
    threading.Event().wait()
except interruption.Interrupted as end:
    print("told", flush=True)
    if sys.argv[1] == "hangs":
        threading.Event().wait()
    atexit.register(threading.Event().wait)  # as a library that waits for a lock
    interruption.leave(end.status)
"""


def run(how: str, *ignored: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        ["env", "--default-signal", *ignored, sys.executable, "-c", WAITS, how], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_when_all_is_done_nothing_is_told() -> None:
    process = run("rests")
    process.send_signal(signal.SIGTERM)
    assert process.communicate() == ("", "")
    assert process.returncode == -signal.SIGTERM


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_ends_it_in_good_order(number: signal.Signals) -> None:
    process = run("ends")
    process.send_signal(number)
    assert process.communicate() == ("told\n", "")
    assert process.returncode == 128 + number


def test_a_second_one_ends_what_hangs() -> None:
    process = run("hangs")
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stdout.readline() == "told\n"
    process.send_signal(signal.SIGTERM)
    said, errors = process.communicate()
    assert said == ""
    assert errors.startswith("interrupted again")
    assert errors.count("\n") == 1
    assert process.returncode == 128 + signal.SIGTERM


def test_what_is_ignored_stays_so() -> None:
    process = run("ends", "--ignore-signal=HUP")
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 128 + signal.SIGTERM
