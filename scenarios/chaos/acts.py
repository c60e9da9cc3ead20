"""What the play does, act by act: start, break, heal, wait until all is well, look at what programs hold."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from lab.engine import STARTS_AT_ONCE
from lab.errors import GaveUp, LabError
from lab.events import ResourcesSeen, Started
from lab.lab import Lab
from lab.node import Node
from lab.waiting import eventually
from scenarios.chaos import signs
from scenarios.chaos.checks.holding import more
from scenarios.chaos.plan import Burst, Moment
from scenarios.checks.talk import CLIENT

LOOK_EVERY = 0.1
CONNECTED = "connected to"
"""What the given client shows once it has reached its upstream."""
DIALLING = 3.0
"""Seconds that it has for that from its start, on a busy machine."""
KEEP_ALIVE = 40.0
"""Seconds after which every program of ours knows that the other end of a connection is gone (services/shared/tcp.py),
and some more."""
ANY = 10**6


def start(lab: Lab) -> None:
    """Start what serves, then who types at it, and at last the client that is one too many."""
    nodes = lab.topology.nodes.values()
    one_too_many = [node.name for node in nodes if node.role.name == CLIENT][-1]
    lab.start(*(node.name for node in nodes if node.upstream is None or not node.role.interactive))
    lab.start(*(node.name for node in nodes if node.upstream and node.role.interactive and node.name != one_too_many))
    lab.launch(one_too_many)


def wait_well(lab: Lab, since: float) -> None:
    """Wait until every sign that came since a time says that the lab is well."""
    _wait_nothing_lacks(lab, lambda: signs.missing(lab.so_far(since)))


def wait_ready(lab: Lab) -> None:
    """Wait until every node has what its role promises, but the clients, one of which is refused."""
    others = [lab.node(name) for name, node in lab.topology.nodes.items() if node.role.name != CLIENT]
    _wait_nothing_lacks(lab, lambda: [f"{what} at {node.name}" for node in others for what in node.missing()])


def _wait_nothing_lacks(lab: Lab, lacking: Callable[[], list[str]]) -> None:
    def look() -> bool:
        for node in with_role(lab, signs.CHAIN_CLIENT):
            renew(lab, node)
        return not lacking()

    eventually(look, "all is well", every=LOOK_EVERY, otherwise=lambda: f"nothing of {'; '.join(lacking())}")


def renew(lab: Lab, node: Node) -> None:
    """Start the given client anew if it has lost its connection and could have one: it cannot know, nor come back.

    The engine starts it again when it fails, but waits longer and longer. A person would not.
    """

    def has_dialled() -> bool:
        return node.terminal.ended or CONNECTED in node.terminal.transcript

    with contextlib.suppress(GaveUp):
        eventually(has_dialled, "a connection, or the end", within=DIALLING)
    if node.terminal.ended or node.missing():
        upstream = node.spec.upstream
        if upstream is None or not lab.node(upstream).missing():
            node.start()  # which ends it first


def break_(lab: Lab, burst: Burst) -> None:
    """Do the faults of a burst, each at its time, and return when the burst has lasted.

    Those of one node wait for each other: on a busy machine a pause may take longer than it is to last.
    """
    begun = time.monotonic()
    pause = threading.Event()
    # When its chain breaks; then nothing can be done to it.
    ends_by_itself = {node.name for node in with_role(lab, signs.CHAIN_CLIENT)}

    def do(moments: list[Moment]) -> None:
        for moment in moments:
            pause.wait(begun + moment.at - time.monotonic())
            try:
                lab.fault(moment.wish)
            except LabError:
                if not ends_by_itself & {moment.wish.node, moment.wish.peer}:
                    raise

    nodes = dict.fromkeys(moment.wish.node for moment in burst.faults)
    with ThreadPoolExecutor(len(nodes)) as pool:
        list(pool.map(do, ([moment for moment in burst.faults if moment.wish.node == node] for node in nodes)))
        pause.wait(begun + burst.lasts - time.monotonic())


def started(lab: Lab, since: float) -> list[Node]:
    """Return the nodes whose programs were started since a time."""
    return [lab.node(name) for name in {event.node for event in lab.so_far(since).of(Started) if event.time >= since}]


class Holdings:
    """What each program held when it was looked at first."""

    def __init__(self) -> None:
        """Know nothing of anybody."""
        self._first: dict[str, ResourcesSeen] = {}

    def look(self, nodes: Iterable[Node]) -> None:
        """Look at programs that were started, for the first time."""
        with ThreadPoolExecutor(STARTS_AT_ONCE) as pool:
            for seen in pool.map(Node.look_at_resources, nodes):
                self._first[seen.node] = seen

    def wait_released(self, lab: Lab) -> None:
        """Look at all programs a last time: when they hold no more than at first, or would not hold it any longer."""
        deadline = time.monotonic() + KEEP_ALIVE
        for name, first in self._first.items():
            node = lab.node(name)
            may_have = {CLIENT: 1, signs.CHAIN_SERVER: ANY}.get(node.spec.role.name, 0)  # what the check knows better
            node.look_at_resources(
                lambda seen, first=first, may_have=may_have: not more(first, seen, may_have),  # type: ignore[misc]
                within=max(0.0, deadline - time.monotonic()),
            )


def with_role(lab: Lab, *roles: str) -> list[Node]:
    """Return the nodes that have one of these roles."""
    return [lab.node(name) for name, node in lab.topology.nodes.items() if node.role.name in roles]
