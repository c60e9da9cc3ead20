"""How a program ends: at once, from any thread, with its last acts done.

SIGTERM and SIGINT are blocked in every thread and taken by one that does nothing else. So it does not matter
what the others are busy with: a slow name look-up, a full pipe or a person's half-typed line holds nothing
up.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import NoReturn

from services.shared.threads import Thread

_SIGNALS = {signal.SIGTERM, signal.SIGINT}
_last_acts: list[Callable[[], None]] = []
_once = threading.Lock()


def end_on_signals() -> None:
    """End with status 0 on SIGTERM or Ctrl-C. Call it before any thread starts: they inherit the mask."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    Thread(target=_wait, name="ending", daemon=True).start()


def at_end(act: Callable[[], None]) -> None:
    """Have `act` done before the program ends, whoever ends it; the latest added comes first."""
    _last_acts.append(act)


def end(status: int = 0) -> NoReturn:
    """End the program from any thread.

    The first caller ends it; another one waits here for that. Other threads may be in the middle of anything,
    so there is no shutdown of the interpreter that would have to wait for them, only the last acts.
    """
    _once.acquire()
    try:
        for act in reversed(_last_acts):
            with contextlib.suppress(OSError):
                act()
    finally:
        os._exit(status)


def fail(message: str, status: int = 1) -> NoReturn:
    """End because `message`: one line on standard error that starts with the program's name."""
    program = sys.argv[0].rpartition("/")[2].removesuffix(".py")
    with contextlib.suppress(OSError):
        os.write(2, f"{program}: {message}\n".encode(errors="backslashreplace"))
    end(status)


def _wait() -> None:
    signal.sigwait(_SIGNALS)
    end(0)
