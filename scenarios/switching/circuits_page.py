"""What docs/switching.md shows of circuits: the switches' tables, the labels on links, and who was refused."""

from collections.abc import Sequence

from lab.history import History
from lab.state import Wish
from lab.switching import flow_map
from lab.switching.crossings import Circuit, circuits
from lab.switching.switched import Kind
from lab.switching.ways import Way
from scenarios.scenario import Page
from scenarios.switching.checks.circuits import the_circuit, ways_of
from scenarios.switching.checks.relabelling import both
from scenarios.switching.checks.tables import is_open, looks
from scenarios.switching.shared import PAGE, TOPOLOGY


def tables(history: History) -> list[str]:
    """Return the tables that the switches told when both circuits were open."""
    rows = ["| switch | from line | label | to line | label | circuit |", "|---|---|---|---|---|---|"]
    for switch in the_circuit(history).nodes[1:-1]:
        first, *_ = looks(history, switch)
        for entry in first.tables["circuits"]:
            cells = (entry[key] for key in ("in_line", "in_label", "out_line", "out_label"))
            circuit = f"{entry['source']} to {entry['destination']}"
            rows.append(f"| {switch} | {' | '.join(map(str, cells))} | {circuit} |")
    return rows


def labels(history: History) -> list[str]:
    """Return the labels of both circuits, link by link."""
    found = both(history)
    heads = " | ".join(f"{circuit.source} to {circuit.destination}" for circuit in found)
    rows = [f"| link | {heads} |", "|---|---|---|"]
    chosen = [{frozenset(leg[:2]): str(leg[2]) for leg in circuit.legs} for circuit in found]
    for link in Wish(TOPOLOGY).load().links:
        cells = [some.get(frozenset(link.ends), "") for some in chosen]
        if any(cells):
            rows.append(f"| {'-'.join(link.ends)} | {' | '.join(cells)} |")
    return rows


def answers(history: History) -> list[str]:
    """Return the calls in their order, each with what came of it."""
    rows = ["| call | asks for | open by then, all from a to c | answer |", "|---|---|---|---|"]
    for circuit in circuits(history):
        call = f"{circuit.source} to {circuit.destination}"
        before = [each for each in circuits(history) if is_open(each, circuit.crossings[0].time)]
        opened = f"{len(before)} circuit{'' if len(before) == 1 else 's'}, {_rate(sum(each.rate for each in before))}"
        rows.append(f"| {call} | {_rate(circuit.rate)} | {opened} | {answer(circuit)} |")
    return rows


def _rate(rate: int) -> str:
    return f"{rate:,} bit/s" if rate else "no rate"


def answer(circuit: Circuit) -> str:
    """Return what came of a call, as its caller saw it."""
    for crossing in circuit.crossings:
        if crossing.receiver == circuit.source:
            read = crossing.switched
            return "open" if read.kind is Kind.ACCEPT else f"refused by {read.who}: {read.reason}"
    return "none"


def phase(title: str, circuit: Circuit, found: Sequence[Way]) -> flow_map.Phase:
    """Return packets of a circuit to be drawn, with its labels. Those of one direction: else labels lie on boxes."""
    return flow_map.Phase(title, found, {frozenset(leg[:2]): f"label {leg[2]}" for leg in circuit.legs})


def draw_one(history: History) -> dict[str, str]:
    """Draw the ways of the circuit's data."""
    circuit = the_circuit(history)
    drawn = [
        phase(title, circuit, ways_of(history, circuit, Kind.DATA, back=back))
        for back, title in ((False, "Data from h1 to h2"), (True, "Data from h2 to h1"))
    ]
    return {"virtual-circuit": flow_map.svg(Wish(TOPOLOGY).load(), "One virtual circuit", *drawn)}


def draw_both(history: History) -> dict[str, str]:
    """Draw the ways of what h1 and h3 said."""
    drawn = [
        phase(f"Data from {circuit.source}", circuit, ways_of(history, circuit, Kind.DATA, back=False))
        for circuit in both(history)
    ]
    return {"relabelling": flow_map.svg(Wish(TOPOLOGY).load(), "Two circuits over the same links", *drawn)}


CIRCUIT = Page(PAGE, tables)
RELABELLING = Page(PAGE, labels)
ADMISSION = Page(PAGE, answers)
