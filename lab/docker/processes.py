"""The process of each node as the engine's host numbers it, so that /proc can be read there, and no exec is needed."""

import contextlib
from pathlib import Path


class Processes:
    """What was found once, and holds until the process ends."""

    def __init__(self) -> None:
        """Know none."""
        self._found: dict[str, tuple[str, int]] = {}

    def known(self, node: str) -> int | None:
        """Return the process that was found for a node, if it still runs and this is its host."""
        container, pid = self._found.get(node, ("", 0))
        return pid if _runs(container, pid) else None

    def find(self, node: str, container: str, pid: int) -> int | None:
        """Keep what the engine says of a node's process now; None if it does not run, or not on this host."""
        self._found[node] = container, pid
        return self.known(node)


def _runs(container: str, pid: int) -> bool:
    """Tell whether a process of this host is the container's."""
    with contextlib.suppress(OSError):
        return bool(container and pid) and container in Path(f"/proc/{pid}/cgroup").read_text()
    return False
