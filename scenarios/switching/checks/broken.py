"""Circuits through a switch that is killed, one that does not go through it, and one that was set up after that."""

from lab.events import Fault, Started
from lab.history import History
from lab.switching.crossings import Circuit, circuits
from lab.switching.switched import Kind
from lab.switching.ways import Way
from scenarios.switching.checks.circuits import expect_way, ways_of
from scenarios.switching.checks.tables import is_open
from scenarios.verdict import FailedError, Verdict, at, check, failed, passed

DEAD = "c"
PACKETS = 25
"""Of the flow on the circuit that does not go through it."""
BEFORE, AFTER, RETURNED = "said-before", "said-when-it-was-dead", "said-when-it-was-back"


def killed(history: History) -> float:
    """Return when the switch was killed. FailedError if it was not."""
    for fault in history.of(Fault):
        if fault.node == DEAD and "killed" in fault.what:
            return fault.time
    raise FailedError(f"{DEAD} was not killed")


def started_again(history: History) -> float:
    """Return when it was started again. FailedError if it was not."""
    dead = killed(history)
    for start in history.of(Started):
        if start.node == DEAD and start.time > dead:
            return start.time
    raise FailedError(f"{DEAD} was not started again")


def struck(history: History) -> list[Circuit]:
    """Return the circuits that went through it when it was killed. FailedError if there was none."""
    dead = killed(history)
    found = [c for c in circuits(history) if DEAD in c.nodes and is_open(c, dead)]
    if not found:
        raise FailedError(f"no circuit went through {DEAD} when it was killed")
    return found


def spared(history: History) -> Circuit:
    """Return the circuit that was open then and did not go through it. FailedError if there was none."""
    dead = killed(history)
    for circuit in circuits(history):
        if DEAD not in circuit.nodes and is_open(circuit, dead):
            return circuit
    raise FailedError(f"every circuit went through {DEAD}")


def called_again(history: History) -> Circuit:
    """Return the circuit that was set up after that. FailedError if there was none."""
    dead = killed(history)
    for circuit in circuits(history):
        if circuit.crossings[0].time > dead:
            return circuit
    raise FailedError(f"nobody called again when {DEAD} was dead")


@check
def both_ends_are_told_who_lost_whom(history: History) -> Verdict:
    """Both ends of each circuit through the dead switch are told which of its neighbours lost it."""
    evidence = []
    for circuit in struck(history):
        place = circuit.nodes.index(DEAD)
        expected = {circuit.source: circuit.nodes[place - 1], circuit.destination: circuit.nodes[place + 1]}
        for host, neighbour in expected.items():
            told = [c for c in circuit.of(Kind.RELEASE) if c.receiver == host]
            said = [(c.switched.who, c.switched.reason, c.switched.gone) for c in told[:1]]
            if said != [(neighbour, "neighbour gone", DEAD)]:
                return failed(f"{host} was not told by {neighbour} of {DEAD}, but {said}", [at(c.packet) for c in told])
            if not any({neighbour, DEAD} <= {*line.split()} for line in history.printed(host).splitlines()):
                return failed(f"{host} did not show that {neighbour} lost {DEAD}")
            evidence.append(at(told[0].packet))
    return passed(f"{len(evidence)} ends of circuits", evidence)


@check
def the_other_circuit_goes_on(history: History) -> Verdict:
    """All data of the circuit that does not go through it came, also after the switch was dead."""
    circuit, dead = spared(history), killed(history)
    found = ways_of(history, circuit, Kind.DATA, back=False)
    expect_way(found, circuit.nodes)
    after = sum(way.began > dead for way in found)
    told = f"{len(found)} packets came by {' '.join(circuit.nodes)}, {after} of them after {DEAD} was dead"
    return (passed if len(found) == PACKETS and after else failed)(told)


@check
def a_new_call_takes_another_way(history: History) -> Verdict:
    """A call made after that takes a way without the switch, and both ends can speak."""
    circuit = called_again(history)
    if DEAD in circuit.nodes:
        return failed(f"it went by {' '.join(circuit.nodes)}")
    return _both_spoke(history, circuit, AFTER)


@check
def a_circuit_stays_where_it_is(history: History) -> Verdict:
    """When the switch is back, and with it the shorter way, the circuit still goes by the way that it was set up on."""
    circuit, back = called_again(history), started_again(history)
    if any(way.began < back for way in ways_of(history, circuit, Kind.DATA, back=False) if _says(way, RETURNED)):
        return failed(f"{RETURNED!r} was said before {DEAD} was started again")
    return _both_spoke(history, circuit, RETURNED)


def _both_spoke(history: History, circuit: Circuit, words: str) -> Verdict:
    """Say whether these words went over a circuit in both directions, on the way of its SETUP."""
    for back in (False, True):
        said = [way for way in ways_of(history, circuit, Kind.DATA, back=back) if _says(way, words)]
        if not said:
            return failed(f"{circuit.destination if back else circuit.source} did not say {words!r}")
        expect_way(said, circuit.nodes[::-1] if back else circuit.nodes)
    return passed(" ".join(circuit.nodes))


def _says(way: Way, words: str) -> bool:
    return way.packet.payload == words.encode()
