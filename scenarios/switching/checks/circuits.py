"""One circuit: its way is that of the SETUP, in both directions, and its packets bear a label in place of names."""

from collections.abc import Sequence
from itertools import pairwise

from lab.history import History
from lab.switching.crossings import Circuit, circuits, crossings
from lab.switching.switched import Kind
from lab.switching.ways import Way, ways
from scenarios.verdict import FailedError, Verdict, at, check, failed, passed

PACKETS = 24
"""Of the flow in each direction."""
WORD = "hello-over-there"
"""Sent once over the circuit, and once as a datagram."""
DATA_HEADER, DATAGRAM_HEADER = 10, 24
"""Bytes. The difference: two names of 8 bytes, less a label of 2."""


def calls(history: History, source: str, destination: str) -> list[Circuit]:
    """Return the calls from one host to another, in order of time. FailedError if there is none."""
    found = [c for c in circuits(history) if (c.source, c.destination) == (source, destination)]
    if not found:
        raise FailedError(f"{source} did not call {destination}")
    return found


def the_circuit(history: History) -> Circuit:
    """Return the circuit that the scenario is about."""
    return calls(history, "h1", "h2")[0]


def ways_of(history: History, circuit: Circuit, kind: Kind, *, back: bool) -> list[Way]:
    """Return the ways of a circuit's packets of one kind, in one direction. FailedError if there is none."""
    found = [
        way for way in ways(history)
        if way.circuit is circuit and way.packet.kind is kind and way.packet.back is back
    ]  # fmt: skip
    if not found:
        ends = (circuit.destination, circuit.source) if back else (circuit.source, circuit.destination)
        raise FailedError(f"no {kind.name} of the circuit went from {ends[0]} to {ends[1]}")
    return found


def expect_way(found: Sequence[Way], nodes: Sequence[str]) -> None:
    """Raise FailedError unless all of these ways came by these nodes."""
    for way in found:
        if not way.came:
            raise FailedError(f"{way.packet.words} was lost behind {way.nodes[-1]}", [at(way.crossings[-1].packet)])
        if way.nodes != list(nodes):
            raise FailedError(
                f"{way.packet.words} passed {' '.join(way.nodes)}, not {' '.join(nodes)}",
                [at(c.packet) for c in way.crossings],
            )


@check
def the_answer_takes_the_way_of_the_setup(history: History) -> Verdict:
    """ACCEPT passes the same nodes as SETUP, the other way round."""
    circuit = the_circuit(history)
    (setup, *_), (accept, *_) = (
        ways_of(history, circuit, kind, back=back) for kind, back in ((Kind.SETUP, False), (Kind.ACCEPT, True))
    )
    expect_way([setup], circuit.nodes)
    expect_way([accept], circuit.nodes[::-1])
    return passed(" ".join(circuit.nodes), [at(setup.crossings[0].packet), at(accept.crossings[-1].packet)])


@check
def data_takes_that_way_in_order(history: History) -> Verdict:
    """All data of the circuit takes the way of its SETUP, under the label of each link, and stays in order."""
    circuit = the_circuit(history)
    if strays := [way for way in ways(history) if way.packet.kind is Kind.DATA and way.circuit is None]:
        return failed("data under a label of no circuit", [at(strays[0].crossings[0].packet)])
    for back in (False, True):
        found = ways_of(history, circuit, Kind.DATA, back=back)
        expect_way(found, circuit.nodes[::-1] if back else circuit.nodes)
        if len(found) < PACKETS:
            return failed(f"{len(found)} packets {'to' if back else 'from'} {circuit.source}, not {PACKETS}")
        overtaken = [late for early, late in pairwise(found) if late.ended < early.ended]
        if overtaken:
            return failed(f"{overtaken[0].packet.words} overtook another", [at(overtaken[0].crossings[-1].packet)])
    labels = ", ".join(f"{one}-{other} {label}" for one, other, label in circuit.legs)
    return passed(f"{len(circuit.of(Kind.DATA))} packets on links, labels: {labels}")


@check
def data_bears_a_label_and_no_names(history: History) -> Verdict:
    """A packet of a circuit has a header of 10 bytes, and a datagram with the same text one of 24."""
    sizes = {Kind.DATA: DATA_HEADER, Kind.DATAGRAM: DATAGRAM_HEADER}
    evidence = []
    for kind, size in sizes.items():
        found = [c for c in crossings(history) if c.switched.kind is kind and c.switched.payload == WORD.encode()]
        if not found:
            return failed(f"{WORD!r} did not go as {kind.name}")
        for crossing in found:
            header = len(crossing.packet.payload) - len(WORD)
            if header != size:
                return failed(f"the header of {kind.name} has {header} bytes, not {size}", [at(crossing.packet)])
        evidence.append(at(found[0].packet))
    return passed(f"{DATA_HEADER} and {DATAGRAM_HEADER} bytes", evidence)


@check
def no_data_follows_the_release(history: History) -> Verdict:
    """When the RELEASE has come to the called host, no data of the circuit is on any link any more."""
    circuit = the_circuit(history)
    (release, *_) = ways_of(history, circuit, Kind.RELEASE, back=False)
    expect_way([release], circuit.nodes)
    late = [c for c in circuit.of(Kind.DATA) if c.time > release.ended]
    if late:
        return failed(f"{late[0].switched.words} after that", [at(late[0].packet)])
    return passed("none", [at(release.crossings[-1].packet)])
