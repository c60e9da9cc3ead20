"""What /proc says of the threads of a program (man 5 proc), collected as it stands there: path and text.

    init of the node --- its children --- theirs ...   each: cmdline, fd/*, net/{tcp,tcp6,udp,udp6}
                              '------- task/*          each: comm, status, schedstat, syscall, wchan

`proc.py` reads these texts. Where the lab may look into the node's /proc it calls `collect`; elsewhere it passes
this file as source to `python3 -c` in a container of the tap image that shares the node's process numbers, and gets a
line of JSON a text. Standard library only (of python3-minimal).

    schedstat later   of a thread that is ready or running, once more: when it has changed, or after `WATCHED` seconds
    list              in hexadecimal: the descriptors that poll or select was given in the program's memory
"""

import contextlib
import json
import os
import sys
import threading
import time
from pathlib import Path

PROC = Path("/proc")
WATCHED = 0.02
"""Seconds. A running thread's CPU time is counted at every tick of the kernel's clock, 0.01 s apart at most."""
PAUSE = threading.Event()
ENTRY, LONGEST_LIST = 8, 1024
"""Bytes: what poll is given for each descriptor (select less), and the most that is read."""

LISTS = {"x86_64": {"7": 0, "271": 0, "23": 1, "270": 1}, "aarch64": {"73": 0, "72": 1}}
"""Which of the first two arguments of poll, ppoll, select and pselect6 is the address of the list; the other counts."""


def collect(init: int) -> dict[str, str]:
    """Return the texts of all descendants of a process, by their paths below /proc; and `machine`, as uname -m."""
    texts = {"machine": os.uname().machine}
    waiting = children(str(init))
    while waiting:
        process = waiting.pop()
        waiting += children(process)
        keep(texts, f"{process}/cmdline")
        for thread in listed(f"{process}/task"):  # before the sockets, so that theirs are there
            look_at(texts, process, f"{process}/task/{thread}")
        for descriptor in listed(f"{process}/fd"):
            with contextlib.suppress(OSError):
                texts[f"{process}/fd/{descriptor}"] = link = str((PROC / process / "fd" / descriptor).readlink())
                if link == "anon_inode:[eventpoll]":
                    keep(texts, f"{process}/fdinfo/{descriptor}")
        for table in ("tcp", "tcp6", "udp", "udp6"):
            keep(texts, f"{process}/net/{table}")
    return texts


def look_at(texts: dict[str, str], process: str, thread: str) -> None:
    """Take the texts of one thread."""
    for name in ("schedstat", "syscall", "status", "wchan", "comm"):
        keep(texts, f"{thread}/{name}")
    if texts.get(f"{thread}/syscall", "").startswith("running"):
        watch(texts, f"{thread}/schedstat")
        return
    number, *arguments = texts.get(f"{thread}/syscall", "").split() or [""]
    where = LISTS.get(texts["machine"], {}).get(number)
    if where is not None:
        count = int(arguments[1 - where], 16)
        unless = contextlib.suppress(OSError, ValueError, OverflowError)  # a program may give any number for an address
        with unless, (PROC / process / "mem").open("rb", buffering=0) as memory:
            memory.seek(int(arguments[where], 16))
            texts[f"{thread}/list"] = memory.read(min(ENTRY * count, LONGEST_LIST)).hex()


def watch(texts: dict[str, str], path: str) -> None:
    """Read a file again until it has changed, or long enough."""
    deadline = time.monotonic() + WATCHED
    keep(texts, path, " later")
    while texts.get(f"{path} later") == texts.get(path) and time.monotonic() < deadline:
        PAUSE.wait(0.001)
        keep(texts, path, " later")


def children(process: str) -> list[str]:
    """Return the processes that the threads of a process have started."""
    texts: dict[str, str] = {}
    for thread in listed(f"{process}/task"):
        keep(texts, f"{process}/task/{thread}/children")
    return " ".join(texts.values()).split()


def listed(folder: str) -> list[str]:
    """Return the numbers that are the names in a folder; none where it is gone, or closed to us."""
    with contextlib.suppress(OSError):
        return sorted((path.name for path in (PROC / folder).iterdir() if path.name.isdecimal()), key=int)
    return []


def keep(texts: dict[str, str], path: str, more: str = "") -> None:
    """Read a file below /proc, if it is there and open to us."""
    with contextlib.suppress(OSError):
        texts[path + more] = (PROC / path).read_text(errors="replace")


if __name__ == "__main__":
    for item in collect(int(sys.argv[1])).items():
        print(json.dumps(item))
