"""What is sent in the comparison of both networks, found again in a history.

             by datagrams                          over circuits
    overload h2 -> h1 and h4 -> h3, big packets    h2's call with a reserved rate, h4's likewise
    work     h2 -> h1 and h4 -> h3, small packets  each host's call, and its call when that was released

A switch on the way dies during the work, once with datagrams and once with circuits.
"""

from dataclasses import dataclass

from lab.events import Exited, Fault
from lab.history import History
from lab.switching.crossings import Circuit
from lab.switching.switched import Kind
from lab.switching.ways import Way, flows, ways
from scenarios.switching.checks.circuits import calls
from scenarios.verdict import FailedError

PAIRS = (("h2", "h1"), ("h4", "h3"))
"""Who sends to whom."""
DEAD = "c"
SHOWN = ("d", "e")
"""The switches whose tables are shown: d is on the other way, e on the way by the switch that dies."""

SMALL = 64
"""Bytes of payload in each packet of the work."""
MANY, BIG = 125, 1376
"""Packets of the overload, from each host, and the bytes of payload in each."""
RATE = 700_000
"""In bit/s: what the overload takes of a link, with its headers, and what is reserved for it."""


@dataclass(frozen=True)
class Death:
    """When the switch was killed, and when it was surely dead."""

    began: float
    done: float


def datagrams(history: History, pair: tuple[str, str], size: int) -> list[Way]:
    """Return the flow of datagrams of a pair, with that payload. FailedError if there is not one."""
    found = [flow for flow in flows(history, *pair) if len(flow[0].packet.payload) == size]
    if len(found) != 1:
        raise FailedError(f"{len(found)} flows of datagrams with {size} bytes went from {' to '.join(pair)}, not one")
    return found[0]


def overload(history: History, pair: tuple[str, str]) -> Circuit:
    """Return the call of a pair that reserves a rate. FailedError if there is none."""
    found = [call for call in calls(history, *pair) if call.rate]
    if not found:
        raise FailedError(f"{pair[0]} did not ask for a rate")
    return found[0]


def work(history: History, pair: tuple[str, str]) -> tuple[Circuit, Circuit]:
    """Return the call of a pair for its work, and its second one. FailedError if there are no two."""
    found = [call for call in calls(history, *pair) if not call.rate]
    if len(found) != 2:
        raise FailedError(f"{' called '.join(pair)} {len(found)} times with nothing reserved, not twice")
    return found[0], found[1]


def data(history: History, circuit: Circuit) -> list[Way]:
    """Return the ways of what the calling side sent over a circuit."""
    found = [way for way in ways(history) if way.circuit is circuit and way.packet.kind is Kind.DATA]
    return [way for way in found if not way.packet.back]


def deaths(history: History) -> tuple[Death, Death]:
    """Return when the switch died: while datagrams were sent, and while circuits were open. FailedError if not so."""
    kills = [fault.time for fault in history.of(Fault) if fault.node == DEAD and "killed" in fault.what]
    ends = [exited.time for exited in history.of(Exited) if exited.node == DEAD]
    if not len(kills) == len(ends) == 2:
        raise FailedError(f"{DEAD} was killed {len(kills)} times and ended {len(ends)} times, not twice")
    first, second = (Death(min(pair), max(pair)) for pair in zip(kills, ends, strict=True))
    return first, second
