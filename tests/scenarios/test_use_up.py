"""Tries to use up what a node shares with the others: processes, memory, descriptors, disk, log. A limit stops each.

greedy   tries it, and is stopped     meanwhile b talks with the server, as if nothing were the matter
"""

import os
import re
from collections.abc import Iterator

import pytest

from lab.bases import free_base
from lab.docker import DockerEngine
from lab.engine import NodeState
from lab.terminal import Terminal
from lab.up import up
from lab.waiting import eventually
from topology.plan import load

pytestmark = pytest.mark.timeout(180)

LAB = """
name: greedy
base: 10.83.0.0/16
networks: {lab: {subnet: 10.83.0.0/24}, other: {subnet: 10.83.1.0/24}}
nodes:
  server: {role: broadcast-server, networks: [lab]}
  greedy: {role: host, networks: [lab]}
  b: {role: host, networks: [lab]}
  loud: {role: host, networks: [lab], program: loud.py}
  router: {role: router, networks: [lab, other]}
"""
MEBI = 1 << 20
LOUD = 16
"""Mebibytes that one node prints: twice what its log may take."""

# Children that end at once and that nobody asks about still count as processes, and cost next to nothing.
FORK = """
import os
count = 0
try:
    while count < 5000:
        if not os.fork():
            os._exit(0)
        count += 1
except OSError as error:
    print("stopped:", error, flush=True)
print(count, flush=True)
input()
"""
THREADS = """
import threading
threading.stack_size(64 << 10)
gate, count = threading.Event(), 0
try:
    while count < 5000:
        threading.Thread(target=gate.wait, daemon=True).start()
        count += 1
except RuntimeError as error:
    print("stopped:", error, flush=True)
print(count, flush=True)
input()
"""
FILES = """
import os
held = []
try:
    while len(held) < 10000:
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError as error:
    print("stopped:", error, flush=True)
print(len(held), flush=True)
input()
"""
MEMORY = """
held = []
for mebi in range(0, 1024, 16):
    held.append(bytearray(b"x") * (16 << 20))
    print(mebi + 16, flush=True)
"""
DISK = """
import os, sys
for place in sys.argv[1:]:
    written = 0
    try:
        with open(place + "/much", "wb", buffering=0) as file:
            while written < 1 << 30:
                written += file.write(bytes(1 << 20))
    except OSError as error:
        print(place, written >> 20, error)
    if os.path.exists(place + "/much"):
        os.unlink(place + "/much")
"""
LOUD_PROGRAM = f"""
import sys, time
line = "x" * 1023
for number in range({LOUD} * 1024):
    print(number, line)
print("the last word", flush=True)
time.sleep(1000)
"""
TALK = """
import socket
with socket.create_connection(("server", 9000), 10) as one, socket.create_connection(("server", 9000), 10) as other:
    for dialer in (one, other):
        dialer.settimeout(10)
        assert b"you are" in dialer.recv(1000)
    other.sendall(b"still here\\n")
    heard = b""
    while b"still here" not in heard:
        heard += one.recv(1000)
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DockerEngine]:
    """Bring the lab up."""
    name, folder = f"socklab-use-up-{os.getpid()}", tmp_path_factory.mktemp("lab")
    (folder / "lab.yaml").write_text(LAB)
    (folder / "loud.py").write_text(LOUD_PROGRAM)
    engine = DockerEngine(name)
    try:
        with free_base() as base:
            topology = load(folder / "lab.yaml", name=name, base=base, root=folder)
            up(topology, engine, folder, lambda text: None)
        yield engine
    finally:
        engine.remove()
        engine.close()


def others_go_on(engine: DockerEngine) -> bool:
    done = engine.run("b", ["python3", "-c", TALK])
    return done.status == 0 or pytest.fail(done.output.decode())


@pytest.mark.parametrize(
    ("program", "most", "said"),
    [
        pytest.param(FORK, 2048, "Resource temporarily unavailable", id="processes"),
        pytest.param(THREADS, 2048, "can't start new thread", id="threads"),
        pytest.param(FILES, 4096, "Too many open files", id="descriptors"),
    ],
)
def test_a_limit_stops_who_takes_all(engine: DockerEngine, program: str, most: int, said: str) -> None:
    greedy = Terminal("greedy", engine.spawn("greedy", ["python3", "-c", program]))
    count = int(greedy.wait_for(re.compile(r"(?m)^(\d+)\n"), within=60))
    greedy.wait_for(re.compile(f"stopped: .*{said}"))
    assert most - 32 < count <= most  # less what runs in the node anyway
    assert others_go_on(engine)  # while it holds all that it could get
    greedy.type("\n")
    greedy.wait_for_end()
    greedy.close()
    eventually(lambda: engine.run("greedy", ["true"]).status == 0, "room for a program in the node again", within=30)


def test_who_eats_memory_is_killed(engine: DockerEngine) -> None:
    done = engine.run("greedy", ["python3", "-c", MEMORY])
    assert done.status == 137  # SIGKILL
    assert 256 < int(done.output.split()[-1]) <= 512
    assert others_go_on(engine)
    assert engine.states()["greedy"] is NodeState.RUNNING


def filled(engine: DockerEngine, node: str, *places: str) -> dict[str, tuple[int, str]]:
    """Fill places of a node with files; return how many mebibytes went in, and why no more did."""
    done = engine.run(node, ["python3", "-c", DISK, *places])
    rows = [line.split(maxsplit=2) for line in done.output.decode().splitlines()]
    return {place: (int(size), why) for place, size, why in rows}


def test_disks_cannot_be_filled(engine: DockerEngine) -> None:
    found = filled(engine, "greedy", "/lab", "/tmp", "/var/tmp", "/home", "/run", "/dev", "/dev/shm")  # noqa: S108
    assert found.pop("/dev/shm") == (64, "[Errno 28] No space left on device")  # noqa: S108
    assert len(found) == 6
    for place, (size, why) in found.items():
        assert size == 0, place
        assert "Read-only file system" in why or "Permission denied" in why, place
    assert others_go_on(engine)


def test_a_routers_folders_are_small(engine: DockerEngine) -> None:
    found = filled(engine, "router", "/etc/frr", "/run/frr", "/tmp", "/var/lib/frr", "/var/tmp/frr")  # noqa: S108
    assert len(found) == 5
    for place, (size, why) in found.items():
        assert size <= 8, place
        assert "No space left on device" in why, place


def test_a_log_keeps_the_last_that_was_printed_and_no_more_than_its_size(engine: DockerEngine) -> None:
    eventually(lambda: engine.logs("loud").rstrip().endswith(b"the last word"), "the last word in the log", within=60)
    kept = engine.logs("loud")
    assert MEBI < len(kept) < 8 * MEBI
    assert not kept.startswith(b"0 x")
    assert others_go_on(engine)
