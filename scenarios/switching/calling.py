"""What plays about virtual circuits do at the hosts: call, release, and see what both ends are told.

A host numbers its circuits, from 1, those that it is called for as well; a number that is free again is used again.
"""

import contextlib
from collections.abc import Iterator

from lab.lab import Lab
from scenarios.switching.shared import show_tables, switches


@contextlib.contextmanager
def told(lab: Lab, **texts: str) -> Iterator[None]:
    """Wait, at the end of the block, until each of these nodes shows its text once more than before it."""
    before = {node: lab.node(node).terminal.transcript.count(text) for node, text in texts.items()}
    yield
    for node, text in texts.items():
        lab.node(node).wait_for(text, count=before[node] + 1)


def call(lab: Lab, caller: str, called: str, rate: int = 0, *, number: int = 1, there: int = 1) -> None:
    """Set up a circuit, which has this number at the caller, and that one `there`."""
    opened = {caller: f"circuit {number} to {called}: open", called: f"circuit {there} from {caller}: open"}
    with told(lab, **opened):
        lab.node(caller).type(f"call {called} {rate or ''}".rstrip())


def release(lab: Lab, caller: str, called: str, *, number: int = 1, there: int = 1) -> None:
    """Let the caller end a circuit, and wait until both are told: by then no switch between them has it."""
    ended = {
        caller: f"circuit {number} to {called}: released by {caller}",
        called: f"circuit {there} from {caller}: released by {caller}",
    }
    with told(lab, **ended):
        lab.node(caller).type(f"release {number}")


def show_all_tables(lab: Lab) -> None:
    """Have all switches tell their tables into the history."""
    show_tables(lab, *switches(lab))
