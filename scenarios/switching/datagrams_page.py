"""What docs/switching.md shows of flows of datagrams: the way in each phase, as a table and as a drawing."""

from collections.abc import Sequence

from lab.history import History
from lab.state import Wish
from lab.switching import flow_map
from lab.switching.ways import Way
from scenarios.switching.checks.flow import broken, phases
from scenarios.switching.shared import TOPOLOGY


def rows_of_a_cut(history: History) -> list[str]:
    """Return the table of a flow whose link was cut."""
    return _rows(history, ("before the cut", "until c has missed e", "until the healing", "after the healing"))


def rows_of_a_restart(history: History) -> list[str]:
    """Return the table of a flow of which a switch was killed and started again."""
    return _rows(history, ("before c is killed", "until a has missed c", "until c is back", "with c back"))


def drawings(history: History) -> dict[str, str]:
    """Draw the flow, phase by phase; of what was lost, that on the cut link."""
    found = phases(history)
    cut = broken(history).before[-1]
    drawn = (
        flow_map.Phase("Before the cut", found.before),
        flow_map.Phase("The link c-e is cut", [way for way in found.lost if way.lost_on == cut]),
        flow_map.Phase("The switches have noticed", found.around),
        flow_map.Phase("The link is healed", found.after),
    )
    return {"datagram": flow_map.svg(Wish(TOPOLOGY).load(), "One flow from h1 to h2", *drawn)}


def _rows(history: History, when: Sequence[str]) -> list[str]:
    found = phases(history)
    rows = ["| when | the way of the packets | came |", "|---|---|---|"]
    for name, ways in zip(when, (found.before, found.lost, found.around, found.after), strict=True):
        rows.append(f"| {name} | {_way(ways)} | {'all' if all(way.came for way in ways) else 'none'} |")
    return rows


def _way(ways: Sequence[Way]) -> str:
    """Return the nodes that the packets passed; of lost ones, as far as the first of them came."""
    if not ways:
        return "there were none"
    return " ".join(ways[0].nodes) + ("" if ways[0].came else " ✗")
