"""`python -m reliability`: throws at the lab what may come, and says what came through.

python -m reliability                   all trials, into docs/reliability.md     (make reliability)
python -m reliability hostile chaos     some of them                             (make reliability ONLY=hostile)
python -m reliability --smoke           a little of each; nothing is written
"""

import sys
import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from benchmarks.errors import BenchmarkError
from benchmarks.machine import facts
from lab import interruption
from reliability.catalogue import TRIALS
from reliability.effort import Effort
from reliability.page import renew, summary
from reliability.record import Record, write


def main(
    names: Annotated[list[str] | None, typer.Argument(help="Which; all of them if none is given.")] = None,
    smoke: Annotated[bool, typer.Option("--smoke", help="Show that each works; write nothing.")] = False,
) -> None:
    """Try out, print what came of it, and write the tables of docs/reliability.md. Status 1: something did not hold."""
    if unknown := [name for name in names or () if name not in TRIALS]:
        print(f"there is no trial {unknown[0]!r}; there are {', '.join(TRIALS)}", file=sys.stderr)
        raise typer.Exit(2)
    try:
        held = [_held(name, Effort.SMOKE if smoke else Effort.FULL) for name in names or TRIALS]
    except BenchmarkError as error:
        print(f"not tried to the end: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    except interruption.Interrupted as end:
        print("\ninterrupted; of what was under way nothing is written", file=sys.stderr)
        interruption.leave(end.status)
    if not all(held):
        raise typer.Exit(1)


def _held(name: str, effort: Effort) -> bool:
    """Do one trial. Tell whether all held."""
    trial = TRIALS[name]
    print(f"== {name}: {trial.what}", flush=True)
    machine = facts() if effort is Effort.FULL else None  # first: what was found must not be lost for want of them
    began = time.monotonic()
    table = trial.try_out(effort)
    seconds = time.monotonic() - began
    for line in summary(table):
        print(line)
    print(f"{name}: {seconds:.0f} s\n", flush=True)
    if machine is not None:
        date = datetime.now(UTC).date().isoformat()
        write(Record(name, trial.what, f"make reliability ONLY={name}", date, round(seconds), machine, table))
        renew(TRIALS)
    return not table.wrong


if __name__ == "__main__":
    interruption.listen()
    typer.run(main)
