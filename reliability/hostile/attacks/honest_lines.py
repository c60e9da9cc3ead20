"""Honest TCP clients beside an attack, who say whether each line of theirs is served, and how long that takes.

    standing    was there before:  says `honest 7`, and waits until that comes back, or to its friend in the room
    newcomer    connects anew, again and again, and waits for the first answer

--kind broadcast    two clients of a room: what one says reaches the other; who is new is told `* you are N`
--kind echo         what is said comes back, perhaps with something in front of it
--kind word         nothing ever comes back: who says `exit` sees the connection end

When it is asked to end (SIGTERM), one last newcomer has to be served; then it says all.
"""

import contextlib
import select
import signal
import socket
import threading
import time
from collections.abc import Sequence

from reliability.hostile.attacks.words import command_line, dial, milliseconds, tell

PATIENCE = 10.0
PACE = 0.005
NEW_EVERY = 0.05


class Standing:
    """Those who were there before."""

    def __init__(self, server: tuple[str, int], friends: int) -> None:
        self._connections = [dial(server) for _ in range(friends)]
        for connection in self._connections:
            if friends > 1:
                connection.recv(1)  # of its greeting: it is in the room
            connection.setblocking(False)
        self.asked = 0
        self.ways: list[int] = []
        self.lost = ""

    def ask(self) -> None:
        """Say one thing, and wait until it is there. What others say meanwhile is read, and passed over."""
        self.asked += 1
        said = b"honest %d\n" % self.asked
        began = time.monotonic_ns()
        try:
            self._connections[0].send(said)
            self._wait_for(said)
        except OSError as error:
            self.lost = self.lost or str(error)
        else:
            self.ways.append(time.monotonic_ns() - began)

    def _wait_for(self, said: bytes) -> None:
        until = time.monotonic() + PATIENCE
        tail = b""
        while (left := until - time.monotonic()) > 0:
            readable, _, _ = select.select(self._connections, [], [], left)
            for connection in readable:
                heard = connection.recv(1 << 18)
                if not heard:
                    raise OSError("the connection was ended")
                if connection is self._connections[-1]:
                    if said in tail + heard:
                        return
                    tail = (tail + heard)[-len(said) :]
        raise OSError(f"nothing came within {PATIENCE:g} s")

    def close(self) -> None:
        """Leave."""
        for connection in self._connections:
            connection.close()


class Newcomers:
    """Those who come anew."""

    def __init__(self, server: tuple[str, int], kind: str) -> None:
        self._server, self._kind = server, kind
        self.asked = 0
        self.ways: list[int] = []

    def come(self) -> bool:
        """Connect, and wait for what shows that one is served. Tell whether it came."""
        self.asked += 1
        began = time.monotonic_ns()
        with contextlib.suppress(OSError), dial(self._server, PATIENCE) as connection:
            if self._served(connection):
                self.ways.append(time.monotonic_ns() - began)
                return True
        return False

    def _served(self, connection: socket.socket) -> bool:
        if self._kind == "word":
            connection.sendall(b"exit")
            return not connection.recv(100)
        if self._kind == "echo":
            connection.sendall(b"new here\n")
            return b"new here\n" in connection.recv(100)
        return connection.recv(13).startswith(b"* you are ")

    def come_again_and_again(self, over: threading.Event) -> None:
        """Come until it is over."""
        while not over.wait(NEW_EVERY):
            self.come()


def asked_to_end() -> bool:
    """Tell whether SIGTERM waits."""
    return signal.SIGTERM in signal.sigpending()


def keep_on(standing: Standing | None, newcomers: Sequence[Newcomers]) -> None:
    """Ask and come until it is over."""
    over = threading.Event()
    coming = [threading.Thread(target=each.come_again_and_again, args=(over,)) for each in newcomers]
    for thread in coming:
        thread.start()
    while not asked_to_end() and not (standing and standing.lost):
        if standing:
            standing.ask()
        over.wait(PACE)
    if not asked_to_end():
        signal.sigwait([signal.SIGTERM])
    over.set()
    for thread in coming:
        thread.join()


def main() -> None:
    """Be served until SIGTERM, and say how that was."""
    line = command_line("Is an honest client, and says how well it is served.")
    line.add_argument("--ready", type=int, required=True, help="listens on this port when it is served")
    options = line.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    standing = Standing(options.server, 2 if options.kind == "broadcast" else 1) if options.kind != "word" else None
    if standing:
        standing.ask()
    newcomers = Newcomers(options.server, options.kind)
    with socket.create_server(("", options.ready)):
        keep_on(standing, [newcomers] if options.count else [])
    last = newcomers.come()
    if standing:
        standing.close()
    tell(
        asked=standing.asked if standing else 0, answered=len(standing.ways) if standing else 0,
        lost=standing.lost if standing else "", ways=milliseconds(standing.ways) if standing else {},
        came=newcomers.asked, served=len(newcomers.ways), new=milliseconds(newcomers.ways), last=last,
    )  # fmt: skip


if __name__ == "__main__":
    main()
