"""A node in the hands of a play: its terminal, its life, its place on the networks."""

import re
from collections.abc import Callable

from lab.engine import Completed, Engine
from lab.errors import GaveUp, LabError, UsageError
from lab.events import Exited, Fault, Printed, Started, ThreadsSeen, Typed
from lab.readiness import missing
from lab.recorder import Recorder, now
from lab.switching.switched import Kind
from lab.terminal import Terminal
from lab.threads.proc import threads
from lab.threads.words import names, told
from lab.waiting import DEADLINE, eventually
from topology.plan import Node as Spec
from topology.plan import Topology


class Node:
    """One node of a running lab. Whatever is done to it stands in the history."""

    def __init__(self, spec: Spec, topology: Topology, engine: Engine, recorder: Recorder) -> None:
        """Take a node that was created. Its terminal is attached when it is started."""
        self.name = spec.name
        self.spec = spec
        self._topology = topology
        self._engine = engine
        self._recorder = recorder
        self._terminals: list[Terminal] = []  # of its program, one a start
        self._began = 0.0  # when it was started last
        self._opened: list[Terminal] = []  # of commands beside it

    # --- its terminal ---

    @property
    def terminal(self) -> Terminal:
        """The terminal of the program that was started last."""
        return self._terminals[-1]

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        data = f"{line}\n".encode()
        self._recorder.add(Typed(time=now(), node=self.name, data=data))
        self.terminal.type(data)

    def wait_for(self, text: str | re.Pattern[str], *, count: int = 1, within: float = DEADLINE) -> str:
        """Wait until the terminal showed a text or pattern (`count` times since the program's start)."""
        return self.terminal.wait_for(text, count=count, within=within)

    def open(self, command: list[str]) -> Terminal:
        """Run a command beside the node's program; return its input and output, which stand in the history, too."""
        self._opened.append(Terminal(self.name, self._engine.spawn(self.name, command), on_output=self._printed))
        return self._opened[-1]

    def run(self, command: list[str], *, data: bytes = b"") -> Completed:
        """Run a command in the node to its end."""
        return self._engine.run(self.name, command, data=data)

    # --- its life ---

    @property
    def was_started(self) -> bool:
        """Whether the play has started its program."""
        return bool(self._terminals)

    def start(self) -> None:
        """Start the program, or start it again."""
        self._terminals.append(Terminal(self.name, self._engine.attach(self.name), on_output=self._printed))
        self._began = now()
        self._engine.start(self.name)
        try:
            self._recorder.wait(Started, lambda e: e.node == self.name, "its start", since=self._began)
        except GaveUp:
            raise LabError(f"the engine did not tell that {self.name} was started") from None

    def stop(self) -> None:
        """End the program with SIGTERM."""
        self._fault("stopped with SIGTERM")
        self._engine.stop(self.name)

    def kill(self) -> None:
        """End the program with SIGKILL: no last word of its own."""
        self._fault("killed with SIGKILL")
        self._engine.kill(self.name)

    def pause(self) -> None:
        """Freeze the program."""
        self._fault("paused")
        self._engine.pause(self.name)

    def resume(self) -> None:
        """Let the program go on."""
        self._engine.resume(self.name)
        self._fault("resumed")

    def wait_exit(self, *, within: float = DEADLINE) -> int:
        """Wait until the program that was started last has ended; return its exit status."""
        try:
            ended = self._recorder.wait(
                Exited, lambda e: e.node == self.name, f"the end of {self.name}", within=within, since=self._began
            )
        except GaveUp as gave_up:
            raise GaveUp(gave_up.expected, f"a program that runs on, and showed {self.terminal.transcript!r}") from None
        return ended.status

    def wait_ready(self, *, within: float = DEADLINE) -> None:
        """Wait until its kernel shows what its role promises: ports open, connections made, groups joined."""

        def look() -> bool:
            return not self.missing()

        eventually(look, f"{self.name} ready", within=within, otherwise=lambda: f"still missing: {self.missing()}")

    def missing(self) -> list[str]:
        """Say what its role promises and its kernel does not show yet; nothing when it is ready."""
        sockets = self._engine.sockets(self.name)
        return ["a running program"] if sockets is None else missing(self.spec, self._topology, sockets)

    def look_at_threads(self) -> ThreadsSeen:
        """Read the threads of its program from the system; what was seen stands in the history."""
        seen = self._threads()
        self._recorder.add(seen)
        return seen

    def wait_threads(
        self, expected: str, wanted: Callable[[ThreadsSeen], bool], *, within: float = DEADLINE
    ) -> ThreadsSeen:
        """Read them until they are as `wanted`. Of all readings only the last stands in the history."""

        def look() -> ThreadsSeen | None:
            seen = self._threads()
            return seen if wanted(seen) else None

        def last() -> str:
            return told(self.look_at_threads().threads, names(self._topology))

        seen = eventually(look, expected, within=within, otherwise=last)
        self._recorder.add(seen)
        return seen

    def _threads(self) -> ThreadsSeen:
        return ThreadsSeen(time=now(), node=self.name, threads=threads(self._engine.proc(self.name) or {}))

    # --- its place on the networks ---

    def cut(self, network: str | None = None) -> None:
        """Take the node off a network (its only one, if none is named)."""
        network = network or next(iter(self.spec.addresses))
        self._fault(f"cut off {network}")
        self._engine.cut(self.name, network)

    def heal(self, network: str | None = None) -> None:
        """Put the node back on the network, at its old address."""
        network = network or next(iter(self.spec.addresses))
        self._engine.heal(self.name, network)
        self._fault(f"back on {network}")

    def lose(self, protocol: str, port: int) -> None:
        """Drop every packet to a port of this node as it comes in, until `lose_nothing`. The wire still shows it."""
        self._fault(f"loses {protocol} to port {port}")
        rules = f"add table inet socklab; add chain inet socklab lose {{ type filter hook input priority 0; }}; " \
                f"add rule inet socklab lose {protocol} dport {port} drop"  # fmt: skip
        self._change_filter(rules)

    def lose_nothing(self) -> None:
        """Undo `lose`."""
        self._change_filter("delete table inet socklab")
        self._fault("loses nothing")

    def deafen(self, neighbour: str, kind: Kind | None = None) -> None:
        """Drop every packet from a neighbour on their link as it comes in, until `hear`. The wire still shows it.

        If a kind is named, only packets of packet switches that are of it.
        """
        # Behind the header of UDP, which has 64 bits: version and kind, four bits each.
        which = "" if kind is None else f" @th,64,8 & 0xf == {kind.value}"
        self._change_link(
            neighbour,
            f"no longer hears {neighbour}" if kind is None else f"hears no {kind.name} of {neighbour}",
            "add table {table}; add chain {table} lose {{ type filter hook input priority 0; }}; "
            f"add rule {{table}} lose udp dport {{port}}{which} drop",
        )

    def hear(self, neighbour: str) -> None:
        """Undo `deafen`; harmless where there is nothing to undo."""
        self._change_link(neighbour, f"hears {neighbour} again")

    def _change_link(self, neighbour: str, what: str, rules: str = "") -> None:
        """Put rules in place of those for the link to a neighbour. Each link has a table of its own."""
        try:
            link = self._topology.link(self.name, neighbour)
        except LookupError as error:
            raise UsageError(str(error)) from None
        table, name = f"inet link_{link.port}", "-".join(link.ends)
        began = now()
        self._change_filter(f"add table {table}; delete table {table}; " + rules.format(table=table, port=link.port))
        told = f"{what} (link {name})"
        self._recorder.add(Fault(time=now(), began=began, node=self.name, what=told, link=name))

    def _change_filter(self, rules: str) -> None:
        done = self._engine.beside(self.name, ["nft", rules])
        if done.status:
            said = done.output.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise LabError(f"nftables did not take `{rules}` at {self.name}; does the kernel have it? {said}")

    def _fault(self, what: str) -> None:
        self._recorder.add(Fault(time=now(), node=self.name, what=what))

    def _printed(self, data: bytes) -> None:
        self._recorder.add(Printed(time=now(), node=self.name, data=data))

    def close(self) -> None:
        """Let go of its terminals, as if nothing had been started."""
        for terminal in (*self._terminals, *self._opened):
            terminal.close()
        self._terminals.clear()
        self._opened.clear()
