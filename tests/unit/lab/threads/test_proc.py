"""Threads as /proc tells of them: recorded in real containers, by hand for what is rare, and this machine's own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.threads import proc_program
from lab.threads.model import State, Thread
from lab.threads.proc import command, threads
from lab.threads.syscalls import AARCH64, CALLS, X86_64
from lab.threads.words import place
from lab.waiting import eventually
from tests.unit.lab.properties import steady

NODES = {
    "10.240.0.2": "server", "10.240.0.3": "alice", "10.240.0.4": "bob", "10.97.0.10": "p3client",
    "10.97.0.11": "forwarder2", "10.97.0.8": "forwarder1", "10.97.0.9": "p3server",
}  # fmt: skip


def recorded(name: str) -> dict[str, str]:
    """Return the texts of a program in its container."""
    texts: dict[str, str] = json.loads((Path(__file__).parent / "proc" / f"{name}.json").read_text())
    return texts


def told(texts: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(thread.name, thread.state.value, place(thread, NODES)) for thread in threads(texts)]


def one(**more: str) -> dict[str, str]:
    """Return the texts of one thread of one process, with others in place of some."""
    texts = {
        "machine": "x86_64",
        "7/task/7/status": "Name:\tx\nState:\tS (sleeping)\nNStgid:\t907\t7\nNSpid:\t907\t7\n"
        "voluntary_ctxt_switches:\t3\nnonvoluntary_ctxt_switches:\t2\n",
        "7/task/7/comm": "x\n",
        "7/task/7/schedstat": "1500000000 250000000 5\n",
        "7/task/7/syscall": "202 0x7f0 0x189 0x0 0x0 0x0 0xffffffff 0x7f1 0x7f2\n",
    }
    return texts | {f"7/task/7/{name.replace('_', ' ')}": text for name, text in more.items()}


def alone(texts: dict[str, str]) -> Thread:
    return alone_of(threads(texts))


def alone_of(found: tuple[Thread, ...]) -> Thread:
    (thread,) = found
    return thread


# Recorded


def test_a_server_and_its_clients() -> None:
    assert told(recorded("broadcast-server")) == [
        ("python3", "blocked", "accept on port 9000"),
        ("ending", "waiting", "a signal"),
        ("client-1-writer", "waiting", "lock or queue (futex)"),
        ("client-1-reader", "blocked", "recv from bob"),
        ("client-2-writer", "waiting", "lock or queue (futex)"),
        ("client-2-reader", "blocked", "recv from alice"),
    ]


def test_the_numbers_are_those_of_the_node() -> None:
    main, *others = threads(recorded("broadcast-server"))
    assert main.is_main
    assert {thread.process for thread in others} == {main.process}
    assert main.process < 10  # 1 is the init of the node
    assert not any(thread.is_main for thread in others)


def test_whose_words_a_thread_waits_for() -> None:
    reads = {t.name: t.reads_from() for t in threads(recorded("broadcast-server")) if t.reads_from()}
    assert reads == {"client-1-reader": {"10.240.0.4"}, "client-2-reader": {"10.240.0.3"}}


def test_a_client_waits_for_its_person_and_its_server() -> None:
    assert told(recorded("broadcast-client")) == [
        ("python3", "blocked", "select of the terminal"),
        ("ending", "waiting", "a signal"),
        ("link", "blocked", "recv from server"),
    ]


def test_a_forwarder_polls() -> None:
    assert told(recorded("forwarder"))[0] == ("python3", "blocked", "poll of port 8000, pipe")


def test_a_peer_waits_for_datagrams() -> None:
    assert ("listening", "blocked", "recv from UDP port 12000") in told(recorded("udp-peer"))


def test_the_command_line() -> None:
    assert command(recorded("broadcast-server")) == "python3 -m services.broadcast_server --port 9000"
    assert command({}) == ""


# By hand


def test_times_and_switches() -> None:
    thread = alone(one())
    assert (thread.process, thread.number, thread.name) == (7, 7, "x")
    assert thread.cpu == 1.5
    assert (thread.voluntary, thread.involuntary, thread.switches) == (3, 2, 5)


@pytest.mark.parametrize(
    ("first", "later", "state"),
    [
        ("100 5 7", "140 5 7", State.RUNNING),  # its time rose in the slice that it was in
        ("100 5 7", "100 5 7", State.READY),  # it was not put on a CPU all the while
        ("100 5 7", "100 9 8", State.READY),  # it was put on one after the look
        ("100 5 7", "140 9 8", State.READY),
    ],
)
def test_running_and_ready(first: str, later: str, state: State) -> None:
    thread = alone(one(syscall="running\n", schedstat=first, schedstat_later=later))
    assert (thread.state, thread.call, place(thread, NODES)) == (state, "", "")


@pytest.mark.parametrize(
    ("syscall", "state", "where"),
    [
        ("230 0x0 0x0 0x7ff 0x0", State.SLEEPING, "sleep"),
        ("202 0x7f0", State.WAITING, "lock or queue (futex)"),
        ("61 0xffffffff", State.WAITING, "the end of a child process"),
        ("0 0x3 0x7ff 0x100", State.BLOCKED, "read from a.txt"),
        ("0 0x9 0x7ff 0x100", State.BLOCKED, "read"),  # opened after the list of descriptors was made
        ("45 0x4 0x7ff 0x400", State.BLOCKED, "recv from 10.9.9.9:50000"),
        ("44 0x4 0x7ff 0x400", State.BLOCKED, "send to 10.9.9.9:50000"),
        ("999 0x1", State.BLOCKED, "system call 999"),
    ],
)
def test_where_it_waits(syscall: str, state: State, where: str) -> None:
    row = "0: 0200F00A:2328 0909090A:C350 01 0:0 00:0 0 1000 0 77 1 0"
    about = {"7/fd/3": "a.txt", "7/fd/4": "socket:[77]", "7/net/tcp": f"header\n   {row}\n"}
    thread = alone(one(syscall=syscall) | about)
    assert (thread.state, place(thread, NODES)) == (state, where)


@pytest.mark.parametrize(("letter", "state"), [("T", State.STOPPED), ("t", State.STOPPED), ("Z", State.ENDED)])
def test_neither_at_work_nor_waiting(letter: str, state: State) -> None:
    texts = one()
    texts["7/task/7/status"] = texts["7/task/7/status"].replace("S (", f"{letter} (")
    assert alone(texts).state is state


def test_on_an_arm_the_numbers_are_others() -> None:
    assert place(alone(one(syscall="115 0x0") | {"machine": "aarch64"}), {}) == "sleep"
    assert place(alone(one(syscall="115 0x0") | {"machine": "s390x"}), {}) == "system call 115"


def test_every_call_of_the_tables_has_words() -> None:
    assert {*X86_64.values(), *AARCH64.values()} <= {*CALLS}
    assert {*AARCH64.values()} <= {*X86_64.values()}


def test_a_call_that_may_not_be_seen_is_told_by_where_the_kernel_waits() -> None:
    texts = one(wchan="wait_woken")
    del texts["7/task/7/syscall"]
    assert place(alone(texts), {}) == "wait_woken"


def test_polled_for_room_is_not_for_words() -> None:
    row = "0: 0200F00A:2328 0300F00A:C350 01 0:0 00:0 0 1000 0 77 1 0"
    sockets = {"7/fd/4": "socket:[77]", "7/net/tcp": f"header\n   {row}\n"}
    for_words, for_room = (one(syscall="7 0x7ff 0x1 0x0", list=f"04000000{e}000000") for e in ("01", "04"))
    assert alone(for_words | sockets).reads_from() == {"10.240.0.3"}
    assert alone(for_room | sockets).reads_from() == set()
    assert place(alone(for_room | sockets), NODES) == "poll of alice"


def test_of_many_descriptors_three_are_named() -> None:
    files = {f"7/fd/{number}": f"file{number}" for number in range(8)}
    assert place(alone(one(syscall="23 0x6 0x7ff", list="ff00") | files), {}) == "select of file0, file1, file2, 3 more"


def test_epoll_has_its_list_in_the_kernel() -> None:
    info = "pos:\t0\ntfd:        4 events:       19 data: 4\ntfd:        5 events:        4 data: 5\n"
    about = {"7/fdinfo/3": info, "7/fd/4": "/dev/pts/0", "7/fd/5": "pipe:[9]"}
    assert place(alone(one(syscall="232 0x3 0x7ff") | about), {}) == "epoll of the terminal, pipe"


def test_what_ends_while_it_is_read_is_left_out() -> None:
    assert threads({}) == ()
    assert threads({"machine": "x86_64", "7/task/7/comm": "gone\n"}) == ()


@steady
@given(st.sets(st.sampled_from([*one(), "7/task/7/list"])))
def test_a_text_that_is_missing_is_no_disaster(missing: set[str]) -> None:
    texts = {path: text for path, text in one(syscall="7 0x7ff 0x1 0x0", list="0300000001000000").items()
             if path not in missing or path in ("machine", "7/task/7/status")}  # fmt: skip
    assert alone(texts).number == 7


# This machine's own

WAITS = """
import select, socket, threading, time

listener, door = socket.create_server(("127.0.0.1", 0)), socket.create_server(("127.0.0.1", 0))
far = socket.create_connection(listener.getsockname())
near, _ = listener.accept()
far.settimeout(60)
epoll = select.epoll()
epoll.register(near, select.EPOLLIN)
lock = threading.Lock()
lock.acquire()
for work in (
    door.accept, lambda: near.recv(10), lambda: far.recv(10), lambda: select.select([near], [], []),
    lambda: epoll.poll(60), lock.acquire, lambda: time.sleep(60),
):
    threading.Thread(target=work, daemon=True).start()
print(door.getsockname()[1], flush=True)
input()
"""
SPINS = "print(0, flush=True)\nwhile True: pass"

here = pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")


@contextmanager
def child(source: str) -> Iterator[tuple[int, Callable[[], tuple[Thread, ...]]]]:
    """Run a Python program; yield the number that it prints first, and what tells its threads."""
    started = subprocess.Popen([sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def look() -> tuple[Thread, ...]:
        return tuple(t for t in threads(proc_program.collect(os.getpid())) if t.process == started.pid)

    with started:
        assert started.stdout
        try:
            yield int(started.stdout.readline()), look
        finally:
            started.kill()


@here
def test_all_ways_to_wait() -> None:
    with child(WAITS) as (port, look):
        ways = {"accept on port {}", "epoll of here", "lock or queue (futex)", "poll of here", "read from pipe",
                "recv from here", "select of here", "sleep"}  # fmt: skip
        wanted = {way.format(port) for way in ways}

        def places() -> set[str]:
            return {place(thread, {"127.0.0.1": "here"}) for thread in look()}

        eventually(lambda: places() == wanted, str(wanted), otherwise=lambda: str(places()))


@here
def test_one_that_runs_is_seen_to_run_and_uses_the_cpu() -> None:
    with child(SPINS) as (_, look):
        first = alone_of(look())
        eventually(lambda: alone_of(look()).state is State.RUNNING, "a running thread")
        assert alone_of(look()).cpu > first.cpu


def test_no_name_that_a_program_gives_itself_commands_a_terminal() -> None:
    texts = one(comm="\x1b]0;x\x07\n", syscall="0 0x3 0x7f0 0x1 0x0 0x0 0x0 0x7f1 0x7f2\n")
    texts |= {"7/cmdline": "\x1b[2J\0-m\0", "7/fd/3": "/srv/\x1b[1m"}
    thread = alone(texts)
    assert thread.name == "\\x1b]0;x\\x07" and command(texts) == "\\x1b[2J -m"
    assert place(thread, NODES).isprintable() and "\\x1b[1m" in place(thread, NODES)


@pytest.mark.parametrize("address", ["0xffffffffffffffff", "0x0"])
def test_an_address_that_is_none_is_not_read_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """`poll` with no descriptors does not look at where its list would be."""
    folder = tmp_path / "7" / "task" / "7"
    folder.mkdir(parents=True)
    (tmp_path / "7" / "mem").write_bytes(b"")
    (folder / "syscall").write_text(f"7 {address} 0x0 0xffffffff 0x0 0x0 0x0 0x7f 0x7f\n")
    monkeypatch.setattr(proc_program, "PROC", tmp_path)
    texts = {"machine": "x86_64"}
    proc_program.look_at(texts, "7", "7/task/7")
    assert texts.get("7/task/7/list", "") == ""
