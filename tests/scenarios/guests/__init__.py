"""Plays of the tests' own, in labs that scenarios of the catalogue have brought up: nothing is started for them alone.

Their plays begin with `lab.complete()` and leave the lab as they found it, as those of scenarios that share one do.
"""

from lab.errors import GaveUp


def expect(found: object, wanted: object, what: str) -> None:
    """End a step that does not show what it must."""
    if found != wanted:
        raise GaveUp(f"{what}: {wanted}", str(found))
