"""Looks at a program of services/ that runs in this container: its threads, its descriptors, whether its port is open.

It waits for that: until it has no more of them than --threads and --descriptors; or until its port is open, and it has
as many as it had the last few times: it has started.
"""

import argparse
import contextlib
import threading
import time
from pathlib import Path

from reliability.hostile.attacks.words import tell

EVERY = 0.02
SAME = 5
"""So often has a program that has started the same number of threads."""
LISTENING = "0A"
"""The state of a listening socket in /proc/net/tcp."""


def process_of(module: str) -> int | None:
    """Return the process that runs `python3 -m MODULE`."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if words[1:3] == [b"-m", module.encode()]:
                return int(folder.name)
    return None


def counted(process: int) -> tuple[int, int]:
    """Return how many threads and descriptors it has. OSError if it is gone."""
    folder = Path(f"/proc/{process}")
    return len(list((folder / "task").iterdir())), len(list((folder / "fd").iterdir()))


def is_open(port: int, protocol: str) -> bool:
    """Tell whether a socket of this container listens on a TCP port, or is bound to a UDP port."""
    for table in (protocol, f"{protocol}6"):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_ = row.split()
            if int(local.rpartition(":")[2], 16) == port and (protocol == "udp" or state == LISTENING):
                return True
    return False


def main() -> None:
    """Look, until it is as it should be or the time is over."""
    line = argparse.ArgumentParser(description="Looks at a program that runs here.")
    line.add_argument("--module", required=True)
    line.add_argument("--tcp", type=int, help="wait until somebody listens on this port")
    line.add_argument("--udp", type=int, help="wait until this port is bound")
    line.add_argument("--threads", type=int, default=1 << 20, help="wait until it has no more")
    line.add_argument("--descriptors", type=int, default=1 << 20, help="wait until it has no more")
    line.add_argument("--within", type=float, default=10.0)
    options = line.parse_args()
    deadline = time.monotonic() + options.within
    pause = threading.Event()
    seen: list[tuple[int, int]] = []
    ports = {"tcp": options.tcp, "udp": options.udp}
    while True:
        late = time.monotonic() > deadline
        process = process_of(options.module)
        with contextlib.suppress(OSError):
            if process is not None and all(is_open(port, protocol) for protocol, port in ports.items() if port):
                seen = [*seen[-SAME:], counted(process)]
                threads, descriptors = seen[-1]
                has_settled = not any(ports.values()) or (len(seen) > SAME and len(set(seen)) == 1)
                if late or (has_settled and threads <= options.threads and descriptors <= options.descriptors):
                    tell(alive=True, threads=threads, descriptors=descriptors)
                    return
        if late:
            tell(alive=False, threads=0, descriptors=0)
            return
        pause.wait(EVERY)


if __name__ == "__main__":
    main()
