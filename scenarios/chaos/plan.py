"""Which faults come when: a pure function of a seed, a length of time and a topology, so that a run can be had again.

    burst   |-kill---cut-loss---|          each lasts from 2 to 4 s; all its faults are undone at its end
    healed                      |--?--|    for as long as it takes until all is well
    burst                             |-pause--rate-cut--resume-|   ...

A burst is short for a reason. TCP doubles its patience with each try (RFC 6298), so who heard nothing for four seconds
may wait for four more before it tries again; that is nobody's fault, and must fit into the time in which all is to be
well again. Within a burst, faults overlap; no node has two, but for one that is paused and may be resumed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from lab.faults import FaultKind, Way, Wish

SHORTEST, LONGEST = 2.0, 4.0
"""Seconds that a burst lasts."""
RECKONED = 5.0
"""Seconds that are reckoned for what comes behind a burst: healing, and all that becomes well again."""
MOST_FAULTS = 5

WEIGHTS = {
    FaultKind.KILL: 4,
    FaultKind.PAUSE: 4,
    FaultKind.RESTART: 3,
    FaultKind.CUT: 5,
    FaultKind.LOSS: 4,
    FaultKind.RATE: 2,
}
"""How often each kind comes. Those that not every kernel has are left out, so a seed means the same anywhere."""
ENDS_A_RUN = (FaultKind.KILL, FaultKind.RESTART)
"""Whose run ends has no rules in its kernel any more, so nobody has a fault between himself and it in that burst."""

Partners = Mapping[str, Sequence[str]]
"""The nodes of a topology in their order, and with whom each of them talks."""


@dataclass(frozen=True)
class Moment:
    """A fault, so many seconds after its burst began."""

    at: float
    wish: Wish


@dataclass(frozen=True)
class Burst:
    """Faults that come one upon the other, in order; all are undone when it has lasted so many seconds."""

    faults: tuple[Moment, ...]
    lasts: float

    def __str__(self) -> str:
        return "; ".join(f"{moment.wish.node} {moment.wish.sentence}" for moment in self.faults)


def plan(seed: int, seconds: float, partners: Partners) -> tuple[Burst, ...]:
    """Return the bursts that fill so many seconds, healing reckoned in; one at least."""
    random = Random(seed)  # noqa: S311  (nobody has to guess it)
    bursts = [_burst(random, partners)]
    left = seconds - bursts[0].lasts - RECKONED
    while left > RECKONED:
        bursts.append(_burst(random, partners))
        left -= bursts[-1].lasts + RECKONED
    return tuple(bursts)


def _burst(random: Random, partners: Partners) -> Burst:
    lasts = round(random.uniform(SHORTEST, LONGEST), 2)
    nodes = random.sample(list(partners), random.randint(2, MOST_FAULTS))
    kinds = {node: random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0] for node in nodes}
    moments = []
    for node, kind in kinds.items():
        at = round(random.uniform(0, lasts / 2), 2)
        peers = [peer for peer in partners[node] if kinds.get(peer) not in ENDS_A_RUN]
        moments.append(Moment(at, _wish(random, kind, node, peers)))
        if kind is FaultKind.PAUSE and random.random() < 1 / 2:
            moments.append(Moment(round(random.uniform(at + 0.5, lasts), 2), Wish(FaultKind.RESUME, node)))
    return Burst(tuple(sorted(moments, key=lambda moment: moment.at)), lasts)


def _wish(random: Random, kind: FaultKind, node: str, peers: list[str]) -> Wish:
    """Wish for a fault of a kind; one of packets is often between the node and a peer of it."""
    peer = random.choice(peers) if peers and random.random() < 2 / 3 else None
    way = random.choice(list(Way))
    match kind:
        case FaultKind.CUT:
            return Wish(kind, node, peer=peer, way=way if peer else Way.BOTH)
        case FaultKind.LOSS:
            return Wish(kind, node, peer=peer, amount=f"{random.randint(5, 50)}%", way=way)
        case FaultKind.RATE:
            return Wish(kind, node, amount=f"{random.randint(64, 1000)}kbit", way=Way.OUT)
    return Wish(kind, node)
