"""What the whole machine does while something runs: the engine, what it executes, who asks it, and the containers.

It says something only where nothing else runs. The kernel counts it, in /proc/stat (proc(5)).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

STAT = Path("/proc/stat")


@dataclass(frozen=True)
class Work:
    """`cpu`: CPU seconds that the machine has worked. `started`: how many processes and threads began."""

    cpu: float
    started: int

    def since(self, before: "Work") -> "Work":
        """Return what came after `before`."""
        return Work(self.cpu - before.cpu, self.started - before.started)


def work_during(run: Callable[[], object]) -> Work:
    """Run something; return what the machine has done meanwhile."""
    before = work(STAT.read_text(encoding="ascii"))
    run()
    return work(STAT.read_text(encoding="ascii")).since(before)


def work(stat: str) -> Work:
    """Return what the machine has done since its start, told in the text of /proc/stat."""
    counts = {name: fields for name, *fields in map(str.split, stat.splitlines())}
    user, nice, system, _idle, _iowait, irq, softirq, *_ = map(int, counts["cpu"])
    return Work((user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK"), int(counts["processes"][0]))
