"""How much is thrown: what the page reports, or so little that a test has it in seconds."""

import enum


class Effort(enum.Enum):
    """`FULL` makes docs/reliability.md; `SMOKE` only shows that the trial works."""

    FULL = "full"
    SMOKE = "smoke"
