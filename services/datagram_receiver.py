"""The datagram receiver: prints each datagram that comes as `ADDRESS text`, whoever it was for.

A datagram to this machine's own address (unicast, anycast) or to all of its network (broadcast) needs nothing but
the port. One to a group comes up only after the group was joined.
"""

import socket

from services.shared import datagrams, multicast
from services.shared.addresses import NotHereError
from services.shared.command_line import CommandLine
from services.shared.ending import end_on_signals, fail
from services.shared.endpoint import Endpoint
from services.shared.hearing import show_until_exit
from services.shared.tcp import reason
from services.shared.terminal import Terminal


def main() -> None:
    """Read the command line, join, print."""
    line = CommandLine(
        "datagram_receiver", "Prints each datagram that it gets. `exit`, or Ctrl-D on a terminal, ends it."
    )
    line.add_argument(
        "--listen",
        type=datagrams.local,
        required=True,
        metavar="[ADDRESS:]PORT",
        help="where to receive, as in 7000 or [::]:7000 (default ADDRESS: every one, of the groups' family)",
    )
    line.add_argument(
        "--group",
        type=datagrams.group,
        action="append",
        default=[],
        metavar="GROUP",
        help="multicast group to join, as in 224.1.1.1 or ff05::1:3; may be given several times",
    )
    datagrams.add_interface_argument(line, "network to join the groups on")
    line.add_argument(
        "--share",
        action="store_true",
        help="let others on this machine have the same port (SO_REUSEADDR): each gets what is for groups or for all",
    )
    options = line.parse_args()
    host = options.listen.host or ("::" if any(":" in group for group in options.group) else "0.0.0.0")
    for group in options.group:
        if (":" in group) != (":" in host):
            line.error(f"argument --group: {group} and {host} are not of one family: start one receiver for each")
    if options.interface and (options.interface.version == 6) != (":" in host):
        line.error(f"argument --interface: {options.interface} and {host} are not of one family: give both of one")
    end_on_signals()

    terminal = Terminal()
    where = Endpoint(host, options.listen.port)
    receiver = datagrams.open_socket(host)
    try:
        if options.share:
            receiver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        multicast.hear_only_joined(receiver)
        receiver.bind(where)
    except OSError as error:
        more = ", or --share it" if not options.share else ""
        fail(f"cannot listen on {where} (UDP): {reason(error)}; give another --listen{more}")
    terminal.tell(f"listening on {Endpoint(*receiver.getsockname()[:2])}")
    for group in options.group:
        try:
            terminal.tell(f"joined {group} on {datagrams.join(receiver, group, options.interface)}")
        except (NotHereError, OSError) as error:
            fail(f"cannot join {group}: {error}")
    show_until_exit(receiver, terminal)


if __name__ == "__main__":
    main()
