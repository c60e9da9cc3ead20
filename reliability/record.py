"""What a trial found, as it is kept: docs/reliability/NAME.json, from which the tables of the page are made.

a subject's try_out(effort) ---> Table ---> Record ---> docs/reliability/hostile.json ---> read() ---> page.py
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.numbers import rounded

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reliability"

Cell = str | int | float
"""What stands in a table: a whole number is shown whole, another number with three digits that mean something."""


@dataclass(frozen=True)
class Table:
    """What a trial found.

    `rows`: each with a cell for every one of `columns`. `note`: a sentence or two on how to read them. `figures`: what
    the table at the top of the page says of this trial. `wrong`: what did not hold, a sentence each; none is well.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    figures: dict[str, Cell] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} cells in a row for {len(self.columns)} columns: {row}")


@dataclass(frozen=True)
class Record:
    """All that one trial found. `machine` is where that was, `command` what was called, `seconds` how long it took."""

    name: str
    what: str
    command: str
    date: str
    seconds: float
    machine: dict[str, str]
    table: Table


def write(record: Record, folder: Path = FOLDER) -> Path:
    """Keep a record; return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record.name}.json"
    path.write_text(json.dumps(rounded(asdict(record)), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> Record:
    """Return the record of a file."""
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    table = values.pop("table")
    rows = tuple(tuple(row) for row in table["rows"])
    found = Table(tuple(table["columns"]), rows, table["note"], table["figures"], tuple(table["wrong"]))
    return Record(**values, table=found)
