"""docs/reliability.md: tables made of what the trials found and nothing else.

<!-- measured: figures -->      what was thrown at it in all, and what did not hold
<!-- measured: machine -->      where that was
<!-- measured: hostile -->      one trial: its table
<!-- end -->
"""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.numbers import shown
from benchmarks.parts import filled
from reliability.record import FOLDER, Cell, Record, Table, read

PAGE = FOLDER.with_suffix(".md")
WIDTH = 118
"""Letters of a line of text."""


def renew(trials: Iterable[str], page: Path = PAGE, folder: Path = FOLDER) -> None:
    """Write the page's tables anew from the records in the folder."""
    page.write_text(text(page.read_text(encoding="utf-8"), stored(folder), trials), encoding="utf-8")


def stored(folder: Path = FOLDER) -> list[Record]:
    """Return all records, by name."""
    return [read(path) for path in sorted(folder.glob("*.json"))]


def text(page: str, records: Sequence[Record], trials: Iterable[str] = ()) -> str:
    """Return the text of the page with its parts made of these records; those of other trials say how to have one."""
    parts = {"figures": list(figures(records)), "machine": list(machine(records))}
    parts |= {name: [f"Not tried yet; `make reliability ONLY={name}` does it."] for name in trials}
    parts |= {record.name: list(part(record)) for record in records}
    return filled(page, parts)


def part(record: Record) -> Iterator[str]:
    """Yield one trial's part of the page."""
    yield f"Found on {record.date} by `{record.command}`, in {cell(record.seconds)} s."
    yield ""
    yield from rows(record.table)
    if record.table.note:
        yield from ("", *textwrap.wrap(record.table.note, WIDTH, break_on_hyphens=False))
    if record.table.wrong:
        yield from ("", "**What did not hold:**", "", *wrong(record.table))


def rows(table: Table) -> Iterator[str]:
    """Yield a table in Markdown."""
    yield f"| {' | '.join(table.columns)} |"
    yield "|---" * len(table.columns) + "|"
    for row in table.rows:
        yield f"| {' | '.join(cell(each) for each in row)} |"


def wrong(table: Table) -> Iterator[str]:
    """Yield what did not hold, an item of a list each."""
    for each in table.wrong:
        first, *others = textwrap.wrap(each, WIDTH - 2, break_on_hyphens=False)
        yield from (f"- {first}", *(f"  {line}" for line in others))


def cell(value: Cell) -> str:
    """Return what stands in a table."""
    if isinstance(value, str):
        return value.replace("|", r"\|").replace("\n", " ")
    return f"{value:,}" if isinstance(value, int) else shown(value)


def figures(records: Sequence[Record]) -> Iterator[str]:
    """Yield the table of what was found in all."""
    yield "| What | How much | Found by | What did not hold |"
    yield "|---|---|---|---|"
    for record in records:
        held = f"**{len(record.table.wrong)}**, see below" if record.table.wrong else "nothing"
        for what, value in record.table.figures.items():
            yield f"| {what} | {cell(value)} | `{record.command}` | {held} |"


def machine(records: Sequence[Record]) -> Iterator[str]:
    """Yield where the last of the records was made."""
    if records:
        yield from ("| | |", "|---|---|")
        last = max(records, key=lambda record: record.date)
        yield from (f"| {what} | {value} |" for what, value in last.machine.items())


def summary(table: Table) -> Iterator[str]:
    """Yield what a person at a terminal sees of a trial: its table in columns, its figures, what did not hold."""
    cells = [table.columns, *(tuple(cell(each) for each in row) for row in table.rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        yield "  ".join(each.ljust(width) for each, width in zip(row, widths, strict=True)).rstrip()
    yield from (f"{what}: {cell(value)}" for what, value in table.figures.items())
    yield from (f"did not hold: {each}" for each in table.wrong)
