"""Members of groups on topology/casts.yaml, for histories: who joins, what w1 sends, who shows it, who answers a ping.

west  w1 w2 w3 ── r1 ── backbone ── r2 ── e1 e2 e3  east
"""

from collections.abc import Sequence

from lab.wire import is_group
from scenarios.casts.checks.networks import WAY
from tests.unit.scenarios.casts.routed import Routed

LED_BY = ("w1", "r1", "r2")
"""Who puts a datagram of w1 on each network of its way."""


class Members(Routed):
    """Everybody is up and was heard of; hosts speak this version of IGMP."""

    def __init__(self, version: int = 3) -> None:
        super().__init__()
        self._version = version
        self.start().hello()

    def joins(self, group: str, *names: str) -> "Members":
        """Let hosts say that they want a group."""
        return self._says("to-exclude" if self._version == 3 else "report", group, *names)

    def leaves(self, group: str, *names: str) -> "Members":
        """Let hosts say that they go."""
        return self._says("to-include" if self._version == 3 else "leave", group, *names)

    def _says(self, how: str, group: str, *names: str) -> "Members":
        what = f"v3 report {how}" if self._version == 3 else f"v{self._version} {how}"
        for name in names:
            network = next(iter(self.topology.nodes[name].addresses))
            self.packet("igmp", src=self.address(name), dst="224.0.0.22", what=f"{what} {group}", group=group, ttl=1,
                        eth_src=self.station(name, network), network=network)  # fmt: skip
        return self

    def sends(
        self, to: str, text: str, *, ttl: int = 1, reach: Sequence[str] = WAY[:1], shown: Sequence[str] = (),
        dport: int = 7000,
    ) -> "Members":  # fmt: skip
        """Let w1 send a datagram as far as these networks; nodes show it, once for each time that they are named."""
        way = " ".join(word for pair in zip(LED_BY, reach, strict=False) for word in pair)
        way += "" if is_group(to) else f" {self.node_with(to)}"
        self.send(way, text.encode(), to=to, ttl=ttl, dport=dport)
        for name in shown:
            self.printed(name, f"{self.address('w1')} {text}")
        return self

    def tells(self, node: str, text: str, *, deaf: bool = False) -> "Members":
        """Let w1 send a datagram to a host of its network, which shows it."""
        return self.sends(self.address(node), text, ttl=64, shown=() if deaf else (node,))

    def pings(self, group: str, *answered: str, payload: bytes = b"1") -> "Members":
        """Let w1 ping a group once, and nodes answer."""
        w1 = self.address("w1")
        self.packet("icmp", src=w1, dst=group, what="echo request", seq=1, payload=payload, ttl=1, network="west")
        for name in answered:
            self.packet("icmp", src=self.address(name), dst=w1, what="echo reply", seq=1, payload=payload,
                        network="west")  # fmt: skip
        return self

    def node_with(self, address: str) -> str:
        return next(name for name in self.topology.nodes if self.address(name) == address)
