"""A thread's name, as the system has it."""

import threading
from pathlib import Path

import pytest

from services.shared.threads import Thread


def name_seen_by_the_system(name: str) -> str:
    """Return what the system calls a thread of this name while it runs."""
    seen: list[str] = []

    def look() -> None:
        seen.append(Path(f"/proc/self/task/{threading.get_native_id()}/comm").read_text().rstrip("\n"))

    thread = Thread(target=look, name=name)
    thread.start()
    thread.join()
    return seen[0]


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("client-1-reader", "client-1-reader"),
        ("client-10-reader", "client-10-reade"),  # 15 bytes are all that the system keeps
        ("café", "café"),
    ],
)
def test_the_system_knows_the_name(name: str, seen: str) -> None:
    assert name_seen_by_the_system(name) == seen


def test_the_name_of_the_thread_that_starts_it_stays() -> None:
    mine = Path("/proc/self/comm").read_text()
    name_seen_by_the_system("another")
    assert Path("/proc/self/comm").read_text() == mine


def test_it_takes_what_a_thread_takes() -> None:
    got: list[object] = []
    thread = Thread(target=lambda *args, **more: got.extend([args, more]), args=(1,), kwargs={"two": 2}, daemon=True)
    thread.start()
    thread.join()
    assert got == [(1,), {"two": 2}]
    assert thread.daemon
