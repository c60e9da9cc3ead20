"""What ends by itself: calls that nobody answers, and a circuit whose RELEASE the next switch did not hear."""

from lab.events import Fault
from lab.history import History
from lab.switching.crossings import Circuit, Crossing, circuits
from lab.switching.switched import Kind
from scenarios.switching.checks.circuits import calls
from scenarios.switching.checks.tables import entries, looks, told_entries
from scenarios.verdict import FailedError, Verdict, at, check, failed, passed

LABEL = 9
BY_HAND = "1320001e 1bee0063 6834000000000000 6833000000000000 0009 00000000"
"""A SETUP: version 1, kind 3, 32 hops, 30 bytes; checksum, call 99; from h4; to h3; label 9; 0 bit/s to reserve."""
TRIES = 3
SECONDS = 5.0
"""How long what nobody ends may last: the switches' timers are 3 s; the rest is for a busy machine."""
FIRST, DEAF = "f", "h3"
"""The switch that h2 and h4 are at, and the host that hears nothing."""


def asked_by_program(history: History) -> Circuit:
    """Return the call of h4's program. FailedError if there is none."""
    return _asked(history, by_hand=False)


def asked_by_hand(history: History) -> Circuit:
    """Return the call that was made by hand. FailedError if there is none."""
    return _asked(history, by_hand=True)


def _asked(history: History, *, by_hand: bool) -> Circuit:
    for circuit in calls(history, "h4", DEAF):
        if (circuit.legs[0][2] == LABEL) is by_hand:
            return circuit
    raise FailedError(f"h4 did not call {DEAF}{' by hand' if by_hand else ''}")


def end_of(circuit: Circuit, since: float = 0.0) -> Crossing:
    """Return the first RELEASE of a circuit that a switch or the called host sent. FailedError if there is none."""
    for crossing in circuit.of(Kind.RELEASE):
        if crossing.time > since and crossing.sender != circuit.source:
            return crossing
    raise FailedError(f"nobody released the circuit from {circuit.source} to {circuit.destination}")


def lost_release(history: History) -> tuple[Circuit, Crossing]:
    """Return the circuit whose RELEASE was not heard, and that RELEASE. FailedError if there was none."""
    deaf = [fault for fault in history.of(Fault) if fault.node == FIRST]
    if len(deaf) != 2:
        raise FailedError(f"{FIRST} was not made deaf, and healed")
    began, ended = deaf[0].time, deaf[1].began or deaf[1].time
    for circuit in circuits(history):
        for crossing in circuit.of(Kind.RELEASE):
            if (crossing.sender, crossing.receiver) == (circuit.source, FIRST) and began <= crossing.time <= ended:
                return circuit, crossing
    raise FailedError(f"no RELEASE was sent to {FIRST} when it was deaf")


def last_heard(circuit: Circuit) -> Crossing:
    """Return what came last from the caller of a circuit to the switch that was deaf for a while: it passed it on."""
    passed_on = [c for c in circuit.crossings if c.sender == FIRST and not c.switched.back]
    return [c for c in passed_on if c.switched.kind is not Kind.RELEASE][-1]


@check
def a_call_without_an_answer_is_given_up(history: History) -> Verdict:
    """The caller asks three times, then gives up; each link that its SETUP went over bears a RELEASE after that."""
    circuit = asked_by_program(history)
    if circuit.of(Kind.ACCEPT):
        return failed("it was accepted", [at(circuit.of(Kind.ACCEPT)[0].packet)])
    asked = [c for c in circuit.of(Kind.SETUP) if c.sender == circuit.source]
    if len(asked) != TRIES:
        return failed(f"{circuit.source} asked {len(asked)} times, not {TRIES}", [at(c.packet) for c in asked])
    _expect_release_everywhere(circuit)
    return passed(f"asked {TRIES} times", [at(c.packet) for c in asked])


@check
def half_a_circuit_lasts_a_few_seconds(history: History) -> Verdict:
    """A call of which nothing more is heard, neither ACCEPT nor RELEASE nor SETUP, is given up within 5 s."""
    circuit = asked_by_hand(history)
    if not any(entries(circuit)[FIRST] in told_entries(look) for look in looks(history, FIRST)):
        return failed(f"{FIRST} did not tell of its entry")
    _expect_release_everywhere(circuit)
    return _within("given up", circuit.crossings[0], end_of(circuit))


@check
def a_lost_release_is_made_up_for(history: History) -> Verdict:
    """Where a RELEASE was not heard, the circuit ends all the same, within 5 s of the caller's last packet."""
    circuit, lost = lost_release(history)
    ended = end_of(circuit, lost.time)
    if ended.switched.who == circuit.source:
        return failed(f"{ended.sender} passed on what {circuit.source} said: {FIRST} was not deaf", [at(ended.packet)])
    _expect_release_everywhere(circuit)
    return _within("given up", last_heard(circuit), ended)


def _within(what: str, began: Crossing, ended: Crossing) -> Verdict:
    seconds = ended.time - began.time
    told = f"{what} by {ended.sender} after {seconds:.1f} s"
    return (passed if seconds <= SECONDS else failed)(told, [at(began.packet), at(ended.packet)])


def _expect_release_everywhere(circuit: Circuit) -> None:
    """Raise FailedError if a RELEASE is missing on a link that the SETUP went over."""
    released = {c.leg for c in circuit.of(Kind.RELEASE)}
    for one, other, label in circuit.legs:
        if (one, other, label) not in released:
            raise FailedError(f"no RELEASE of label {label} between {one} and {other}")
