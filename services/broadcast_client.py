"""The broadcast client: sends each line typed, prints each line that arrives, and comes back when it can."""

import socket

from services.shared import endpoint
from services.shared.command_line import CommandLine
from services.shared.ending import end, end_on_signals
from services.shared.lines import LineTooLongError, batches
from services.shared.link import Link, add_retry_argument
from services.shared.terminal import Terminal

_FULL = b"* server full\n"
_LONGEST_LINE = 1024 * 1024  # a server may put what it likes in front of a message


def main() -> None:
    """Read the command line, then talk."""
    line = CommandLine("broadcast_client", "Talks to the others at a broadcast server. `exit` or Ctrl-D leaves.")
    line.add_argument(
        "--server",
        type=endpoint.remote,
        required=True,
        metavar="HOST:PORT",
        help="the broadcast server to join",
    )
    add_retry_argument(line)
    options = line.parse_args()
    end_on_signals()

    terminal = Terminal()

    def converse(connection: socket.socket) -> bool:
        last = b""
        try:
            for last in batches(connection, _LONGEST_LINE):
                terminal.show(last)
        except LineTooLongError:
            terminal.tell("the server sent a line without an end")
        return last.endswith(_FULL)

    link = Link(options.server, options.retry, converse, terminal.tell)
    link.wait_for_first_try()
    for text in terminal.typed():
        if text == b"exit":
            break
        if not link.send(text + b"\n"):
            terminal.tell("not sent: there is no connection to the server")
    link.leave(b"exit\n")
    end()


if __name__ == "__main__":
    main()
