"""docs/speed.md: tables and drawings, made of what the benchmarks found and nothing else.

<!-- measured: goals -->        all goals of all benchmarks, and what was reached
<!-- measured: machine -->      what it was measured on
<!-- measured: broadcast -->    one benchmark: its contests and curves
<!-- end -->
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.bars import bars
from benchmarks.contest import Contest, Curve, Goal
from benchmarks.numbers import shown, spread
from benchmarks.parts import filled
from benchmarks.record import FOLDER, Record, read
from lab.chart import Axis, Chart

PAGE = FOLDER.with_suffix(".md")
WIDTH = 118
"""Letters of a line of text."""


def renew(page: Path = PAGE, folder: Path = FOLDER) -> None:
    """Write the page's tables and all drawings anew from the records in the folder."""
    records = stored(folder)
    page.write_text(text(page.read_text(encoding="utf-8"), records), encoding="utf-8")
    for name, svg in drawings(records).items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")


def stored(folder: Path = FOLDER) -> list[Record]:
    """Return all records, by name."""
    return [read(path) for path in sorted(folder.glob("*.json"))]


def text(page: str, records: Sequence[Record]) -> str:
    """Return the text of the page with its parts made of these records."""
    parts = {"goals": goal_table(records), "machine": machine_table(records)}
    parts |= {record.name: list(rows(record)) for record in records}
    return filled(page, parts)


def drawings(records: Sequence[Record]) -> dict[str, str]:
    """Return the drawings of all records, by name."""
    return {
        **{slug(record, one): bars(one, one.measures[0]) for record in records for one in record.contests},
        **{slug(record, one): chart(one) for record in records for one in record.curves},
    }


def slug(record: Record, one: Contest | Curve) -> str:
    """Return the name of a drawing: that of its benchmark, and its title in plain letters."""
    return f"{record.name}-{re.sub(r'[^a-z0-9]+', '-', one.title.lower()).strip('-')}"


def rows(record: Record) -> Iterator[str]:
    """Yield one benchmark's part of the page."""
    yield f"Measured on {record.date} by `{record.command}`."
    for contest in record.contests:
        yield from ("", f"### {contest.title}", "", *contest_table(contest))
        if contest.goals:
            yield from ("", *goals_of(contest))
        yield from _closing(record, contest)
    for curve in record.curves:
        yield from ("", f"### {curve.title}", "", *curve_table(curve), *_closing(record, curve))


def _closing(record: Record, one: Contest | Curve) -> Iterator[str]:
    if one.note:
        yield from ("", *textwrap.wrap(one.note, WIDTH, break_on_hyphens=False))
    yield from ("", f"![{one.title}]({FOLDER.name}/{slug(record, one)}.svg)")


def contest_table(contest: Contest) -> Iterator[str]:
    """Yield the table of a contest: a row a contender; the median, the least and the most."""
    heads = [f"{each.name}, {each.unit}" if each.unit else each.name for each in contest.measures]
    yield f"| | {' | '.join(heads)} |"
    yield "|---" * (len(heads) + 1) + "|"
    for name in contest.contenders:
        found = [contest.values(name, each.name) for each in contest.measures]
        yield f"| {name} | {' | '.join(spread(values) if values else '' for values in found)} |"


def goals_of(contest: Contest) -> Iterator[str]:
    """Yield the goals of a contest, and how far they were reached."""
    yield "| Goal | Ratio or figure, round by round | Reached |"
    yield "|---|---|---|"
    for goal in contest.goals:
        yield f"| {_asked(contest, goal)} | {_reached(contest, goal)} |"


def _asked(contest: Contest, goal: Goal) -> str:
    bound = f"at least {goal.at_least:g}" if goal.at_least is not None else f"at most {goal.at_most:g}"
    if not goal.against:
        (unit,) = (each.unit for each in contest.measures if each.name == goal.measure)
        return f"{goal.measure}: {goal.ours}: {bound} {unit}".rstrip()
    best = contest.best(goal.measure, goal.against)
    among = f", the best of {len(goal.against)}" if len(goal.against) > 1 else ""
    return f"{goal.measure}: {goal.ours} against {best}{among}: {bound}"


def _reached(contest: Contest, goal: Goal) -> str:
    ratios = contest.ratios(goal)
    found = f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return f"{found} | {'yes' if goal.is_met(median(ratios)) else '**no**'}"


def goal_table(records: Sequence[Record]) -> list[str]:
    """Return the table of all goals."""
    found = [
        f"| [{contest.title}]({anchor(contest)}) | {_asked(contest, goal)} | {_reached(contest, goal)} |"
        for record in records
        for contest in record.contests
        for goal in contest.goals
    ]
    return ["| What | Goal | Ratio or figure, round by round | Reached |", "|---|---|---|---|", *found]


def anchor(one: Contest | Curve) -> str:
    """Return the link to a heading, as forges make it."""
    return "#" + re.sub(r"[^a-z0-9 -]", "", one.title.lower()).replace(" ", "-")


def machine_table(records: Sequence[Record]) -> list[str]:
    """Return what the last of the records was measured on."""
    if not records:
        return []
    last = max(records, key=lambda record: record.date)
    return ["| | |", "|---|---|", *(f"| {what} | {value} |" for what, value in last.machine.items())]


def curve_table(curve: Curve) -> Iterator[str]:
    """Yield the table of a curve: a row for each place on the axis across."""
    yield f"| {curve.across} | {' | '.join(f'{name}, {curve.unit}' if curve.unit else name for name in curve.series)} |"
    yield "|---" * (len(curve.series) + 1) + "|"
    for place in sorted({place for points in curve.series.values() for place in points}):
        cells = [spread(points[place]) if place in points else "" for points in curve.series.values()]
        yield f"| {place:g} | {' | '.join(cells)} |"


def chart(curve: Curve) -> str:
    """Draw a curve: medians, with the least and the most."""
    drawn = Chart(curve.title, Axis(curve.across), Axis(curve.up, curve.unit))
    for name, points in curve.series.items():
        medians = [(place, median(values)) for place, values in points.items()]
        drawn.add(name, medians, [(min(values), max(values)) for values in points.values()])
    return drawn.svg()


def summary(contests: Sequence[Contest], curves: Sequence[Curve]) -> Iterator[str]:
    """Yield what a person at a terminal sees of a benchmark."""
    for contest in contests:
        yield f"\n{contest.title}"
        for measure in contest.measures:
            yield f"  {measure.name}{f', {measure.unit}' if measure.unit else ''} ({measure.better.value})"
            for name in contest.contenders:
                if values := contest.values(name, measure.name):
                    yield f"    {name:28} {spread(values)}"
        for goal in contest.goals:
            ratio, _, met = _reached(contest, goal).partition(" | ")
            yield f"  goal: {_asked(contest, goal)}: {ratio}: {met.strip('*')}"
    for curve in curves:
        yield f"\n{curve.title}: {curve.up}{f', {curve.unit}' if curve.unit else ''}"
        for name, points in curve.series.items():
            yield f"  {name}: " + ", ".join(f"{place:g}: {shown(median(values))}" for place, values in points.items())
