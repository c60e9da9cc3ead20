r"""What a time-space diagram shows of a message; svg.py draws it.

    h1        s1        g1         a vertical line for each node of the way, and time goes down

    ┌─.        │         │         first bit leaves h1
    │   `─.    │         │
    │       `─.│         │         ... and arrives at s1: the slope is the propagation delay
    └─.        │─.       │         last bit leaves h1: the height is the transmission time, bits by rate
        `─.    │   `─.   │
            `─.│       `─│         last bit arrives at s1: this is what the tap saw

The tap sees one instant of each packet on each link, its last bit's arrival. The rest is drawn back from there by the
link's rate and delay, so it is what the topology says, not what was measured.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lab.switching.ways import Way
from topology.plan import Topology


@dataclass(frozen=True)
class Span:
    """One link of the way, from left to right."""

    rate: float  # bit/s
    delay: float  # seconds


@dataclass(frozen=True)
class Band:
    """One packet on one link. Times are seconds since the first bit of all left."""

    packet: int  # its number in the message, from 0
    span: int  # the place of the link on the way
    began: float  # the first bit leaves
    sent: float  # the last bit leaves
    reached: float  # the first bit arrives
    arrived: float  # the last bit arrives: seen by the tap
    length: int  # bytes
    lost: bool  # not seen any more after this


@dataclass(frozen=True)
class Diagram:
    """One message or flow on its way."""

    title: str
    nodes: tuple[str, ...]
    spans: tuple[Span, ...]
    bands: tuple[Band, ...]
    elsewhere: int  # packets on other ways, which are not drawn

    @property
    def took(self) -> float:
        """Seconds from the first bit's leaving to the last one's arrival."""
        return max((band.arrived for band in self.bands), default=0.0)


def diagram(topology: Topology, flow: Sequence[Way], title: str = "") -> Diagram:
    """Return what to draw of the packets of a message (see `lab.switching.ways.flows`), on the way that most took."""
    if not flow:
        raise ValueError("there is no packet to draw")
    taken = Counter(_whole(way) for way in flow)
    nodes = max(taken, key=lambda way: (taken[way], len(way)))
    links = [topology.link(*ends) for ends in pairwise(nodes)]
    spans = tuple(Span(link.rate, link.delay) for link in links)
    shown = [way for way in flow if _is_along(way, nodes)]
    bands = [
        _band(way, place, spans[place], lost=not way.came and place == len(way.crossings) - 1)
        for way in shown
        for place in range(len(way.crossings))
    ]
    start = min(band.began for band in bands)
    moved = tuple(_moved(band, start) for band in bands)
    return Diagram(title or _title(flow), nodes, spans, moved, len(flow) - len(shown))


def _is_along(way: Way, nodes: tuple[str, ...]) -> bool:
    """Tell whether a packet went this way, maybe not to its end."""
    return _whole(way) == nodes[: len(way.crossings) + 1]


def _whole(way: Way) -> tuple[str, ...]:
    """Return the nodes of a way, with the one that it was seen on its way to last."""
    return (way.crossings[0].sender, *(crossing.receiver for crossing in way.crossings))


def _band(way: Way, place: int, span: Span, *, lost: bool) -> Band:
    crossing = way.crossings[place]
    transmission = 8 * crossing.switched.length / span.rate
    reached = crossing.time - transmission
    return Band(
        way.packet.sequence, place, reached - span.delay, crossing.time - span.delay, reached, crossing.time,
        crossing.switched.length, lost,
    )  # fmt: skip


def _moved(band: Band, start: float) -> Band:
    times = (band.began - start, band.sent - start, band.reached - start, band.arrived - start)
    return Band(band.packet, band.span, *times, band.length, band.lost)


def _title(flow: Sequence[Way]) -> str:
    size = sum(len(way.packet.payload) for way in flow)
    packets = "1 packet" if len(flow) == 1 else f"{len(flow)} packets"
    return f"{size} bytes from {flow[0].crossings[0].sender} to {flow[0].goal} in {packets}"
