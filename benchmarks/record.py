"""What a benchmark found, as it is kept: docs/speed/NAME.json, from which tables and drawings are made.

record(name, ...) ---> Record ---> docs/speed/broadcast.json ---> read() ---> report.py
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.contest import Better, Contest, Curve, Goal, Measure
from benchmarks.numbers import rounded

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "speed"


@dataclass(frozen=True)
class Record:
    """All that one benchmark found. `machine` is what it was measured on, `command` what measured it."""

    name: str
    what: str
    command: str
    date: str
    machine: dict[str, str]
    contests: tuple[Contest, ...]
    curves: tuple[Curve, ...]


def split(found: Iterable[Contest | Curve]) -> tuple[tuple[Contest, ...], tuple[Curve, ...]]:
    """Tell contests from curves."""
    everything = list(found)
    contests = tuple(each for each in everything if isinstance(each, Contest))
    return contests, tuple(each for each in everything if isinstance(each, Curve))


def write(record: Record, folder: Path = FOLDER) -> Path:
    """Keep a record; return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record.name}.json"
    values = asdict(record)
    for contest in values["contests"]:
        for measure in contest["measures"]:
            measure["better"] = measure["better"].name
    path.write_text(json.dumps(rounded(values), indent=1) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> Record:
    """Return the record of a file."""
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    contests = tuple(_contest(each) for each in values.pop("contests"))
    curves = tuple(_curve(each) for each in values.pop("curves"))
    return Record(**values, contests=contests, curves=curves)


def _contest(values: dict[str, Any]) -> Contest:
    measures = tuple(Measure(each["name"], each["unit"], Better[each["better"]]) for each in values["measures"])
    goals = tuple(Goal(**(each | {"against": tuple(each["against"])})) for each in values["goals"])
    return Contest(values["title"], measures, goals, values["note"], values["rounds"])


def _curve(values: dict[str, Any]) -> Curve:
    series = {
        name: {float(place): measured for place, measured in points.items()}
        for name, points in values.pop("series").items()
    }
    return Curve(**values, series=series)
