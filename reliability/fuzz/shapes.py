"""Values of JSON that are nearly what they should be: sound ones, of which an input says what is changed."""

from typing import Any

from reliability.fuzz.target import Pieces

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, float("nan"), float("inf"), "", "x", "1", "\ud800", "\x1b[2J\n", [], {}, [[]], [1],
    ["x"], {"x": 1}, "10.83.0.2", "2099",
)  # fmt: skip
"""What stands in the place of something else."""


def varied(value: Any, pieces: Pieces) -> Any:
    """Return a copy of a value with up to three changes."""
    for _ in range(pieces.byte() % 4):
        value = _changed(value, pieces)
    return value


def _changed(value: Any, pieces: Pieces) -> Any:
    """Change something deep inside; or leave it out, or put something odd in its place."""
    how = pieces.byte()
    if how < 200 and isinstance(value, dict | list) and value:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = keys[pieces.byte() % len(keys)]
        copy: Any = value.copy()
        if how < 30:
            del copy[key]
        elif how < 40 and isinstance(copy, list):
            copy.append(copy[key])
        else:
            copy[key] = _changed(copy[key], pieces)
        return copy
    if how < 230 and isinstance(value, str):
        place = pieces.byte() % (len(value) + 1)
        return value[:place] + pieces.text(20) + value[place:]
    return ODD[pieces.byte() % len(ODD)]
