"""Ctrl-C, SIGTERM and a terminal that is closed: told alike, in one line, and nothing hangs.

    first signal    Interrupted, in the main thread: what is under way comes to its end, and a line says what to do
    second signal   the process ends at once, whatever it waits for (an engine that does not answer, say)

Only Ctrl-C reaches all that a terminal runs. So whoever has started something ends it when it is interrupted.
"""

import contextlib
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

INTERRUPTED = 128 + signal.SIGINT
"""What shells say of a command that ended with Ctrl-C."""
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """One of those signals came. Its `status` is what shells say of a command that it ended."""

    def __init__(self, number: int) -> None:
        """Keep the signal's number."""
        super().__init__(signal.Signals(number).name)
        self.status = 128 + number
        self.then = ""  # what to do next, in words


def listen() -> None:
    """From now on raise Interrupted for the first signal. To be called in the main thread.

    A signal that is ignored stays so, as SIGHUP under nohup.
    """
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _first)


def rest() -> None:
    """From now on let those signals just end the process: all is done, and there is nothing more to tell."""
    for number in ENDING:
        if signal.getsignal(number) in (_first, _second):
            signal.signal(number, signal.SIG_DFL)


def leave(status: int) -> NoReturn:
    """End the process now that all of ours is in order. To be called when it was interrupted.

    What libraries do when a process ends may wait for a lock that was held when the signal came, for ever.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(status)


def _first(number: int, frame: FrameType | None) -> None:
    for each in ENDING:
        if signal.getsignal(each) is _first:
            signal.signal(each, _second)
    raise Interrupted(number)


def _second(number: int, frame: FrameType | None) -> None:
    os.write(sys.stderr.fileno(), b"interrupted again, so nothing is waited for; `make down` finds what is left\n")
    os._exit(128 + number)
