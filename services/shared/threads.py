"""Threads that the system knows by their names, too: `ps -L`, `top -H` and the lab's `make threads` show them.

Until version 3.14 Python keeps a thread's name to itself, and the system calls each of them `python3`.
"""

import contextlib
import os
import threading

_LONGEST = 15  # bytes: TASK_COMM_LEN of Linux, which counts a zero at the end


class Thread(threading.Thread):
    """A thread as Python has it, which tells the system its name before it begins."""

    def run(self) -> None:
        """Do what a thread does, under its name."""
        _name_for_the_system(self.name)
        super().run()


def _name_for_the_system(name: str) -> None:
    """Name the thread that calls this. Where there is no /proc, only the name is missing."""
    with contextlib.suppress(OSError):
        comm = os.open(f"/proc/self/task/{threading.get_native_id()}/comm", os.O_WRONLY)
        with os.fdopen(comm, "wb", buffering=0) as file:
            file.write(name.encode()[:_LONGEST])
