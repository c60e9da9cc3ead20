"""A lab for a play: made from a topology, tapped before its first node starts, recorded to its end, and removed.

create ──► taps open ──► start ──► play ──► taps closed (canary) ──► history and captures kept ──► removed
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab.engine import STARTS_AT_ONCE, Engine, NodeState
from lab.errors import EngineError, GaveUp, LabError, LostEngineError, UsageError, of_system
from lab.events import AnyEvent, LabFailed, Packet, Step
from lab.faults import Wish
from lab.faults.faults import Faults
from lab.history import History
from lab.node import Node
from lab.recorder import Recorder, now
from lab.switching.switched import Kind
from lab.tap import NetworkTap
from lab.up import start_order
from lab.waiting import DEADLINE
from topology.plan import Topology


class Lab:
    """A lab that is there from `create` to the end of a `with` block.

        lab = Lab(load(path, name="try"), DockerEngine("try"), Path("runs/try"))
        lab.create()
        with lab:
            lab.start()
            lab.node("alice").type("hello")
        lab.history.connections_between("alice", "server")

    What it leaves in `directory`: compose.yaml, NETWORK.pcapng of each tap, history.jsonl, NODE.log of each node.
    """

    def __init__(
        self,
        topology: Topology,
        engine: Engine,
        directory: Path,
        *,
        keep: Callable[[History], bool] = lambda history: False,
        listener: Callable[[AnyEvent], None] = lambda event: None,
    ) -> None:
        """Prepare; nothing is made yet. `keep` says of a history whether its containers stay."""
        self.topology = topology
        self.directory = directory
        self.history = History([])
        self._closing = False
        self._cleared = 0.0  # when the lab was as if nothing had been started
        self.is_settled = False  # whether it is gone, or stays because it is meant to
        self.stopped_by: GaveUp | None = None  # what a step waited for in vain; it stands in the history, too
        self._engine = engine
        self._keep = keep
        self._recorder = Recorder(listener)
        self._taps: list[NetworkTap] = []
        self._faults = Faults(engine, topology, _Programs(self), self._recorder.add_fault, undo=True)
        made = (engine, self._recorder, self._faults)
        self._nodes = {name: Node(spec, topology, *made) for name, spec in topology.nodes.items()}
        self._watcher = threading.Thread(target=self._watch, name="engine-events", daemon=True)

    def create(self) -> None:
        """Make networks and nodes: from now on their subnets are taken."""
        self.directory.mkdir(parents=True, exist_ok=True)
        try:
            self._engine.remove()
            self._engine.prepare(self.topology, self.directory)
            with ThreadPoolExecutor(STARTS_AT_ONCE) as pool:
                list(pool.map(self._engine.make, self.topology.nodes))
        except BaseException:
            self._engine.remove()
            self._engine.close()
            raise

    def __enter__(self) -> "Lab":
        """Open a tap on each network. Nothing is started yet."""
        try:
            self._watcher.start()
            for network in self.topology.networks:
                self._taps.append(NetworkTap(self._engine, network, self._recorder))
            for tap in self._taps:
                tap.wait_open()
        except BaseException:
            self._engine.remove()
            self._engine.close()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        """Close the taps, keep what was recorded, and remove everything that was made.

        What cannot be asked for or kept any more stands in the history as a failure of the lab, so nobody judges by it.
        """
        self._closing = True
        try:
            for tap in self._taps:
                with self._or_failed():
                    tap.close(self.directory / f"{tap.network}.pcapng")
            with self._or_failed():
                for name in self._engine.states():
                    (self.directory / f"{name}.log").write_bytes(self._engine.logs(name))
            self.history = self._recorder.history()
            with self._or_failed():
                self.history.save(self.directory / "history.jsonl")
            self.history = self._recorder.history()
        finally:
            self._leave()

    def _leave(self) -> None:
        self._faults.close()
        try:
            if not self._keep(self.history):
                for kept in self._engine.remove():
                    logging.getLogger(__name__).warning(kept)
            self.is_settled = True
        except LostEngineError as error:
            rest = f"`make down NAME={self.topology.name}` removes what is left, once `docker info` shows that it runs"
            logging.getLogger(__name__).warning("%s; %s", error, rest)
        finally:
            for node in self._nodes.values():
                node.close()
            self._engine.close()

    @contextlib.contextmanager
    def _or_failed(self) -> Iterator[None]:
        """Do something with what the lab has left, or record that it failed: a full disk, an engine that stopped."""
        try:
            yield
        except LabError as error:
            self.failed(error)
        except OSError as error:
            self.failed(LabError(of_system(error, self.directory)))

    def node(self, name: str) -> Node:
        """Return a node by its name. UsageError if the topology has none of that name."""
        try:
            return self._nodes[self.topology.find(name).name]
        except LookupError as error:
            raise UsageError(str(error)) from None

    def start(self, *names: str) -> None:
        """Start nodes, several at a time, and wait until each is ready. If none is named: all, as `complete` does."""
        if not names:
            self.complete()
        self.launch(*names)
        for name in names:
            self.node(name).wait_ready()

    def complete(self) -> None:
        """Start the nodes that were never started, in the order of `make up`, and wait until all are ready.

        Scenarios that share a lab begin with it, whichever of them is played first.
        """
        order = start_order(self.topology)
        while order.is_active():
            names = order.get_ready()
            self.launch(*(name for name in names if not self._nodes[name].was_started))
            for name in names:
                self._nodes[name].wait_ready(within=DEADLINE * 2)
            order.done(*names)

    def clear(self) -> None:
        """End all programs, so that none runs, as before the first start. What comes next sees no packet of before."""
        running = [name for name, state in self._engine.states().items() if state is NodeState.RUNNING]
        with ThreadPoolExecutor(STARTS_AT_ONCE) as pool:
            list(pool.map(self._kill, running))
        for name in running:
            self._nodes[name].wait_exit()
        self._faults.close()
        for node in self._nodes.values():
            node.close()
        self._cleared = now()

    def _kill(self, name: str) -> None:
        try:
            self._engine.kill(name)
        except EngineError:  # it may have ended by itself meanwhile, as those that it needs were killed
            if self._engine.states()[name] is NodeState.RUNNING:
                raise

    def launch(self, *names: str) -> None:
        """Start nodes, several at a time, and wait for nothing more."""
        with ThreadPoolExecutor(STARTS_AT_ONCE) as pool:
            list(pool.map(Node.start, [self.node(name) for name in names]))

    def set_bridge(self, network: str, **settings: int) -> None:
        """Change how the bridge of a network, which is its switch, treats groups: `mcast_snooping=0` (ip-link(8))."""
        self._engine.set_bridge(network, **settings)

    def fault(self, wish: Wish) -> None:
        """Break something on purpose, until `heal`; packets at the latest until we end. UsageError if it cannot be."""
        self._faults.do(wish)

    def heal(self) -> None:
        """Undo all faults: paused nodes go on, queues and rules go, cut nodes come back, ended nodes start again."""
        self._faults.heal(everywhere=False)

    def cut_link(self, one: str, other: str) -> None:
        """Cut a link between packet switches or hosts, until `heal_link`: no end hears the other any more."""
        self._at_both_ends(Node.deafen, one, other)

    def heal_link(self, one: str, other: str) -> None:
        """Undo `cut_link`, and `deafen` at either end."""
        self._at_both_ends(Node.hear, one, other)

    def deafen(self, node: str, neighbour: str, kind: Kind | None = None) -> None:
        """Let a node no longer hear a neighbour on their link, until `hear`; the neighbour still hears the node.

        If a kind is named, it no longer hears packets of that kind.
        """
        self.node(node).deafen(neighbour, kind)

    def hear(self, node: str, neighbour: str) -> None:
        """Undo `deafen`."""
        self.node(node).hear(neighbour)

    def _at_both_ends(self, change: Callable[[Node, str], None], one: str, other: str) -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(change, (self.node(one), self.node(other)), (other, one)))

    @contextlib.contextmanager
    def step(self, sentence: str) -> Iterator[None]:
        """Tell one step of the play; what it waited for in vain stands in the history, and ends the play."""
        began = now()
        try:
            yield
        except GaveUp as gave_up:
            self._recorder.add(
                Step(time=now(), began=began, sentence=sentence, expected=gave_up.expected, got=gave_up.got)
            )
            self.stopped_by = gave_up
            raise
        self._recorder.add(Step(time=now(), began=began, sentence=sentence))

    def failed(self, error: LabError) -> None:
        """Record that the lab itself failed, so that nobody judges by what is missing."""
        self._recorder.add(LabFailed(time=now(), what=str(error)))

    def wait_packet(
        self,
        expected: str,
        wanted: Callable[[Packet], bool] = lambda packet: True,
        *,
        sender: str | None = None,
        receiver: str | None = None,
        flags: set[str] | None = None,
        count: int = 1,
        within: float = DEADLINE,
    ) -> Packet:
        """Wait until a tap has shown `count` packets from, to, with any of these, and `wanted`.

        Raises GaveUp, which says that `expected` did not come.
        """
        name_of = self.topology.name_of

        def match(packet: Packet) -> bool:
            return (
                (sender is None or name_of.get(packet.src or "") == sender)
                and (receiver is None or name_of.get(packet.dst or "") == receiver)
                and (flags is None or bool(flags & set(packet.flags)))
                and wanted(packet)
            )

        return self._recorder.wait(Packet, match, expected, within=within, count=count, since=self._cleared)

    def so_far(self, since: float) -> History:
        """Return what was recorded from a time on, and who was started before: for a play that waits for much."""
        return self._recorder.history(since)

    def _watch(self) -> None:
        for event in self._engine.watch():
            self._recorder.add(event)
        if not self._closing:
            self.failed(LabError("the engine's stream of events ended; see that it runs: `docker info`; play again"))


class _Programs:
    """How faults end and start the programs of a lab that is played in: with terminals, and what they show recorded."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def was_started(self, node: str) -> bool:
        return self._lab.node(node).was_started

    def start(self, node: str) -> None:
        self._lab.node(node).start()

    def end(self, node: str) -> None:
        self._lab._engine.stop(node)
        self._lab.node(node).wait_exit()

    def wait_ready(self, node: str) -> None:
        with contextlib.suppress(GaveUp):
            self._lab.node(node).wait_ready()
