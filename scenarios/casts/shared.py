"""What the scenarios on topology/casts.yaml share: the lab is brought up once, and programs come and go in its hosts.

west  w1 w2 w3 anycast1 ── r1 ── backbone ── r2 ── e1 e2 e3 anycast2  east
"""

import contextlib
from collections.abc import Iterator

from lab.lab import Lab
from lab.terminal import Terminal

TOPOLOGY = "casts"


def bring_up(lab: Lab) -> None:
    """Begin a play: have every node up and every route there, whichever scenario is played first."""
    with lab.step("Two networks of hosts, joined by routers, are up, and every route is there"):
        lab.complete()


@contextlib.contextmanager
def program(lab: Lab, node: str, module: str, *arguments: str) -> Iterator[Terminal]:
    """Run a program of services/ in a host while the block lasts; `exit` ends it."""
    terminal = lab.node(node).open(["python3", "-m", f"services.{module}", *arguments])
    try:
        yield terminal
    finally:
        terminal.type("exit\n")
        terminal.wait_for_end()
