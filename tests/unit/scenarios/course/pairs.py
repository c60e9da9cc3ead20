"""Two peers and their server for histories of Question 3: all behave well unless told otherwise."""

from lab.history import History
from tests.unit.scenarios.histories import Call, Wire

SERVER, ONE, OTHER = "p3server", "peer1", "peer2"


class Pair:
    """A Project 3 server and two peers; `form` is how a peer words a datagram."""

    def __init__(self, form: str = "{text}") -> None:
        self.wire = Wire()
        self.calls: dict[str, Call] = {}
        self._form = form
        self.wire.node(SERVER, "project3-server")
        for peer in (ONE, OTHER):
            self.wire.node(peer, "udp-peer")

    def join(self, *peers: str) -> "Pair":
        """Let peers (both, if none is named) connect to the server."""
        for peer in peers or (ONE, OTHER):
            self.calls[peer] = self.wire.dial(peer, SERVER, 10000)
        return self

    def says(self, peer: str, text: str) -> "Pair":
        """Let a peer say something: by UDP to the other, by TCP to the server."""
        self.wire.typed(peer, text)
        self.tcp(peer, text)
        self.udp(peer, text)
        self.wire.printed(self.other(peer), f"{peer}: {text}")
        return self

    def tcp(self, peer: str, text: str) -> None:
        """The server's half of it."""
        self.calls[peer].up(text.encode())
        self.wire.printed(SERVER, text)

    def udp(self, peer: str, text: str) -> None:
        """The datagram."""
        self.wire.udp(peer, self.other(peer), self._form.format(text=text).encode())

    def talk(self) -> "Pair":
        """Join, and let each say something."""
        return self.join().says(ONE, "greetings").says(OTHER, "and to you")

    def exit(self, peer: str, *, repeats: int = 0) -> "Pair":
        """Type exit at one peer; it says so again and again until the other answers, and both end."""
        self.wire.typed(peer, "exit")
        for _ in range(1 + repeats):
            self.udp(peer, "exit")
        self.udp(self.other(peer), "exit")
        for each in (self.other(peer), peer):
            self.tcp(each, "exit")
            self.end(each)
        return self

    def end(self, peer: str, *, status: int = 0) -> None:
        """Let a peer close its connection and end."""
        self.calls[peer].close()
        self.wire.exited(peer, status)

    def lossy_exit(self) -> "Pair":
        """Type exit at the first peer while the other loses every datagram; then it gets through."""
        self.wire.fault(OTHER, "loses udp to port 12000")
        self.wire.typed(ONE, "exit")
        self.udp(ONE, "exit")
        self.udp(ONE, "exit")
        self.wire.fault(OTHER, "loses nothing")
        return self

    def other(self, peer: str) -> str:
        return OTHER if peer == ONE else ONE

    def history(self) -> History:
        return self.wire.history()
