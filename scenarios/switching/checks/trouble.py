"""The same trouble for datagrams and for circuits: a switch on the way dies; a link has to carry more than it can."""

from lab.events import Typed
from lab.history import History
from lab.switching.switched import Kind
from lab.switching.ways import Way
from scenarios.switching.checks.comparison import needed
from scenarios.switching.checks.workload import (
    BIG,
    DEAD,
    PAIRS,
    SMALL,
    data,
    datagrams,
    deaths,
    overload,
    work,
)
from scenarios.verdict import FailedError, Verdict, at, check, failed, passed

GOES_ON_WITHIN = 3.0
"""Seconds from the death of a switch to the first datagram around it, or to the release of circuits through it: three
silent periods of half a second, one more until the next vector of who knows another way, and one for a busy machine."""
DROPPED = 20
"""More than so many packets of the overload. In its two seconds 2.8 Mbit come, 2 Mbit go, and 0.36 Mbit wait in the
queue: the rest is 40 packets. It is less if one host begins later."""


@check
def datagrams_go_on_by_themselves(history: History) -> Verdict:
    """When a switch dies, some datagrams are lost; the next ones come another way in 3 s, and nobody types anything."""
    death, _ = deaths(history)
    flow = datagrams(history, PAIRS[0], SMALL)
    first = around(flow, death.done)
    typed = [event for event in history.of(Typed) if death.began < event.time < first.ended]
    if typed:
        return failed(f"{typed[0].node} typed {typed[0].data!r} meanwhile")
    took = first.began - death.done
    lost = sum(not way.came for way in flow)
    told = f"{lost} of {len(flow)} were lost, the first went around {took:.1f} s after the death of {DEAD}"
    is_so = lost > 0 and took <= GOES_ON_WITHIN
    return (passed if is_so else failed)(told, [at(first.crossings[0].packet)])


def around(flow: list[Way], dead: float) -> Way:
    """Return the first packet that came on a way without the switch, after its death. FailedError if none did."""
    for way in flow:
        if way.began > dead and way.came and DEAD not in way.nodes:
            return way
    raise FailedError(f"no packet came on a way without {DEAD}")


@check
def circuits_end_with_a_switch_on_their_way(history: History) -> Verdict:
    """When a switch dies, circuits through it are released in 3 s, and the host has to call again to go on."""
    _, death = deaths(history)
    told = []
    for pair in PAIRS:
        circuit, again = work(history, pair)
        ends = [c for c in circuit.of(Kind.RELEASE) if c.receiver == circuit.source and c.time > death.began]
        if DEAD not in circuit.nodes or DEAD in again.nodes:
            return failed(f"the circuits went by {' '.join(circuit.nodes)} and by {' '.join(again.nodes)}")
        if not ends or (ends[0].switched.reason, ends[0].switched.gone) != ("neighbour gone", DEAD):
            return failed(f"{circuit.source} was not told that {DEAD} is gone", [at(c.packet) for c in ends[:1]])
        took = ends[0].time - death.done
        sent, rest = data(history, circuit), data(history, again)
        late_comers = [way for way in sent if way.came and way.began > death.done]
        if late_comers or took > GOES_ON_WITHIN or needed(again)[0] < ends[0].time:
            return failed(
                f"released after {took:.1f} s, {len(late_comers)} packets came meanwhile", [at(ends[0].packet)]
            )
        if not any(way.came for way in rest):
            return failed(f"none of {len(rest)} packets came over the second circuit")
        lost = sum(not way.came for way in sent)
        told.append(
            f"released after {took:.1f} s, {lost} of {len(sent)} were lost, {len(rest)} came over another circuit"
        )
    return passed("; ".join(told))


@check
def too_many_datagrams_are_dropped(history: History) -> Verdict:
    """Of two flows that are too much for a link, datagrams are dropped by the switch before it, from its full queue.

    The links behind that one are as full as it is. So where a busy machine kept a switch on them waiting, a queue is
    full there, too, and some are dropped: but not so many.
    """
    flow = [way for pair in PAIRS for way in datagrams(history, pair, BIG)]
    lost = [way for way in flow if not way.came]
    switch = flow[0].crossings[0].receiver
    further_on = [way for way in lost if switch in way.nodes]
    dropped = len(lost) - len(further_on)
    told = f"{switch} dropped {dropped} of {len(flow)}"
    if further_on:
        told += f", and switches behind it {len(further_on)}"
    is_so = dropped > DROPPED > len(further_on)
    return (passed if is_so else failed)(told, [at(way.crossings[-1].packet) for way in further_on])


@check
def too_much_is_refused_and_nothing_is_dropped(history: History) -> Verdict:
    """Of two calls whose rates are too much for a link, the second is refused; all that the first one sends comes."""
    taken, refused = (overload(history, pair) for pair in PAIRS)
    sent = data(history, taken)
    lost = [way for way in sent if not way.came]
    said = [c for c in refused.of(Kind.RELEASE) if c.receiver == refused.source]
    if not said or said[0].switched.reason != "no rate left" or data(history, refused):
        return failed(f"the call of {refused.source} was not refused", [at(refused.crossings[0].packet)])
    told = f"{said[0].switched.who} refused {refused.source}; of {len(sent)} packets {len(lost)} were lost"
    return (passed if sent and not lost else failed)(told, [at(said[0].packet)])
