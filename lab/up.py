"""Bring a lab up and know that it is: every listener reachable, every client in, or told why not.

networks ──► each node made and started, several at a time ──► all ready, or refused
               └── what waits for others is made and started when those are ready
"""

import re
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from queue import PriorityQueue

from lab.engine import STARTS_AT_ONCE, Nodes, NodeState
from lab.errors import EngineError, GaveUp, LabError, LostEngineError, UsageError
from lab.readiness import LOOK_EVERY, missing, promises
from lab.visible import shown, visible
from lab.waiting import eventually
from topology.plan import Topology

WITHIN = 60.0
"""Seconds, and one more for each node, until one that is not ready is given up."""

LONG = 1 << 18
"""Bytes of a log that may have lost its beginning, since an engine keeps no more than the last few mebibytes of one."""

READY, REFUSED = "ready", "refused: server full"
ANSWER = re.compile(r"^[^\w\n]*\* (you are \d+|server full)\s*$", re.MULTILINE)
"""What the broadcast server tells a client: a line with no word before it, since what others say begins with an ID."""

Tell = Callable[[str], None]


def up(topology: Topology, engine: Nodes, directory: Path, tell: Tell) -> dict[str, str]:
    """Make the lab run and return each node's state in words: `ready`, or how it was refused.

    What runs already is left alone. LabError names the first node that does not become ready though whom it dials is,
    and what it lacks.
    """
    try:
        return _up(topology, engine, directory, tell)
    except LostEngineError as error:
        rest = f"`make down NAME={topology.name}` removes what was started"
        raise LostEngineError(f"{error}; once `docker info` shows that it runs, {rest}") from None
    except EngineError as error:
        if not engine.states():
            engine.remove()
            raise
        raise EngineError(f"{error}; `make down NAME={topology.name}` removes the nodes that are there") from None


def _up(topology: Topology, engine: Nodes, directory: Path, tell: Tell) -> dict[str, str]:
    order = start_order(topology)
    rank = ranks(topology)
    directory.mkdir(parents=True, exist_ok=True)
    tell("making networks")
    engine.prepare(topology, directory)
    paused = [name for name, state in engine.states().items() if state is NodeState.PAUSED]
    pool = ThreadPoolExecutor(STARTS_AT_ONCE)
    startable: PriorityQueue[tuple[tuple[int, int, int], str]] = PriorityQueue()
    starts: list[Future[str]] = []
    words: dict[str, str] = {}

    def start_next() -> str:
        _, name = startable.get_nowait()
        engine.make(name)
        if name in paused:
            engine.resume(name)
        engine.start(name)
        return name

    def look() -> bool:
        names = order.get_ready()
        for name in names:
            startable.put((rank[name], name))
        starts.extend(pool.submit(start_next) for _ in names)
        tell(f"{len(starts) - startable.qsize()} of {len(topology.nodes)} nodes started, {len(words)} ready")
        started = [job.result() for job in starts if job.done()]  # or the error that one ended with
        if startable.qsize() >= STARTS_AT_ONCE:
            return False  # enough to do: a look would only take time from the starts
        settled = newly_settled(topology, engine, started, words)
        words.update(settled)
        order.done(*settled)
        return not order.is_active()

    try:
        eventually(look, "every node ready", within=WITHIN + len(topology.nodes), every=LOOK_EVERY)
    except GaveUp:
        late = [name for name in topology.nodes if name not in words]
        first = next(name for name in late if topology.nodes[name].upstream not in late)
        raise _not_ready(topology, engine, first) from None
    finally:
        pool.shutdown(cancel_futures=True)
    return {name: words[name] for name in topology.nodes}


def start_order(topology: Topology) -> TopologicalSorter[str]:
    """Return who can be started, and who next when those are ready. UsageError if some would wait for each other."""
    order = TopologicalSorter({name: waits_for(topology, name) for name in topology.nodes})
    try:
        order.prepare()
    except CycleError as error:
        circle = ", ".join(sorted(set(error.args[1])))
        raise UsageError(
            f"{circle} would wait for each other for ever; take an `after` out of {topology.source}"
        ) from None
    return order


def waits_for(topology: Topology, name: str) -> tuple[str, ...]:
    """Return the nodes that must be ready before one is started: as the file says, and whom a person's program dials.

    The programs find each other in any order. But who types would see first that nobody answers.
    """
    node = topology.nodes[name]
    return (*node.after, node.upstream) if node.role.interactive and node.upstream else node.after


def ranks(topology: Topology) -> dict[str, tuple[int, int, int]]:
    """Return who goes first where several can be started: the lowest.

    First those with long rows behind them, which saves the wait at the end. Then whoever is dialled before those who
    dial: they would have to try again, and on some networks first wait seconds for a name server.
    """
    behind = rows_behind(topology)
    return {name: (-behind[name], len(topology.way(name)), position) for position, name in enumerate(topology.nodes)}


def rows_behind(topology: Topology) -> dict[str, int]:
    """Return how long a row of nodes waits behind each: to start the long ones first saves the wait at the end."""

    @cache
    def behind(name: str) -> int:
        return max((1 + behind(other) for other in topology.nodes if name in waits_for(topology, other)), default=0)

    return {name: behind(name) for name in topology.nodes}


def newly_settled(
    topology: Topology, engine: Nodes, started: Collection[str], words: Mapping[str, str]
) -> dict[str, str]:
    """Return which of the nodes that are started, and have no word yet, are ready or refused now.

    Nobody is ready before whom it dials, so who dials one that is not is not looked at: while others start, to read
    sockets takes time from them. Whom it dials is looked at first, so a chain that is ready takes one look.
    """
    waiting = sorted((name for name in started if name not in words), key=lambda name: len(topology.way(name)))
    states = engine.states() if waiting else {}
    settled: dict[str, str] = {}
    for name in waiting:
        upstream = topology.nodes[name].upstream
        if upstream is None or upstream in words or upstream in settled:
            word = _condition(topology, engine, name, states)
            if word in (READY, REFUSED):
                settled[name] = word
    return settled


def conditions(topology: Topology, engine: Nodes, names: Collection[str]) -> dict[str, str]:
    """Say how nodes are: ready, refused, or what they still lack; or that they do not run."""
    states = engine.states() if names else {}
    return {name: _condition(topology, engine, name, states) for name in names}


def _condition(topology: Topology, engine: Nodes, name: str, states: Mapping[str, NodeState]) -> str:
    state = states.get(name, NodeState.MISSING)
    return condition(topology, engine, name) if state is NodeState.RUNNING else state.value


def condition(topology: Topology, engine: Nodes, name: str) -> str:
    """Say how a node is that runs. The engine, busy with other starts, is asked as little as can be."""
    if not promises(topology.nodes[name], topology):
        return READY
    sockets = engine.sockets(name)
    if sockets is None:
        return NodeState.EXITED.value
    lacks = missing(topology.nodes[name], topology, sockets)
    if greets(topology, name):
        log = engine.logs(name)
        answers = ANSWER.findall(shown(log))
        if answers[-1:] == ["server full"]:
            return REFUSED
        if not answers and len(log) < LONG:
            lacks.append("a word of the server")
    return f"running, without {' and '.join(lacks)}" if lacks else READY


def _not_ready(topology: Topology, engine: Nodes, name: str) -> LabError:
    lines = [line.strip() for line in shown(engine.logs(name)).splitlines() if line.strip()]
    ended = f'its log ends with "{visible(lines[-1])}"' if lines else "it printed nothing"
    lab = topology.name
    return LabError(
        f"{name} is not ready after {WITHIN + len(topology.nodes):g} s: {condition(topology, engine, name)}; {ended};"
        f" see `make logs NODE={name} NAME={lab}`, and `make down NAME={lab}`"
    )


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
