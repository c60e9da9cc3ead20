"""In which order the boxes of each column stand, so that few lines cross, and neighbours in a column are side by side.

a ────┐ ┌──── d       a ──── c       Each box goes to the middle of its neighbours in the next column, column by
      └─│──┐     ->                  column, there and back a few times; in between, boxes change places as long as
b ──────┘  └─ c       b ──── d       that helps. The method of Sugiyama and others: a good order, not always the best.
"""

from collections.abc import Iterable, Mapping

Columns = list[list[str]]
Neighbours = Mapping[str, Iterable[str]]

_SWEEPS = 12
_STEP = 3  # what it costs to stand one place further from a neighbour of the same column, in crossings


def untangle(columns: Columns, neighbours: Neighbours) -> Columns:
    """Return the columns with their boxes in a better order; the same input gives the same output."""
    best = found = [list(column) for column in columns]
    for sweep in range(_SWEEPS):
        found = _swept(found, neighbours, backwards=sweep % 2 == 1)
        _swap(found, neighbours)
        if _cost(found, neighbours) < _cost(best, neighbours):
            best = [list(column) for column in found]
    return best


def _swept(columns: Columns, neighbours: Neighbours, *, backwards: bool) -> Columns:
    """Sort each column by where its neighbours in the column before it stand, from one end to the other."""
    found = [list(column) for column in columns]
    order = range(len(columns) - 2, -1, -1) if backwards else range(1, len(columns))
    for i in order:
        before = _heights([found[i + 1 if backwards else i - 1]])
        own = _heights([found[i]])
        middle = {}
        for name in found[i]:
            there = [before[other] for other in neighbours[name] if other in before]
            middle[name] = sum(there) / len(there) if there else own[name]
        found[i].sort(key=middle.__getitem__)
    return found


def _swap(columns: Columns, neighbours: Neighbours) -> None:
    """Let two boxes that stand next to each other change places, wherever that is better, until it is nowhere."""
    better = True
    while better:
        better = False
        for column in columns:
            for i in range(len(column) - 1):
                before = _cost(columns, neighbours, {*column})
                column[i], column[i + 1] = column[i + 1], column[i]
                if _cost(columns, neighbours, {*column}) < before:
                    better = True
                else:
                    column[i], column[i + 1] = column[i + 1], column[i]


def _cost(columns: Columns, neighbours: Neighbours, of: set[str] | None = None) -> int:
    """Count the crossings and the steps too far within columns; only those of some boxes, if these are named."""
    cost = 0
    for i, column in enumerate(columns):
        own = _heights([column])
        after = _heights(columns[i + 1 : i + 2])
        lines = [(own[name], after[other]) for name in column for other in neighbours[name] if other in after]
        if of is None or of & (own.keys() | after.keys()):
            lines.sort()
            cost += sum(there > other for k, (_, there) in enumerate(lines) for _, other in lines[k + 1 :])
            steps = [abs(own[name] - own[other]) - 1 for name in column for other in neighbours[name] if other in own]
            cost += _STEP * round(sum(steps)) // 2
    return cost


def _heights(columns: Columns) -> dict[str, float]:
    """Return how far from the middle of its column each box is."""
    return {name: i - (len(column) - 1) / 2 for column in columns for i, name in enumerate(column)}
