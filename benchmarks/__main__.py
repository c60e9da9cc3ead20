"""`python -m benchmarks`: how fast the lab and its programs are, beside what people would use instead.

python -m benchmarks                       all of them, into docs/speed.md      (make bench)
python -m benchmarks forwarder broadcast   some of them                         (make bench ONLY=forwarder)
python -m benchmarks --smoke               each for a second or so; nothing is written, nothing is said of speed
"""

import sys
import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from benchmarks.catalogue import BENCHMARKS
from benchmarks.effort import FULL, SMOKE
from benchmarks.errors import BenchmarkError
from benchmarks.machine import facts
from benchmarks.record import Record, split, write
from benchmarks.report import renew, summary
from lab import interruption


def main(
    names: Annotated[list[str] | None, typer.Argument(help="Which; all of them if none is given.")] = None,
    smoke: Annotated[bool, typer.Option("--smoke", help="Show that each works; write nothing.")] = False,
) -> None:
    """Measure, print what came of it, and write tables and drawings into docs/speed.md."""
    if unknown := [name for name in names or () if name not in BENCHMARKS]:
        print(f"there is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        raise typer.Exit(2)
    try:
        for name in names or BENCHMARKS:
            _run(name, smoke=smoke)
    except BenchmarkError as error:
        print(f"nothing measured: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    except interruption.Interrupted as end:
        print("\ninterrupted; of what was under way nothing is written", file=sys.stderr)
        interruption.leave(end.status)


def _run(name: str, *, smoke: bool) -> None:
    benchmark = BENCHMARKS[name]
    print(f"== {name}: {benchmark.what}", flush=True)
    machine = None if smoke else facts()  # first: what was measured must not be lost for want of them
    began = time.monotonic()
    contests, curves = split(benchmark.measure(SMOKE if smoke else FULL))
    for line in () if smoke else summary(contests, curves):
        print(line)
    print(f"\n{name}: {time.monotonic() - began:.0f} s\n", flush=True)
    if machine is not None:
        date = datetime.now(UTC).date().isoformat()
        write(Record(name, benchmark.what, f"make bench ONLY={name}", date, machine, contests, curves))
        renew()


if __name__ == "__main__":
    interruption.listen()
    typer.run(main)
