"""System calls that a thread can wait in: their numbers on each machine, and what that waiting is.

The numbers are the kernel's: arch/x86/entry/syscalls/syscall_64.tbl, and include/uapi/asm-generic/unistd.h for aarch64.
A call that is not here keeps its number.
"""

from dataclasses import dataclass
from enum import Enum

X86_64 = {
    0: "read", 1: "write", 7: "poll", 19: "readv", 20: "writev", 23: "select", 34: "pause", 35: "nanosleep",
    40: "sendfile", 42: "connect", 43: "accept", 44: "sendto", 45: "recvfrom", 46: "sendmsg", 47: "recvmsg",
    61: "wait4", 128: "rt_sigtimedwait", 130: "rt_sigsuspend", 202: "futex", 230: "clock_nanosleep",
    232: "epoll_wait", 247: "waitid", 270: "pselect6", 271: "ppoll", 275: "splice", 281: "epoll_pwait",
    288: "accept4", 299: "recvmmsg", 307: "sendmmsg", 441: "epoll_pwait2",
}  # fmt: skip
AARCH64 = {
    22: "epoll_pwait", 63: "read", 64: "write", 65: "readv", 66: "writev", 71: "sendfile", 72: "pselect6",
    73: "ppoll", 76: "splice", 95: "waitid", 98: "futex", 101: "nanosleep", 115: "clock_nanosleep",
    133: "rt_sigsuspend", 137: "rt_sigtimedwait", 202: "accept", 203: "connect", 206: "sendto", 207: "recvfrom",
    211: "sendmsg", 212: "recvmsg", 242: "accept4", 243: "recvmmsg", 260: "wait4", 269: "sendmmsg",
    441: "epoll_pwait2",
}  # fmt: skip
NUMBERS = {"x86_64": X86_64, "aarch64": AARCH64}


class For(Enum):
    """What a thread waits for in a call."""

    DATA = "data"  # to come from a socket, a terminal, a file
    ROOM = "room"  # for what it sends, or the other side's word that it is there
    CLIENT = "client"
    ANY = "any"  # of several of these
    TIME = "time"
    OTHERS = "others"  # threads, processes, signals


@dataclass(frozen=True)
class Call:
    """A system call, in words."""

    words: str
    waits_for: For
    preposition: str = ""  # before what it is about: the descriptor that is its first argument, or those of a list


RECV, READ = Call("recv", For.DATA, "from"), Call("read", For.DATA, "from")
SEND, WRITE = Call("send", For.ROOM, "to"), Call("write", For.ROOM, "to")
ACCEPT, CONNECT = Call("accept", For.CLIENT, "on"), Call("connect", For.ROOM, "to")
POLL, SELECT, EPOLL = Call("poll", For.ANY, "of"), Call("select", For.ANY, "of"), Call("epoll", For.ANY, "of")
SLEEP = Call("sleep", For.TIME)
SIGNAL, CHILD = Call("a signal", For.OTHERS), Call("the end of a child process", For.OTHERS)

CALLS = {
    "read": READ, "readv": READ, "recvfrom": RECV, "recvmsg": RECV, "recvmmsg": RECV,
    "write": WRITE, "writev": WRITE, "sendfile": WRITE, "sendto": SEND, "sendmsg": SEND, "sendmmsg": SEND,
    "accept": ACCEPT, "accept4": ACCEPT, "connect": CONNECT, "splice": Call("splice", For.DATA, "from"),
    "poll": POLL, "ppoll": POLL, "select": SELECT, "pselect6": SELECT,
    "epoll_wait": EPOLL, "epoll_pwait": EPOLL, "epoll_pwait2": EPOLL,
    "nanosleep": SLEEP, "clock_nanosleep": SLEEP, "futex": Call("lock or queue (futex)", For.OTHERS),
    "pause": SIGNAL, "rt_sigsuspend": SIGNAL, "rt_sigtimedwait": SIGNAL, "wait4": CHILD, "waitid": CHILD,
}  # fmt: skip


def name(machine: str, number: int) -> str:
    """Return the kernel's name of a call, or `system call N`."""
    return NUMBERS.get(machine, {}).get(number, f"system call {number}")
