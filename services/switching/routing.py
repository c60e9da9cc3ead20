"""Distance vector: each node tells its neighbours how far it is to everywhere, and believes the nearest of them.

    a --1-- b --1-- c      c tells b:  c 0            b then knows:  c 1 by c
                           b tells a:  b 0, c 1       a then knows:  b 1 by b, c 2 by b

A vector is whole: what a neighbour leaves out it cannot reach. Only the best way to each destination is kept, so a
switch that loses it has to be told of another one.

Bad news is the difficulty. When c dies, b may hear from a "c 2", which is b's own old news, and believe it; then the
two count up together, to infinity. The guard is poisoned reverse: whoever reaches c by b tells b that c is at infinity.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from services.switching.header import NAME_BYTES, BadPacketError, Flaw, pack_name, unpack_name

PERIOD = 0.5
INFINITY = 16
MOST_DESTINATIONS = 256  # others may tell what they like: a table has to have an end
_SILENT_PERIODS = 3
_DYING_PERIODS = 4
_GAP_PERIODS = 0.1  # between news and the next triggered vector: news often comes in pieces
_ENTRY = struct.Struct(f"!{NAME_BYTES}sB")

Vector = dict[str, int]


def pack_vector(vector: Vector) -> bytes:
    """Make a vector the payload of a VECTOR packet."""
    return b"".join(_ENTRY.pack(pack_name(name), metric) for name, metric in vector.items())


def unpack_vector(payload: bytes) -> Vector:
    """Read the payload of a VECTOR packet. Raises BadPacketError."""
    if len(payload) % _ENTRY.size:
        raise BadPacketError(Flaw.SHORT)
    return {unpack_name(name): metric for name, metric in _ENTRY.iter_unpack(payload)}


class Guard(StrEnum):
    """What is done against counting to infinity."""

    POISONED_REVERSE = "poisoned-reverse"
    NONE = "none"


class Routes(Protocol):
    """Where packets go: a table that is learned, or one that is given."""

    def heard_from(self, now: float, line: str) -> bool:
        """Note that something came on a line; True when its neighbour was lost, and is back."""

    def hear(self, now: float, line: str, vector: Vector) -> None:
        """Learn from the vector of a neighbour."""

    def expire(self, now: float) -> list[str]:
        """Give up what was not heard of for too long; return the lines whose neighbours were lost just now."""

    def vectors(self, now: float) -> dict[str, Vector]:
        """Return what has to be told now, on each line; nothing when it is not the time to."""

    def due(self) -> float | None:
        """Return when `expire` and `vectors` want to be called next."""

    def next_hop(self, destination: str) -> str | None:
        """Return the line by which a destination is reached, if there is one."""

    def table(self) -> dict[str, tuple[str, int | None]]:
        """Return the line and the metric of each destination, those at infinity as well; given routes have none."""


@dataclass
class _Route:
    via: str
    metric: int
    forget_at: float = 0.0  # of a destination at infinity


class DistanceVector:
    """The table of one node, learned from its neighbours."""

    def __init__(
        self,
        name: str,
        costs: Mapping[str, int],
        period: float = PERIOD,
        infinity: int = INFINITY,
        guard: Guard = Guard.POISONED_REVERSE,
    ) -> None:
        """`costs` has the cost of each line, by the name of the neighbour."""
        self._name = name
        self._costs = dict(costs)
        self._period = period
        self._infinity = infinity
        self._guard = guard
        self._routes: dict[str, _Route] = {}
        self._heard_at: dict[str, float] = {}  # of neighbours that are there
        self._lost: set[str] = set()
        self._next_period = 0.0
        self._may_trigger_at = 0.0
        self._changed = False

    def heard_from(self, now: float, line: str) -> bool:
        """Note that something came on a line; True when its neighbour was lost, and is back."""
        back = line in self._lost
        self._lost.discard(line)
        self._heard_at[line] = now
        return back

    def hear(self, now: float, line: str, vector: Vector) -> None:
        """Learn from the vector of a neighbour."""
        for destination, told in vector.items():
            self._weigh(now, line, destination, min(told + self._costs[line], self._infinity))
        for destination, route in self._routes.items():
            if route.via == line and destination not in vector:
                self._set_metric(now, route, self._infinity)

    def _weigh(self, now: float, line: str, destination: str, metric: int) -> None:
        route = self._routes.get(destination)
        if route is None:
            if metric < self._infinity and destination != self._name and len(self._routes) < MOST_DESTINATIONS:
                self._routes[destination] = _Route(line, metric)
                self._changed = True
        elif route.via == line:  # whom we go by is believed, be the news good or bad
            self._set_metric(now, route, metric)
        elif (metric, line) < (route.metric, route.via) and metric < self._infinity:
            # Of equal ways the one by the alphabetically first neighbour: the same network, the same tables.
            route.via = line
            self._set_metric(now, route, metric)

    def _set_metric(self, now: float, route: _Route, metric: int) -> None:
        if metric != route.metric:
            route.metric = metric
            route.forget_at = now + _DYING_PERIODS * self._period
            self._changed = True

    def expire(self, now: float) -> list[str]:
        """Give up what was not heard of for too long; return the lines whose neighbours were lost just now."""
        lost = [line for line, heard in self._heard_at.items() if now >= heard + self._silence]
        for line in lost:
            del self._heard_at[line]
            self._lost.add(line)
        for destination, route in list(self._routes.items()):
            if route.via in lost:
                self._set_metric(now, route, self._infinity)
            if route.metric == self._infinity and now >= route.forget_at:
                del self._routes[destination]
        return lost

    def vectors(self, now: float) -> dict[str, Vector]:
        """Return what has to be told now, on each line; nothing when it is not the time to."""
        if now < self._next_vectors_at:
            return {}
        if self._changed:
            self._changed = False
            self._may_trigger_at = now + _GAP_PERIODS * self._period
        if self._next_period <= now:
            self._next_period = now + self._period
        return {line: self._vector(line) for line in self._costs}

    def _vector(self, line: str) -> Vector:
        vector = {self._name: 0}
        for destination, route in self._routes.items():
            poisoned = self._guard is Guard.POISONED_REVERSE and route.via == line
            vector[destination] = self._infinity if poisoned else route.metric
        return vector

    def due(self) -> float:
        """Return when `expire` and `vectors` want to be called next."""
        return min([self._next_vectors_at, *(heard + self._silence for heard in self._heard_at.values())])

    def next_hop(self, destination: str) -> str | None:
        """Return the line by which a destination is reached, if there is one."""
        route = self._routes.get(destination)
        return route.via if route and route.metric < self._infinity else None

    def table(self) -> dict[str, tuple[str, int | None]]:
        """Return the line and the metric of each destination, those at infinity as well."""
        return {name: (route.via, route.metric) for name, route in sorted(self._routes.items())}

    @property
    def _silence(self) -> float:
        return _SILENT_PERIODS * self._period

    @property
    def _next_vectors_at(self) -> float:
        return min(self._next_period, self._may_trigger_at) if self._changed else self._next_period
