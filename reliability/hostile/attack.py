"""All attacks: what is thrown, at which programs, how much of it, and under what conditions the program runs."""

from dataclasses import dataclass
from enum import Enum

from reliability.effort import Effort


class Over(Enum):
    """What a program listens for."""

    TCP = "connections"
    UDP = "datagrams"


@dataclass(frozen=True)
class Attack:
    """One attack.

    `words`: the program in attacks/ and its words; `less`: words put behind them for a test. `limits`: how the program
    under attack is started (see attacks/watched.py). `settles_within`: how many seconds it has afterwards until all is
    as before. `newcomers`: whether honest clients come anew meanwhile; where descriptors are used up they cannot.
    """

    name: str
    over: Over
    words: tuple[str, ...]
    less: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    settles_within: float = 10.0
    newcomers: bool = True

    def command(self, effort: Effort) -> tuple[str, ...]:
        """Return what throws it."""
        program, *words = (*self.words, *(self.less if effort is Effort.SMOKE else ()))
        return ("python3", "-m", f"reliability.hostile.attacks.{program}", *words)


def _connections(kind: str, count: int, less: int, **options: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    more = [word for name, value in options.items() for word in (f"--{name}", value)]
    return ("connections", "--kind", kind, "--count", str(count), *more), ("--count", str(less))


def _streams(kind: str, count: int, seconds: float, *more: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    words = ("streams", "--kind", kind, "--count", str(count), "--seconds", str(seconds), *more)
    return words, ("--seconds", "0.3")


def _datagrams(kind: str, seconds: float = 2.0) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return ("datagrams", "--kind", kind, "--seconds", str(seconds)), ("--seconds", "0.2")


_HALF = ("half_open", "--kind")

VANISHING = Attack(
    "ends that vanish without a word", Over.TCP, (*_HALF, "vanish", "--count", "20"), settles_within=60.0
)

ATTACKS = (
    Attack(
        "10,000 connections, one after another", Over.TCP, *_connections("one-after-another", 10_000, 100, seconds="40")
    ),
    Attack("500 connections at once", Over.TCP, *_connections("at-once", 500, 30)),
    Attack("500 half lines of 60 kB at once", Over.TCP, *_connections("half-lines", 500, 30)),
    Attack("connect and leave at once", Over.TCP, *_connections("leave-at-once", 2_000, 50, seconds="5")),
    Attack("reset in mid-line", Over.TCP, *_connections("reset-in-mid-line", 2_000, 50, seconds="5")),
    Attack("slow senders, a byte a second in a tenth of the time", Over.TCP, *_streams("slow", 50, 3.0)),
    Attack("readers that stop", Over.TCP, *_streams("stop-reading", 4, 2.0)),
    Attack("a flood of empty lines", Over.TCP, *_streams("empty-lines", 1, 2.0)),
    Attack("a line of 1 GiB", Over.TCP, *_streams("endless-line", 1, 6.0, "--mebibytes", "1024")),
    Attack("random bytes", Over.TCP, *_streams("random", 2, 2.0)),
    Attack("SYNs without an end", Over.TCP, (*_HALF, "syn", "--seconds", "2"), ("--seconds", "0.2")),
    Attack(
        "descriptors used up: 64, and 200 connections",
        Over.TCP,
        *_connections("hold", 200, 200, seconds="2"),
        limits=("--descriptors", "64"),
        newcomers=False,
    ),
    Attack("the disk is full", Over.TCP, *_connections("at-once", 100, 30), limits=("--full",)),
    Attack("random bytes", Over.UDP, *_datagrams("random")),
    Attack("forged: from others than its peer", Over.UDP, *_datagrams("forged")),
    Attack("truncated", Over.UDP, *_datagrams("truncated")),
    Attack("oversized", Over.UDP, *_datagrams("oversized")),
    Attack("each twice, in any order", Over.UDP, *_datagrams("twice")),
    Attack("well-formed, and meant ill", Over.UDP, *_datagrams("hostile")),
    Attack("the disk is full", Over.UDP, *_datagrams("twice"), limits=("--full",)),
)
