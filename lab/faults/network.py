"""The faults of packets at the nodes of a lab: put there beside each node, and taken away.

Which stand at a node, its kernel knows: every one has a table of nftables with its name. Of a queue, where the words
depend on all that stand, the table says how much it is, too. So whoever comes later, by hand or after a crash, finds
them; and they are gone with the network namespace when the node is started anew.
"""

import contextlib
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lab.engine import Engine
from lab.errors import LabError, UsageError
from lab.faults import filters, queues
from lab.faults.beside import Beside, RefusedError
from lab.faults.filters import PREFIX, Filter
from lab.faults.model import FaultKind, Way
from lab.faults.parts import Part, addresses
from lab.faults.queues import IFB, Queue
from topology.plan import Topology

AT_ONCE = 4
NFT = ("nft", "-f", "-")
MISSING = ("unknown", "not found", "No such file", "not supported", "Failed to load", "No such device")
"""How the tools say that the kernel has no such thing."""
QUEUES = (FaultKind.DUPLICATE, FaultKind.REORDER, FaultKind.DELAY, FaultKind.RATE)


class NetworkFaults:
    """Puts faults of packets at nodes that run. With `undo`, what it has put there is undone when it, or we, end."""

    def __init__(self, engine: Engine, topology: Topology, *, undo: bool) -> None:
        """Begin with none: a helper is started when a node gets its first fault."""
        self._engine, self._topology, self._undo = engine, topology, undo
        self._helpers: dict[str, Beside] = {}
        self._ours: defaultdict[str, dict[str, Filter | Queue]] = defaultdict(dict)  # by node and name
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def put(self, parts: Iterable[Part]) -> None:
        """Put faults at their nodes, in place of those of the same name. LabError if a kernel cannot; then none is."""
        all_parts = list(parts)
        try:
            self._each(self._put, all_parts)
        except LabError:
            with contextlib.suppress(LabError):  # the first one says more
                self._each(self._take, all_parts)
            raise

    def take(self, parts: Iterable[Part]) -> None:
        """Take faults away again; harmless where they are not."""
        self._each(self._take, parts)

    def renew(self, node: str) -> None:
        """Put what we put at a node there anew, since those of its interfaces that came back have none of it."""
        helper = self._helpers.get(node)
        if helper and helper.run_of_node == self._engine.started_at(node):
            self.put([(node, part) for part in self._ours[node].values()])

    def heal(self, nodes: Iterable[str] | None = None) -> dict[str, list[str]]:
        """Take all away: at those nodes, or where this object has put any. Return the nodes that had any, and what."""
        names = list(self._helpers) if nodes is None else list(nodes)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            undone = dict(zip(names, pool.map(self._heal, names), strict=True))
        return {name: found for name, found in undone.items() if found}

    def close(self) -> None:
        """Let go of all helpers."""
        helpers = list(self._helpers.values())
        for helper in helpers:
            helper.end()
        for helper in helpers:
            helper.close()
        self._helpers.clear()
        self._ours.clear()

    def _each(self, change: Callable[[str, Filter | Queue], None], parts: Iterable[Part]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda part: change(*part), parts))

    # --- one node ---

    def _put(self, node: str, part: Filter | Queue) -> None:
        with self._locks[node]:
            helper = self._helper(node)
            self._ours[node][part.name] = part
            if isinstance(part, Filter):
                self._load(helper, part, filters.rules(part, _devices(helper) if part.leaving else ()))
            else:
                try:
                    standing = _standing(helper)
                except RefusedError as refused:
                    raise _cannot(node, part.name, "nf_tables", refused) from None
                try:
                    self._queue(helper, [*(each for each in standing if each.name != part.name), part])
                except LabError:
                    self._queue(helper, standing)
                    raise
                helper.run(NFT, given=filters.note(part.name, part.amount))

    def _take(self, node: str, part: Filter | Queue) -> None:
        with self._locks[node]:
            helper = self._helper(node)
            self._ours[node].pop(part.name, None)
            if isinstance(part, Queue):
                self._queue(helper, [each for each in _standing(helper) if each.name != part.name])
            table = part.table if isinstance(part, Filter) else f"inet {PREFIX}{part.name}"
            helper.run(NFT, given=f"add table {table}\n{filters.gone(table)}")

    def _heal(self, node: str) -> list[str]:
        with self._locks[node]:
            self._ours.pop(node, None)
            while run := self._engine.started_at(node):
                try:
                    return self._helper(node).undo()
                except LabError:
                    if self._engine.started_at(node) == run:
                        raise
                    # It has ended meanwhile, and its network with it. We look whether it was started again.
                finally:
                    self._let_go(node)
            self._let_go(node)
            return []

    def _let_go(self, node: str) -> None:
        if helper := self._helpers.pop(node, None):
            helper.close()

    def _helper(self, node: str) -> Beside:
        """Return the helper of a node as it runs now."""
        helper = self._helpers.get(node)
        if helper and (helper.gone or helper.run_of_node != self._engine.started_at(node)):
            helper.close()
            helper = None
            self._ours.pop(node, None)
        if helper is None:
            helper = self._helpers[node] = Beside(self._engine, node, undo=self._undo)
        return helper

    def _load(self, helper: Beside, part: Filter, rules: str) -> None:
        try:
            helper.run(NFT, given=rules)
        except RefusedError as refused:
            needs = "the egress hook of nftables (Linux 5.16)" if part.leaving else "nf_tables"
            raise _cannot(helper.node, part.name, needs, refused) from None

    def _queue(self, helper: Beside, faults: Sequence[Queue]) -> None:
        """Build the queues of a node anew."""
        helper.undo("queues")
        found = {fault.peer: addresses(self._topology, fault.peer) for fault in faults if fault.peer}
        commands = [each for device in _devices(helper) for each in queues.commands(device, faults, found)]
        try:
            helper.run(*(command.words for command in commands))
        except RefusedError as refused:
            helper.undo("queues")
            raise _cannot(helper.node, faults[-1].name, commands[refused.at].needs, refused) from None


def _devices(helper: Beside) -> list[str]:
    """Return the interfaces of a node to its networks: not those of tunnels, which some kernels and routers have."""
    links = _json(helper.run(["ip", "-j", "link", "show", "up"]))
    names = [link["ifname"] for link in links if link["link_type"] == "ether"]
    return [name for name in names if not name.startswith(IFB)]


def _standing(helper: Beside) -> list[Queue]:
    """Return the faults that a node's queues are made for."""
    tables = _json(helper.run(["nft", "-j", "list", "tables"]))["nftables"]
    names = [each["table"]["name"] for each in tables if "table" in each]
    found = []
    for name in (name for name in names if name.startswith(PREFIX)):
        kind, way, *peer = name.removeprefix(PREFIX).split(".")
        if kind in QUEUES:
            told = _json(helper.run(["nft", "-j", "list", "table", "inet", name]))["nftables"]
            amount = next(each["rule"]["comment"] for each in told if "rule" in each)
            found.append(Queue(FaultKind(kind), Way(way), peer[0] if peer else None, amount))
    return found


def _json(said: str) -> Any:
    """Read the JSON in what a tool said, which may have warnings around it."""
    return json.loads(next(line for line in said.splitlines() if line.startswith(("{", "["))))


def _cannot(node: str, name: str, needs: str, refused: RefusedError) -> LabError:
    """Return what is told of a fault that a kernel refused: what it lacks, or else the tool's own words."""
    if not any(word in refused.said for word in MISSING):
        return refused
    if " " not in needs:
        needs += f" in the kernel; try `modprobe {needs}` on the engine's host, or another KIND"
    return UsageError(f"{name.partition('.')[0]} cannot be at {node}: it needs {needs}")
