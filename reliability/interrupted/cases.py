"""Which runs are interrupted, when, and by what."""

import signal
from dataclasses import dataclass

INT, TERM, KILL = signal.SIGINT, signal.SIGTERM, signal.SIGKILL
SIGNALS = (INT, TERM, KILL)


@dataclass(frozen=True)
class Moment:
    """A moment in words, and the sign by which it is known: a pattern (see signs.py), and how often it was seen."""

    what: str
    sign: str
    count: int = 1


@dataclass(frozen=True)
class Verb:
    """What is run, in words and as a command; and ten moments of it. {name}, {base}: of a lab of its own."""

    what: str
    command: tuple[str, ...]
    lab: str  # a pattern for what is the lab's on the engine
    moments: tuple[Moment, ...]
    needs_lab: bool = False  # that is up


MAKE_UP = ("make", "up", "TOPOLOGY=peers", "NAME={name}", "SUBNET_BASE={base}")
PYTEST = (".venv/bin/python", "-S", "setup/start.py", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider",
          "tests/scenarios/test_scenarios.py", "-k", "peers.q3]")  # fmt: skip
"""One scenario, as `make test` plays them all."""

UP = Verb(
    "make up",
    MAKE_UP,
    "{name}",
    (
        Moment("make has begun", "^begun"),
        Moment("the set-up asks for the engine", "^runs docker info"),
        Moment("the program has begun", r"^runs \S*python \S+ setup/start.py lab up"),
        Moment("compose reads the file", "^runs .*config --hash"),
        Moment("the network is made", "^network create"),
        Moment("the first node is made", "^container create"),
        Moment("the last node is made", "^container create", 3),
        Moment("the first node is started", "^container start"),
        Moment("the second node is started", "^container start", 2),
        Moment("the last node is started", "^container start", 3),
    ),
)
DOWN = Verb(
    "make down",
    ("make", "down", "NAME={name}"),
    "{name}",
    (
        Moment("make has begun", "^begun"),
        Moment("the program has begun", r"^runs \S*python \S+ setup/start.py lab down"),
        Moment("the first node is told to end", "^container kill"),
        Moment("the first node has ended", "^container die"),
        Moment("the second node has ended", "^container die", 2),
        Moment("the last node has ended", "^container die", 3),
        Moment("the first node is gone", "^container destroy"),
        Moment("the last node is gone", "^container destroy", 3),
        Moment("the network is gone", "^network destroy"),
        Moment("it has said so", "^says .* is down"),
    ),
    needs_lab=True,
)
TEST = Verb(
    "a test run",
    PYTEST,
    r"socklab-\w+-(\d+)",
    (
        Moment("pytest has begun", "^begun"),
        Moment("compose reads the file", "^runs .*config --hash"),
        Moment("the network is made", "^network create"),
        Moment("the first node is made", r"^container create \S+-1$"),
        Moment("the last node is made", r"^container create \S+-1$", 3),
        Moment("the tap is started", r"^container start \S+-tap-"),
        Moment("the first node is started", r"^container start \S+-1$"),
        Moment("the last node is started", r"^container start \S+-1$", 3),
        Moment("the first program has ended", r"^container die \S+-1$"),
        Moment("the first node is gone", r"^container destroy \S+-1$"),
    ),
)
VERBS = (UP, TEST, DOWN)
