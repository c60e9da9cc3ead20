"""Programs that live and die with this one: when the first of them ends, or this one is told to, all end.

this program --+-- child, with a group of its own      Ctrl-C reaches it through us alone
               |-- child, with a group of its own
               '-- child on our terminal               Ctrl-C reaches it, too
"""

import contextlib
import os
import signal
import threading
import time

from services.shared.ending import at_end

_GRACE_SECONDS = 0.8
_POLL_SECONDS = 0.005


class Children:
    """The programs that were started here, each by its name."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._ending = threading.Event()
        at_end(self._end)

    def start(self, name: str, *command: str, log: str = "") -> None:
        """Start a program: on our terminal or, with `log`, apart from it with its output in that file.

        Raises OSError. Our own threads have signals blocked (see ending.py); a child begins with none blocked.
        """
        if not log:
            pid = os.posix_spawnp(command[0], command, os.environ, setsigmask=())
        else:
            apart = [
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ]
            pid = os.posix_spawnp(command[0], command, os.environ, setsigmask=(), setpgroup=0, file_actions=apart)
        self._names[pid] = name

    def first_to_end(self, wait: bool = True) -> tuple[str, int] | None:
        """Wait for a child to end; return its name and status, below 0 for a signal. None if none has yet."""
        while True:
            try:
                pid, status = os.waitpid(-1, 0 if wait else os.WNOHANG)
            except ChildProcessError:  # there are no more
                pid = status = 0
            name = self._names.pop(pid, None)
            if self._ending.is_set():
                threading.Event().wait()  # they were told to: the thread that does so ends this program
            if pid == 0:
                return None
            if name is not None:
                return name, os.waitstatus_to_exitcode(status)

    def _end(self) -> None:
        """End them all: politely, then the hard way."""
        self._ending.set()
        deadline = time.monotonic() + _GRACE_SECONDS
        self._tell(signal.SIGTERM)
        with contextlib.suppress(ChildProcessError):  # which is raised when there are no more
            while time.monotonic() < deadline:
                pid, _ = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    time.sleep(_POLL_SECONDS)
                self._names.pop(pid, None)
            self._tell(signal.SIGKILL)
            while True:
                os.wait()

    def _tell(self, number: signal.Signals) -> None:
        for pid in list(self._names):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
