"""The processes of a session: what was started by a run, also where the process that started it has ended."""

from contextlib import suppress
from pathlib import Path

SESSION, STATE = 3, 0
"""Places of fields in /proc/PID/stat, counted behind the name, which may hold anything."""


def of_session(session: int) -> dict[int, str]:
    """Return the processes of a session that have not ended: number and command."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[SESSION]) == session and fields[STATE] not in "ZX":
                found[int(folder.name)] = " ".join((folder / "cmdline").read_text().split("\0")).strip()
    return found
