"""A command on a terminal of its own, as a person would run it: a Stream for lab.terminal.Terminal."""

import contextlib
import fcntl
import os
import pty
import struct
import subprocess
import termios
from pathlib import Path

ROOT = Path(__file__).parents[2]


class PtyStream:
    """The terminal of a command that runs in the repository."""

    def __init__(self, *command: str) -> None:
        self._here, there = pty.openpty()
        fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        # setsid makes it the controlling terminal, so that Ctrl-C is a signal; a shell that started us in the
        # background may have us ignore that one, and what a terminal runs must not.
        self.process = subprocess.Popen(
            ["setsid", "--ctty", "env", "--default-signal", *command], stdin=there, stdout=there, stderr=there, cwd=ROOT
        )
        os.close(there)

    def read(self) -> bytes:
        try:
            return os.read(self._here, 1 << 16)
        except OSError:  # the last process on the terminal has ended
            return b""

    def write(self, data: bytes) -> None:
        os.write(self._here, data)

    def close_input(self) -> None:
        self.write(b"\x04")

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        self.process.wait(10)
        os.close(self._here)
