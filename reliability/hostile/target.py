"""The programs that listen, how each is started, and who is honestly served by it beside an attack."""

from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.stations import Station
from reliability.hostile.attack import Over

GROUP = "224.1.1.1"
RATE = 10**9
"""Of a packet switch's links: so that what is measured is the program."""

_ATTACKS = "reliability.hostile.attacks"


@dataclass
class Place:
    """Where one program runs, who is honest beside it, and what lies behind it; with a port for each of them."""

    target: Station
    honest: Station
    behind: Station
    port: int = field(init=False)
    other_port: int = field(init=False)
    ready_port: int = field(init=False)
    honest_port: int = field(init=False)
    other_honest_port: int = field(init=False)
    behind_port: int = field(init=False)

    def __post_init__(self) -> None:
        self.port, self.other_port = self.target.port(), self.target.port()
        self.ready_port, self.honest_port, self.other_honest_port = (self.honest.port() for _ in range(3))
        self.behind_port = self.behind.port()

    @property
    def peer(self) -> str:
        """Return the honest side's address."""
        return f"{self.honest.address}:{self.honest_port}"


@dataclass(frozen=True)
class Target:
    """A program. `most`: the MB that it may take in any attack, but for those that `more` names.

    `words` are its arguments, `honest` those of the honest side's program (see attacks/). `packets`: it speaks packets.
    `server`: where it is to be reached, if that is not where it runs. `ours`: False for one that must not be changed:
    it is measured, and nothing is wrong.
    """

    name: str
    module: str
    over: Over
    words: Callable[[Place], list[str]]
    honest: Callable[[Place], list[str]]
    most: float
    more: dict[str, float] = field(default_factory=dict)
    packets: bool = False
    needs_behind: bool = False
    ours: bool = True
    server: Callable[[Place], str] = lambda place: f"{place.target.address}:{place.port}"

    def bound(self, attack: str) -> float:
        """Return the MB that it may take."""
        return self.more.get(attack, self.most)


def _lines(kind: str) -> Callable[[Place], list[str]]:
    return lambda place: [f"{_ATTACKS}.honest_lines", "--kind", kind]


def _datagrams(kind: str, *more: str) -> Callable[[Place], list[str]]:
    return lambda place: [f"{_ATTACKS}.honest_datagrams", "--kind", kind, "--port", str(place.honest_port), *more]


def _through(place: Place) -> list[str]:
    other = ["--other", f"{place.target.address}:{place.other_port}", "--other-port", str(place.other_honest_port)]
    return [*_datagrams("through")(place), *other]


def _link(name: str, port: int, place: Place, honest_port: int) -> list[str]:
    return ["--link", f"{name}={port}:{place.honest.address}:{honest_port},rate={RATE},queue=1000"]


def _switch(place: Place) -> list[str]:
    first = _link("h1", place.port, place, place.honest_port)
    return ["--name", "s", *first, *_link("h2", place.other_port, place, place.other_honest_port)]


def _behind(place: Place) -> str:
    return f"{place.behind.address}:{place.behind_port}"


TARGETS = (
    Target(
        "broadcast_server",
        "services.broadcast_server",
        Over.TCP,
        lambda place: ["--port", str(place.port), "--max-clients", "1000"],
        _lines("broadcast"),
        most=64,
        more={"500 connections at once": 128, "500 half lines of 60 kB at once": 128, "readers that stop": 128},
    ),
    Target(
        "forwarder",
        "services.forwarder",
        Over.TCP,
        lambda place: ["--listen", str(place.port), "--upstream", _behind(place)],
        _lines("echo"),
        most=32,
        more={"500 connections at once": 64, "500 half lines of 60 kB at once": 128},
        needs_behind=True,
    ),
    Target(
        "anycast_responder",
        "services.anycast_responder",
        Over.TCP,
        lambda place: ["--address", place.target.address, "--port", str(place.port), "--name", "one"],
        _lines("echo"),
        most=32,
        more={"500 connections at once": 64, "500 half lines of 60 kB at once": 160},
    ),
    Target(
        "tcp_server",
        "services.project3.tcp_server",
        Over.TCP,
        lambda place: ["--port", str(place.port)],
        _lines("word"),
        most=32,
        more={"500 connections at once": 64, "500 half lines of 60 kB at once": 128},
        ours=False,
    ),
    Target(
        "anycast_responder",
        "services.anycast_responder",
        Over.UDP,
        lambda place: ["--address", place.target.address, "--port", str(place.port), "--name", "one"],
        _datagrams("answered"),
        most=32,
    ),
    Target(
        "udp_peer",
        "services.udp_peer",
        Over.UDP,
        lambda place: ["--server", _behind(place), "--listen", str(place.port), "--peer", place.peer],
        _datagrams("heard"),
        most=32,
        needs_behind=True,
    ),
    Target(
        "datagram_receiver",
        "services.datagram_receiver",
        Over.UDP,
        lambda place: ["--listen", str(place.port)],
        _datagrams("heard"),
        most=32,
    ),
    Target(
        "multicast_receiver",
        "services.multicast_receiver",
        Over.UDP,
        lambda place: ["--group", f"{GROUP}:{place.port}"],
        _datagrams("heard"),
        most=32,
        server=lambda place: f"{GROUP}:{place.port}",
    ),
    Target(
        "packet_host",
        "services.packet_host",
        Over.UDP,
        lambda place: ["--name", "h2", *_link("h1", place.port, place, place.honest_port)],
        _datagrams("packets"),
        most=64,
        packets=True,
    ),
    Target("packet_switch", "services.packet_switch", Over.UDP, _switch, _through, most=64, packets=True),
)
