"""The process of each node as the engine's host numbers it, so that /proc can be read there, and no exec is needed."""

import contextlib
from pathlib import Path

from docker.models.containers import Container


class Processes:
    """What was found once, and holds until the process ends."""

    def __init__(self) -> None:
        """Know none."""
        self._found: dict[str, tuple[str, int]] = {}

    def known(self, node: str) -> int | None:
        """Return the process that was found for a node, if it still runs and this is its host."""
        container, pid = self._found.get(node, ("", 0))
        return pid if _runs(container, pid) else None

    def find(self, node: str, container: Container) -> int | None:
        """Look up a node's process anew; None if it does not run, or runs on another host than this."""
        self._found[node] = container.id or "", container.attrs["State"]["Pid"]
        return self.known(node)


def _runs(container: str, pid: int) -> bool:
    """Tell whether a process of this host is the container's."""
    with contextlib.suppress(OSError):
        return bool(container and pid) and container in Path(f"/proc/{pid}/cgroup").read_text()
    return False
