"""The trial `fuzz`: each target for five times as many inputs as a test tries, and others than those."""

from benchmarks.errors import BenchmarkError
from reliability.effort import Effort
from reliability.fuzz.campaign import Outcome, fuzz, missing
from reliability.fuzz.catalogue import targets
from reliability.record import Table

LONGER = 5
SEED = 2
"""The tests begin with 1."""
NOTE = (
    "A branch is one of the parser's that some input took; an input is kept when it took one that none before had "
    "taken, and more are made of it (coverage-guided, by atheris). The tests try a fifth of these inputs each time."
)


def try_out(effort: Effort) -> Table:
    """Fuzz all targets; for a smoke test, a moment of one target a module."""
    if why := missing():
        raise BenchmarkError(why)
    chosen = list(targets().values())
    if effort is Effort.SMOKE:
        chosen = list({target.name.partition(".")[0]: target for target in chosen}.values())
    factor = LONGER if effort is Effort.FULL else 0.02
    return table([fuzz(target, int(target.runs * factor), SEED) for target in chosen])


def table(outcomes: list[Outcome]) -> Table:
    """Return what came of targets as a table."""
    return Table(
        columns=("target", "what must hold", "inputs", "branches", "kept"),
        rows=tuple((o.target.name, o.target.holds, o.runs, o.reached, o.corpus) for o in outcomes),
        note=NOTE,
        figures={"inputs made by a fuzzer for the parsers": sum(outcome.runs for outcome in outcomes)},
        wrong=tuple(f"{outcome.target.name}: {outcome.defect}" for outcome in outcomes if outcome.defect),
    )
