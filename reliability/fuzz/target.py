"""A target: a function that is given any bytes, has them read by a parser, and asserts what must hold of that.

    @target("two reads give what one gives", longest=400)
    def batches(data: bytes) -> None: ...            reliability/fuzz/lines.py: the target `lines.batches`

Whatever it raises is a defect: of the parser, or of the target. Targets are pure: same bytes, same outcome.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

Check = Callable[[bytes], None]


@dataclass(frozen=True)
class Target:
    """What is fuzzed, and how.

    `holds` says in a sentence what must hold. `longest` is the most bytes of an input; `runs` how many inputs a test
    tries, which takes about a second. `seeds` are inputs to begin with, `words` pieces that inputs are made of.
    """

    name: str
    holds: str
    check: Check
    longest: int
    runs: int
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]


def target(
    holds: str, *, longest: int = 200, runs: int = 10_000, seeds: Iterable[bytes] = (), words: Iterable[bytes] = ()
) -> Callable[[Check], Check]:
    """Make a target of a function; its name is that of its module and its own."""

    def make(check: Check) -> Check:
        name = f"{check.__module__.rpartition('.')[2]}.{check.__name__}"
        made = Target(name, holds, check, longest, runs, tuple(seeds), tuple(words))
        found: dict[str, Target] = vars(sys.modules[check.__module__]).setdefault("TARGETS", {})
        found[name] = made
        return check

    return make


def targets_of(module: str) -> dict[str, Target]:
    """Return the targets of a module, by name."""
    found: dict[str, Target] = vars(import_module(module))["TARGETS"]
    return found


class Pieces:
    """Takes an input apart, into what a structure is made of. When nothing is left, numbers are 0 and texts empty."""

    def __init__(self, data: bytes) -> None:
        """Begin at its first byte."""
        self._data = data

    def __bool__(self) -> bool:
        """Tell whether anything is left."""
        return bool(self._data)

    def byte(self) -> int:
        """Return the next byte as a number."""
        first, self._data = self._data[:1], self._data[1:]
        return first[0] if first else 0

    def part(self, most: int = 255) -> bytes:
        """Return so many bytes as the next one says, up to `most`."""
        size = self.byte() % (most + 1)
        part, self._data = self._data[:size], self._data[size:]
        return part

    def rest(self) -> bytes:
        """Return all that is left."""
        part, self._data = self._data, b""
        return part

    def text(self, most: int = 255) -> str:
        """Return a text of that many bytes at most."""
        return as_text(self.part(most))


def as_text(data: bytes) -> str:
    """Return what a command line makes of bytes: what is no UTF-8 becomes surrogates."""
    return data.decode("utf-8", "surrogateescape")


def one_line(message: str) -> None:
    """Assert that a message is one line with words in it."""
    assert message.strip() and "\n" not in message and "\r" not in message, f"not one line: {message!r}"
