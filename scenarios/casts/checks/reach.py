"""Whom each kind of address reached: programs, stacks and routers, as counted, against what the kind means."""

import re
from dataclasses import dataclass

from lab.events import Packet
from lab.history import History
from lab.hops import forwarders, sent_by
from scenarios.casts.checks.networks import WAY
from scenarios.verdict import Verdict, at, check, failed, passed

WORDS = "reach by "
"""What each datagram says, before its kind."""
HOSTS = ("w1", "w2", "w3", "e1", "e2", "e3")
SENDER = "w1"

COUNTERS = re.compile(r"counters (before|after) ([a-z ]+)\n.*?Udp: (\D+)\nUdp: ([\d ]+)", re.DOTALL)
"""What a host prints of its /proc/net/snmp: the names and the numbers of UDP's counters (RFC 1213, and Linux's own)."""
TAKEN = ("InDatagrams", "NoPorts", "InErrors", "IgnoredMulti")
"""The counters of datagrams that came up to UDP: for a program, for none, broken, for a group or all and for none."""


class UncountedError(LookupError):
    """A datagram was not sent, or a host's counters are missing: in a sentence."""


@dataclass(frozen=True)
class Reach:
    """Whom one datagram reached, and by how many frames."""

    to: str
    sent: int  # frames of the sender
    frames: tuple[int, ...]  # on each network of WAY
    stacks: tuple[str, ...]  # hosts whose UDP took it
    programs: tuple[str, ...]  # nodes that showed it
    routers: tuple[str, ...]  # that passed it on


EXPECTED = {
    "unicast": Reach("one host", 1, (1, 1, 1), ("e1",), ("e1",), ("r1", "r2")),
    "anycast": Reach("the nearest server", 1, (2, 0, 0), ("anycast1",), ("anycast1",), ("r1",)),
    "multicast": Reach("the members of a group", 1, (1, 1, 1), ("e1", "w2"), ("e1", "w2"), ("r1", "r2")),
    "limited broadcast": Reach("this network", 1, (1, 0, 0), ("w1", "w2", "w3"), ("w1", "w2"), ()),
    "directed broadcast": Reach("the network named", 1, (1, 0, 0), ("w1", "w2", "w3"), ("w1", "w2"), ()),
}
"""What each kind means here, where the anycast server is on the sender's network, but is reached by its router."""


def frames(history: History, kind: str) -> list[Packet]:
    """Return the frames that carry a kind's datagram, in order of time."""
    return [p for p in history.packets("udp") if p.payload == f"{WORDS}{kind}".encode()]


def rises(history: History, kind: str) -> dict[str, int]:
    """Return by how much each host's UDP counters rose, from before a datagram to after it; answers do not count.

    UncountedError if a host did not show them both times.
    """
    found = {}
    for node in HOSTS:
        readings = {
            when: sum(int(n) for name, n in zip(names.split(), numbers.split(), strict=False) if name in TAKEN)
            for when, of, names, numbers in COUNTERS.findall(history.printed(node))
            if of == kind
        }
        if len(readings) < 2:
            raise UncountedError(f"{node} did not show its counters before and after the datagram by {kind}")
        found[node] = readings["after"] - readings["before"] - answers(history, kind, node)
    return found


def answers(history: History, kind: str, node: str) -> int:
    """Count the answers to a kind's datagram that came to a node."""
    said = f": {WORDS}{kind}".encode()
    mine = history.addresses(node)
    return sum(p.dst in mine and p.payload.endswith(said) for p in history.packets("udp"))


def reach(history: History, kind: str) -> Reach:
    """Count whom a kind's datagram reached. UncountedError if that cannot be counted."""
    seen = frames(history, kind)
    if not seen:
        raise UncountedError(f"{SENDER} sent no datagram by {kind}")
    words = re.compile(rf"{WORDS}{kind}\s*$", re.MULTILINE)
    got = tuple(n for n in sorted(history.nodes()) if n != SENDER and words.search(history.printed(n)))
    if re.search(rf"^[\d.]+ {WORDS}{kind}\s*$", history.printed(SENDER), re.MULTILINE):
        got = tuple(sorted((*got, SENDER)))
    hosts = {node for node, rise in rises(history, kind).items() if rise > 0}
    return Reach(
        to=EXPECTED[kind].to,
        sent=sum(sent_by(history, frame) == SENDER for frame in seen),
        frames=tuple(sum(frame.network == network for frame in seen) for network in WAY),
        stacks=tuple(sorted(hosts | {node for node in got if node not in HOSTS})),
        programs=got,
        routers=tuple(dict.fromkeys(forwarders(history, seen[0]))),
    )


def table(history: History) -> list[str]:
    """Return what was counted as a Markdown table."""
    rows = [
        "| kind | to | frames of the sender | frames on west, backbone, east | hosts whose stack took it |"
        " programs that got it | routers that passed it on |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in EXPECTED:
        found = reach(history, kind)
        cells = [kind, found.to, str(found.sent), ", ".join(map(str, found.frames))]
        cells += [", ".join(names) or "none" for names in (found.stacks, found.programs, found.routers)]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _compare(history: History, *fields: str) -> Verdict:
    evidence = []
    for kind, expected in EXPECTED.items():
        try:
            found = reach(history, kind)
        except UncountedError as why:
            return failed(str(why), map(at, frames(history, kind)))
        for field in fields:
            if getattr(found, field) != getattr(expected, field):
                return failed(
                    f"{kind}: {field} {getattr(found, field)}, not {getattr(expected, field)}",
                    map(at, frames(history, kind)),
                )
        evidence += [at(frame) for frame in frames(history, kind)]
    return passed(f"as it should be for {', '.join(EXPECTED)}", evidence)


@check
def programs_reached(history: History) -> Verdict:
    """Those programs show a datagram that its kind of address is for, and no others."""
    return _compare(history, "programs")


@check
def stacks_reached(history: History) -> Verdict:
    """A broadcast is taken up by every stack of its network, wanted or not; the others only where they are wanted."""
    return _compare(history, "stacks")


@check
def one_frame_is_sent(history: History) -> Verdict:
    """The sender sends one frame, however many it is for; each network that it crosses bears no more than one a hop."""
    return _compare(history, "sent", "frames")


@check
def routers_forward_what_they_should(history: History) -> Verdict:
    """Routers pass on unicast, anycast and multicast, and no broadcast."""
    return _compare(history, "routers")
