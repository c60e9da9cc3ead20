"""Bring a lab up and know that it is: every listener reachable, every client in, or told why not.

create ──► start, several at a time, in the order of the file ──► all ready, or refused
             └── what comes `after` others waits until those are ready
"""

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab.engine import STARTS_AT_ONCE, Engine, NodeState
from lab.errors import GaveUp, LabError, UsageError
from lab.history import shown
from lab.readiness import missing
from lab.visible import visible
from lab.waiting import eventually
from topology.plan import Topology

WITHIN = 60.0
"""Seconds until a node that is not ready is given up; sixteen forwarders in a row on a busy machine take a few."""

LOOK_EVERY = 0.1
"""Seconds between two looks: each asks the engine about every node not yet ready, while it is busy starting others."""

READY, REFUSED = "ready", "refused: server full"
SETTLED = (READY, REFUSED)
ANSWER = re.compile(r"^[^\w\n]*\* (you are \d+|server full)\s*$", re.MULTILINE)
"""What the broadcast server tells a client: a line with no word before it, since what others say begins with an ID."""

Tell = Callable[[str], None]


def up(topology: Topology, engine: Engine, directory: Path, tell: Tell) -> dict[str, str]:
    """Make the lab run and return each node's state in words: `ready`, or how it was refused.

    What runs already is left alone. LabError names the first node that does not become ready, and what it lacks.
    """
    directory.mkdir(parents=True, exist_ok=True)
    tell("creating networks and nodes")
    engine.create(topology, directory)
    paused = [name for name, state in engine.states().items() if state is NodeState.PAUSED]

    def start(name: str) -> None:
        settle(topology, engine, waits_for(topology, name), lambda text: None)
        if name in paused:
            engine.resume(name)
        engine.start(name)

    with ThreadPoolExecutor(STARTS_AT_ONCE) as pool:
        for count, _ in enumerate(pool.map(start, in_order(topology)), 1):
            tell(f"{count} of {len(topology.nodes)} nodes started")
    return settle(topology, engine, topology.nodes, tell)


def in_order(topology: Topology) -> list[str]:
    """Return the nodes in the order of the file, but each behind those that it waits for."""
    found: list[str] = []
    while len(found) < len(topology.nodes):
        startable = [
            name
            for name in topology.nodes
            if name not in found and all(other in found for other in waits_for(topology, name))
        ]
        if not startable:
            left = ", ".join(name for name in topology.nodes if name not in found)
            raise UsageError(f"{left} would wait for each other for ever; take an `after` out of {topology.source}")
        found += startable
    return found


def waits_for(topology: Topology, name: str) -> tuple[str, ...]:
    """Return the nodes that must be ready before one is started: as the file says, and whom a person's program dials.

    The programs find each other in any order. But who types would see first that nobody answers.
    """
    node = topology.nodes[name]
    return (*node.after, node.upstream) if node.role.interactive and node.upstream else node.after


def settle(topology: Topology, engine: Engine, names: Iterable[str], tell: Tell) -> dict[str, str]:
    """Wait until each of these nodes is ready or was refused."""
    words = dict.fromkeys(names, "")

    def look() -> bool:
        words.update(conditions(topology, engine, [name for name, word in words.items() if word not in SETTLED]))
        waiting = [name for name, word in words.items() if word not in SETTLED]
        tell(f"waiting for {', '.join(waiting)}" if waiting else f"{len(words)} ready")
        return not waiting

    try:
        eventually(look, "every node ready", within=WITHIN, every=LOOK_EVERY)
    except GaveUp:
        name, word = next((name, word) for name, word in words.items() if word not in SETTLED)
        last = visible(engine.logs(name)[-200:].decode("utf-8", "replace"))
        raise LabError(
            f"{name} is not ready after {WITHIN:g} s: {word}; its log ends with {last!r}; see `make logs NODE={name}`"
        ) from None
    return words


def conditions(topology: Topology, engine: Engine, names: Iterable[str]) -> dict[str, str]:
    """Say how nodes are: ready, refused, or what they still lack."""
    states = engine.states()
    return {name: _condition(topology, engine, name, states.get(name, NodeState.MISSING)) for name in names}


def _condition(topology: Topology, engine: Engine, name: str, state: NodeState) -> str:
    if state is not NodeState.RUNNING:
        return state.value
    lacks = missing(topology.nodes[name], topology, engine.sockets(name))
    if greets(topology, name):
        answers = ANSWER.findall(shown(engine.logs(name)))
        if answers[-1:] == ["server full"]:
            return REFUSED
        if not answers:
            lacks.append("a word of the server")
    return f"running, without {' and '.join(lacks)}" if lacks else READY


def greets(topology: Topology, name: str) -> bool:
    """Tell whether a node is our client of our broadcast server, and so is told whether it is in.

    A connection alone says nothing here: one that is about to be refused is open for a moment, too.
    """
    node = topology.nodes[name]
    server = topology.nodes[node.upstream] if node.upstream else None
    return (
        node.role.name == "broadcast-client"
        and node.program is None
        and server is not None
        and server.role.name == "broadcast-server"
        and server.program is None
    )
