"""Calls that are refused: by whom, why, and that nothing of them stays."""

from lab.history import History
from lab.switching.crossings import Circuit, Crossing, circuits
from lab.switching.switched import Kind
from scenarios.switching.checks.circuits import calls
from scenarios.switching.checks.tables import all_looks, entries, is_open, looks
from scenarios.verdict import FailedError, Verdict, at, check, failed, passed

LABELS = 4
"""What each end of a link may give to circuits: topology/datagram.yaml says so."""
RATE = 600_000
"""In bit/s: what a call asks for. Two of them are more than a link of 1,000,000 has."""
NO_LABEL, NO_RATE = "no label left", "no rate left"


def refusal(history: History, reason: str) -> tuple[Circuit, Crossing]:
    """Return the call that was refused for a reason, and the RELEASE that told the caller. FailedError if none was."""
    for circuit in circuits(history):
        for crossing in circuit.of(Kind.RELEASE):
            if crossing.switched.reason == reason and crossing.receiver == circuit.source:
                return circuit, crossing
    raise FailedError(f"no call was refused for {reason!r}")


def beyond(history: History, refused: Circuit, by: str) -> tuple[str, list[Circuit]]:
    """Return the line that a refused call would have left a switch by, and the circuits that were open on it.

    It is that of the next call between the same hosts, which was not refused. FailedError if there was none.
    """
    began = refused.crossings[0].time
    line = entries(accepted_after(history, refused))[by].out_line
    opened = [c for c in circuits(history) if is_open(c, began) and by in entries(c)]
    return line, [c for c in opened if entries(c)[by].out_line == line]


def accepted_after(history: History, refused: Circuit) -> Circuit:
    """Return the next call between the same hosts that came to be. FailedError if there is none."""
    for circuit in calls(history, refused.source, refused.destination):
        later = circuit.rate == refused.rate and circuit.crossings[0].time > refused.crossings[0].time
        if later and any(c.receiver == circuit.source for c in circuit.of(Kind.ACCEPT)):
            return circuit
    raise FailedError(f"no later call of {refused.source} to {refused.destination} came to be")


@check
def who_has_no_label_left_says_so(history: History) -> Verdict:
    """The call for which a switch has no label left is refused by it, and before that it had given away all."""
    refused, told = refusal(history, NO_LABEL)
    who = told.switched.who
    line, used = beyond(history, refused, who)
    if len(used) != LABELS:
        return failed(f"{who} refused a call when {len(used)} circuits were on its line to {line}", [at(told.packet)])
    return passed(f"{who}, with {len(used)} circuits on its line to {line}", [at(told.packet)])


@check
def who_has_no_rate_left_says_so(history: History) -> Verdict:
    """The call that would have made a link promise more than its rate is refused by the switch before it."""
    refused, told = refusal(history, NO_RATE)
    who = told.switched.who
    line, used = beyond(history, refused, who)
    promised = sum(circuit.rate for circuit in used)
    rate = looks(history, who)[-1].tables["lines"][line]["rate"]
    words = f"{who}, asked for {refused.rate} bit/s when {promised} of {rate:.0f} to {line} were reserved"
    return (passed if promised + refused.rate > rate else failed)(words, [at(told.packet)])


@check
def no_link_is_promised_more_than_it_has(history: History) -> Verdict:
    """No line ever has more circuits than labels, or more reserved than its rate."""
    most = 0
    for look in all_looks(history):
        for name, line in look.tables["lines"].items():
            count = sum(entry["out_line"] == name for entry in look.tables["circuits"])
            most = max(most, count)
            if count > LABELS:
                return failed(f"{look.switch} has {count} circuits to {name}, with {LABELS} labels")
            if line["reserved"] > line["rate"]:
                return failed(f"{look.switch} reserves {line['reserved']} of {line['rate']:.0f} bit/s to {name}")
    return passed(f"{most} circuits at most") if most else failed("no switch told of any circuit")


@check
def what_is_released_can_be_had_again(history: History) -> Verdict:
    """A refused call, made again when another circuit was released, is taken."""
    evidence = []
    for reason in (NO_LABEL, NO_RATE):
        refused, _ = refusal(history, reason)
        again = accepted_after(history, refused)
        evidence.append(at(again.of(Kind.ACCEPT)[-1].packet))
    return passed("both calls", evidence)
