"""Faults end with what made them: a harness that is killed leaves none, nor does a lab that is removed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from lab.docker import DockerEngine
from tests.repo.documents import ROOT
from tests.scenarios.broken import OURS, helpers, state_of, wait_no_helpers

KILLED = f"socklab-killed-{os.getpid()}"

HARNESS = """
import sys
from pathlib import Path
from lab.bases import free_base
from lab.docker import DockerEngine
from lab.faults import FaultKind, Wish
from lab.lab import Lab
from lab.state import Wish as LabWish
name, folder = sys.argv[1:]
with free_base() as base:
    lab = Lab(LabWish("forgery", None, base, name).load(), DockerEngine(name), Path(folder))
    lab.create()
with lab:
    lab.start()
    lab.fault(Wish(FaultKind.RATE, "bob", amount="1mbit"))
    lab.fault(Wish(FaultKind.LOSS, "bob", peer="alice", amount="50%"))
    lab.fault(Wish(FaultKind.PAUSE, "alice"))
    print("broken", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def harness(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that has broken its lab, and waits."""
    process = subprocess.Popen(
        [sys.executable, "-c", HARNESS, KILLED, str(tmp_path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    engine = DockerEngine(KILLED)
    try:
        assert process.stdout
        assert process.stdin
        assert process.stdout.readline() == b"broken\n"
        yield process
    finally:
        process.kill()
        process.communicate()
        engine.remove()
        engine.close()


def test_a_harness_that_is_killed_leaves_no_fault(
    harness: "subprocess.Popen[bytes]", client: docker.DockerClient
) -> None:
    assert len(helpers(client, KILLED)) == 2
    harness.send_signal(signal.SIGKILL)
    harness.wait()
    wait_no_helpers(client, KILLED)
    engine = DockerEngine(KILLED)
    for node in ("alice", "bob"):
        assert not OURS.search(state_of(engine, node))
    engine.close()
    assert client.containers.get(f"{KILLED}-alice-1").status == "paused"  # that one is for `heal` and `down`


def test_down_leaves_nothing_while_faults_stand(
    harness: "subprocess.Popen[bytes]", client: docker.DockerClient
) -> None:
    assert len(helpers(client, KILLED)) == 2
    engine = DockerEngine(KILLED)
    assert engine.remove() == []
    engine.close()
    mine = {"label": f"socklab.lab={KILLED}"}
    assert not client.containers.list(all=True, filters={"label": f"socklab.lab={KILLED}"}, ignore_removed=True)
    assert not client.networks.list(filters=mine)
