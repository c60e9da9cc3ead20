"""Histories of several networks by hand: what is sent passes routers, and every tap on its way sees it.

routed = Routed().start()                                      every node of topology/casts.yaml
routed.send("w1 west r1 backbone r2 east e1", b"for e1")       three frames, TTL 64, 63, 62
routed.send("w1 west r1 backbone", b"for some", to="239.1.1.1", ttl=2)
check(routed.history())                                        with the word of every network's tap

A way names who sends, on which network, and who takes it there. To a group, or to all, nobody is named in the end.
"""

from collections.abc import Iterable
from functools import cache

from lab.events import Packet, Started
from lab.state import TOPOLOGIES
from lab.wire import is_group, mac_of
from tests.unit.scenarios.histories import Wire, mac_of_address
from topology.plan import Topology, load

BROADCAST = "ff:ff:ff:ff:ff:ff"
FAR = "w1 west r1 backbone r2 east e1"
"""The way of most that crosses routers."""


@cache
def topology_of(name: str) -> Topology:
    """Read a topology once."""
    return load(TOPOLOGIES / f"{name}.yaml")


class Routed(Wire):
    """The networks of a topology, each with a tap on it, and its nodes, which have their addresses from there."""

    def __init__(self, topology: Topology | None = None) -> None:
        self.topology = topology or topology_of("casts")
        super().__init__(next(iter(self.topology.networks)))
        for network in self.topology.networks:
            self._packets[network] = 0

    def start(self, names: Iterable[str] | None = None) -> "Routed":
        """Start these nodes, or all."""
        for name in self.topology.nodes if names is None else names:
            node = self.topology.nodes[name]
            self._add(
                Started(
                    time=self._tick(),
                    node=name,
                    role=node.role.name,
                    addresses={network: str(address) for network, address in node.addresses.items()},
                    others=self.topology.further(name),
                )
            )
        return self

    def address(self, node: str, *, six: bool = False) -> str:
        """Return a node's address on its first network."""
        spec = self.topology.nodes[node]
        return str(next(iter((spec.addresses6 if six else spec.addresses).values())))

    def shared(self, server: str = "anycast1") -> str:
        """Return the address that a server shares with others."""
        return str(self.topology.nodes[server].anycast)

    def station(self, node: str, network: str) -> str:
        """Return a node's Ethernet address on a network."""
        return mac_of_address(str(self.topology.nodes[node].addresses[network]))

    def send(
        self,
        way: str,
        payload: bytes = b"",
        *,
        protocol: str = "udp",
        to: str | None = None,
        source: str | None = None,
        six: bool = False,
        sport: int = 40000,
        dport: int = 7001,
        ttl: int = 64,
        flags: tuple[str, ...] = (),
    ) -> list[Packet]:
        """Send a packet on its way, from its first node's address to its last's unless told otherwise."""
        stations, networks = way.split()[::2], way.split()[1::2]
        src = source or self.address(stations[0], six=six)
        dst = to or self.address(stations[-1], six=six)
        return [
            self.packet(
                protocol, src=src, dst=dst, sport=sport, dport=dport, payload=payload, ttl=ttl - hop, flags=flags,
                eth_src=self.station(stations[hop], network), eth_dst=self._takes(stations[hop + 1 :], network, dst),
                network=network,
            )
            for hop, network in enumerate(networks)
        ]  # fmt: skip

    def _takes(self, following: list[str], network: str, dst: str) -> str:
        """Return the Ethernet address that a frame is for."""
        if is_group(dst):
            return mac_of(dst)
        subnet = self.topology.networks[network].subnet
        if not following or dst in ("255.255.255.255", str(subnet.broadcast_address)):
            return BROADCAST
        return self.station(following[0], network)

    def change(self, network: str, **fields: object) -> "Routed":
        """Let all frames that were on a network have been otherwise."""
        self.events = [
            e.model_copy(update=fields) if isinstance(e, Packet) and e.network == network else e for e in self.events
        ]
        return self

    def hello(self) -> "Routed":
        """Let every node on every network be heard once from its own address, as routers are by their hellos."""
        for node in self.topology.nodes.values():
            for network, address in node.addresses.items():
                self.packet("ospf", src=str(address), dst="224.0.0.5", ttl=1, network=network,
                            eth_src=self.station(node.name, network), eth_dst=mac_of("224.0.0.5"))  # fmt: skip
        return self
