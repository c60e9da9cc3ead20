"""The datagram sender: each line typed goes out as one datagram, to one, any, many or all.

    to one address                                  unicast, or anycast where several machines have that address
    to 224.0.0.0 ... 239.255.255.255, or ff00::/8   multicast: everybody who has joined the group
    to 255.255.255.255, or a subnet's last address  broadcast: every machine of the network

What comes back is printed as `ADDRESS text`.
"""

import errno
import socket
import time
from argparse import Namespace
from functools import partial

from services.shared import datagrams, endpoint
from services.shared.addresses import NotHereError
from services.shared.command_line import CommandLine, seconds, whole_number
from services.shared.ending import end, end_on_signals, fail
from services.shared.hearing import show_arrivals
from services.shared.tcp import reason
from services.shared.terminal import Terminal
from services.shared.threads import Thread


def main() -> None:
    """Read the command line, then send what is typed."""
    line = CommandLine("datagram_sender", "Sends each line typed as a datagram. `exit` or Ctrl-D ends it.")
    line.add_argument(
        "--to",
        type=datagrams.remote,
        required=True,
        metavar="HOST:PORT",
        help="where to send: a host, a group or a broadcast address, as in 10.84.1.5:7000 or [ff05::1:3]:7000",
    )
    line.add_argument(
        "--from",
        dest="port",
        type=partial(endpoint.port, lowest=1),
        default=0,
        metavar="PORT",
        help="port to send from (default: any free)",
    )
    line.add_argument("--broadcast", action="store_true", help="allow broadcasts (SO_BROADCAST)")
    line.add_argument(
        "--ttl",
        type=partial(whole_number, lowest=0, highest=255),
        help="routers that a datagram may pass, plus one (default: the system's, which is 1 for groups and else 64)",
    )
    line.add_argument(
        "--loop",
        choices=["on", "off"],
        default="on",
        help="whether members on this machine get what is sent to their group (default on)",
    )
    datagrams.add_interface_argument(line, "network to send to a group, or to 255.255.255.255, by")
    line.add_argument(
        "--wait",
        type=seconds,
        default=0.0,
        metavar="SECONDS",
        help="how long to wait for replies after the last line (default: not at all)",
    )
    options = line.parse_args()
    to_group = datagrams.is_group(options.to.host)
    if options.ttl == 0 and not to_group:
        line.error(f"argument --ttl: 0 is for groups alone, and {options.to.host} is none: give 1 or more")
    if options.interface and (options.interface.version == 6) != (":" in options.to.host):
        line.error(
            f"argument --interface: {options.interface} and {options.to} are not of one family: give both of one"
        )
    end_on_signals()

    try:
        sender, where = prepare(options, to_group)
    except (NotHereError, OSError) as error:
        fail(f"cannot send to {options.to}: {error}")
    terminal = Terminal()
    terminal.tell(f"sending to {options.to}" + where)
    Thread(target=show_arrivals, args=(sender, terminal), name="listening", daemon=True).start()
    all_sent = True
    for text in terminal.typed():
        if text == b"exit":
            break
        try:
            sender.sendto(text, options.to)
        except OSError as error:
            all_sent = False
            terminal.tell(f"not sent: {why_not(error, options)}")
    time.sleep(options.wait)
    end(0 if all_sent else 1)


def prepare(options: Namespace, to_group: bool) -> tuple[socket.socket, str]:
    """Open the socket and set its options; return it, and words that say so. Raises NotHereError, OSError."""
    sender = datagrams.open_socket(options.to.host)
    by = datagrams.bind_sender(sender, options.port, options.to.host, options.interface)
    words = f" on {by}" if by else ""
    if options.ttl is not None:
        datagrams.set_ttl(sender, options.ttl, to_group)
        words += f", ttl {options.ttl}"
    if options.loop == "off":
        datagrams.set_loop(sender, False)
        words += ", loop off"
    if options.broadcast:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        words += ", broadcast allowed"
    return sender, words


def why_not(error: OSError, options: Namespace) -> str:
    """Say why a datagram was not sent. The kernel refuses a broadcast that nobody has allowed as it does a file."""
    if error.errno == errno.EACCES and not options.broadcast:
        return f"{reason(error)}: {options.to.host} is a broadcast address; to send there, start with --broadcast"
    return reason(error)


if __name__ == "__main__":
    main()
