"""The multicast receiver: joins a group and prints each datagram that comes as `ADDRESS text`."""

import contextlib

from services.shared import addresses, multicast
from services.shared.command_line import CommandLine
from services.shared.ending import at_end, end_on_signals, fail
from services.shared.hearing import show_until_exit
from services.shared.terminal import Terminal


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
        receiver = multicast.Member(group, interface)
    except (addresses.NotHereError, OSError) as error:
        fail(f"cannot join {group}: {error}")
    terminal = Terminal()

    def leave() -> None:
        with contextlib.suppress(OSError):
            receiver.leave()
            terminal.tell(f"left {group} on {interface}")

    at_end(leave)
    terminal.tell(f"joined {group} on {interface}")
    show_until_exit(receiver, terminal)


if __name__ == "__main__":
    main()
