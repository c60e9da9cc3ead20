"""A busy lab by hand: who is in, who says what, and who does not get it.

busy = Busy()                      all are started; alice to erin are in, frank is refused
busy.says("alice")                 the next line of alice, typed, said, heard and shown by all who are in
busy.says("bob", unheard={"erin"}, unshown={"dave"}, unsaid=True, tagged="[9] ")
busy.heals().well().silence()      the steps that the checks go by
check(busy.history())
"""

from collections import Counter
from collections.abc import Collection, Container, Sequence

from lab.events import ResourcesSeen, Step
from lab.history import History
from scenarios.chaos.spoken import Line
from scenarios.chaos.steps import HEALED, SILENT
from tests.unit.scenarios.histories import Call, Wire

FIVE = ("alice", "bob", "carol", "dave", "erin")
SIX = (*FIVE, "frank")
ROLES = {
    "server": "broadcast-server", **dict.fromkeys(SIX, "broadcast-client"), "p3server": "project3-server",
    "forwarder1": "forwarder", "p3client": "project3-client", "peer1": "udp-peer", "peer2": "udp-peer",
    "receiver1": "multicast-receiver", "receiver2": "multicast-receiver",
}  # fmt: skip


class Busy:
    """A lab in which all is well, until a test says what is not."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.calls: dict[str, Call] = {}
        self.ids: dict[str, int] = {}
        self.typed: Counter[str] = Counter()
        for node, role in ROLES.items():
            self.wire.node(node, role)
        self.last_id = 0
        for client in SIX:
            self.dials(client)
        self.forwarder_says("ready: listening on 0.0.0.0:8000, upstream p3server:10000 reached")
        self.wire.dial("p3client", "forwarder1", 8000)

    def dials(self, client: str, greeting: str = "* you are {}") -> "Busy":
        """Let a client call the server, which lets five in."""
        call = self.wire.dial(client, "server", 9000)
        if len(self.calls) >= 5:
            call.down(b"* server full\n")
            call.close(by_server=True)
            return self
        self.last_id += 1
        self.calls[client], self.ids[client] = call, self.last_id
        call.down(f"{greeting.format(self.last_id)}\n".encode())
        return self

    def says(
        self,
        speaker: str,
        *,
        line: Line | None = None,
        tagged: str | None = None,
        unsaid: bool = False,
        unheard: Container[str] = (),
        unshown: Container[str] = (),
        twice: Container[str] = (),
    ) -> Line:
        """Let a client that is in type its next line; return that."""
        if line is None:
            line = self.types(speaker)
        if unsaid:
            return line
        self.calls[speaker].up(f"{line}\n".encode())
        for other in self.calls:
            if other != speaker and other not in unheard:
                for _ in range(1 + (other in twice)):
                    self.hears(other, line, f"[{self.ids[speaker]}] " if tagged is None else tagged, other in unshown)
        for receiver in ("receiver1", "receiver2"):
            self.wire.printed(receiver, f"10.83.0.2 [{self.ids[speaker]}] {line}")
        return line

    def hears(self, client: str, line: Line, tag: str, unshown: bool = False) -> "Busy":
        """Send a client a line."""
        self.calls[client].down(f"{tag}{line}\n".encode())
        if not unshown:
            self.wire.printed(client, f"{tag}{line}")
        return self

    def types(self, node: str, shown_at: Sequence[str] = ()) -> Line:
        """Type a node's next line, which others show, however it came there."""
        self.typed[node] += 1
        line = Line(node, self.typed[node])
        self.wire.typed(node, str(line))
        for other in shown_at:
            self.wire.printed(other, f'received "{line}"')
        return line

    def kills(self, node: str) -> "Busy":
        """Kill a client's program; its system says so on the wire."""
        self.wire.fault(node, "killed with SIGKILL")
        self.wire.exited(node, 137)
        self.calls.pop(node).reset()
        return self

    def starts(self, node: str) -> "Busy":
        self.wire.node(node, ROLES[node])
        return self

    def breaks(self, node: str = "bob") -> "Busy":
        self.wire.fault(node, "cut: it loses all packets in and out")
        return self

    def well(self, but: Container[str] = ()) -> "Busy":
        """Show every sign that all is well, but some: names of speakers, `full`."""
        for client in self.calls:
            if client not in but:
                self.says(client)
        for client in set(SIX) - set(self.calls):
            if "full" not in but:
                self.dials(client)
        for node, others in (("p3client", ["p3server"]), ("peer1", ["peer2"]), ("peer2", ["peer1"])):
            if node not in but:
                self.types(node, others)
        return self

    def heals(self, *, but: Container[str] = (), after: float = 1.0) -> "Busy":
        """Heal all that is broken, after which the signs come, so many seconds later."""
        began = self.wire.time
        self.wire.later(after)
        self.well(but)
        self._step(HEALED, began)
        return self

    def forwarder_says(self, *states: str) -> "Busy":
        for state in states:
            self.wire.printed("forwarder1", state)
        return self

    def starts_client_anew(
        self, seconds: float, *, then: float = 0.1, but: Collection[str] = (), chain: float = 0.0
    ) -> "Busy":
        """Heal; all is well but the client of the chain: that is started anew, and is well `then` seconds later.

        The chain can be dialled `chain` seconds after the end of its client.
        """
        began = self.wire.time
        self.well({"p3client", *but})
        self.wire.exited("p3client", 1)
        if chain:
            self.forwarder_says("not listening: the upstream ended", "dialing: p3server:10000")
            self.wire.later(chain)
            self.forwarder_says("ready: listening on 0.0.0.0:8000, upstream p3server:10000 reached")
        self.wire.later(seconds - chain)
        self.starts("p3client")
        self.wire.later(then)
        self.types("p3client", ["p3server"])
        self.well(SIX)
        self._step(HEALED, began)
        return self

    def starts_client_twice(self, runs: float) -> "Busy":
        """Heal; the engine starts the client of the chain by itself, and once that has run so long the play does."""
        began = self.wire.time
        self.well({"p3client"})
        self.wire.exited("p3client", 1)
        self.wire.later(6.0)
        self.starts("p3client")
        self.wire.later(runs)
        self.wire.exited("p3client", 143)
        self.wire.later(2.0)
        self.starts("p3client")
        self.types("p3client", ["p3server"])
        self._step(HEALED, began)
        return self

    def silence(self) -> "Busy":
        """Let the play come to where everything has arrived."""
        self._step(SILENT, self.wire.time)
        return self

    def looks(self, node: str, *, threads: int = 2, descriptors: int = 5, sockets: int = 1, memory: int = 0) -> "Busy":
        """Look at what a program holds."""
        seen = ResourcesSeen(time=self.wire.time, node=node, threads=threads, descriptors=descriptors,
                             sockets=sockets, memory=memory)  # fmt: skip
        self.wire.events.append(seen)
        self.wire.later(0.001)
        return self

    def history(self) -> History:
        return self.wire.history()

    def _step(self, sentence: str, began: float) -> None:
        self.wire.later(0.001)
        self.wire.events.append(Step(time=self.wire.time, began=began, sentence=sentence))
