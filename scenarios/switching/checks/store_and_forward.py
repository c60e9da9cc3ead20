"""What a way of several links costs in time, and what it saves to cut a message into packets.

    one packet                       two packets

    h  ████████                      h  ████░░░░              a switch sends a packet on when it has all of it, so a
    s1         ████████              s1     ████░░░░          message takes a transmission on each link; its packets
    s2                 ████████      s2         ████░░░░      overlap, but each has a header

With K links and P packets of L bytes: (K + P - 1) x 8 L / rate + K x delay. The tap sees a packet on a link when its
last bit has come over. So a message begins one transmission and one delay before the tap sees its first packet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from lab.events import Typed
from lab.history import History
from lab.state import Wish
from lab.switching.timespace.model import Span
from lab.switching.ways import Way, flows
from scenarios.verdict import FailedError, Verdict, at, check, passed

TOPOLOGY = "store-and-forward"
CHAINS = tuple(tuple(names.split()) for names in ("h1 s1 g1", "h2 s2 s3 g2", "h3 s4 s5 s6 s7 g3"))
BYTES = 1000
PACKETS = (1, 2, 5, 20)
"""What is sent over each chain: so many bytes, cut into so many packets.

Each may be sent several times. Then the quickest counts: a busy machine wakes its programs late, and never early.
"""

CLOCKS = 0.002
"""Seconds by which the clocks of programs and tap may differ over the time of a packet."""
NEAR = 0.1
"""How far what was measured may be from the formula, as a part of it."""


@dataclass(frozen=True)
class Message:
    """A message over a chain: when it was typed, and the ways of its packets in their order."""

    chain: tuple[str, ...]
    packets: int
    typed: float
    ways: tuple[Way, ...]

    @property
    def switches(self) -> int:
        """How many switches are on its way."""
        return len(self.chain) - 2

    @property
    def words(self) -> str:
        """Say what it is."""
        return f"{BYTES} bytes in {self.packets} packet{'s' if self.packets > 1 else ''} over {' '.join(self.chain)}"

    @property
    def lengths(self) -> list[int]:
        """The bytes of each packet, with its header."""
        return [way.packet.length for way in self.ways]

    @property
    def expected(self) -> float:
        """The seconds from its first bit's leaving to its last one's arrival, by rates and delays."""
        return arrivals(self.lengths, links(self.chain))[-1]

    @property
    def measured(self) -> float:
        """The same as the tap saw it."""
        return self.ways[-1].ended - (self.ways[0].began - crossing_time(self.lengths[0], links(self.chain)[0]))


@cache
def links(chain: tuple[str, ...]) -> tuple[Span, ...]:
    """Return the links of a chain, as the topology has them."""
    topology = Wish(TOPOLOGY).load()
    return tuple(Span(link.rate, link.delay) for link in (topology.link(*ends) for ends in pairwise(chain)))


def crossing_time(length: int, link: Span) -> float:
    """Return the seconds from the first bit's leaving to the last one's arrival, of so many bytes on a link."""
    return 8 * length / link.rate + link.delay


def arrivals(lengths: Sequence[int], over: Sequence[Span]) -> list[float]:
    """Return when each packet has wholly come over all links, in seconds from when the first bit of the first left."""
    came = [0.0] * len(lengths)
    for link in over:
        free = 0.0  # when the last bit of the packet before has left
        for number, length in enumerate(lengths):
            free = max(free, came[number]) + 8 * length / link.rate
            came[number] = free + link.delay
    return came


def messages(history: History) -> list[Message]:
    """Return all that were to be sent, chain by chain, as they came. FailedError if one did not, or not whole."""
    return [message for chain in CHAINS for packets in PACKETS for message in _sent(history, chain, packets)]


def quickest(history: History) -> list[Message]:
    """Return the quickest of the messages that are alike."""
    alike = (_sent(history, chain, packets) for chain in CHAINS for packets in PACKETS)
    return [min(found, key=lambda message: message.measured) for found in alike]


def _sent(history: History, chain: tuple[str, ...], packets: int) -> list[Message]:
    """Return the messages that are alike, each with the first flow of packets after it was typed."""
    source, destination = chain[0], chain[-1]
    line = f"message {destination} {BYTES} {packets}\n".encode()
    typed = [e.time for e in history.of(Typed) if e.node == source and e.data == line]
    if not typed:
        raise FailedError(f"{source} was not told to send {BYTES} bytes in {packets} packets")
    sent = flows(history, source, destination)
    firsts = [next((flow for flow in sent if flow[0].began > time), []) for time in typed]
    return [_whole(Message(chain, packets, *found)) for found in zip(typed, map(tuple, firsts), strict=True)]


def _whole(message: Message) -> Message:
    """Return the message. FailedError if it did not come whole, over its chain."""
    came = [way.packet for way in message.ways if way.came and tuple(way.nodes) == message.chain]
    if [packet.sequence for packet in came] != list(range(message.packets)):
        raise FailedError(f"of {message.words}, {len(came)} packets came by that way", _evidence(message))
    if sum(len(packet.payload) for packet in came) != BYTES or not came[-1].last:
        raise FailedError(f"of {message.words}, other bytes came than were to be sent", _evidence(message))
    return message


def _evidence(*found: Message) -> list[str]:
    """Name the first and the last packet of messages."""
    ends = ((message.ways[0].crossings[0], message.ways[-1].crossings[-1]) for message in found if message.ways)
    return [f"{at(first.packet)} to {last.packet.number}" for first, last in ends]


@check
def messages_come_whole(history: History) -> Verdict:
    """Every message comes whole, in as many packets as it was cut into."""
    found = messages(history)
    return passed(f"{len(found)} messages of {BYTES} bytes came", _evidence(found[0], found[-1]))


@check
def whole_before_on(history: History) -> Verdict:
    """No switch sends a packet on before it has all of it, nor faster than its link is."""
    shortest = float("inf")
    for message in messages(history):
        for way in message.ways:
            times = [message.typed, *(crossing.time for crossing in way.crossings)]
            for link, (came, went), crossing in zip(links(message.chain), pairwise(times), way.crossings, strict=True):
                early = came + crossing_time(crossing.switched.length, link) - went
                if early > CLOCKS:
                    raise FailedError(
                        f"{crossing.sender} began to send packet {crossing.switched.sequence} of {message.words} "
                        f"{early * 1000:.0f} ms before it had all of it",
                        [at(crossing.packet)],
                    )
                shortest = min(shortest, -early)
    return passed(f"from one link to the next each took a transmission and a delay, and {shortest * 1000:.1f} ms more")


@check
def time_is_as_calculated(history: History) -> Verdict:
    """Each message takes the time that follows from lengths, rates and delays."""
    off = {message: message.measured / message.expected - 1 for message in quickest(history)}
    worst = max(off, key=lambda message: abs(off[message]))
    words = (
        f"{worst.words} took {worst.measured * 1000:.0f} ms, {abs(off[worst]):.1%} "
        f"{'more' if off[worst] > 0 else 'less'} than calculated"
    )
    if abs(off[worst]) > NEAR:
        raise FailedError(words, _evidence(worst))
    return passed(f"of {len(off)} the farthest off: {words}", _evidence(worst))


@check
def packets_overlap(history: History) -> Verdict:
    """Packets of a message overlap on their way, which saves time; headers cost some, which tells over few links."""
    by = {(message.switches, message.packets): message for message in quickest(history)}
    few, many = min(switches for switches, _ in by), max(switches for switches, _ in by)
    quicker = [((n, 5), (n, 1)) for n in (len(chain) - 2 for chain in CHAINS)]
    for quick, slow in [*quicker, ((few, 5), (few, 20)), ((many, 20), (many, 5))]:
        one, other = by[quick], by[slow]
        if one.measured >= other.measured:
            raise FailedError(
                f"{one.words} took {one.measured * 1000:.0f} ms, and in {other.packets} {other.measured * 1000:.0f} ms",
                _evidence(one, other),
            )
    whole, cut = by[many, 1], by[many, 20]
    return passed(
        f"over {many} switches 20 packets took {cut.measured / whole.measured:.0%} of the time of one, "
        f"with {sum(cut.lengths)} bytes instead of {sum(whole.lengths)}",
        _evidence(whole, cut),
    )


def table(history: History) -> list[str]:
    """Return the rows of a Markdown table: what was calculated, and what was measured."""
    rows = ["| switches | packets | bytes on each link | calculated, ms | measured, ms |", "|--:|--:|--:|--:|--:|"]
    return rows + [
        f"| {m.switches} | {m.packets} | {sum(m.lengths)} | {m.expected * 1000:.0f} | ≈ {m.measured * 1000:.0f} |"
        for m in quickest(history)
    ]
