"""The forwarder: passes bytes on between its clients and an upstream, which may be another forwarder.

    client ----> [listener] forwarder ----> upstream

It dials first and listens only while the upstream can be reached. So a chain comes up from the server
outwards, whatever is started first, and where the path is broken a client is refused at once. The first
connection is kept for the first client; each further client gets one of its own.

    DIALING ---- upstream reached -----------> READY     listening, one connection waits for a client
    READY ------ a client takes it ----------> SERVING   listening, a fresh connection for each next client
    SERVING ---- the last client leaves -----> READY     once a connection is made again
    any -------- the waiting one ends, -----> DIALING    not listening; clients that are in stay
                 or dialling fails
"""

import contextlib
import enum
import os
import select
import socket
import threading
import time

from services.forwarder_loop import Loop
from services.shared import endpoint
from services.shared.command_line import CommandLine
from services.shared.ending import end_on_signals, fail
from services.shared.endpoint import Endpoint
from services.shared.listener import Listener, is_exhausted
from services.shared.output import say
from services.shared.tcp import dial, reason, reset_on_close
from services.shared.threads import Thread

_FIRST_BACK_OFF_SECONDS = 0.02
_LONGEST_BACK_OFF_SECONDS = 0.1  # short, since in a chain each hop waits for the one before it
_UPSTREAM_ENDED = select.POLLRDHUP | select.POLLHUP | select.POLLERR


class State(enum.Enum):
    """What the forwarder is doing; the value is the word in the log."""

    DIALING = "dialing"
    READY = "ready"
    SERVING = "serving"


class Forwarder:
    """Passes what comes to `here` on to `upstream`.

    A thread dials and lets clients in, another passes on for all of them, and who needs a fresh connection has a
    third one until that is made: nobody else waits for it.
    """

    def __init__(self, here: Endpoint, upstream: Endpoint) -> None:
        """Bind to the port, refusing clients for now. Raises OSError."""
        self._listener = Listener(here)
        self._loop = Loop()
        self._upstream = upstream
        self._ready: socket.socket | None = None
        self._clients = 0  # those being served
        self._last_number = 0
        self._path_broken = False
        self._changing = threading.Lock()  # for the two above that other threads change
        self._wake, self._waker = os.pipe()  # written to after such a change
        os.set_blocking(self._waker, False)

    def run(self) -> None:
        """Forward for ever. Raises OSError when another program has taken the port while this one did not listen."""
        while True:
            self._enter(State.DIALING, str(self._upstream))
            self._ready = self._dial_until_reached()
            self._listener.listen()
            self._enter(State.READY, f"listening on {self._listener.endpoint}, upstream {self._upstream} reached")
            broken = self._serve()
            self._stop_listening()
            say(f"not listening: {broken}")
            if self._ready:
                self._ready.close()
                self._ready = None

    def _stop_listening(self) -> None:
        """Have a new socket on the same port, bound but not listening: clients are refused. Raises OSError."""
        self._listener.close()
        while True:
            try:
                self._listener = Listener(self._listener.endpoint)
                return
            except OSError as error:
                if not is_exhausted(error):  # else a thread of a client has taken the descriptor that was free
                    raise
            time.sleep(_LONGEST_BACK_OFF_SECONDS)

    def _enter(self, state: State, detail: str) -> None:
        say(f"{state.value}: {detail}")

    def _dial_until_reached(self) -> socket.socket:
        back_off, said = _FIRST_BACK_OFF_SECONDS, ""
        while True:
            try:
                return dial(self._upstream)
            except OSError as error:
                if said != reason(error):
                    said = reason(error)
                    say(f"no upstream at {self._upstream}: {said}; trying again")
            time.sleep(back_off)
            back_off = min(2 * back_off, _LONGEST_BACK_OFF_SECONDS)

    def _serve(self) -> str:
        """Serve clients until the path upstream is broken; return how."""
        self._path_broken = False
        while True:
            if self._ready is None and self._clients == 0:
                try:
                    self._ready = dial(self._upstream)
                except OSError as error:
                    return f"no upstream at {self._upstream}: {reason(error)}"
                self._enter(State.READY, f"upstream {self._upstream} reached")
            happened = self._wait()
            if self._path_broken:
                return "no connection to the upstream for a client"
            if self._ready and self._ready.fileno() in happened:
                return "the upstream ended the connection that was waiting"
            if self._listener.socket.fileno() in happened and (accepted := self._listener.accept()):
                self._take(*accepted)

    def _wait(self) -> set[int]:
        """Wait for a client, the end of the waiting connection, or a wake-up; return the descriptors."""
        poll = select.poll()
        poll.register(self._listener.socket, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        if self._ready:  # never read here: what the upstream says first is for the first client
            poll.register(self._ready, _UPSTREAM_ENDED)
        happened = {descriptor for descriptor, _ in poll.poll()}
        if self._wake in happened:
            os.read(self._wake, 4096)
        return happened

    def _take(self, client: socket.socket, address: Endpoint) -> None:
        self._last_number += 1
        name = f"client-{self._last_number}"
        upstream, self._ready = self._ready, None
        with self._changing:
            self._clients += 1
        if upstream:
            self._enter(State.SERVING, f"{name} from {address}, on the connection that was waiting")
            self._pass(name, client, upstream)
            return
        self._enter(State.SERVING, f"{name} from {address}, on a fresh connection")
        try:
            Thread(target=self._dial_for, args=(name, client), name=f"{name}-dial", daemon=True).start()
        except RuntimeError as error:  # the system allows no more threads
            say(f"let {name} go: {error}")
            client.close()
            self._forget_client(path_broken=False)

    def _dial_for(self, name: str, client: socket.socket) -> None:
        try:
            upstream = dial(self._upstream)
        except OSError as error:
            say(f"{name} reset: no upstream at {self._upstream}: {reason(error)}")
            reset_on_close(client)
            client.close()
            self._forget_client(path_broken=not is_exhausted(error))
            return
        self._pass(name, client, upstream)

    def _pass(self, name: str, client: socket.socket, upstream: socket.socket) -> None:
        def forget(how: str) -> None:
            say(f"{name} {how}")
            self._forget_client(path_broken=False)

        self._loop.add(client, upstream, forget)

    def _forget_client(self, path_broken: bool) -> None:
        with self._changing:
            self._clients -= 1
            self._path_broken = self._path_broken or path_broken
        with contextlib.suppress(BlockingIOError):  # a full pipe wakes just as well
            os.write(self._waker, b".")


def main() -> None:
    """Read the command line and forward."""
    line = CommandLine("forwarder", "Passes bytes on between clients and an upstream, which it dials first.")
    line.add_argument(
        "--listen",
        type=endpoint.local,
        required=True,
        metavar="[HOST:]PORT",
        help="where to accept clients, while the upstream can be reached (port 0: any free)",
    )
    line.add_argument(
        "--upstream",
        type=endpoint.remote,
        required=True,
        metavar="HOST:PORT",
        help="where to pass on to: a server, or the next forwarder",
    )
    options = line.parse_args()
    end_on_signals()

    try:
        Forwarder(options.listen, options.upstream).run()
    except OSError as error:
        fail(f"cannot listen on {options.listen}: {reason(error)}; give another --listen")


if __name__ == "__main__":
    main()
