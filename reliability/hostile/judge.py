"""What an attack's outcome means: a row of the table, and what was wrong, if anything.

No time decides anything here: the machine may be busy. What counts is who was served, what was taken, what is left.
"""

from collections.abc import Iterator

from benchmarks.numbers import shown
from reliability.hostile.attack import Over
from reliability.hostile.run import Outcome
from reliability.record import Cell

COLUMNS = (
    "program", "attack", "thrown", "what it did", "honest, p50, ms", "p99, ms", "worst, ms", "newcomers, worst, ms",
    "memory, at most, MB", "bound, MB", "left over",
)  # fmt: skip
MEGABYTE = 1_000_000
NOTHING = ""


def row(outcome: Outcome) -> tuple[Cell, ...]:
    """Return a row of the table."""
    found, honest = outcome.watched, outcome.honest
    ways = honest["ways"] or found["ways"]
    peak = found["peak"] / MEGABYTE
    return (
        outcome.target.name,
        outcome.attack.name,
        thrown(outcome),
        did(outcome),
        *(round(ways[name], 3) if name in ways else NOTHING for name in ("p50", "p99", "worst")),
        round(honest["new"]["worst"], 3) if honest.get("new") else NOTHING,
        round(peak, 1) if peak else NOTHING,
        outcome.target.bound(outcome.attack.name),
        left(outcome) or "nothing",
    )


def thrown(outcome: Outcome) -> str:
    """Say how much was thrown."""
    said = outcome.thrown
    counts = [f"{said[name]:,} {name}" for name in ("connections", "SYNs", "datagrams") if name in said]
    return ", ".join([*counts, *([f"{shown(said['bytes'] / MEGABYTE)} MB"] if "bytes" in said else [])])


def did(outcome: Outcome) -> str:
    """Say what the program did, in a few words."""
    said, honest = outcome.thrown, outcome.honest
    words = [f"{said[name]:,} {name}" for name in ("let in", "cut off or refused") if said.get(name)]
    if outcome.target.over is Over.UDP and not is_silent(outcome):
        asked, answered = honest["asked"], honest["answered"] or outcome.watched["honest"]
        words.append(f"served {100 * answered / max(asked, 1):.1f}% of {asked:,} honest datagrams")
    if outcome.watched["died"]:
        words.append(f"died: {outcome.watched['traceback'] or outcome.watched['status']}")
    return ", ".join(words) or "let it be"


def left(outcome: Outcome) -> str:
    """Say what is left of it, or nothing."""
    if outcome.watched["died"]:
        return NOTHING
    more = {name: outcome.after[name] - outcome.before[name] for name in ("threads", "descriptors")}
    return ", ".join(f"{count} {name}" for name, count in more.items() if count > 0)


def is_silent(outcome: Outcome) -> bool:
    """Tell whether nobody could see what reached the program: it prints, and that went to a full disk."""
    return "--full" in outcome.attack.limits and not outcome.honest["answered"]


def wrong(outcome: Outcome) -> Iterator[str]:
    """Yield what did not hold, a sentence each."""
    found, honest = outcome.watched, outcome.honest
    if not outcome.target.ours:
        return
    where = f"{outcome.target.name}, {outcome.attack.name}:"
    if found["died"] or found["status"]:
        yield f"{where} it ended with {found['status']}"
    if found["traceback"]:
        yield f"{where} it printed a traceback: {found['traceback']}"
    if found["controls"]:
        yield f"{where} it printed {found['controls']:,} control bytes"
    if found["peak"] > outcome.target.bound(outcome.attack.name) * MEGABYTE:
        bound = outcome.target.bound(outcome.attack.name)
        yield f"{where} it took {found['peak'] / MEGABYTE:.1f} MB, and may take {bound:g}"
    if left(outcome):
        yield f"{where} afterwards it had more than before: {left(outcome)}"
    if outcome.target.over is Over.TCP:
        yield from (f"{where} {fault}" for fault in _unserved(outcome))
    elif not is_silent(outcome) and not (honest["answered"] or found["honest"]):
        yield f"{where} no honest datagram came through"
    if found["twice"]:
        yield f"{where} {found['twice']} honest datagrams were shown twice"


def _unserved(outcome: Outcome) -> Iterator[str]:
    honest = outcome.honest
    if honest["answered"] < honest["asked"]:
        yield f"an honest client was not served: {honest['lost']}"
    if outcome.attack.newcomers and honest["served"] < honest["came"]:
        yield f"{honest['came'] - honest['served']} of {honest['came']} honest newcomers were not served"
    if not honest["last"]:
        yield "afterwards it served no newcomer"
