"""The history of one run: a time-ordered list of events, and the questions that checks ask of it.

It is written as JSON Lines beside the pcapng files of the taps, so that a run can be judged again without Docker.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary

from lab.connections import Connection, connections
from lab.events import (
    AnyEvent,
    Closed,
    Connected,
    Event,
    LabFailed,
    Packet,
    Printed,
    Started,
    TapClosed,
    Typed,
    parse_event,
)
from lab.visible import shown

E = TypeVar("E", bound=Event)
T = TypeVar("T")


def _all(started: Started) -> Iterator[tuple[str, str]]:
    """Yield each address of a node, with its network."""
    yield from ((address, network) for network, address in started.addresses.items())
    yield from started.others.items()


def _owners(starts: Sequence[Started]) -> dict[str, str]:
    """Map addresses to nodes. One that moved belongs to its first node; one that several nodes share has no owner."""
    owners = {address: e.node for e in reversed(starts) for address in e.addresses.values()}
    shared = {address for e in starts for address in e.others if owners.setdefault(address, e.node) != e.node}
    return {address: node for address, node in owners.items() if address not in shared}


class History:
    """A run's events in order of time. Never changed once made.

    Connected and Closed events are worked out from the packets here, and stand among the others.
    """

    def __init__(self, events: Iterable[AnyEvent]) -> None:
        """Sort `events` and add what follows from them."""
        given = [event for event in events if not isinstance(event, Connected | Closed)]
        packets = sorted((e for e in given if isinstance(e, Packet)), key=lambda p: (p.time, p.network, p.number))
        self.connections: tuple[Connection, ...] = tuple(connections(packets))
        derived = [event for c in self.connections for event in c.events()]
        self.events: tuple[AnyEvent, ...] = tuple(sorted([*given, *derived], key=lambda event: event.time))
        self.owners = _owners(self.of(Started))
        """The node of each address that only one node has."""
        self._addresses: dict[str, dict[str, str]] = {}
        for start in self.of(Started):
            self._addresses.setdefault(start.node, {}).update(_all(start))

    def __iter__(self) -> Iterator[AnyEvent]:
        """Iterate over the events in order of time."""
        return iter(self.events)

    def of(self, kind: type[E]) -> list[E]:
        """Return the events of one kind, in order of time."""
        return [event for event in self.events if isinstance(event, kind)]

    # --- who is who ---

    def nodes(self, role: str | None = None) -> list[str]:
        """Return the names of the nodes that were started (in a role), in order of their first start."""
        return list(dict.fromkeys(e.node for e in self.of(Started) if role in (None, e.role)))

    def address(self, node: str) -> str:
        """Return a node's address on its first network. KeyError if it was never started."""
        for event in self.of(Started):
            if event.node == node:
                return next(iter(event.addresses.values()))
        raise KeyError(node)

    def node_at(self, address: str | None) -> str | None:
        """Return the node that has an address, or None (a group, the bridge, nobody, or several: see `holders`)."""
        return self.owners.get(address or "")

    def holders(self, address: str) -> list[str]:
        """Return the nodes that have an address, in order of their first start: of an anycast address, all servers."""
        return [node for node in self.nodes() if address in self.addresses(node)]

    def addresses(self, node: str) -> dict[str, str]:
        """Return all addresses of a node, IPv4 and IPv6, each with its network."""
        return self._addresses.get(node, {})

    # --- what was seen ---

    def typed(self, node: str) -> list[str]:
        """Return the lines typed at a node's terminal."""
        data = b"".join(event.data for event in self.of(Typed) if event.node == node)
        return data.decode("utf-8", "backslashreplace").removesuffix("\n").split("\n") if data else []

    def printed(self, node: str) -> str:
        """Return all that a node's terminal showed, as a person reads it."""
        return shown(b"".join(event.data for event in self.of(Printed) if event.node == node))

    def packets(self, protocol: str | None = None) -> list[Packet]:
        """Return the packets of all taps (of one protocol), in order of time."""
        return [packet for packet in self.of(Packet) if protocol in (None, packet.protocol)]

    def connections_between(self, client: str, server: str) -> list[Connection]:
        """Return the TCP connections that node `client` opened to node `server`, in order of time.

        One that crosses several networks stands here once for each; `Connection.network` tells them apart.
        """
        ends = client, server
        return [c for c in self.connections if (self.node_at(c.client[0]), self.node_at(c.server[0])) == ends]

    def between(self, begin: float, end: float, *, afresh: bool = False) -> "History":
        """Return what happened in a part of the run, with what holds for all of it: who was started, how taps fared.

        Of a part that began afresh, with no program running, only those count that were started in it.
        """
        lasting = (TapClosed, LabFailed) if afresh else (Started, TapClosed, LabFailed)
        return History(e for e in self.events if begin <= e.time <= end or isinstance(e, lasting))

    # --- can it be trusted ---

    def blindness(self) -> str | None:
        """Say why this must not be judged, or return None: the lab failed, no tap, packets lost, canary missed."""
        if failures := self.of(LabFailed):
            return f"the lab failed: {failures[0].what}"
        taps = self.of(TapClosed)
        if not taps:
            return "no tap was closed in good order, so packets may be missing"
        wired = {network for e in self.of(Started) for network in e.addresses}
        for network in sorted(wired - {tap.network for tap in taps}):
            return f"the tap of {network} was not closed in good order, so packets may be missing"
        for tap in taps:
            if tap.dropped:
                return f"the tap of {tap.network} lost {tap.dropped} of {tap.received + tap.dropped} packets"
            if not tap.canary:
                return f"the tap of {tap.network} missed its canary packet"
        return None

    # --- on disk ---

    def save(self, path: Path) -> None:
        """Write one JSON object a line."""
        path.write_text(
            "".join(event.model_dump_json(exclude_defaults=False) + "\n" for event in self.events), encoding="utf-8"
        )

    @classmethod
    def load(cls, path: Path) -> "History":
        """Read what `save` wrote. ValueError (pydantic's) if it is something else."""
        # Bytes stand as Latin-1 text, so a line may hold what str.splitlines takes for an end of line (U+0085).
        lines = path.read_text(encoding="utf-8").split("\n")
        return cls(parse_event.validate_json(line) for line in lines if line)


def once(work_out: Callable[[History], T]) -> Callable[[History], T]:
    """Let something be worked out once for each history, and be kept for as long as the history is.

    So whoever asks gets the same objects, which may be compared by identity.
    """
    known: WeakKeyDictionary[History, T] = WeakKeyDictionary()

    @wraps(work_out)
    def answer(history: History) -> T:
        if history not in known:
            known[history] = work_out(history)
        return known[history]

    return answer
