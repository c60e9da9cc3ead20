"""What docs/switching.md shows of circuits that end without being asked to: who is told what, and when."""

from lab.history import History
from lab.state import Wish
from lab.switching import flow_map
from lab.switching.crossings import Circuit, circuits
from lab.switching.switched import Kind, Switched
from scenarios.scenario import Page
from scenarios.switching.checks import broken, timers
from scenarios.switching.checks.circuits import ways_of
from scenarios.switching.circuits_page import phase
from scenarios.switching.shared import PAGE, TOPOLOGY


def ends(history: History) -> list[str]:
    """Return the circuits in their order, each with its way, and what both ends were told in the end."""
    rows = ["| circuit | its way | the caller is told | the called host is told |", "|---|---|---|---|"]
    for circuit in circuits(history):
        told = [_told(circuit, host) for host in (circuit.source, circuit.destination)]
        way = " ".join(circuit.nodes)
        rows.append(f"| {circuit.source} to {circuit.destination} | {way} | {' | '.join(told)} |")
    return rows


def _told(circuit: Circuit, host: str) -> str:
    """Return what a host was told of the end of a circuit; nothing if it was the one to end it."""
    for crossing in circuit.of(Kind.RELEASE):
        if crossing.receiver == host and crossing.switched.who != host:
            return _words(crossing.switched)
    return "nothing: it released it"


def _words(release: Switched) -> str:
    if release.gone:
        return f"{release.who} lost its neighbour {release.gone}"
    return f"{release.reason}, says {release.who}" if release.reason != "normal" else f"{release.who} released it"


def waits(history: History) -> list[str]:
    """Return what nobody ended, with how long it lasted."""
    program, by_hand = timers.asked_by_program(history), timers.asked_by_hand(history)
    circuit, lost = timers.lost_release(history)
    given_up = next(c for c in program.of(Kind.RELEASE) if c.sender == program.source)
    heard = timers.last_heard(circuit)
    lasted = {
        "a call, made three times": ("the caller", program.crossings[0].time, given_up.time),
        "a call, made once": ("the switches", by_hand.crossings[0].time, timers.end_of(by_hand).time),
        "a circuit whose RELEASE is lost": ("the switches", heard.time, timers.end_of(circuit, lost.time).time),
    }
    rows = ["| what | who gives up | seconds after the first packet, or the last of a circuit |", "|---|---|---|"]
    return rows + [f"| {what} | {who} | ≈ {end - begin:.1f} |" for what, (who, begin, end) in lasted.items()]


def draw(history: History) -> dict[str, str]:
    """Draw what h2 said over its circuits to h1: before c is killed, while it is dead, and when it is back."""
    first = next(c for c in broken.struck(history) if {c.source, c.destination} == {"h1", "h2"})
    second, back = broken.called_again(history), broken.started_again(history)
    found = ways_of(history, second, Kind.DATA, back=False)
    drawn = (
        phase("Before c is killed", first, ways_of(history, first, Kind.DATA, back=False)),
        phase("c is dead, and h2 has called again", second, [way for way in found if way.began < back]),
        phase("c is back", second, [way for way in found if way.began > back]),
    )
    return {"circuit-broken": flow_map.svg(Wish(TOPOLOGY).load(), "What h2 says to h1", *drawn)}


BROKEN = Page(PAGE, ends)
TIMERS = Page(PAGE, waits)
