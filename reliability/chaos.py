"""Chaos by the hundred, and for half an hour: random faults in busy labs, each judged by the checks of the scenario.

    seeds 1 to 200 ──► three at a time, each in a lab and a process of its own ──► verdicts, counted
    one seed       ──► one lab, 30 minutes (the soak)                          ──► verdicts

What did not pass is kept, below runs/, and told with the command that plays the same faults again.
"""

import multiprocessing
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from benchmarks.errors import BenchmarkError
from lab.errors import LabError
from lab.state import RUNS
from reliability.effort import Effort
from reliability.record import Cell, Table
from scenarios.chaos.checks.holding import compared, nobody_holds_more_than_before
from scenarios.chaos.play import chaos
from scenarios.chaos.tally import Tally, tally
from scenarios.run import Result, run
from scenarios.verdict import Outcome

SEEDS, SECONDS = 200, 20.0
"""Of the many, each; so long does the test of the scenario last, too."""
SOAK_SEED, SOAK_SECONDS = 1, 34 * 60.0
"""So long that it lasts for half an hour where all is well again sooner than is reckoned. What counts is how long it
did."""
AT_ONCE = 3
"""Labs; more would be short of processors, and late for that alone."""
LITTLE = 5.0
"""Seconds, of each, to show that it works."""
COLUMNS = ("What", "How much")


@dataclass(frozen=True)
class Played:
    """What came of one seed: the numbers, and why it did not pass, a sentence a check."""

    seed: int
    seconds: float
    outcome: Outcome
    tally: Tally
    programs: int  # looked at before and after
    most_grown: int  # bytes
    leaked: bool
    lasted: float  # seconds, from its first event to its last
    because: tuple[str, ...] = ()

    @property
    def again(self) -> str:
        """The command that plays it again."""
        return f"make chaos MINUTES={self.seconds / 60:.4g} SEED={self.seed}"


def try_out_chaos(effort: Effort) -> Table:
    """Play many seeds, or two for a moment."""
    seeds, seconds = (range(1, SEEDS + 1), SECONDS) if effort is Effort.FULL else (range(1, 3), LITTLE)
    found = list(_told(play_all(seeds, seconds)))
    return table(found, {
        "seeds of chaos": len(found),
        "seeds of chaos that passed": sum(each.outcome is Outcome.PASS for each in found),
        "faults injected by chaos": sum(each.tally.faults.total() for each in found),
        "leaks found in chaos": sum(each.leaked for each in found),
    })  # fmt: skip


def try_out_soak(effort: Effort) -> Table:
    """Play one seed for half an hour, or for a moment."""
    seconds = SOAK_SECONDS if effort is Effort.FULL else LITTLE
    found = list(_told(play_all([SOAK_SEED], seconds)))
    return table(found, {
        "minutes of soak": round(sum(each.lasted for each in found) / 60, 1),
        "faults injected in the soak": sum(each.tally.faults.total() for each in found),
        "leaks found in the soak": sum(each.leaked for each in found),
    })  # fmt: skip


def play_all(seeds: Sequence[int], seconds: float) -> Iterator[Played]:
    """Play seeds, several at a time. BenchmarkError if no lab could be made."""
    workers = min(AT_ONCE, len(seeds))
    # A process of its own each: its number is in the name of the lab, and what its history takes goes with it.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=fresh, max_tasks_per_child=1) as pool:
        yield from pool.map(_play, seeds, [seconds] * len(seeds))


def _play(seed: int, seconds: float) -> Played:
    try:
        result = run(chaos(seed, seconds))
    except LabError as error:
        raise BenchmarkError(f"seed {seed} could not be played: {error}") from None
    played = found_in(result, seed, seconds)
    if played.outcome is Outcome.PASS:
        shutil.rmtree(result.directory)
    else:
        kept = RUNS / f"chaos-seed-{seed}"
        shutil.rmtree(kept, ignore_errors=True)
        result.directory.rename(kept)
    return played


def found_in(result: Result, seed: int, seconds: float) -> Played:
    """Return what a run shows, in numbers."""
    outcomes = {name: verdict.outcome for name, verdict in result.verdicts}
    pairs = compared(result.history)
    return Played(
        seed=seed,
        seconds=seconds,
        outcome=result.outcome,
        tally=tally(result.history),
        programs=len(pairs),
        most_grown=max((last.memory - first.memory for first, last in pairs), default=0),
        leaked=outcomes[nobody_holds_more_than_before.__name__] is Outcome.FAIL,
        lasted=result.history.events[-1].time - result.history.events[0].time,
        because=reasons(result),
    )


def reasons(result: Result) -> tuple[str, ...]:
    """Say why a run did not pass, each reason once: a lab that failed is one for every check."""
    found: dict[str, str] = {}
    for name, verdict in result.verdicts:
        if verdict.outcome is not Outcome.PASS:
            found.setdefault(verdict.because, name)
    return tuple(f"{name}: {because}" for because, name in found.items())


def _told(found: Iterator[Played]) -> Iterator[Played]:
    """Tell of each when it was played."""
    for played in found:
        print(f"seed {played.seed}: {played.outcome.value}; {played.tally}", flush=True)
        for because in played.because:
            print(f"    {because}\n    again: {played.again}", flush=True)
        yield played


def table(found: Sequence[Played], figures: dict[str, Cell]) -> Table:
    """Return what all of these come to."""
    faults: Counter[str] = sum((each.tally.faults for each in found), Counter())
    recoveries = sorted(seconds for each in found for seconds in each.tally.recoveries)
    verdicts = Counter(each.outcome.value for each in found)
    rows: list[tuple[Cell, ...]] = [
        ("seeds played", len(found)),
        *((f"of which the verdict is {outcome.value}", verdicts[outcome.value]) for outcome in Outcome),
        ("faults injected", faults.total()),
        *((f"of which {kind}", count) for kind, count in faults.most_common()),
        ("times that all was healed", len(recoveries)),
        ("seconds until all was well again, with the engine's starts, at most", max(recoveries, default=0.0)),
        (
            "seconds until all was well again, with the engine's starts, in the middle",
            recoveries[len(recoveries) // 2] if recoveries else 0.0,
        ),
        ("lines typed", sum(each.tally.typed for each in found)),
        ("lines delivered by the broadcast server", sum(each.tally.delivered for each in found)),
        ("programs looked at before and after", sum(each.programs for each in found)),
        ("KiB that one of them grew by, at most", max((each.most_grown for each in found), default=0) // 1024),
        ("runs in which a program held more than it may", sum(each.leaked for each in found)),
    ]
    wrong = tuple(f"seed {each.seed}: {because}; `{each.again}`" for each in found for because in each.because)
    return Table(COLUMNS, tuple(rows), figures=figures, wrong=wrong)
