"""The steps of the play that the checks go by: what happened from when on."""

from lab.events import Step
from lab.history import History

HEALED = "All is as it should be; wait until every sign says so"
"""Begins when every fault is undone."""
SILENT = "All fall silent; the last lines arrive"
"""Ends when everything that was typed is where it should be."""


def healings(history: History) -> list[Step]:
    """Return the steps that began with a lab in which nothing was broken any more."""
    return [step for step in history.of(Step) if step.sentence == HEALED]


def fell_silent(history: History) -> bool:
    """Tell whether the play came to where everything has arrived."""
    return any(step.worked for step in history.of(Step) if step.sentence == SILENT)
