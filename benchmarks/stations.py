"""Where the programs of a benchmark run: each in a container of its own on one bridge, or all on one loopback.

    here ---- docker run -i ----> container 1: agent.py ----> forwarder           with stations(2) as (one, two):
         '--- docker run -i ----> container 2: agent.py ----> load                    job = one.start(...)

A container lives as long as its agent, and an agent as long as the pipe to it: however this ends, nothing stays.
"""

import contextlib
import enum
import itertools
import json
import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from benchmarks.errors import BenchmarkError

IMAGE = "socklab-peers"
LABEL = "socklab.lab=benchmark"
"""As if it were a lab: `make down NAME=benchmark` and `make clean` remove what a killed engine left."""

PREFIX = f"benchmark-{os.getpid()}"
"""Of the names of what this process makes; another may be measuring, too."""
_NUMBERS = itertools.count(1)

AT_ONCE = 4
WITHIN = 30.0
FIRST_PORT, LAST_PORT = 10000, 30000
"""Below those that the system gives to connections."""


class Where(enum.Enum):
    """Where stations are; the value is what a title says."""

    CONTAINERS = "in containers on one bridge"
    LOOPBACK = "on loopback"


@dataclass(frozen=True)
class Cost:
    """CPU seconds: all of them, and those of the kernel among them."""

    cpu: float
    kernel: float

    def since(self, before: "Cost") -> "Cost":
        """Return what came since."""
        return Cost(self.cpu - before.cpu, self.kernel - before.kernel)


@dataclass(frozen=True)
class Ended:
    """How a program ended: exit status (negative: the signal), what it printed, what it cost.

    `switches`: how often it went to sleep. `peak_bytes`: the peak resident memory of it and its children, if it was
    stopped; 0 if it ended by itself.
    """

    status: int
    output: str
    errors: str
    cost: Cost
    switches: int
    peak_bytes: int


class Job:
    """A program that was started."""

    def __init__(self, agent: "_Agent", number: int, command: Sequence[str]) -> None:
        self._agent, self._number = agent, number
        self._words = " ".join(command)
        self._news: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._ended: Ended | None = None

    def tell(self, news: dict[str, Any]) -> None:
        """Take in what the agent says of it."""
        self._news.put(news)

    def wait_listening(self, within: float = WITHIN) -> None:
        """Wait until it listens. BenchmarkError if it ends before."""
        if "listens" not in self._next(within, "does not listen"):
            ended = self.result()
            raise BenchmarkError(f"{self._words} ended with {ended.status}: {last_line(ended)}")

    def cost(self) -> Cost:
        """Return what it has cost so far, children left out; if it has ended, what it cost in all."""
        if self._ended is None:
            self._agent.order({"cpu": self._number})
            news = self._next(WITHIN, "does not say what it cost")
        return _cost(news) if self._ended is None else self._ended.cost

    def result(self, within: float = WITHIN, statuses: Sequence[int] | None = (0,)) -> Ended:
        """Wait for its end. BenchmarkError if it does not come, or the status is none of these (None: any will do)."""
        while self._ended is None:
            try:
                self._next(within, "does not end")
            except BenchmarkError:
                self._agent.order({"kill": self._number})
                raise
        if statuses is not None and self._ended.status not in statuses:
            raise BenchmarkError(f"{self._words} ended with {self._ended.status}: {last_line(self._ended)}")
        return self._ended

    def stop(self, within: float = WITHIN) -> Ended:
        """End it by SIGTERM and return how it ended."""
        self._agent.order({"stop": self._number})
        return self.result(within, statuses=None)

    def _next(self, within: float, fault: str) -> dict[str, Any]:
        try:
            news = self._news.get(timeout=within)
        except Empty:
            raise BenchmarkError(f"{self._words} {fault} within {within:g} s") from None
        if "status" in news:
            words = (news["status"], news["output"], news["errors"])
            self._ended = Ended(*words, _cost(news), news["switches"], news["peak"])
        return news


def _cost(news: dict[str, Any]) -> Cost:
    return Cost(news["cpu"], news["kernel"])


class _Agent:
    """A container, and the pipes to its agent."""

    def __init__(self, *options: str) -> None:
        # The agent is the first process of its container; --init reaps what it does not wait for.
        name = f"{PREFIX}-{next(_NUMBERS)}"
        container = ["docker", "run", "--interactive", "--rm", "--init", "--name", name, "--label", LABEL, *options]
        self._process = subprocess.Popen(
            [*container, IMAGE, "python3", "-m", "benchmarks.agent"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,  # Ctrl-C is for us; we end it
        )  # fmt: skip
        assert self._process.stdin and self._process.stdout and self._process.stderr  # noqa: S101  (for mypy)
        self._orders, self._answers, self._errors = self._process.stdin, self._process.stdout, self._process.stderr
        self._numbers = itertools.count(1)
        self._jobs: dict[int, Job] = {}
        hello = self._answers.readline()
        if not hello:
            self._process.wait()
            said = self._errors.read().strip().splitlines() or ["it says nothing"]
            raise BenchmarkError(f"no container of {IMAGE}: {said[-1]}; `make bench` builds the image")
        self.address: str = json.loads(hello)["address"]
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, command: Sequence[str], port: int | None) -> Job:
        """Have a program started."""
        number = next(self._numbers)
        job = self._jobs[number] = Job(self, number, command)
        self.order({"job": number, "start": command} | ({} if port is None else {"listens": port}))
        return job

    def order(self, words: dict[str, Any]) -> None:
        """Tell the agent. BenchmarkError if it is gone."""
        try:
            self._orders.write(json.dumps(words) + "\n")
            self._orders.flush()
        except BrokenPipeError:
            raise BenchmarkError("a container of the benchmark is gone; see `docker events`") from None

    def close(self) -> None:
        """End the agent, what it started, and its container."""
        with contextlib.suppress(BrokenPipeError):
            self._orders.close()
        self._process.wait()
        self._answers.close()
        self._errors.close()

    def _listen(self) -> None:
        with contextlib.suppress(ValueError):  # closed
            for line in self._answers:
                news = json.loads(line)
                self._jobs[news["job"]].tell(news)


class Station:
    """A place where programs run, with an address that the others reach it by."""

    def __init__(self, agent: _Agent, address: str, ports: Iterator[int]) -> None:
        self._agent, self.address, self._ports = agent, address, ports

    def port(self) -> int:
        """Return a port that was not given before."""
        return next(self._ports)

    def start(self, *command: str, listens: int | None = None) -> Job:
        """Start a program; return when it listens on the TCP port `listens`, or at once."""
        job = self._agent.start(command, listens)
        if listens is not None:
            job.wait_listening()
        return job

    def run(self, *command: str, within: float = WITHIN) -> dict[str, Any]:
        """Run a program to its end and return the JSON object that it printed."""
        return spoken(self.start(*command).result(within))

    def write(self, path: str, text: str) -> None:
        """Write a file there, for what is started next."""
        self._agent.order({"write": path, "text": text})


def spoken(ended: Ended) -> dict[str, Any]:
    """Return the JSON object that a load program printed."""
    found: dict[str, Any] = json.loads(ended.output)
    return found


def last_line(ended: Ended) -> str:
    """Return the last thing that a program said before it failed."""
    lines = (ended.errors or ended.output).strip().splitlines()
    return lines[-1] if lines else "it said nothing"


@contextlib.contextmanager
def stations(
    count: int, where: Where = Where.CONTAINERS, *options: str, on: str | None = None
) -> Iterator[list[Station]]:
    """Have so many stations, as long as the block lasts: on a bridge of their own, or on that one.

    `options` are for `docker run`.
    """
    ports = iter(range(FIRST_PORT, LAST_PORT))
    if where is Where.LOOPBACK:
        agent = _Agent("--network", "none", *options)
        try:
            yield [Station(agent, "127.0.0.1", ports) for _ in range(count)]
        finally:
            agent.close()
        return
    with contextlib.ExitStack() as stack:
        network = on or stack.enter_context(bridge())
        pool = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        agents: list[_Agent] = []
        stack.callback(lambda: list(pool.map(_Agent.close, agents)))
        for made in [pool.submit(_Agent, "--network", network, *options) for _ in range(count)]:
            agents.append(made.result())
        yield [Station(agent, agent.address, ports) for agent in agents]


@contextlib.contextmanager
def bridge() -> Iterator[str]:
    """Make a user-defined bridge network, and remove it; yield its name."""
    name = f"{PREFIX}-bridge"
    docker("network", "create", "--label", LABEL, name)
    try:
        yield name
    finally:
        docker("network", "rm", name)


def docker(*words: str) -> str:
    """Call docker. BenchmarkError with its last line if it fails."""
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("exit status")]
        raise BenchmarkError(f"docker {' '.join(words)} failed: {(said or ['it says nothing'])[-1]}")
    return done.stdout
