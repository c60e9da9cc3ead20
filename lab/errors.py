"""What can go wrong in a lab, and whose fault it is.

    LabError                 the lab failed: what a scenario saw is worth nothing (verdict: unknown)
        EngineError          the engine refused, or did not answer
            NoEngineError    there is none: so no lab can be up
            LostEngineError  it stopped answering in the middle: a lab may be up, or a part of one
        TapError             a tap did not open, or its canary packet never came
        UsageError           what a person asked for cannot be: a name that is not there, a number that is none
    GaveUp                   a program did not show in time what the play waited for (evidence against it)

Every message says what happened, where, and what to do next, on one line.
"""

import errno
from pathlib import Path

MISCOUNTED = "active endpoints"
"""What Docker says of a network that it does not remove, also where it miscounts what is on it (moby issue 42119)."""


class LabError(Exception):
    """The lab, not a program in it, failed."""


class EngineError(LabError):
    """The engine refused, or did not answer."""


class NoEngineError(EngineError):
    """No engine answers at all."""


class LostEngineError(EngineError):
    """The engine stopped answering while it was in use."""


class TapError(LabError):
    """A tap cannot be trusted: it did not open, or it missed its canary packet."""


class UsageError(LabError):
    """What a person asked for cannot be done as they asked."""


def of_system(error: OSError, where: Path) -> str:
    """Say in a line what the system refused, and where if it does not tell: a disk is full, a file is another's."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return f"{error.strerror}: {error.filename or where}; {'free some' if full else 'see to that'}, then try again"


class GaveUp(Exception):  # noqa: N818  (it names an outcome of the play, not a defect of ours)
    """A condition that a play waited for did not come true before its deadline.

    `expected` and `got` are whole sentences or transcripts, for the story of the play.
    """

    def __init__(self, expected: str, got: str) -> None:
        """Keep both halves of "should have had X, but had Y"."""
        super().__init__(f"expected {expected}, but got {got}")
        self.expected = expected
        self.got = got


MISSHAPEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What is raised where somebody else's text is read that is not of the shape that it should have."""
