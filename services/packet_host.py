"""A packet host: what is typed here goes through the packet switches to other hosts, and what comes from them is shown.

h1 ==== a ==== b ==== h2        send h2 TEXT, message h2 BYTES PACKETS, flow h2 COUNT GAP: packets with addresses
                                call h2, say N TEXT, release N: packets that go along a circuit
"""

import os
from queue import SimpleQueue

from services.shared.command_line import CommandLine, seconds, whole_number
from services.shared.ending import end, end_on_signals, fail
from services.shared.tcp import reason
from services.shared.terminal import Terminal
from services.shared.threads import Thread
from services.switching.calls import MOST_CALLS
from services.switching.host import QUIET_SECONDS, Host
from services.switching.line import Line
from services.switching.loop import Loop
from services.switching.options import Link, add_node_arguments, check_links
from services.switching.words import MOST_MESSAGE_PACKETS, MistakeError


class Typing:
    """Takes what is typed from the thread that waits for it to the one that runs the host."""

    def __init__(self, host: Host, terminal: Terminal) -> None:
        self._host = host
        self._terminal = terminal
        self._lines = SimpleQueue[bytes]()
        self.wake, self._waker = os.pipe()  # one byte for each line that waits

    def wait(self) -> None:
        """Wait for lines until there are no more.

        It is for the main thread, where readline hears of signals: when somebody attaches to the terminal, it shows
        the prompt again.
        """
        for line in self._terminal.typed():
            self._put(line)
            if line.split() == [b"exit"]:
                return
        if self._terminal.is_terminal:  # else the input has ended with nobody at it: others may send all the same
            self._put(b"exit")

    def obey(self, now: float) -> None:
        """Do what the next line says."""
        os.read(self.wake, 1)
        try:
            self._host.typed(now, self._lines.get())
        except MistakeError as mistake:
            self._terminal.tell(str(mistake))

    def _put(self, line: bytes) -> None:
        self._lines.put(line)
        os.write(self._waker, b".")


def line_of(link: Link) -> Line:
    """Make the line of a link, with a queue that holds the longest message."""
    return Line(link.neighbour, link.rate, link.delay, MOST_MESSAGE_PACKETS, link.cost)


def main() -> None:
    """Read the command line, then talk."""
    line = CommandLine(
        "packet_host",
        "Sends messages, flows and calls through packet switches: type `help` in it. The queue of its one line always "
        f"has room for {MOST_MESSAGE_PACKETS} packets: all of a message wait there at once.",
    )
    add_node_arguments(line)
    line.add_argument(
        "--quiet",
        type=seconds,
        default=QUIET_SECONDS,
        metavar="SECONDS",
        help="how long nothing may come of a message or a flow before what is missing is lost "
        f"(default {QUIET_SECONDS:g})",
    )
    line.add_argument(
        "--circuits",
        type=lambda text: whole_number(text, 0, 1000),
        default=MOST_CALLS,
        metavar="N",
        help=f"with so many circuits, further calls to this host are refused (default {MOST_CALLS})",
    )
    options = line.parse_args()
    check_links(line, options)
    if len(options.links) > 1:
        line.error("argument --link: a host has one line: give one --link")
    end_on_signals()

    (link,) = options.links
    terminal = Terminal()
    host = Host(
        options.name,
        line_of(link),
        show=lambda text: terminal.show(f"{text}\n".encode(errors="backslashreplace")),
        left=end,
        period=options.period,
        quiet=options.quiet,
        circuits=options.circuits,
    )
    try:
        loop = Loop(host, options.links)
    except OSError as error:
        fail(f"cannot listen on {error.filename}: {reason(error)}; give another --link")
    typing = Typing(host, terminal)
    loop.watch(typing.wake, typing.obey)
    terminal.tell(f"{host.name}: line to {link.neighbour}, UDP port {link.port}")
    running = Thread(target=loop.run, name="links", daemon=True)
    running.start()
    typing.wait()
    running.join()


if __name__ == "__main__":
    main()
