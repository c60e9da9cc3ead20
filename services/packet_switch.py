"""A packet switch: stores each packet, looks up where it goes, and forwards it; several of them are a network.

a == b      Each == is a link: UDP between the two, at the rate and with the delay that the link is given.
"    "      Switches tell each other what they reach (distance vector), so they find the ways themselves,
c == e      and find others when a link fails. With --route they are told.
"""

import argparse
from argparse import ArgumentTypeError

from services.shared import endpoint
from services.shared.command_line import CommandLine, whole_number
from services.shared.ending import end_on_signals, fail
from services.shared.output import say
from services.shared.tcp import reason
from services.switching.console import DEFAULT_PORT, Console
from services.switching.fixed_routes import FixedRoutes
from services.switching.labels import MOST_LABELS
from services.switching.loop import Loop
from services.switching.options import add_node_arguments, check_links, node_name
from services.switching.routing import INFINITY, DistanceVector, Guard, Routes
from services.switching.switch import Switch


def route(text: str) -> tuple[str, str]:
    """Read DEST=NEIGHBOUR. Raises ArgumentTypeError."""
    destination, _, neighbour = text.partition("=")
    if not neighbour:
        raise ArgumentTypeError(f"{text!r} is no route: give DEST=NEIGHBOUR, as in h2=b")
    return node_name(destination), node_name(neighbour)


def main() -> None:
    """Read the command line and switch."""
    line = CommandLine("packet_switch", "Stores and forwards packets between the links that it is given.")
    add_node_arguments(line)
    line.add_argument(
        "--route",
        type=route,
        action="append",
        default=[],
        dest="routes",
        metavar="DEST=NEIGHBOUR",
        help="the way to a destination; may be given several times. The table is then fixed, and nobody is told of it",
    )
    line.add_argument(
        "--infinity",
        type=lambda text: whole_number(text, 2, 255),
        default=INFINITY,
        metavar="METRIC",
        help=f"the metric of what cannot be reached (default {INFINITY})",
    )
    line.add_argument(
        "--guard",
        type=Guard,
        choices=list(Guard),
        default=Guard.POISONED_REVERSE,
        metavar="|".join(Guard),
        help=f"what is done against counting to infinity (default {Guard.POISONED_REVERSE})",
    )
    line.add_argument(
        "--labels",
        type=lambda text: whole_number(text, 1, 65535),
        default=MOST_LABELS,
        metavar="N",
        help=f"most circuits that a link carries of those that are set up from here (default {MOST_LABELS})",
    )
    line.add_argument(
        "--console",
        type=lambda text: endpoint.port(text, lowest=1),
        default=DEFAULT_PORT,
        metavar="PORT",
        help=f"UDP port on 127.0.0.1 where services.switch_tables asks for the tables (default {DEFAULT_PORT})",
    )
    options = line.parse_args()
    check_links(line, options)
    neighbours = [link.neighbour for link in options.links]
    for destination, neighbour in options.routes:
        if neighbour not in neighbours:
            line.error(f"argument --route: {destination}={neighbour}: there is no --link to {neighbour}: give one")
    end_on_signals()

    lines = [link.line() for link in options.links]
    switch = Switch(options.name, lines, _routes(options), tell=say, most_labels=options.labels)
    try:
        loop = Loop(switch, options.links)
    except OSError as error:
        fail(f"cannot listen on {error.filename}: {reason(error)}; give another --link")
    try:
        console = Console(options.console, switch)
    except OSError as error:
        fail(f"cannot listen on UDP port {options.console}: {reason(error)}; give another --console")
    loop.watch(console.socket, console.answer)
    ports = ", ".join(str(link.port) for link in options.links)
    say(f"{options.name}: lines to {', '.join(neighbours)}; UDP ports {ports}")
    loop.run()


def _routes(options: argparse.Namespace) -> Routes:
    if options.routes:
        return FixedRoutes(dict(options.routes))
    costs = {link.neighbour: link.cost for link in options.links}
    return DistanceVector(options.name, costs, options.period, options.infinity, options.guard)


if __name__ == "__main__":
    main()
