"""Histories of several networks by hand: two of hosts, joined over a third by two routers, as in topology/casts.yaml.

west  w1 w2 w3 ── r1 ── backbone ── r2 ── e1  east
"""

from itertools import pairwise
from typing import Any

from lab.events import AnyEvent, Packet, Printed, Started, TapClosed
from lab.history import History
from tests.unit.scenarios.histories import BEGINNING, MILLISECOND

NODES = {
    "r1": {"west": "10.84.1.2", "backbone": "10.84.2.2"},
    "r2": {"backbone": "10.84.2.3", "east": "10.84.3.2"},
    "w1": {"west": "10.84.1.3"},
    "w2": {"west": "10.84.1.4"},
    "w3": {"west": "10.84.1.5"},
    "e1": {"east": "10.84.3.3"},
}
NETWORKS = ("west", "backbone", "east")
EVERYBODY = "ff:ff:ff:ff:ff:ff"


def mac(node: str, network: str | None = None) -> str:
    """Return the Ethernet address that the lab makes of a node's address on a network (its first one)."""
    address = NODES[node][network or next(iter(NODES[node]))]
    return "02:42:" + ":".join(f"{int(part):02x}" for part in address.split("."))


def address6(node: str) -> str:
    """Return the IPv6 address of a host: fd00:a54:100:0:42:aff:fe54:103 for 10.84.1.3."""
    third, fourth = (int(part) for part in next(iter(NODES[node].values())).split(".")[2:])
    return f"fd00:a54:{third:x}00:0:42:aff:fe54:{third:x}{fourth:02x}"


class Networks:
    """What happens on all of them, in order; every event takes a millisecond."""

    def __init__(self) -> None:
        self._events: list[AnyEvent] = []
        self._time = BEGINNING
        self._numbers = dict.fromkeys(NETWORKS, 0)
        for node, addresses in NODES.items():
            role = "router" if node.startswith("r") else "host"
            others = {} if role == "router" else {address6(node): next(iter(addresses))}
            started = Started(time=self._tick(), node=node, role=role, addresses=addresses, others=others)
            self._events.append(started)

    def shows(self, *nodes: str, text: str) -> None:
        """Let nodes show a line."""
        for node in nodes:
            self._events.append(Printed(time=self._tick(), node=node, data=f"{text}\n".encode()))

    def frame(self, network: str, protocol: str, **fields: Any) -> Packet:
        """Put a frame on a network."""
        self._numbers[network] += 1
        number, payload = self._numbers[network], fields.get("payload", b"")
        packet = Packet(
            time=self._tick(), network=network, number=number, length=42 + len(payload), protocol=protocol, **fields
        )
        self._events.append(packet)
        return packet

    def datagram(self, sender: str, dst: str, text: str, *way: tuple[str, str, str], ttl: int = 64) -> None:
        """Send a datagram on its way: each hop is its network and the Ethernet addresses of its two ends."""
        for hop, (network, eth_src, eth_dst) in enumerate(way):
            self.frame(
                network, "udp", src=next(iter(NODES[sender].values())), dst=dst, sport=40000, dport=7301,
                payload=text.encode(), ttl=ttl - hop, eth_src=eth_src, eth_dst=eth_dst,
            )  # fmt: skip

    def history(self, *, dropped: int = 0) -> History:
        """Return all that happened; the taps say that they lost nothing, unless told otherwise."""
        closed = [
            TapClosed(time=self._time, network=name, received=number, dropped=dropped, canary=True)
            for name, number in self._numbers.items()
        ]
        return History([*self._events, *closed])

    def _tick(self) -> float:
        self._time += MILLISECOND
        return self._time


def way(*nodes: str) -> list[tuple[str, str, str]]:
    """Return the hops of a datagram from a node over others to a last one."""
    hops = []
    for before, after in pairwise(nodes):
        network = next(network for network in NODES[before] if network in NODES[after])
        hops.append((network, mac(before, network), mac(after, network)))
    return hops
