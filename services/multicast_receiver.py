"""The multicast receiver: joins a group and prints each datagram that comes as `ADDRESS text`."""

import contextlib
import socket
import threading

from services.shared import addresses, multicast
from services.shared.command_line import CommandLine
from services.shared.ending import at_end, end, end_on_signals, fail
from services.shared.tcp import reason
from services.shared.terminal import Terminal

_LARGEST_DATAGRAM = 65535


def main() -> None:
    """Read the command line, join, print."""
    line = CommandLine(
        "multicast_receiver",
        "Joins a multicast group and prints what it hears. `exit`, or Ctrl-D on a terminal, leaves.",
    )
    multicast.add_group_argument(line)
    multicast.add_interface_argument(line)
    options = line.parse_args()
    end_on_signals()

    group = options.group
    try:
        interface = addresses.for_group(group, options.interface)
        receiver = multicast.join(group, interface)
    except (addresses.NotHereError, OSError) as error:
        fail(f"cannot join {group}: {error}")
    terminal = Terminal()

    def leave() -> None:
        with contextlib.suppress(OSError):
            multicast.leave(receiver, group, interface)
            terminal.tell(f"left {group} on {interface}")

    at_end(leave)
    terminal.tell(f"joined {group} on {interface}")
    listening = threading.Thread(target=listen, args=(receiver, terminal), name="listening", daemon=True)
    listening.start()
    if any(text == b"exit" for text in terminal.typed()) or terminal.is_terminal:
        end()
    listening.join()  # the input has ended with nobody at it: a receiver has its work all the same


def listen(receiver: socket.socket, terminal: Terminal) -> None:
    """Print what the group is sent, for ever."""
    while True:
        try:
            text, (address, _) = receiver.recvfrom(_LARGEST_DATAGRAM)
        except OSError as error:
            fail(f"cannot receive any more: {reason(error)}")
        terminal.show(address.encode() + b" " + text.replace(b"\n", b"?") + b"\n")


if __name__ == "__main__":
    main()
