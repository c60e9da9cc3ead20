"""Chains of forwarders for histories of Question 2: all behave well unless a test takes a call into its own hands.

p3client ──calls["p3client"]──► forwarder1 ──calls["forwarder1"]──► ... ──► p3server
"""

from lab.history import History
from tests.unit.scenarios.histories import Call, Wire

SERVER, CLIENT = "p3server", "p3client"


class Chain:
    """A server, forwarders in front of it, and one client. `calls` holds the connection that each of them dialed."""

    def __init__(self, length: int = 3, *, spare: bool = False) -> None:
        """Start nothing. `spare` forwarders keep one connection ready and dial another one for their client."""
        self.wire = Wire()
        self.forwarders = [f"forwarder{number}" for number in range(1, length + 1)]
        self.way = [CLIENT, *self.forwarders, SERVER]
        self.calls: dict[str, Call] = {}
        self._spare = spare

    def start(self) -> "Chain":
        """Start the server, then the forwarders, which dial at once, then the client."""
        self.wire.node(SERVER, "project3-server")
        for forwarder in reversed(self.forwarders):
            self.wire.node(forwarder, "forwarder")
            self.dial(forwarder)
        return self.call()

    def call(self) -> "Chain":
        """Start the client, which dials the first forwarder."""
        self.wire.node(CLIENT, "project3-client")
        self.dial(CLIENT)
        for forwarder in self.forwarders if self._spare else ():
            self.dial(forwarder)
        return self

    def dial(self, node: str) -> None:
        """Let a node dial the next one on the way."""
        following = self.way[self.way.index(node) + 1]
        self.calls[node] = self.wire.dial(node, following, 10000 if following == SERVER else 8000)

    def word(self, word: str) -> "Chain":
        """Type a word at the client; it passes every hop, and the server shows it."""
        self.wire.typed(CLIENT, word)
        for node in self.way[:-1]:
            self.calls[node].up(word.encode())
        self.wire.printed(SERVER, f"received: {word}")
        return self

    def exit(self, *, status: int = 0) -> "Chain":
        """Type exit at the client; the server ends the connection, and so does every forwarder behind it."""
        self.word("exit")
        for node in reversed(self.way[:-1]):
            self.calls[node].close(by_server=True)
        self.wire.exited(CLIENT, status)
        return self

    def kill(self, victim: str) -> "Chain":
        """Kill a forwarder; its kernel ends its connections, and its neighbours pass that on."""
        self.wire.fault(victim, "killed with SIGKILL")
        place = self.way.index(victim)
        for node in reversed(self.way[:place]):
            self.calls[node].close(by_server=True)
        for node in self.way[place:-1]:
            self.calls[node].close()
        self.wire.exited(victim, 137)
        return self

    def history(self) -> History:
        return self.wire.history()
