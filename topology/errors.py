"""What is wrong with a topology file, said in one line a problem.

    ValueError
        TopologyError        one or more Problems; str() gives one line each
            UnreadableError  there is no such file, or it is not the YAML that we read
            InvalidError     it was read, but it does not describe a lab that can be started

A line reads `FILE:LINE: what is wrong; what to do`.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_MOST_SHOWN = 60  # letters of a value that a message repeats


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, where it is, and what to do about it."""

    file: Path
    line: int
    wrong: str
    remedy: str

    def __str__(self) -> str:
        line = f"{self.file}:{self.line}: {self.wrong}; {self.remedy}"
        return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in line)


class TopologyError(ValueError):
    """Something is wrong with a topology; nothing may be started from it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class UnreadableError(TopologyError):
    """The file is missing, or is not a YAML mapping."""


class InvalidError(TopologyError):
    """The file says something that cannot be."""


def short(value: object) -> str:
    """Return a value as it may stand in a message."""
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Say which of the known words was probably meant, or which there are."""
    names = list(known)
    close = difflib.get_close_matches(word, names, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"choose from {', '.join(names)}" if names else "there is none"
