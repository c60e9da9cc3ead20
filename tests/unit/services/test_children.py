"""The programs that a program starts: they end with it, however it ends. Each test runs one that starts some."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.unit.services.programs import ENVIRONMENT, REPO, SECONDS, eventually

PARENT = """
import sys
from services.shared.children import Children
from services.shared.ending import end_on_signals, fail
end_on_signals()
children = Children()
for name, command in zip(sys.argv[2::2], sys.argv[3::2]):
    children.start(name, "sh", "-c", command, log=f"{sys.argv[1]}/{name}.log")
name, status = children.first_to_end()
fail(f"{name} ended: {status}")
"""
STAYS = "echo $$ >pid; exec sleep 100"
STUBBORN = "trap '' TERM; echo $$ >pid; while :; do sleep 0.1; done"

Begin = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Start the parent with children: name, shell text, and so on. `pid` is where each may write its own."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*children: str) -> subprocess.Popen[str]:
        begun.append(
            subprocess.Popen(
                [sys.executable, "-c", PARENT, str(tmp_path), *children],
                cwd=tmp_path,
                env=ENVIRONMENT | {"PYTHONPATH": str(REPO)},
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.communicate()
    with suppress(OSError, ValueError):
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)


def pid_of_child(folder: Path) -> int:
    file = folder / "pid"
    eventually(lambda: file.exists() and file.read_text().endswith("\n"), "a child has written its pid")
    return int(file.read_text())


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("child", [STAYS, STUBBORN])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_children_end_with_their_parent(begin: Begin, tmp_path: Path, child: str, number: signal.Signals) -> None:
    parent = begin("child", child)
    pid = pid_of_child(tmp_path)
    begun = time.monotonic()
    parent.send_signal(number)
    assert parent.communicate(timeout=SECONDS)[1] == ""
    assert parent.returncode == 0
    assert time.monotonic() - begun < (1 if child is STAYS else 3)
    assert not is_there(pid)


@pytest.mark.parametrize(("how", "status"), [("exit 3", 3), ("kill -9 $$", -9)])
def test_when_one_ends_all_end(begin: Begin, tmp_path: Path, how: str, status: int) -> None:
    wait_for_other = "until [ -s pid ]; do sleep 0.01; done"
    parent = begin("stays", STAYS, "ends", f"{wait_for_other}; {how}")
    assert parent.communicate(timeout=SECONDS)[1] == f"-c: ends ended: {status}\n"
    assert parent.returncode == 1
    assert not is_there(pid_of_child(tmp_path))


def test_what_a_child_prints_is_in_its_log(begin: Begin, tmp_path: Path) -> None:
    begin("talks", "echo out; echo err >&2").communicate(timeout=SECONDS)
    assert (tmp_path / "talks.log").read_text() == "out\nerr\n"
