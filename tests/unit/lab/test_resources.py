"""What programs hold, as /proc tells: recorded in real containers, and a process of this machine."""

import os
import subprocess
import sys

import pytest

from lab import resources
from lab.threads import proc_program
from lab.threads.model import Kind
from lab.threads.proc import threads
from tests.unit.lab.threads.test_proc import recorded

MORE = 8 << 20
"""Bytes."""

PROGRAMS = ("broadcast-client", "broadcast-server", "forwarder", "udp-peer")


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_in_a_container(name: str) -> None:
    texts = recorded(name)
    assert resources.threads(texts) == len(threads(texts))
    blocked_at = {on.port for thread in threads(texts) for on in thread.on if on.kind in (Kind.LISTENER, Kind.UDP)}
    assert len(blocked_at) <= resources.sockets(texts) < resources.descriptors(texts)


TAKES_MORE = f"""
import os, socket, sys, threading
print(flush=True)
sys.stdin.readline()
kept = bytearray({MORE})
kept[:: os.sysconf("SC_PAGESIZE")] = b"x" * len(kept[:: os.sysconf("SC_PAGESIZE")])
over = threading.Event()
threading.Thread(target=over.wait).start()
with socket.socket(), open(os.devnull):
    print(flush=True)
    sys.stdin.readline()
over.set()
"""


def test_what_a_process_takes_more() -> None:
    with subprocess.Popen([sys.executable, "-c", TAKES_MORE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        before = _texts(process.pid)
        process.stdin.write(b"\n")
        process.stdin.flush()
        process.stdout.readline()
        after = _texts(process.pid)
    assert resources.threads(after) == resources.threads(before) + 1
    assert resources.sockets(after) == resources.sockets(before) + 1
    assert resources.descriptors(after) == resources.descriptors(before) + 2
    assert resources.memory(after) - resources.memory(before) >= MORE // 2


def test_who_does_not_run_holds_nothing() -> None:
    counts = (resources.threads, resources.sockets, resources.descriptors, resources.memory)
    assert [count({}) for count in counts] == [0, 0, 0, 0]


def test_memory_of_several_processes_is_added_and_that_of_threads_is_not() -> None:
    status = "Name:\tpython3\nRssAnon:\t    100 kB\nRssFile:\t   9000 kB\nRssShmem:\t     4 kB\n"
    paths = ("7/task/7/status", "7/task/8/status", "9/task/9/status")
    assert resources.memory(dict.fromkeys(paths, status)) == 2 * 104 * 1024


def _texts(process: int) -> dict[str, str]:
    """Collect the texts of a child of ours."""
    return {path: text for path, text in proc_program.collect(os.getpid()).items() if path.startswith(f"{process}/")}
