"""What a ladder diagram of a history shows; text.py and svg.py draw it.

    time    alice    forwarder1    server       a column for each node, in the order of the path
    0.832     ├───────────▶                     an arrow for each message
    0.901     ■ types "hello"                   a mark for what happened at a node

A packet that is routed is seen on every network that it crosses, and is an arrow a hop: from the node whose Ethernet
address it bears to the next. Its label then ends with the nodes that its IP addresses name.

What every exchange brings along and nobody came to see (pure ACKs, ARP, DNS, IPv6 housekeeping, what routers tell each
other, a refused call that is tried again and again) is left out and counted.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from lab.events import Event, Exited, Fault, Packet, Started, Step, Typed
from lab.history import History
from lab.hops import Stations, stations
from lab.switching.switched import switched
from lab.visible import excerpt, visible
from lab.wire import MEMBERSHIP, ends, is_group, label, memberships, noise, refused_again

MOST_ROWS = 600
"""Rows that are drawn; nobody reads more, and the capture has them all."""


class Happening(Enum):
    """What a mark on a node's line stands for."""

    STARTED = "started"
    TYPED = "typed"
    FAULT = "fault"
    EXITED = "exited"


@dataclass(frozen=True)
class Column:
    """A node (with its role), or an address that is no node's: a multicast group, the bridge."""

    name: str
    role: str | None = None

    @property
    def is_group(self) -> bool:
        """True for a multicast group."""
        return self.role is None and is_group(self.name)


@dataclass(frozen=True)
class Arrow:
    """A message between two columns; `also` are the members of a group that it was sent to."""

    time: float
    source: int
    target: int
    protocol: str
    reset: bool
    label: str
    where: str
    also: tuple[int, ...] = ()


@dataclass(frozen=True)
class Mark:
    """Something that happened at a node."""

    time: float
    column: int
    what: Happening
    label: str


@dataclass(frozen=True)
class Heading:
    """The beginning of a step of the play, or the end of one that did not work."""

    time: float
    label: str
    worked: bool


Row = Arrow | Mark | Heading


@dataclass(frozen=True)
class Ladder:
    """Columns from left to right, rows from top to bottom. Times are seconds since the beginning of the first event."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    left_out: str

    def lives(self, column: int) -> list[tuple[int, int]]:
        """Return from which row to which row a column's program ran; for what is no node, all rows."""
        last = len(self.rows) - 1
        if self.columns[column].role is None:
            return [(0, last)]
        lives: list[tuple[int, int]] = []
        begun: int | None = None
        for number, row in enumerate(self.rows):
            if isinstance(row, Mark) and row.column == column:
                if row.what is Happening.STARTED and begun is None:
                    begun = number
                elif row.what is Happening.EXITED and begun is not None:
                    lives.append((begun, number))
                    begun = None
        return lives if begun is None else [*lives, (begun, last)]


def ladder(history: History, captures: str = "the capture", shows: Collection[str] = ()) -> Ladder:
    """Choose what to draw of a history. `captures` says where the packets are that were left out.

    `shows` names what is drawn although it is noise elsewhere (see `lab.wire.noise`).
    """
    start = min((e.began if isinstance(e, Step) else e.time for e in history), default=0.0)
    way = _Way(history.owners, stations(history))
    reasons: Counter[str] = Counter()
    shown: list[Packet] = []
    again = refused_again(history)
    for packet in history.packets():
        reason = noise(packet) or ("repeated refusals" if id(packet) in again else None)
        if reason and reason not in shows:
            reasons[reason] += 1
        else:
            shown.append(packet)
    columns = _columns(history, shown, way)
    place = {name: number for number, name in enumerate(columns)}
    rows: list[Row] = [*_headings(history, start), *_marks(history, place, start)]
    rows += _arrows(shown, way, place, start)
    rows.sort(key=lambda row: (row.time, not isinstance(row, Heading)))
    counted = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
    left_out = f"{reasons.total()} packets left out{counted and f' ({counted})'}; all are in {visible(captures)}"
    if len(rows) > MOST_ROWS:
        left_out = f"{len(rows) - MOST_ROWS} rows after {rows[MOST_ROWS].time:.3f} s are not drawn. {left_out}"
    return Ladder(tuple(columns.values()), tuple(rows[:MOST_ROWS]), left_out)


@dataclass(frozen=True)
class _Way:
    """Between whom packets go: the names of nodes by IP address, and by Ethernet address."""

    names: dict[str, str]
    stations: Stations

    def hop(self, packet: Packet) -> tuple[str, str]:
        """Name the columns that one sighting of a packet goes from and to."""
        source, target = ends(packet, self.names)
        here = packet.network
        return self.stations.get((here, packet.eth_src), source), self.stations.get((here, packet.eth_dst), target)

    def passes(self, packet: Packet) -> bool:
        """Tell whether this is one hop of a longer way, or goes to or from an address that several nodes share."""
        local = (packet.src or "").startswith("fe80:")
        return not local and self.hop(packet) != ends(packet, self.names)

    def label(self, packet: Packet) -> str:
        """Say what a message is and, where it is only passing, from whom to whom."""
        source, target = ends(packet, self.names)
        return label(packet) + (visible(f" ({source} to {target})") if self.passes(packet) else "")


def _columns(history: History, shown: Iterable[Packet], way: _Way) -> dict[str, Column]:
    """Put who dials left of who is dialed, a group right of who sends to it and left of its members."""
    roles = {event.node: event.role for event in reversed(history.of(Started))}
    others = [event.node for event in history if isinstance(event, Typed | Exited | Fault)]
    edges = dict.fromkeys(way.hop(connection.packets[0]) for connection in history.connections)
    used = dict.fromkeys([*history.nodes(), *others])
    for packet in shown:
        source, target = way.hop(packet)
        used |= dict.fromkeys((source, target))
        if is_group(target):
            edges[(target, source) if memberships(packet) else (source, target)] = None
        elif (
            {packet.src, packet.dst} <= way.names.keys()
            and (target, source) not in edges
            and (way.passes(packet) or switched(packet))
        ):
            edges[source, target] = None  # whoever speaks first stands left of the routers, or switches
    level = dict.fromkeys(used, 0)
    for _ in used:  # the longest way to each; who dials in a circle ends up somewhere, and that will do
        for left, right in edges:
            if left in level and right in level and left != right:
                level[right] = max(level[right], min(level[left] + 1, len(used)))
    in_order = sorted(used, key=lambda name: (level[name], _natural(name)))
    return {name: Column(visible(name), roles.get(name, "" if name in others else None)) for name in in_order}


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that puts forwarder2 before forwarder10."""
    return [(int(part) if part.isdecimal() else 0, part) for part in re.split(r"([0-9]+)", name)]


def _headings(history: History, start: float) -> Iterator[Heading]:
    steps = sorted(history.of(Step), key=lambda step: step.began)
    for number, step in enumerate(steps, 1):
        yield Heading(step.began - start, f"{number}. {visible(step.sentence)}", step.worked)
        if not step.worked:
            went = f"expected {visible(step.expected or '')}, but got {visible(step.got or '')}"
            yield Heading(step.time - start, f"{number}. did not work: {went}", False)


def _marks(history: History, place: dict[str, int], start: float) -> Iterator[Mark]:
    for event in history:
        if told := _told(event):
            what, node, text = told
            yield Mark(event.time - start, place[node], what, text)


def _told(event: Event) -> tuple[Happening, str, str] | None:
    match event:
        case Started():
            return Happening.STARTED, event.node, "started"
        case Typed():
            typed = excerpt(event.data.rstrip(b"\n"), 40) or f"{len(event.data)} bytes"
            return Happening.TYPED, event.node, f"types {typed}"
        case Fault():
            return Happening.FAULT, event.node, visible(event.what)
        case Exited():
            return Happening.EXITED, event.node, f"exited, status {event.status}"
    return None


def _arrows(shown: Iterable[Packet], way: _Way, place: dict[str, int], start: float) -> Iterator[Arrow]:
    members: dict[tuple[str, str], dict[int, None]] = {}
    for packet in shown:
        source, target = way.hop(packet)
        joined = members.setdefault((packet.network, target), {})
        also = () if packet.protocol in MEMBERSHIP else tuple(sorted(joined.keys() - {place[source]}))
        for group, wanted in memberships(packet).items():
            if wanted:
                members.setdefault((packet.network, group), {})[place[source]] = None
            else:
                members.setdefault((packet.network, group), {}).pop(place[source], None)
        where = f"{packet.network}.pcapng packet {packet.number}: {packet.src} to {packet.dst}, {packet.length} bytes"
        yield Arrow(
            packet.time - start, place[source], place[target], packet.protocol, "RST" in packet.flags,
            way.label(packet), visible(where), also,
        )  # fmt: skip
