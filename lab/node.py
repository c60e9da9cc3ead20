"""A node in the hands of a play: its terminal, its life, its place on the networks."""

import re
from collections.abc import Callable
from functools import partial

from lab import resources
from lab.engine import Completed, Engine
from lab.errors import GaveUp, LabError, UsageError
from lab.events import Exited, Fault, Printed, ResourcesSeen, Started, ThreadsSeen, Typed
from lab.faults import FaultKind, Wish
from lab.faults.faults import Faults
from lab.faults.filters import Filter
from lab.readiness import LOOK_EVERY, missing
from lab.recorder import Recorder, now
from lab.switching.switched import Kind
from lab.terminal import Terminal
from lab.threads.proc import threads
from lab.threads.words import names, told
from lab.waiting import DEADLINE, eventually
from topology.links import Link
from topology.plan import Node as Spec
from topology.plan import Topology


class Node:
    """One node of a running lab. Whatever is done to it stands in the history."""

    def __init__(self, spec: Spec, topology: Topology, engine: Engine, recorder: Recorder, faults: Faults) -> None:
        """Take a node that was created. Its terminal is attached when it is started."""
        self.name = spec.name
        self.spec = spec
        self._topology = topology
        self._engine = engine
        self._recorder = recorder
        self._faults = faults
        self._lost: list[Filter] = []
        self._terminals: list[Terminal] = []  # of its program, one a start
        self._began = 0.0  # when it was started last
        self._starts = 0
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
        if self.spec.restart and self.was_started:
            self._engine.stop(self.name)  # else the engine may be about to start it by itself, or have done so
        self._starts += 1
        on_output = partial(self._printed, start=self._starts)
        self._terminals.append(Terminal(self.name, self._engine.attach(self.name), on_output=on_output))
        self._began = now()
        self._engine.start(self.name)
        try:
            self._recorder.wait(Started, lambda e: e.node == self.name, "its start", since=self._began)
        except GaveUp:
            raise LabError(f"the engine did not tell that {self.name} was started") from None

    def stop(self) -> None:
        """End the program with SIGTERM."""
        self._recorder.add(Fault(time=now(), node=self.name, what="stopped with SIGTERM"))
        self._engine.stop(self.name)

    def kill(self) -> None:
        """End the program with SIGKILL: no last word of its own."""
        self._faults.do(Wish(FaultKind.KILL, self.name))

    def pause(self) -> None:
        """Freeze the program."""
        self._faults.do(Wish(FaultKind.PAUSE, self.name))

    def resume(self) -> None:
        """Let the program go on."""
        self._faults.do(Wish(FaultKind.RESUME, self.name))

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

        eventually(
            look, f"{self.name} ready", within=within, every=LOOK_EVERY,
            otherwise=lambda: f"still missing: {self.missing()}",
        )  # fmt: skip

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

    def look_at_resources(
        self, wanted: Callable[[ResourcesSeen], bool] = lambda seen: True, *, within: float = DEADLINE
    ) -> ResourcesSeen:
        """Read from the system what its program holds, until that is as `wanted` or time is over.

        Of all readings only the last stands in the history, whatever it is.
        """
        deadline = now() + within

        def look() -> ResourcesSeen | None:
            seen = self._resources()
            return seen if wanted(seen) or seen.time >= deadline else None

        seen = eventually(look, f"what {self.name} holds", within=within + DEADLINE)
        self._recorder.add(seen)
        return seen

    def _resources(self) -> ResourcesSeen:
        texts = self._engine.proc(self.name) or {}
        return ResourcesSeen(
            time=now(), node=self.name, threads=resources.threads(texts), descriptors=resources.descriptors(texts),
            sockets=resources.sockets(texts), memory=resources.memory(texts),
        )  # fmt: skip

    def _threads(self) -> ThreadsSeen:
        return ThreadsSeen(time=now(), node=self.name, threads=threads(self._engine.proc(self.name) or {}))

    # --- its place on the networks ---

    def cut(self, network: str | None = None) -> None:
        """Take the node off a network (its only one, if none is named)."""
        self._faults.do(Wish(FaultKind.CUT, self.name, network=network or next(iter(self.spec.addresses))))

    def heal(self, network: str | None = None) -> None:
        """Put the node back on the network, at its old address."""
        self._faults.put_back(self.name, network or next(iter(self.spec.addresses)))

    def lose(self, protocol: str, port: int) -> None:
        """Drop every packet to a port of this node as it comes in, until `lose_nothing`. The wire still shows it."""
        self._lost.append(Filter(f"port.{protocol}.{port}", (f"{protocol} dport {port}",), hook="input"))
        self._faults.put(self.name, f"loses {protocol} to port {port}", [(self.name, self._lost[-1])])

    def lose_nothing(self) -> None:
        """Undo `lose`."""
        self._faults.take(self.name, "loses nothing", [(self.name, each) for each in self._lost])
        self._lost.clear()

    def deafen(self, neighbour: str, kind: Kind | None = None) -> None:
        """Drop every packet from a neighbour on their link as it comes in, until `hear`. The wire still shows it.

        If a kind is named, only packets of packet switches that are of it.
        """
        # Behind the header of UDP, which has 64 bits: version and kind, four bits each.
        which = "" if kind is None else f" @th,64,8 & 0xf == {kind.value}"
        what = f"no longer hears {neighbour}" if kind is None else f"hears no {kind.name} of {neighbour}"
        link, name = self._link(neighbour)
        part = Filter(f"link.{link.port}", (f"udp dport {link.port}{which}",), hook="input")
        self._faults.put(self.name, f"{what} (link {name})", [(self.name, part)], link=name)

    def hear(self, neighbour: str) -> None:
        """Undo `deafen`; harmless where there is nothing to undo."""
        link, name = self._link(neighbour)
        part = Filter(f"link.{link.port}")
        self._faults.take(self.name, f"hears {neighbour} again (link {name})", [(self.name, part)], link=name)

    def _link(self, neighbour: str) -> tuple[Link, str]:
        """Return the link to a neighbour, and its name."""
        try:
            link = self._topology.link(self.name, neighbour)
        except LookupError as error:
            raise UsageError(str(error)) from None
        return link, "-".join(link.ends)

    def _printed(self, data: bytes, start: int = 0) -> None:
        self._recorder.add(Printed(time=now(), node=self.name, data=data, start=start))

    def close(self) -> None:
        """Let go of its terminals, as if nothing had been started."""
        for terminal in (*self._terminals, *self._opened):
            terminal.close()
        self._terminals.clear()
        self._opened.clear()
