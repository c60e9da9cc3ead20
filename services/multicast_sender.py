"""The multicast sender: each line typed goes to everyone who has joined the group, as one datagram."""

from services.shared import addresses, multicast
from services.shared.command_line import CommandLine
from services.shared.ending import end, end_on_signals, fail
from services.shared.tcp import reason
from services.shared.terminal import Terminal


def main() -> None:
    """Read the command line, then send what is typed."""
    line = CommandLine("multicast_sender", "Sends each line typed to a multicast group. `exit` or Ctrl-D ends it.")
    multicast.add_group_argument(line)
    multicast.add_sending_arguments(line)
    options = line.parse_args()
    end_on_signals()

    try:
        interface = addresses.for_group(options.group, options.interface)
        sender = multicast.sending_socket(interface, options.ttl)
    except (addresses.NotHereError, OSError) as error:
        fail(f"cannot send to {options.group}: {error}")
    terminal = Terminal()
    terminal.tell(f"sending to {options.group} on {interface}, ttl {options.ttl}")
    for text in terminal.typed():
        if text == b"exit":
            break
        try:
            sender.sendto(text, options.group)
        except OSError as error:
            terminal.tell(f"not sent: {reason(error)}")
    end()


if __name__ == "__main__":
    main()
