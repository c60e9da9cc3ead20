"""Who is faster: contenders that run in turn, what was measured of each, and the goals that are set.

round 1   ours  theirs  limit        A machine is not equally fast at all times. So what counts is the ratio
round 2   ours  theirs  limit        of two runs of one round, and the median of those ratios.
...
"""

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.effort import Effort

OURS = "Socklab"
"""The name of our own contender."""


class Better(enum.Enum):
    """Which of two figures is the better one."""

    HIGH = "more is better"
    LOW = "less is better"


@dataclass(frozen=True)
class Measure:
    """One thing that is measured of a run, and its unit."""

    name: str
    unit: str = ""
    better: Better = Better.HIGH


@dataclass(frozen=True)
class Goal:
    """How one contender is to stand against the best of others: the ratio of a measure, theirs being 1.

    Against nobody, it is the figure itself that is to be reached.
    """

    measure: str
    ours: str
    against: tuple[str, ...]
    at_least: float | None = None
    at_most: float | None = None

    def is_met(self, ratio: float) -> bool:
        """Compare a ratio, as it is shown, with what is asked for."""
        shown = round(ratio, 2)
        return (self.at_least is None or shown >= self.at_least) and (self.at_most is None or shown <= self.at_most)


Run = Callable[[], Mapping[str, float]]
"""One run of a contender: measures by their names. It raises BenchmarkError when a byte is not where it should be."""


@dataclass
class Contest:
    """A contest: its rounds hold what was measured, by contender and measure."""

    title: str
    measures: tuple[Measure, ...]
    goals: tuple[Goal, ...] = ()
    note: str = ""
    rounds: list[dict[str, dict[str, float]]] = field(default_factory=list)

    @property
    def contenders(self) -> list[str]:
        """Name them in the order in which they ran."""
        return list(self.rounds[0]) if self.rounds else []

    def values(self, contender: str, measure: str) -> list[float]:
        """Return what was measured of a contender, a value a round; nothing if it does not have the measure."""
        return [one[contender][measure] for one in self.rounds if measure in one[contender]]

    def best(self, measure: str, among: Sequence[str]) -> str:
        """Return who has the best median. ValueError if none has the measure."""
        (better,) = (each.better for each in self.measures if each.name == measure)
        medians = {name: median(values) for name in among if (values := self.values(name, measure))}
        if not medians:
            raise ValueError(f"nobody of {', '.join(among)} has {measure} in {self.title!r}")
        return (max if better is Better.HIGH else min)(medians, key=lambda name: medians[name])

    def ratios(self, goal: Goal) -> list[float]:
        """Return ours divided by the best of theirs, round by round; ours itself where there is nobody else."""
        if not goal.against:
            return self.values(goal.ours, goal.measure)
        other = self.best(goal.measure, goal.against)
        return [one[goal.ours][goal.measure] / one[other][goal.measure] for one in self.rounds]


@dataclass(frozen=True)
class Curve:
    """How something grows: `series` holds a name, and what was measured at each place of the axis `across`."""

    title: str
    across: str
    up: str
    unit: str
    series: dict[str, dict[float, list[float]]]
    note: str = ""


def compete(contest: Contest, contenders: Mapping[str, Run], effort: Effort) -> Contest:
    """Let each run once for nothing, then `effort.rounds` times in turn. Return the contest with its rounds.

    A smoke run has no warm-up: nobody goes by its figures.
    """
    if not effort.smoke:
        for run in contenders.values():
            run()
    for _ in range(effort.rounds):
        contest.rounds.append({name: dict(run()) for name, run in contenders.items()})
    return contest
