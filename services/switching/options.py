"""The command line that switches and hosts share: their name, and the links that they have.

--link b=6001:b:6001,rate=1000000,delay=0.005
|   |    '-- the neighbour's end of the link: host and UDP port
|   '------- our end of it: a UDP port here
'----------- the neighbour's name
"""

import argparse
from argparse import ArgumentTypeError
from dataclasses import dataclass

from services.shared import endpoint
from services.shared.command_line import CommandLine, seconds, whole_number
from services.shared.endpoint import Endpoint
from services.switching.header import is_name
from services.switching.line import Line
from services.switching.routing import PERIOD

_LONGEST_QUEUE = 1000
_HIGHEST_RATE = 10**12
_LONGEST_DELAY = 60.0


@dataclass(frozen=True)
class Link:
    """One --link."""

    neighbour: str
    port: int
    remote: Endpoint
    rate: float = 1_000_000
    delay: float = 0.0
    queue: int = 32
    cost: int = 1

    def line(self) -> Line:
        """Make our end of it."""
        return Line(self.neighbour, self.rate, self.delay, self.queue, self.cost)


def node_name(text: str) -> str:
    """Read the name of a node. Raises ArgumentTypeError."""
    if not is_name(text):
        raise ArgumentTypeError(f"{text!r} is no name of a node: give 1 to 8 of a-z, 0-9 and -")
    return text


def link(text: str) -> Link:
    """Read NEIGHBOUR=PORT:HOST:PORT[,rate=BIT/S][,delay=SECONDS][,queue=PACKETS][,cost=N]. Raises ArgumentTypeError."""
    ends, *settings = text.split(",")
    neighbour, _, addresses = ends.partition("=")
    port, _, remote = addresses.partition(":")
    if not remote:
        raise ArgumentTypeError(f"{text!r} is no link: give NEIGHBOUR=PORT:HOST:PORT, as in b=6001:b:6001")
    given: dict[str, float] = {}
    for setting in settings:
        key, _, value = setting.partition("=")
        if key not in ("rate", "delay", "queue", "cost"):
            raise ArgumentTypeError(f"{setting!r} is no setting of a link: give rate=, delay=, queue= or cost=")
        given[key] = _setting(key, value)
    return Link(
        node_name(neighbour),
        endpoint.port(port, lowest=1),
        endpoint.remote(remote),
        rate=given.get("rate", Link.rate),
        delay=given.get("delay", Link.delay),
        queue=int(given.get("queue", Link.queue)),
        cost=int(given.get("cost", Link.cost)),
    )


def _setting(key: str, value: str) -> float:
    if key == "rate":
        return whole_number(value, 1, _HIGHEST_RATE)
    if key == "queue":
        return whole_number(value, 0, _LONGEST_QUEUE)
    if key == "cost":
        return whole_number(value, 1, 255)
    try:
        delay = float(value)
    except ValueError:
        delay = -1.0
    if not 0 <= delay <= _LONGEST_DELAY:
        raise ArgumentTypeError(f"{value!r} is no delay: give seconds, from 0 to {_LONGEST_DELAY:g}")
    return delay


def add_node_arguments(line: CommandLine) -> None:
    """Add --name, --link and --period."""
    line.add_argument(
        "--name", type=node_name, required=True, metavar="NAME", help="name of this node: 1 to 8 of a-z, 0-9 and -"
    )
    line.add_argument(
        "--link",
        type=link,
        action="append",
        required=True,
        dest="links",
        metavar="NEIGHBOUR=PORT:HOST:PORT[,rate=BIT/S][,delay=SECONDS][,queue=PACKETS][,cost=N]",
        help="a link: from this UDP port here to that of the neighbour (default rate 1000000, delay 0, queue 32, "
        "cost 1)",
    )
    line.add_argument(
        "--period",
        type=seconds,
        default=PERIOD,
        metavar="SECONDS",
        help=f"how often to tell the neighbours what can be reached from here (default {PERIOD:g}); one that says "
        "nothing for three periods is lost",
    )


def check_links(line: CommandLine, options: argparse.Namespace) -> None:
    """End with an error if two links have one neighbour or one port, or lead to this node itself."""
    neighbours = [given.neighbour for given in options.links]
    ports = [given.port for given in options.links]
    for given in options.links:
        if given.neighbour == options.name:
            line.error(f"argument --link: {given.neighbour} is this node itself: name a neighbour")
        if neighbours.count(given.neighbour) > 1:
            line.error(f"argument --link: {given.neighbour} is given twice: give one link for each neighbour")
        if ports.count(given.port) > 1:
            line.error(f"argument --link: port {given.port} is given twice: give each link a port of its own")
