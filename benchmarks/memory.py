"""How much memory processes take: PSS, which counts a page that several processes share in equal parts to each.

    node      docker-init, its program and what that started        PSS of all of them
    shim      containerd-shim, their parent: the engine's own, one a container

Linux says it in /proc/PID/smaps_rollup, to root alone where the process is somebody else's.
"""

from pathlib import Path

_KILOBYTE = 1024


def pss(process: int) -> int:
    """Return the bytes of a process. OSError if it is gone, or not ours to look at."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * _KILOBYTE
    raise OSError(f"/proc/{process}/smaps_rollup has no Pss")


def family(process: int) -> list[int]:
    """Return a process and all that it started and has not outlived. OSError if it is gone."""
    found = [process]
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def parent(process: int) -> int:
    """Return who started a process. OSError if it is gone."""
    stat = Path(f"/proc/{process}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])  # behind the name, which may have anything in it
