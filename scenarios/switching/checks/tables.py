"""What packet switches told of their tables, to be compared with the circuits that the wire shows."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from lab.events import Printed
from lab.history import History
from lab.switching import told_tables
from lab.switching.crossings import Circuit, circuits
from lab.switching.switched import Kind
from lab.switching.tables import SWITCH
from lab.switching.told_tables import Entry, read
from lab.visible import shown
from scenarios.verdict import FailedError, Verdict, check, failed, passed


class Look(NamedTuple):
    """A switch's tables at one time."""

    time: float
    switch: str
    tables: dict[str, Any]


def looks(history: History, switch: str) -> list[Look]:
    """Return the tables that a switch told, in order of time. FailedError if it told none."""
    found: list[Look] = []
    text = ""
    for event in history.of(Printed):
        if event.node == switch:
            *whole, text = (text + shown(event.data)).split("\n")
            found += [Look(event.time, switch, tables) for tables in map(read, whole) if tables is not None]
    if not found:
        raise FailedError(f"{switch} told nothing of its tables")
    return found


def all_looks(history: History) -> Iterator[Look]:
    """Yield what all switches told. FailedError if one told nothing."""
    for switch in history.nodes(SWITCH):
        yield from looks(history, switch)


def told_entries(look: Look) -> set[Entry]:
    """Return what a switch has in its table of circuits."""
    return {*told_tables.entries(look.tables)}


def entries(circuit: Circuit) -> dict[str, Entry]:
    """Return what each switch on its way should have of a circuit, in the order of the way."""
    return {
        switch: Entry(came_from, in_label, goes_to, out_label)
        for (came_from, switch, in_label), (_, goes_to, out_label) in pairwise(circuit.legs)
    }


def is_open(circuit: Circuit, time: float) -> bool:
    """Tell whether the ACCEPT of a circuit had come to the caller by then, and no RELEASE of it was on the wire yet."""
    accepted = any(c.receiver == circuit.source and c.time <= time for c in circuit.of(Kind.ACCEPT))
    return accepted and all(c.time > time for c in circuit.of(Kind.RELEASE))


@check
def tables_have_the_open_circuits(history: History) -> Verdict:
    """Each switch's table has an entry for each open circuit through it, as the wire shows it, and no other."""
    count = 0
    for look in all_looks(history):
        opened = [circuit for circuit in circuits(history) if is_open(circuit, look.time)]
        expected = {entries(circuit)[look.switch] for circuit in opened if look.switch in entries(circuit)}
        if (told := told_entries(look)) != expected:
            return failed(f"{look.switch} has {_listed(told)}; the wire shows {_listed(expected)}")
        count += len(told)
    if not count:
        return failed("no switch told of any circuit")
    return passed(f"{count} entries, in all that switches told")


@check
def nothing_is_left(history: History) -> Verdict:
    """In the end no switch has an entry, and none has any rate reserved."""
    if not circuits(history):
        return failed("nobody called, so there was nothing that could be left")
    for switch in history.nodes(SWITCH):
        last = looks(history, switch)[-1]
        if told := told_entries(last):
            return failed(f"{switch} still has {_listed(told)}")
        for name, line in last.tables["lines"].items():
            if line["reserved"]:
                return failed(f"{switch} still reserves {line['reserved']} bit/s on its line to {name}")
    return passed(f"the tables of {', '.join(history.nodes(SWITCH))} are empty")


def _listed(found: set[Entry]) -> str:
    return ", ".join(map(str, sorted(found))) or "nothing"
