"""The agent of a container, here as a process of its own."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.repo.documents import ROOT


class Agent:
    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.agent"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def order(self, **words: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout
        heard: dict[str, Any] = json.loads(self.process.stdout.readline())
        return heard


@pytest.fixture
def agent() -> Iterator[Agent]:
    made = Agent()
    assert "address" in made.hear()
    yield made
    made.process.communicate(timeout=10)


def test_a_program_runs_to_its_end(agent: Agent) -> None:
    agent.order(job=1, start=["sh", "-c", "echo out; echo err >&2; exit 3"])
    ended = agent.hear()
    assert (ended["job"], ended["status"], ended["output"], ended["errors"]) == (1, 3, "out\n", "err\n")


def test_cpu_time_is_that_of_the_program_and_its_children(agent: Agent) -> None:
    busy = "import time\nwhile time.process_time() < 0.2: pass"
    agent.order(job=1, start=["sh", "-c", f"{sys.executable} -c '{busy}'; true"])
    assert agent.hear()["cpu"] >= 0.2


def test_a_program_that_is_not_there_has_failed(agent: Agent) -> None:
    agent.order(job=1, start=["no-such-program"])
    ended = agent.hear()
    assert ended["status"] == 127
    assert "no-such-program" in ended["errors"]


def test_it_is_told_when_a_program_listens(agent: Agent) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    listen = f"import socket\ns = socket.create_server(('127.0.0.1', {port}))\ns.accept()"
    agent.order(job=1, start=[sys.executable, "-c", listen], listens=port)
    assert agent.hear() == {"job": 1, "listens": True}
    with socket.create_connection(("127.0.0.1", port)):
        assert agent.hear()["status"] == 0


def test_a_program_that_never_listens_is_told_as_ended(agent: Agent) -> None:
    agent.order(job=1, start=["true"], listens=1)
    assert agent.hear()["status"] == 0


def test_a_program_is_stopped_and_its_peak_memory_told(agent: Agent) -> None:
    agent.order(job=1, start=["sleep", "60"])
    agent.order(stop=1)
    ended = agent.hear()
    assert ended["status"] == -15
    assert 100_000 < ended["peak"] < 50_000_000


def test_a_program_that_ignores_sigterm_is_killed(agent: Agent) -> None:
    agent.order(job=1, start=["sh", "-c", "trap '' TERM; echo ready >&2; sleep 60 & wait; wait"])
    agent.order(kill=1)
    assert agent.hear()["status"] == -9


def test_a_file_is_written(agent: Agent, tmp_path: Path) -> None:
    agent.order(write=str(tmp_path / "haproxy.cfg"), text="global\n")
    agent.order(job=1, start=["cat", str(tmp_path / "haproxy.cfg")])
    assert agent.hear()["output"] == "global\n"


def test_nothing_outlives_the_pipe(tmp_path: Path) -> None:
    agent = Agent()
    agent.hear()
    fifo = tmp_path / "alive"
    subprocess.run(["mkfifo", str(fifo)], check=True)
    agent.order(job=1, start=["sh", "-c", f"exec sleep 60 >{fifo}"])
    with fifo.open() as alive:
        assert agent.process.stdin
        agent.process.stdin.close()
        assert alive.read() == ""  # the end of the file: nobody holds it open any more
    agent.process.wait(10)
    assert agent.process.stdout
    agent.process.stdout.close()


def test_what_a_program_has_cost_so_far_can_be_asked(agent: Agent) -> None:
    busy = "import time\nwhile time.process_time() < 0.2: pass\nimport socket\nsocket.create_server(('127.0.0.1', {}))"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = busy.format(port) + ".accept()"
    agent.order(job=1, start=[sys.executable, "-c", program], listens=port)
    assert agent.hear() == {"job": 1, "listens": True}
    agent.order(cpu=1)
    told = agent.hear()
    assert told["cpu"] >= 0.2
    assert 0 <= told["kernel"] <= told["cpu"]
    agent.order(kill=1)
    assert agent.hear()["cpu"] >= 0.2
    agent.order(cpu=1)  # it has ended: nothing more to say
    agent.order(job=2, start=["true"])
    assert agent.hear()["job"] == 2
