"""A UDP peer: what is typed goes to the Project 3 server by TCP and to the other peer by UDP.

    peer 1 ---- TCP ----> server <---- TCP ---- peer 2
       '------------------ UDP ------------------'

`exit` ends both programs. A datagram may be lost, so the one who leaves repeats it until it is answered:

    TALKING -- `exit` typed -------> LEAVING --- `exit` arrives, or 5 s pass --------> end
    TALKING -- `exit` arrives -----> ANSWERING - answers each `exit`, 1 s in all ----> end
"""

import enum
import socket
import threading
import time

from services.shared import endpoint
from services.shared.command_line import CommandLine
from services.shared.ending import end, end_on_signals, fail
from services.shared.endpoint import Endpoint
from services.shared.link import Link, add_retry_argument
from services.shared.tcp import reason
from services.shared.terminal import Terminal
from services.shared.threads import Thread
from services.shared.udp import DatagramSocket

_EXIT = b"exit"
_REPEAT_SECONDS = 0.2
_PATIENCE_SECONDS = 5.0
_LINGER_SECONDS = 1.0


class State(enum.Enum):
    """How far the conversation has come."""

    TALKING = enum.auto()
    LEAVING = enum.auto()
    ANSWERING = enum.auto()


class Peer:
    """One side of the conversation."""

    def __init__(
        self, here: DatagramSocket, peer: Endpoint, server: Endpoint, terminal: Terminal, retry: float
    ) -> None:
        self._here = here
        self._peer = peer
        self._terminal = terminal
        self._state = State.TALKING
        self._changing = threading.Lock()
        self._answered = threading.Event()
        self._link = Link(server, retry, self._read_server, terminal.tell)

    def run(self) -> None:
        """Talk until one side says `exit`."""
        Thread(target=self._listen, name="listening", daemon=True).start()
        self._link.wait_for_first_try()
        for text in self._terminal.typed():
            if text == _EXIT:
                break
            if text:
                self._say(text)
        self._leave()

    def _say(self, text: bytes) -> None:
        if not self._link.send(text):
            self._terminal.tell("not sent to the server: there is no connection")
        if problem := self._here.send(text, self._peer):
            self._terminal.tell(f"not sent to the peer at {self._peer}: {problem}")

    def _leave(self) -> None:
        """End both sides, because it was typed here."""
        if not self._enter(State.LEAVING):
            threading.Event().wait()  # the other side was first: the thread that answers it ends the program
        telling = Thread(target=self._repeat_exit, name="leaving", daemon=True)
        telling.start()
        self._link.leave(_EXIT)
        telling.join()
        end()

    def _repeat_exit(self) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            self._here.send(_EXIT, self._peer)
            if self._answered.wait(_REPEAT_SECONDS):
                return
        self._terminal.tell(f"the peer at {self._peer} did not answer")

    def _listen(self) -> None:
        while True:
            try:
                text = self._here.receive(self._peer)
            except OSError as error:
                if self._state is State.TALKING:
                    self._terminal.tell(f"the peer at {self._peer} did not get it: {reason(error)}")
                continue
            if text != _EXIT:
                self._terminal.show(text.replace(b"\n", b"?") + b"\n")
            elif self._enter(State.ANSWERING):
                self._here.send(_EXIT, self._peer)
                self._terminal.tell("the peer said exit")
                Thread(target=self._end_soon, name="ending-soon", daemon=True).start()
            elif self._state is State.ANSWERING:
                self._here.send(_EXIT, self._peer)  # the answer before was lost
            else:
                self._answered.set()

    def _end_soon(self) -> None:
        deadline = time.monotonic() + _LINGER_SECONDS
        self._link.leave(_EXIT)
        time.sleep(max(0.0, deadline - time.monotonic()))
        end()

    def _enter(self, state: State) -> bool:
        """Leave TALKING for `state`; False if something else came first."""
        with self._changing:
            first = self._state is State.TALKING
            if first:
                self._state = state
            return first

    def _read_server(self, connection: socket.socket) -> bool:
        """Show what a server says, though that of Project 3 says nothing, until it ends the connection."""
        while data := connection.recv(1024):
            self._terminal.show(data.replace(b"\n", b"?") + b"\n")
        return False


def main() -> None:
    """Read the command line, then talk."""
    line = CommandLine(
        "udp_peer",
        "Sends what is typed to the Project 3 server (TCP) and to another peer (UDP). `exit` ends both.",
    )
    line.add_argument(
        "--server",
        type=endpoint.remote,
        required=True,
        metavar="HOST:PORT",
        help="the Project 3 server (TCP)",
    )
    line.add_argument(
        "--listen",
        type=endpoint.local,
        required=True,
        metavar="[HOST:]PORT",
        help="where to receive datagrams, and send them from (UDP; port 0: any free)",
    )
    line.add_argument("--peer", type=endpoint.remote, required=True, metavar="HOST:PORT", help="the other peer (UDP)")
    add_retry_argument(line)
    options = line.parse_args()
    end_on_signals()

    try:
        here = DatagramSocket(options.listen)
    except OSError as error:
        fail(f"cannot listen on {options.listen} (UDP): {reason(error)}; give another --listen")
    terminal = Terminal()
    terminal.tell(f"listening on {here.endpoint}")
    Peer(here, options.peer, options.server, terminal, options.retry).run()


if __name__ == "__main__":
    main()
