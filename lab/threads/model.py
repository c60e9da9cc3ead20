"""The threads of a node's program as its system has them, at one time. `proc.py` reads them from /proc.

what the course calls it        here      when
on the CPU                      RUNNING   a CPU is working at it
in the ready queue              READY     it could go on, but no CPU is free for it
sleep                           SLEEPING  until a time that it has named
block                           BLOCKED   until a socket, a terminal or a file is ready for it
wait                            WAITING   until another thread, a child process or a signal lets it go on
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from lab.threads.syscalls import CALLS, For


class State(StrEnum):
    """What a thread is doing."""

    RUNNING = "running"
    READY = "ready"
    SLEEPING = "sleeping"
    BLOCKED = "blocked"
    WAITING = "waiting"
    STOPPED = "stopped"  # by a signal or a debugger
    ENDED = "ended"  # and its parent has not asked yet how


class Kind(StrEnum):
    """What a descriptor leads to."""

    CONNECTION = "connection"
    LISTENER = "listener"
    UDP = "udp"
    TERMINAL = "terminal"
    OTHER = "other"


class _Seen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, allow_inf_nan=False)


class Descriptor(_Seen):
    """What a thread is blocked on: a socket with its own port and the other end, or a file by its name."""

    kind: Kind
    name: str = ""
    port: int | None = None
    peer: str | None = None
    peer_port: int | None = None
    to_write: bool = False  # whether it is watched (by poll or epoll) for room, and not for what comes


class Thread(_Seen):
    """One thread. Numbers and names are those of the node's system; the rest is counted from its start."""

    process: int
    number: int
    name: str
    state: State
    call: str = ""  # the system call that it is in, by the kernel's name; of a running one nothing
    on: tuple[Descriptor, ...] = ()
    cpu: float  # seconds on a CPU
    voluntary: int  # context switches: it had to wait for something
    involuntary: int  # context switches: its time was up, or something more urgent came

    @property
    def is_main(self) -> bool:
        """Whether it is the thread that its process began with."""
        return self.number == self.process

    @property
    def switches(self) -> int:
        """All context switches."""
        return self.voluntary + self.involuntary

    def reads_from(self) -> set[str]:
        """Return the other ends of the TCP connections from which it is blocked to read."""
        if self.call not in CALLS or CALLS[self.call].waits_for not in (For.DATA, For.ANY):
            return set()
        return {d.peer for d in self.on if d.kind is Kind.CONNECTION and d.peer and not d.to_write}
