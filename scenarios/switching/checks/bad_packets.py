"""What a switch does with a packet that it cannot send on: drops it, counts it by what was wrong, and tells nobody.

h1 ── "of version 2" ──► a   version: 1        c   e   f   h2     nothing of it is on any other link
h1 ── "hello" ─────────► a ──────────────────► c ► e ► f ► h2     and the next good packet goes its way
"""

from dataclasses import dataclass

from lab.events import Packet
from lab.history import History
from lab.switching.crossings import crossings
from scenarios.switching.checks.tables import looks
from scenarios.verdict import FailedError, Verdict, at, check, passed

SENDER, SWITCH, RECEIVER = "h1", "a", "h2"
GOOD = "after the bad ones"
"""What the good packet says that is sent in the end."""


@dataclass(frozen=True)
class Bad:
    """A kind of bad packet: what is wrong with it, in words, as its payload says and as the switch counts it."""

    words: str
    mark: str
    reason: str


KINDS = (
    Bad("whose end is missing", "cut off", "short"),
    Bad("with bytes behind its end", "too long", "long"),
    Bad("of a version that is not known", "version", "version"),
    Bad("with one wrong bit", "wrong bit", "checksum"),
    Bad("of a kind that is not known", "kind", "kind"),
    Bad("for a node whose name cannot be one", "name", "address"),
    Bad("for a node that does not exist", "nobody", "no route"),
    Bad("that may pass no further switch", "hops", "hops used up"),
)
"""All of them, in the order in which they are sent."""


def mark(bad: Bad) -> bytes:
    """Return how the payload begins by which a bad packet is found on the wire."""
    return f"bad: {bad.mark};".encode()


def carries(packet: Packet, bad: Bad) -> bool:
    """Tell whether this is a bad packet of that kind, or what became of it."""
    return mark(bad) in packet.payload


def sightings(history: History, bad: Bad) -> list[Packet]:
    """Return all packets on any link that carry this bad one's payload."""
    return [packet for packet in history.packets("udp") if carries(packet, bad)]


def _sent(history: History, bad: Bad) -> Packet:
    """Return the sighting on the sender's own link. FailedError if there is not one."""
    own = [p for p in sightings(history, bad) if _ends(history, p) == (SENDER, SWITCH)]
    if len(own) != 1:
        raise FailedError(f"{SENDER} sent a packet {bad.words} {len(own)} times, and not once", map(at, own))
    return own[0]


def _ends(history: History, packet: Packet) -> tuple[str | None, str | None]:
    return history.node_at(packet.src), history.node_at(packet.dst)


@check
def none_goes_on(history: History) -> Verdict:
    """No bad packet is on any link but that of its sender."""
    for bad in KINDS:
        sent = _sent(history, bad)
        if others := [packet for packet in sightings(history, bad) if packet != sent]:
            raise FailedError(f"a packet {bad.words} was sent on", map(at, others))
    return passed(f"{len(KINDS)} bad packets came to {SWITCH}", [at(_sent(history, bad)) for bad in KINDS])


@check
def each_is_counted(history: History) -> Verdict:
    """The switch counts each bad packet by what is wrong with it."""
    times = [_sent(history, bad).time for bad in KINDS]
    told = looks(history, SWITCH)
    before = [look.tables["drops"] for look in told if look.time < times[0]][-1:]
    after = [look.tables["drops"] for look in told if look.time > times[-1]][:1]
    if not before or not after:
        raise FailedError(f"{SWITCH} did not tell its counters before and after")
    grew = {reason: count - before[0].get(reason, 0) for reason, count in after[0].items()}
    counted = {reason: number for reason, number in grew.items() if number}
    if counted != {bad.reason: 1 for bad in KINDS}:
        raise FailedError(f"{SWITCH} counted {counted or 'nothing'}")
    return passed(f"one each: {', '.join(counted)}")


@check
def good_one_comes(history: History) -> Verdict:
    """A good packet that is sent after the bad ones comes."""
    last = _sent(history, KINDS[-1])
    for crossing in crossings(history):
        packet, read = crossing.packet, crossing.switched
        if crossing.receiver == RECEIVER and read.payload == GOOD.encode() and packet.time > last.time:
            return passed(f"{RECEIVER} got it", [at(packet)])
    raise FailedError(f"{RECEIVER} got none", [at(last)])
