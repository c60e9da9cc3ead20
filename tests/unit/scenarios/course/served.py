"""Servers of several makes, and what their system says of their threads while clients come, talk and leave."""

from collections.abc import Callable

from lab.events import ThreadsSeen
from lab.history import History
from lab.threads.model import Descriptor, Kind, State, Thread
from tests.unit.scenarios.course.rooms import Room

Make = Callable[["Served"], list[Thread]]


class Served:
    """A room, and what the system of its server says of its threads."""

    def __init__(self, make: Make) -> None:
        self.room = Room()
        self.switched: dict[str, int] = {}  # by client: what its threads have done so far
        self._make = make

    def join(self, *names: str) -> "Served":
        """Let clients come, with a look at the threads after each."""
        for name in names:
            self.room.join(name)
            self.switched[name] = 1
            self.look()
        return self

    def says(self, name: str, lines: int, *, switched: int | None = None) -> "Served":
        self.room.says(name, *(f"this is number {number}." for number in range(lines)))
        self.switched[name] += lines if switched is None else switched
        return self.look()

    def leave(self, name: str) -> "Served":
        self.room.leave(name)
        return self.look()

    def look(self) -> "Served":
        """Look at the threads."""
        self.room.wire.later(0.1)
        threads = tuple(self._make(self))
        self.room.wire.events.append(ThreadsSeen(time=self.room.wire.time, node="server", threads=threads))
        self.room.wire.later(0.1)
        return self

    def socket(self, client: str) -> Descriptor:
        peer = self.room.wire.address(client)
        return Descriptor(kind=Kind.CONNECTION, port=9000, peer=peer, peer_port=40000)

    def history(self) -> History:
        return self.room.history()


def thread(number: int, call: str, *on: Descriptor, name: str = "python3", switches: int = 1,
           state: State = State.BLOCKED) -> Thread:  # fmt: skip
    return Thread(
        process=7, number=number, name=name, state=state, call=call, on=on, cpu=0.0,
        voluntary=switches, involuntary=0,
    )  # fmt: skip


def main_thread() -> Thread:
    return thread(7, "accept4", Descriptor(kind=Kind.LISTENER, port=9000))


def numbered(served: Served) -> list[tuple[int, str]]:
    """Return a number of its own for each client that is in."""
    return [(10 * number, name) for number, name in enumerate(served.switched, 1) if name in served.room.calls]


def as_the_slides_have_it(served: Served) -> list[Thread]:
    """One thread a client, with no name of its own."""
    readers = [thread(n, "recvfrom", served.socket(c), switches=served.switched[c]) for n, c in numbered(served)]
    return [main_thread(), *readers]


def two_threads_a_client(served: Served) -> list[Thread]:
    """One reads, one writes what is queued for it; they are named, and a third does something else."""
    threads = [main_thread(), thread(8, "rt_sigtimedwait", name="ending", state=State.WAITING)]
    for number, client in numbered(served):
        switches = served.switched[client]
        threads.append(thread(number, "futex", name=f"{client}-out", state=State.WAITING, switches=99))
        threads.append(thread(number + 1, "recvfrom", served.socket(client), name=f"{client}-in", switches=switches))
    return threads


def with_timeouts(served: Served) -> list[Thread]:
    """One thread a client, which polls before it reads, as Python does where a socket has a timeout."""
    readers = [thread(n, "poll", served.socket(c), switches=served.switched[c]) for n, c in numbered(served)]
    return [main_thread(), *readers]


def one_for_all(served: Served) -> list[Thread]:
    """A loop: one thread waits for all clients."""
    sockets = [served.socket(client) for _, client in numbered(served)]
    return [thread(7, "epoll_wait", Descriptor(kind=Kind.LISTENER, port=9000), *sockets)]


def a_pool(served: Served) -> list[Thread]:
    """Four threads from the beginning, of which each serves a client and then waits for the next."""
    readers = [thread(n, "recvfrom", served.socket(c)) for n, c in numbered(served)]
    idle = [thread(90 + number, "futex", state=State.WAITING) for number in range(4 - len(readers))]
    return [main_thread(), *readers, *idle]


def deaf_to_bob(served: Served) -> list[Thread]:
    return [t for t in as_the_slides_have_it(served) if t.number != 20]


def that_leaks(served: Served) -> list[Thread]:
    """Its threads outlive their clients, and wait for who is no more."""
    gone = [(10 * n, c) for n, c in enumerate(served.switched, 1) if c not in served.room.calls]
    return as_the_slides_have_it(served) + [thread(n, "recvfrom", served.socket(c)) for n, c in gone]


def that_forgets(served: Served) -> list[Thread]:
    """Its threads outlive their clients, in a lock."""
    gone = [10 * n for n, c in enumerate(served.switched, 1) if c not in served.room.calls]
    return as_the_slides_have_it(served) + [thread(n, "futex", state=State.WAITING) for n in gone]


def played(make: Make) -> Served:
    """Let alice be silent, and bob talk and leave, as the scenario does."""
    return Served(make).look().join("alice", "bob").says("bob", 20).leave("bob")
