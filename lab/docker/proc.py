"""What a node's /proc says: read here where this is its host and we may, else from a container beside it.

here     root, or on some systems whoever the program runs as
beside   a passing container in the node's process namespace, with the right to look into its processes and no other
"""

import json
from pathlib import Path

from docker import DockerClient

from lab.docker.helpers import confined
from lab.errors import EngineError
from lab.threads import proc_program

INIT = 1
"""The number, in the node, of the process that the engine puts before its program."""
COMMAND = ["python3", "-c", Path(proc_program.__file__).read_text(encoding="utf-8"), str(INIT)]
RIGHTS = ["SYS_PTRACE", "DAC_READ_SEARCH"]
"""To see in which call a thread of another's program is, and to open files that are closed to others."""


def here(pid: int | None) -> dict[str, str] | None:
    """Collect the texts of a process of this host; None if there is none, or it is closed to us."""
    if pid is None:
        return None
    try:
        Path(f"/proc/{pid}/syscall").read_text()
    except OSError:
        return None
    return proc_program.collect(pid)


def beside(client: DockerClient, container: str, image: str, labels: dict[str, str]) -> dict[str, str]:
    """Collect the texts of a container's processes by the same program, in a container of the tap image."""
    output = client.containers.run(
        image, COMMAND, remove=True, pid_mode=f"container:{container}", network_mode="none",
        read_only=True, labels=labels, **confined(*RIGHTS),
    )  # fmt: skip
    texts = dict(json.loads(line) for line in output.splitlines())
    if "machine" not in texts:
        raise EngineError("nothing came of a look into /proc from beside a node; try it again")
    return texts
