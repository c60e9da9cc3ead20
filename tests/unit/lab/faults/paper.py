"""Kernels and an engine on paper, for faults: each node has tables of nftables, queue disciplines and devices."""

import json
import queue
import re
from collections import defaultdict
from typing import Any, cast

from lab.engine import Engine, NodeState
from lab.errors import EngineError
from lab.state import Wish as LabWish
from topology.plan import Topology


class Kernel:
    """What nft, tc and ip change, and say. What is in `lacks` (a word of a command) is unknown to it."""

    def __init__(self, lacks: set[str]) -> None:
        self.lacks = lacks
        self.tables: dict[str, str] = {}
        self.queues: list[str] = []
        self.devices = ["lo", "pimreg", "eth0"]

    def run(self, words: list[str], given: str) -> tuple[int, str]:
        if lacking := self.lacks & {*words, *re.findall(r"\w+", given)}:
            return 2, f"Error: Specified {' '.join(lacking)} is unknown.\nWe have an error talking to the kernel\n"
        match words:
            case ["nft", "-f", "-"]:
                self._load(given)
            case ["nft", "-j", "list", "tables"]:
                named = [dict(zip(("family", "name"), table.split(), strict=True)) for table in self.tables]
                return 0, "# Warning: one\n" + json.dumps({"nftables": [{"table": table} for table in named]}) + "\n"
            case ["nft", "-j", "list", "table", family, name]:
                found = re.findall(r'comment "(.*)"', self.tables[f"{family} {name}"])
                return 0, json.dumps({"nftables": [{"rule": {"comment": comment}} for comment in found]}) + "\n"
            case ["ip", "-j", "link", "show", "up"]:
                kinds = {"lo": "loopback", "pimreg": "pimreg"}
                links = [{"ifname": name, "link_type": kinds.get(name, "ether")} for name in self.devices]
                return 0, json.dumps(links) + "\n"
            case ["ip", "link", "add", "name", device, *_]:
                self.devices.append(device)
            case ["tc", *rest]:
                self.queues.append(" ".join(rest))
        return 0, ""

    def undo(self, what: str) -> list[str]:
        undone = ["eth0"] if self.queues else []
        self.queues.clear()
        self.devices[3:] = []
        if what == "all":
            undone += [table for table in self.tables if table.split()[1].startswith("socklab.")]
            self.tables = {table: text for table, text in self.tables.items() if table not in undone}
        return undone

    def _load(self, script: str) -> None:
        for table in re.findall(r"^delete table (.*)$", script, re.MULTILINE):
            self.tables.pop(table, None)
        for table, text in re.findall(r"^table (\S+ \S+) \{\n(.*)^\}$", script, re.MULTILINE | re.DOTALL):
            self.tables[table] = text


class Helper:
    """A helper's stream, which does what beside_program.py would do, on paper."""

    def __init__(self, kernel: Kernel, *, undo: bool) -> None:
        self.kernel, self.undo, self.ended = kernel, undo, False
        self._said: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def write(self, data: bytes) -> None:
        order: dict[str, Any] = json.loads(data)
        answer: dict[str, Any] = {"status": 0, "output": ""}
        if "undo" in order:
            answer["undone"] = self.kernel.undo(order["undo"])
        for number, words in enumerate(order.get("run", [])):
            status, said = self.kernel.run(words, order["input"])
            answer["output"] += said
            if status:
                answer = {"status": status, "output": said, "at": number}
                break
        self._said.put(json.dumps(answer).encode() + b"\n")

    def read(self) -> bytes:
        return self._said.get()

    def close_input(self) -> None:
        if not self.ended and self.undo:
            self.kernel.undo("all")
        self.ended = True
        self._said.put(b"")

    def close(self) -> None:
        pass


class PaperEngine:
    """A lab that runs on paper. `done` is what it was told, in order."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self.all_states = dict.fromkeys(topology.nodes, NodeState.RUNNING)
        self.on = {name: set(node.addresses) for name, node in topology.nodes.items()}
        self.lacks: set[str] = set()
        self.kernels: defaultdict[str, Kernel] = defaultdict(lambda: Kernel(self.lacks))
        self.helpers: list[tuple[str, Helper]] = []
        self.done: list[tuple[str, ...]] = []
        self._runs: defaultdict[str, int] = defaultdict(int)

    def states(self) -> dict[str, NodeState]:
        return dict(self.all_states)

    def started_at(self, node: str) -> str | None:
        runs = self.all_states[node] in (NodeState.RUNNING, NodeState.PAUSED)
        return str(self._runs[node]) if runs else None

    def places(self) -> dict[str, set[str]]:
        return {node: set(networks) for node, networks in self.on.items()}

    def beside(self, node: str, command: list[str]) -> Helper:
        if self.started_at(node) is None:
            raise EngineError(f"{node} does not run")
        helper = Helper(self.kernels[node], undo=command[-1] == "undo")
        self.helpers.append((node, helper))
        return helper

    def kill(self, node: str) -> None:
        self._end("kill", node)

    def stop(self, node: str) -> None:
        self._end("stop", node)

    def _end(self, how: str, node: str) -> None:
        self.done.append((how, node))
        self.all_states[node] = NodeState.EXITED
        self.kernels.pop(node, None)

    def start(self, node: str) -> None:
        self.done.append(("start", node))
        self.all_states[node] = NodeState.RUNNING
        self._runs[node] += 1

    def pause(self, node: str) -> None:
        self.done.append(("pause", node))
        self.all_states[node] = NodeState.PAUSED

    def resume(self, node: str) -> None:
        self.done.append(("resume", node))
        self.all_states[node] = NodeState.RUNNING

    def cut(self, node: str, network: str) -> None:
        self.done.append(("cut", node, network))
        self.on[node].remove(network)

    def heal(self, node: str, network: str) -> None:
        self.done.append(("heal", node, network))
        self.on[node].add(network)

    def sockets(self, node: str) -> None:
        return None

    def as_engine(self) -> Engine:
        return cast(Engine, self)


class Starter:
    """Starts and ends programs of a paper engine; all of them were started before."""

    def __init__(self, engine: PaperEngine) -> None:
        self._engine = engine
        self.never: set[str] = set()

    def was_started(self, node: str) -> bool:
        return node not in self.never

    def start(self, node: str) -> None:
        self._engine.start(node)

    def end(self, node: str) -> None:
        self._engine.stop(node)

    def wait_ready(self, node: str) -> None:
        self._engine.done.append(("wait", node))


def forgery() -> Topology:
    """A server, alice, bob and mallory, on one network."""
    return LabWish("forgery").load()
