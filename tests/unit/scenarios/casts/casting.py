"""What is played on topology/casts.yaml, by hand: unicast, anycast, one of each kind.

All goes well unless told otherwise.
"""

from collections.abc import Container, Iterable
from typing import Any

from scenarios.casts.checks.reach import HOSTS, WORDS
from tests.unit.scenarios.casts.routed import FAR, Routed

FOUR, SIX = "for e1 alone", "for e1 alone, in IPv6"
NEAR = {"w1": ("west", "anycast1"), "w2": ("west", "anycast1"), "e1": ("east", "anycast2")}


# --- unicast ---


def unicast(*, shown_by: Iterable[str] = ("e1",), unshown: Container[str] = ()) -> Routed:
    """Let w1 send to e1 by IPv4 and by IPv6."""
    routed = Routed().start()
    for text, six in ((FOUR, False), (SIX, True)):
        routed.send(FAR, text.encode(), six=six)
        for node in () if text in unshown else shown_by:
            routed.printed(node, f"{routed.address('w1', six=six)} {text}")
    return routed


# --- anycast ---


class Anycast:
    """Two servers with one address, and clients who ask."""

    def __init__(self) -> None:
        self.routed = Routed().start()
        self.shared = self.routed.shared()

    def asks(self, client: str, text: str, *, far: bool = False, source: str | None = None) -> "Anycast":
        """Let a client ask, and be answered by the server that is near, or by the one that is not."""
        there, back, server = self._ways(client, far=far)
        self.routed.send(there, text.encode(), to=self.shared, dport=7000)
        answer = f"{server}: {text}".encode()
        self.routed.send(back, answer, source=source or self.shared, sport=7000, dport=40000)
        return self

    def dials(self, client: str = "w2") -> "Anycast":
        """Let a client open a TCP connection to the near server."""
        there, back, _ = self._ways(client, far=False)
        self.segment(there, "SYN", up=True)
        self.segment(back, "SYN", "ACK")
        self.segment(there, "ACK", up=True)
        return self

    def segment(self, way: str, *flags: str, up: bool = False, sport: int = 7000) -> "Anycast":
        """Send a segment of that connection from the shared address, or to it."""
        if up:
            self.routed.send(way, protocol="tcp", to=self.shared, dport=sport, flags=flags)
        else:
            self.routed.send(way, protocol="tcp", source=self.shared, sport=sport, dport=40000, flags=flags)
        return self

    def kill(self) -> "Anycast":
        """Kill the server in the west; the engine tells of its end a little later."""
        self.routed.fault("anycast1", "killed with SIGKILL")
        self.routed.exited("anycast1", 137)
        return self

    def talks_on(self, client: str = "w2") -> "Anycast":
        """Let the client send on in its connection, and the other server reset it."""
        there, back, _ = self._ways(client, far=True)
        return self.segment(there, "PSH", "ACK", up=True).segment(back, "RST")

    def play(self, *, after: float = 0.4) -> "Anycast":
        """Play it all."""
        self.asks("w1", "who?").asks("e1", "who, of the east?").dials().kill()
        self.routed.later(after)
        self.asks("w1", "who now?", far=True).talks_on()
        self.routed.start(["anycast1"])
        self.asks("w1", "still you?", far=True).asks("w1", "who again?")
        return self.asks("e1", "who now, of the east?")

    @staticmethod
    def _ways(client: str, *, far: bool) -> tuple[str, str, str]:
        """Return the way there, the way back, and who is there. The near server is reached by its router."""
        network, near = NEAR[client]
        router = {"west": "r1", "east": "r2"}[network]
        if not far:
            return f"{client} {network} {router} {network} {near}", f"{near} {network} {client}", near
        way = f"{client} {network} r1 backbone r2 east anycast2"
        return way, " ".join(way.split()[::-1]), "anycast2"


# --- one of each ---

WAYS = {
    "unicast": (FAR, None),
    "anycast": ("w1 west r1 west anycast1", "10.84.255.1"),
    "multicast": ("w1 west r1 backbone r2 east", "239.84.1.1"),
    "limited broadcast": ("w1 west", "255.255.255.255"),
    "directed broadcast": ("w1 west", "10.84.1.255"),
}
GOT = {
    "unicast": "e1", "anycast": "anycast1", "multicast": "w2 e1", "limited broadcast": "w1 w2",
    "directed broadcast": "w1 w2",
}  # fmt: skip
TAKEN = GOT | {"anycast": "", "limited broadcast": "w1 w2 w3", "directed broadcast": "w1 w2 w3"}
"""Whose counters rise. That of w1 rises by an answer, too."""


class OneOfEach:
    """w1 sends one datagram of each kind, and every host shows its counters before and after."""

    def __init__(self) -> None:
        self.routed = Routed().start().hello()
        self.taken = dict.fromkeys(HOSTS, 0)

    def kind(
        self,
        kind: str,
        *,
        way: str | None = None,
        got: str | None = None,
        taken: str | None = None,
        silent: Container[str] = (),
        late: bool = False,
    ) -> "OneOfEach":
        """Send a datagram of a kind: on which way, who shows it, whose stack takes it, and who shows no counters.

        An answer that is `late` comes after the counters were read.
        """
        text = f"{WORDS}{kind}"
        self.count(f"before {kind}", silent)
        usual, to = WAYS[kind]
        self.routed.send(way or usual, text.encode(), to=to, ttl=3 if kind == "multicast" else 64)
        for node in (GOT[kind] if got is None else got).split():
            self.routed.printed(node, f"10.84.1.3 {text}")
        for node in (TAKEN[kind] if taken is None else taken).split():
            self.taken[node] += 1
        if kind == "anycast":
            self.routed.send("anycast1 west w1", f"anycast1: {text}".encode(), source=to, sport=7000, dport=40000)
            self.routed.printed("w1", f"10.84.255.1 anycast1: {text}")
            self.taken["w1"] += not late
        self.count(f"after {kind}", silent)
        self.taken["w1"] += late
        return self

    def count(self, when: str, silent: Container[str] = ()) -> None:
        """Let every host show its counters: datagrams for a program and, for w3 where nothing listens, for none."""
        for node, taken in self.taken.items():
            if node not in silent:
                some, none = (0, taken) if node == "w3" else (taken, 0)
                self.routed.printed(
                    node,
                    f"counters {when}\r\nIp: Forwarding DefaultTTL\r\nIp: 1 64\r\n"
                    "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti"
                    f"\r\nUdp: {some} {none} 0 7 0 0 0 0\r\n"
                    "UdpLite: InDatagrams NoPorts\r\nUdpLite: 0 0",
                )

    def play(self, changed: str = "", **how: Any) -> "OneOfEach":
        """Play all kinds; one of them as told."""
        for kind in WAYS:
            self.kind(kind, **(how if kind == changed else {}))
        return self
