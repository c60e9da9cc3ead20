"""The same work by datagrams and over circuits: what packets bear, what switches keep, and which way packets take."""

from itertools import groupby

from lab.events import Started
from lab.history import History
from lab.switching.crossings import Circuit, crossings
from lab.switching.switched import USERS, Kind
from scenarios.switching.checks.circuits import DATA_HEADER, DATAGRAM_HEADER
from scenarios.switching.checks.flow import late
from scenarios.switching.checks.tables import Look, entries, is_open, looks, told_entries
from scenarios.switching.checks.workload import BIG, DEAD, PAIRS, SHOWN, SMALL, data, datagrams, deaths, overload, work
from scenarios.verdict import FailedError, Verdict, at, check, failed, passed

HEADERS = {Kind.DATAGRAM: DATAGRAM_HEADER, Kind.DATA: DATA_HEADER}


@check
def headers_bear_names_or_a_label(history: History) -> Verdict:
    """On every link a datagram has a header of 24 bytes, with two names, and a packet of a circuit has one of 10."""
    seen = dict.fromkeys(USERS, 0)
    for crossing in crossings(history):
        read = crossing.switched
        if read.kind in USERS:
            seen[read.kind] += 1
            if (header := read.length - len(read.payload)) != HEADERS[read.kind]:
                return failed(f"{read.words} has a header of {header} bytes", [at(crossing.packet)])
    told = ", ".join(f"{count} of {kind.name} with {HEADERS[kind]} bytes" for kind, count in seen.items())
    return (passed if all(seen.values()) else failed)(told)


def needed(circuit: Circuit) -> list[float]:
    """Return when each packet came over a link that had to before the first data: SETUP there, ACCEPT back.

    FailedError if the circuit did not come to be.
    """
    answer = next((c for c in circuit.of(Kind.ACCEPT) if c.receiver == circuit.source), None)
    if answer is None:
        raise FailedError(f"{circuit.source} got no ACCEPT from {circuit.destination}")
    return [c.time for c in circuit.crossings if c.switched.kind in (Kind.SETUP, Kind.ACCEPT) and c.time <= answer.time]


@check
def a_circuit_is_set_up_before_its_first_data(history: History) -> Verdict:
    """Before the first data SETUP has gone over every link of the circuit and ACCEPT back; a datagram needs neither."""
    for pair in PAIRS:
        for circuit in work(history, pair):
            asked, links = needed(circuit), len(circuit.nodes) - 1
            sent = data(history, circuit)
            if len(asked) < 2 * links or (sent and sent[0].began < asked[-1]):
                return failed(
                    f"{len(asked)} packets over {links} links, before data", [at(circuit.crossings[0].packet)]
                )
        flow = datagrams(history, pair, SMALL)
        began, ended = flow[0].began, flow[-1].began
        for crossing in crossings(history):
            if began <= crossing.time <= ended and crossing.switched.kind in (Kind.SETUP, Kind.ACCEPT):
                return failed(f"{crossing.switched.words} was on the wire while datagrams were", [at(crossing.packet)])
    first = work(history, PAIRS[0])[0]
    return passed(f"{len(needed(first))} packets from {first.source} to {first.destination} and back")


@check
def tables_hold_routes_or_circuits_too(history: History) -> Verdict:
    """A switch has a route to each other node, whatever datagrams there are, and an entry for each circuit as well."""
    began = datagrams(history, PAIRS[0], BIG)[0].began
    opened = [circuit for pair in PAIRS for circuit in work(history, pair)]
    for switch in SHOWN:
        shown = looks(history, switch)
        if not shown[0].time < began < shown[-1].time:
            return failed(f"{switch} did not show its tables both before datagrams were sent, and after that")
        for look in shown[:-1]:  # in the end the switch that died is on its way back
            reached = {name for name, route in look.tables["routes"].items() if route["via"]}
            expected = {*history.nodes()} - {switch} - ({DEAD} if _is_dead(history, look) else set())
            if reached != expected:
                return failed(f"{switch} has routes to {', '.join(sorted(reached))}")
        for look in shown:
            here = {entries(c)[switch] for c in opened if is_open(c, look.time) and switch in entries(c)}
            if told_entries(look) != here:
                return failed(f"{switch} shows {len(told_entries(look))} circuits, and the wire {len(here)}")
    most = [max(len(told_entries(look)) for look in looks(history, switch)) for switch in SHOWN]
    if most != [len(PAIRS)] * len(SHOWN):
        return failed(f"{', '.join(SHOWN)} had {most} circuits at most, not {len(PAIRS)} each")
    return passed(f"{', '.join(SHOWN)}: {len(history.nodes()) - 1} routes; with circuits {len(PAIRS)} entries more")


def _is_dead(history: History, look: Look) -> bool:
    """Tell whether tables were shown when the switch had died with circuits through it."""
    return look.time > deaths(history)[1].done


@check
def a_circuit_keeps_its_way_and_its_order(history: History) -> Verdict:
    """What comes over a circuit comes on the way of its SETUP, in order, also when a shorter way is there again."""
    opened = [circuit for pair in PAIRS for circuit in work(history, pair)] + [overload(history, PAIRS[0])]
    count = 0
    for circuit in opened:
        came = [way for way in data(history, circuit) if way.came]
        strays = [way for way in came if way.nodes != circuit.nodes] or late(came)
        if strays:
            told = f"{strays[0].packet.words} came by {' '.join(strays[0].nodes)}"
            return failed(f"{told}, not in order on {' '.join(circuit.nodes)}", [at(strays[0].crossings[-1].packet)])
        count += len(came)
    _, again = work(history, PAIRS[0])
    asked = again.crossings[0].time
    back = [started.time for started in history.of(Started) if started.node == DEAD and started.time > asked]
    after = sum(way.began > back[0] for way in data(history, again) if way.came) if back else 0
    told = f"{count} packets over {len(opened)} circuits; {after} came by {' '.join(again.nodes)} with {DEAD} back"
    return (passed if after else failed)(told)


@check
def datagrams_take_the_way_of_their_time(history: History) -> Verdict:
    """Datagrams of one flow take several ways: through a switch while it is there, and around it while it is dead."""
    flow = [way for way in datagrams(history, PAIRS[0], SMALL) if way.came]
    taken = [(nodes, [way.crossings[0].packet for way in ways]) for nodes, ways in groupby(flow, lambda way: way.nodes)]
    told = ", then ".join(f"{len(packets)} by {' '.join(nodes[1:-1])}" for nodes, packets in taken)
    through = [key for key, _ in groupby(DEAD in way.nodes for way in flow)]
    is_so = through == [True, False, True]
    return (passed if is_so else failed)(f"of one flow went {told or 'nothing'}", [at(seen[0]) for _, seen in taken])


@check
def datagrams_may_overtake_each_other(history: History) -> Verdict:
    """When a shorter way is there again, datagrams on it overtake some that were sent before them on the longer way."""
    flows = [datagrams(history, pair, SMALL) for pair in PAIRS]
    overtaken = [way for flow in flows for way in late(flow)]
    told = f"{len(overtaken)} of {sum(map(len, flows))} were overtaken"
    if not overtaken or any(DEAD in way.nodes for way in overtaken):
        return failed(f"{told}, on the way by {', '.join(' '.join(way.nodes) for way in overtaken) or 'none'}")
    return passed(told, [at(way.crossings[-1].packet) for way in overtaken])
