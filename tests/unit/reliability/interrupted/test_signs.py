"""What is seen of a run from outside: its words, its processes, its end; and what is another's."""

import queue
import subprocess
import sys
from collections.abc import Iterator

import pytest

from reliability.interrupted.processes import of_session
from reliability.interrupted.signs import Signs

CHILD = ("sh", "-c", "echo begun to wait; read nothing")
PARENT = f"import subprocess, sys; subprocess.Popen({CHILD}); sys.stdin.read()"


@pytest.fixture
def process() -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], text=True, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        yield process
        for number in of_session(process.pid):
            subprocess.run(["kill", "-KILL", str(number)], check=False)


def test_a_child_whose_parent_has_ended_is_still_seen(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.wait()
    assert list(of_session(process.pid).values()) == [" ".join(CHILD)]


def test_what_is_of_another_runs_lab_is_left_out(process: "subprocess.Popen[str]") -> None:
    signs = Signs(process, r"socklab-\w+-(\d+)")
    signs.numbers.add(7)
    assert signs.is_ours("socklab-q3-7-peer1-1")
    assert not signs.is_ours("socklab-q3-77-peer1-1")
    assert not signs.is_ours("stranger")


def test_a_moment_is_the_so_manieth_sign(process: "subprocess.Popen[str]") -> None:
    signs = Signs(process, "x")
    for sign in ("container start a", "container create b", "container start b", "ended"):
        signs._signs.put(sign)
    assert signs.wait("^container start", 2, within=0)
    assert signs.seen == ["container start a", "container create b", "container start b"]
    assert not signs.wait("^container start", within=0)
    with pytest.raises(queue.Empty):
        signs.wait("^container start", within=0)
