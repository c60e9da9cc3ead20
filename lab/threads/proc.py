"""What the texts of /proc say of a program's threads (man 5 proc). The texts are those of `proc_program.py`.

    task/TID/syscall   45 0x5 ...         call 45 is recvfrom, about descriptor 5
    fd/5               socket:[6857407]   which is this socket
    net/tcp            0200530A:2328 0300530A:8DCC 01 ... 6857407   which is connected to 10.83.0.3

One reading takes some thousandths of a second, and the threads go on meanwhile: what belongs to one thread may be of
two moments that lie this close together.
"""

import re
from collections.abc import Iterator, Mapping
from struct import iter_unpack

from lab.sockets import LISTEN, end_of
from lab.threads.model import Descriptor, Kind, State, Thread
from lab.threads.syscalls import CALLS, For, name
from lab.visible import visible

Texts = Mapping[str, str]
"""What stands in /proc, by path; and `machine`."""

STATES = {For.TIME: State.SLEEPING, For.OTHERS: State.WAITING}
LETTERS = {"T": State.STOPPED, "t": State.STOPPED, "Z": State.ENDED, "X": State.ENDED}
LISTED = ("poll", "ppoll", "select", "pselect6")
"""Calls that are given a list of descriptors in memory."""
POLLIN, POLLOUT = 0x1, 0x4  # EPOLLIN and EPOLLOUT are the same
_NS = 1e9
_TABLES = {"tcp": Kind.CONNECTION, "tcp6": Kind.CONNECTION, "udp": Kind.UDP, "udp6": Kind.UDP}


def threads(texts: Texts) -> tuple[Thread, ...]:
    """Return the threads of all processes, in the order in which they were started."""
    tasks = [match for path in texts if (match := re.fullmatch(r"(\d+)/task/\d+/status", path))]
    tables = {process: _sockets(texts, process) for process in {task[1] for task in tasks}}
    found = (_thread(texts, task[1], task[0].removesuffix("/status"), tables[task[1]]) for task in tasks)
    return tuple(sorted(found, key=lambda thread: (thread.process, thread.number)))


def command(texts: Texts) -> str:
    """Return the command line of the program: of the process that was started first."""
    lines = {int(path.partition("/")[0]): text for path, text in texts.items() if path.endswith("/cmdline")}
    return visible(lines[min(lines)].replace("\0", " ").strip()) if lines else ""


def _thread(texts: Texts, process: str, path: str, sockets: Mapping[str, Descriptor]) -> Thread:
    status = dict(line.split(":\t", 1) for line in texts[f"{path}/status"].splitlines() if ":\t" in line)
    call = _call(texts, path)
    return Thread(
        process=int(status["NStgid"].split()[-1]),  # the last of these numbers is the one in the node
        number=int(status["NSpid"].split()[-1]),
        name=visible(texts.get(f"{path}/comm", "").removesuffix("\n")),  # a program gives its threads any name
        state=_state(texts, path, status["State"][0], call),
        call=call,
        on=tuple(_on(texts, process, path, call, sockets)),
        cpu=int(texts.get(f"{path}/schedstat", "0").split()[0]) / _NS,
        voluntary=int(status["voluntary_ctxt_switches"]),
        involuntary=int(status["nonvoluntary_ctxt_switches"]),
    )


def _call(texts: Texts, path: str) -> str:
    """Name the call that a thread is in. Where we may not know, the kernel's function in which it waits has a name."""
    number = texts.get(f"{path}/syscall", "").partition(" ")[0].strip()
    if number == "running":
        return ""
    if number.isdecimal():
        return name(texts["machine"], int(number))
    wchan = texts.get(f"{path}/wchan", "0")
    return "" if wchan == "0" else wchan


def _state(texts: Texts, path: str, letter: str, call: str) -> State:
    if letter in LETTERS:
        return LETTERS[letter]
    if texts.get(f"{path}/syscall", "").startswith("running"):
        return State.RUNNING if _was_running(texts, path) else State.READY
    return STATES.get(CALLS[call].waits_for, State.BLOCKED) if call in CALLS else State.BLOCKED


def _was_running(texts: Texts, path: str) -> bool:
    """Tell whether a thread that can go on was on a CPU: its time there rose before it was put on one anew."""
    before, after = (texts.get(f"{path}/schedstat{when}", "0 0 0").split() for when in ("", " later"))
    return int(after[0]) > int(before[0]) and after[2] == before[2]


def _on(texts: Texts, process: str, path: str, call: str, sockets: Mapping[str, Descriptor]) -> Iterator[Descriptor]:
    """Yield what a call is about: its first argument, or the descriptors that it was told to watch."""
    if call not in CALLS or not CALLS[call].preposition:
        return
    arguments = [int(word, 16) for word in texts[f"{path}/syscall"].split()[1:]]
    if call in LISTED:
        watched = _listed(call, arguments[0 if "select" in call else 1], bytes.fromhex(texts.get(f"{path}/list", "")))
    elif CALLS[call].waits_for is For.ANY:
        rows = re.findall(r"^tfd: +(\d+) events: +(\w+)", texts.get(f"{process}/fdinfo/{arguments[0]}", ""), re.M)
        watched = ((int(number), int(events, 16)) for number, events in rows)
    else:
        watched = iter([(arguments[0], POLLIN)])
    for number, events in watched:
        if link := texts.get(f"{process}/fd/{number}"):
            to_write = bool(events & POLLOUT) and not events & POLLIN
            yield sockets.get(link, _file(link)).model_copy(update={"to_write": to_write})


def _listed(call: str, count: int, memory: bytes) -> Iterator[tuple[int, int]]:
    """Yield the descriptors, with what they are watched for, that a list in a program's memory has."""
    if "select" in call:  # one bit each, of those to be read
        bits = int.from_bytes(memory, "little") & ((1 << min(count, 8 * len(memory))) - 1)
        yield from ((number, POLLIN) for number in range(bits.bit_length()) if bits >> number & 1)
    else:  # struct pollfd: int fd, short events, short revents
        whole = memory[: min(count, len(memory) // 8) * 8]
        yield from ((number, events) for number, events, _ in iter_unpack("<ihh", whole) if number >= 0)


def _sockets(texts: Texts, process: str) -> dict[str, Descriptor]:
    """Return the sockets of a node, by what /proc/PID/fd calls them."""
    found = {}
    for table, kind in _TABLES.items():
        for row in (line.split() for line in texts.get(f"{process}/net/{table}", "").splitlines()[1:]):
            (_, port), (peer, peer_port) = end_of(row[1]), end_of(row[2])
            known = Kind.LISTENER if kind is Kind.CONNECTION and row[3] == LISTEN else kind
            far = peer if peer_port else None
            found[f"socket:[{row[9]}]"] = Descriptor(kind=known, port=port, peer=far, peer_port=peer_port or None)
    return found


def _file(link: str) -> Descriptor:
    """Return what is no socket of a network: a terminal, or anything by its name."""
    if link.startswith(("/dev/pts/", "/dev/tty")):
        return Descriptor(kind=Kind.TERMINAL, name=link)
    return Descriptor(kind=Kind.OTHER, name=visible(re.sub(r":\[\d+\]$", "", link)))
