"""Datagrams: each packet goes its own way, nothing is lost but at a break, and the receiver knows what is missing."""

import re
from itertools import groupby

from lab.events import Started
from lab.history import History
from lab.switching.crossings import crossings
from lab.switching.switched import Kind
from scenarios.switching.checks.flow import DESTINATION, LONG, PERIOD, SHORT, SWITCH, broken, flow, late, phases
from scenarios.switching.checks.vectors import INFINITY, SILENT_PERIODS, vectors
from scenarios.verdict import Verdict, at, check, failed, passed

HEALS_WITHIN = SILENT_PERIODS * PERIOD + 0.5
"""Seconds from the break to the first packet that goes around. A neighbour is given up after three silent periods; in
the rest the news goes to a and b, and b's answer to a, each a tenth of a period later at most, on a busy machine."""

REPORT = re.compile(r"^flow from h1: (\d+) of (\d+) came(?:; lost ([\d, -]+))?(?:; late ([\d, -]+))?\s*$", re.MULTILINE)


@check
def packets_go_each_their_own_way(history: History) -> Verdict:
    """Each packet goes by the tables of its time: by c and e, after the break by b and d, at last by c and e again."""
    came = [way for way in flow(history) if way.came]
    taken = [(nodes, list(ways)) for nodes, ways in groupby(came, key=lambda way: way.nodes)]
    told = ", then ".join(f"{len(ways)} by {' '.join(nodes[1:-1])}" for nodes, ways in taken)
    first = [at(ways[0].crossings[0].packet) for _, ways in taken]
    if [nodes for nodes, _ in taken] != [SHORT, LONG, SHORT]:
        return failed(f"of the flow went {told or 'nothing'}", first)
    return passed(f"of one flow, {told}", first)


@check
def the_receiver_knows_what_is_missing(history: History) -> Verdict:
    """The receiver names exactly those packets as lost, and as late, that the wire shows so."""
    ways = flow(history)
    reports = REPORT.findall(_unwrapped(history.printed(DESTINATION)))
    if len(reports) != 1:
        return failed(f"{DESTINATION} told {len(reports)} times of a flow, not once")
    came, sent, *named = reports[0]
    said = int(came), int(sent), *map(_numbers, named)
    lost = [way.packet.sequence for way in ways if not way.came]
    overtaken = [way.packet.sequence for way in late(ways)]
    seen = len(ways) - len(lost), len(ways), lost, overtaken
    if said != seen:
        return failed(f"{DESTINATION} says (came, of, lost, late) {said}, and the wire shows {seen}")
    return passed(f"{len(lost)} of {len(ways)} are lost, {len(overtaken)} came late, and {DESTINATION} names them all")


@check
def the_short_way_overtakes(history: History) -> Verdict:
    """Packets that are still on the slow way are overtaken by those on the short way, and no others are."""
    overtaken = late(flow(history))
    evidence = [at(way.crossings[-1].packet) for way in overtaken]
    elsewhere = next((way for way in overtaken if way.nodes != LONG), None)
    if elsewhere:
        return failed(f"packet {elsewhere.packet.sequence} was overtaken on {' '.join(elsewhere.nodes)}", evidence)
    if not overtaken:
        return failed("no packet was on the slow way any more when the first one on the short way came")
    return passed(f"{len(overtaken)} packets were overtaken on the way by b and d", evidence)


@check
def packets_are_lost_before_the_break_alone(history: History) -> Verdict:
    """Every packet comes, or is lost before the break: by the link, or by a switch that knows no way any more."""
    before = broken(history).before
    lost = [way for way in flow(history) if not way.came]
    elsewhere = [way for way in lost if way.lost_on not in before]
    if elsewhere:
        way = elsewhere[0]
        told = f"packet {way.packet.sequence} was seen last on {' to '.join(way.lost_on or '?')}"
        return failed(told, [at(way.crossings[-1].packet)])
    places = {place: sum(way.lost_on == place for way in lost) for place in before}
    told = ", ".join(f"{count} on {' to '.join(place)}" for place, count in places.items() if count)
    return passed(f"lost were {told or 'none'}; all others came")


@check
def nothing_else_is_lost(history: History) -> Verdict:
    """Nothing is lost but between the break and the first packet that goes around."""
    began = broken(history).began
    found = phases(history)
    around = found.around[0].began
    for way in found.lost:
        if way.ended < began or way.began > around:
            when = f"{began - way.ended:.3f} s before the break" if way.ended < began else "after a packet went around"
            return failed(f"packet {way.packet.sequence} was lost {when}", [at(way.crossings[-1].packet)])
    return passed(f"{len(found.lost)} packets were lost in {around - began:.1f} s")


@check
def the_tables_heal_in_time(history: History) -> Verdict:
    """The first packet goes around within three periods of vectors and half a second from the break."""
    turned = phases(history).around[0].crossings[1]
    took = turned.time - broken(history).done
    told = f"{took:.2f} s from the break to the first packet from {turned.sender} to {turned.receiver}"
    return (passed if took <= HEALS_WITHIN else failed)(f"{told}, of {HEALS_WITHIN:g} s", [at(turned.packet)])


@check
def nothing_is_set_up(history: History) -> Verdict:
    """While the flow lasts, switches and hosts send vectors and datagrams, and nothing else."""
    ways = flow(history)
    began, ended = ways[0].began, max(way.ended for way in ways)
    seen = [crossing for crossing in crossings(history) if began <= crossing.time <= ended]
    others = [crossing for crossing in seen if crossing.switched.kind not in (Kind.DATAGRAM, Kind.VECTOR)]
    if others:
        return failed(f"there was a {others[0].switched.kind.name}", [at(others[0].packet)])
    told = sum(crossing.switched.kind is Kind.VECTOR for crossing in seen)
    return passed(f"{told} vectors and {len(seen) - told} sightings of datagrams")


@check
def a_new_switch_learns_before_it_forwards(history: History) -> Verdict:
    """A switch that was started again knows no way: a neighbour tells it of one before it sends the first packet on."""
    starts = [started.time for started in history.of(Started) if started.node == SWITCH]
    begun = next((start for start in starts[1:] if start > broken(history).began), None)
    if begun is None:
        return failed(f"{SWITCH} was not started again")
    said = (c.time for c in crossings(history) if c.sender == SWITCH and c.time > broken(history).done)
    begun = min(begun, next(said, begun))  # the engine may tell of a start when the program has said something already
    # In a shared lab, others may start it again later: what counts is the first start after the break.
    first = next((way for way in flow(history) if SWITCH in way.nodes and way.began > begun), None)
    if first is None:
        return failed(f"no packet went by {SWITCH} after it was started again")
    onward = next(crossing for crossing in first.crossings if crossing.sender == SWITCH)
    for told in vectors(history, listener=SWITCH):
        if begun < told.time < onward.time and told.switched.metrics.get(DESTINATION, INFINITY) < INFINITY:
            because = (
                f"{told.sender} told it of {DESTINATION}, {onward.time - told.time:.2f} s later it sent a packet on"
            )
            return passed(because, map(at, (told.packet, onward.packet)))
    return failed(f"{SWITCH} sent a packet on, and nobody had told it of {DESTINATION}", [at(onward.packet)])


def _unwrapped(shown: str) -> str:
    """Undo what a terminal of 80 columns does to long lines."""
    return re.sub(r"(?<=[^\n]{80})\n", "", shown)


def _numbers(ranges: str) -> list[int]:
    """Read numbers as a host writes them: `3, 57-66`."""
    found: list[int] = []
    for part in filter(None, ranges.split(", ")):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found
