"""How much is measured: enough for figures, or a tenth of that for the tests, which only show that it works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """`rounds`: how often each contender runs. `seconds`: about how long a run of a load lasts."""

    rounds: int
    seconds: float
    smoke: bool = False


FULL = Effort(rounds=5, seconds=1.0)
SMOKE = Effort(rounds=1, seconds=0.1, smoke=True)
