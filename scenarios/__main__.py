"""Play experiments on real containers, and judge what was recorded of them.

The exit status is 0 for pass, 1 for fail, 2 for a wrong command, and 3 for unknown: the lab failed, or could not see
enough to say.
"""

import random
import re
import sys
import textwrap
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lab import interruption
from lab.errors import LabError, UsageError, of_system
from lab.history import History
from lab.interruption import INTERRUPTED
from lab.ladder.model import ladder
from lab.ladder.svg import svg
from lab.ladder.text import draw
from lab.state import RUNS
from scenarios.catalogue import CATALOGUE
from scenarios.chaos.play import chaos
from scenarios.commentary import Commentary, tell_steps
from scenarios.page import ROOT, files
from scenarios.run import Result, judge, run
from scenarios.scenario import Scenario
from scenarios.story import kept, story, verdicts
from scenarios.verdict import Outcome

STATUS = {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.UNKNOWN: 3}
STYLES = {"pass": "green", "FAIL": "bold red", "unknown": "yellow", "Verdict:": "bold"}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__)
console = Console(highlight=False, markup=False, emoji=False)

Name = Annotated[str, typer.Argument(help="A scenario; `list` shows them.")]


@app.command(name="list")
def list_them() -> None:
    """List the scenarios: name and intent."""
    table = Table.grid(padding=(0, 2))
    for name, scenario in CATALOGUE.items():
        table.add_row(Text(name, "bold"), Text(scenario.intent))
    console.print(table)


@app.command()
def demo(name: Name) -> None:
    """Play a scenario on real containers, explained; end with its verdicts and a ladder diagram."""
    scenario = _find(name)
    say(f"{scenario.name}: {scenario.intent}", "bold")
    say(f"Making a lab from topology/{scenario.topology}.yaml, with a tap on each network ...", "dim")
    commentary = Commentary(say, scenario.shows)
    try:
        result = run(scenario, listener=commentary)
    except UsageError as error:
        _stop(2, str(error))
    except LabError as error:
        _stop(3, f"the lab failed: {error}")
    except KeyboardInterrupt:
        _stop(INTERRUPTED, "\ninterrupted; the lab was removed")
    commentary.end()
    say("\nWhat was seen", "bold")
    for line in verdicts(result):
        say(f"  {line}", STYLES.get(line.split()[0], ""))
    _show(result)
    raise typer.Exit(STATUS[result.outcome])


@app.command(name="chaos")
def break_everything(
    seed: Annotated[int | None, typer.Option(help="Of a plan of faults, to have it again; else any.")] = None,
    minutes: Annotated[float, typer.Option(min=0.0, max=24 * 60.0, help="How long faults come.")] = 1.0,
) -> None:
    """Break everything in a busy default lab for a while, by a plan that a seed makes; heal it, and judge."""
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    scenario = chaos(seed, minutes * 60)
    again = f"make chaos MINUTES={minutes:g} SEED={seed}"
    say(f"chaos: {scenario.intent}", "bold")
    say(f"Seed {seed}; to have it again: {again}", "dim")
    try:
        result = run(scenario, listener=tell_steps(say))
    except LabError as error:
        _stop(3, f"the lab failed: {error}; to have it again: {again}")
    except KeyboardInterrupt:
        _stop(INTERRUPTED, f"\ninterrupted; the lab was removed; to have it again: {again}")
    say("\nWhat was seen", "bold")
    for line in verdicts(result):
        say(f"  {line}", STYLES.get(line.split()[0], ""))
    say("\nWhere to look", "bold")
    for told in kept(_near(result.directory)):
        console.print(Text(f"  {told}"), soft_wrap=True)
    if result.outcome is not Outcome.PASS:
        say(f"\nSeed {seed} did not pass. To have it again: {again}", "bold red")
    raise typer.Exit(STATUS[result.outcome])


@app.command()
def page(names: Annotated[list[str] | None, typer.Argument(help="Scenarios; all that have a page.")] = None) -> None:
    """Play scenarios, and write what the documents show of them: tables and drawings."""
    for scenario in map(_find, names) if names else [each for each in CATALOGUE.values() if each.page]:
        _write_page(scenario)


def _write_page(scenario: Scenario) -> None:
    try:
        result = run(scenario)
    except LabError as error:
        _stop(3, f"the lab failed: {error}")
    if result.outcome is not Outcome.PASS:
        print(story(result), end="")
        raise typer.Exit(STATUS[result.outcome])
    for name, text in files(scenario, result.history).items():
        path = ROOT / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"written: {name}")


@app.command(name="judge")
def judge_again(
    path: Annotated[Path, typer.Argument(help="The directory of a run, or its history.jsonl.")],
    name: Annotated[str, typer.Argument(help="The scenario, if the directory's name does not tell.")] = "",
    drawn: Annotated[bool, typer.Option("--ladder", help="Draw the ladder diagram, too.")] = False,
) -> None:
    """Judge a stored history again; needs no Docker."""
    file = path / "history.jsonl" if path.is_dir() else path
    if not file.exists():
        _stop(2, f"there is no {file}; give the directory of a run, below {RUNS}")
    named = re.fullmatch(r"socklab-(.+)-\d+", file.resolve().parent.name)
    if not name and not named:
        _stop(2, f"{path} does not tell which scenario it is of; give its name, too")
    scenario = _find(name or (named.group(1) if named else ""))
    try:
        history = History.load(file)
    except (OSError, ValueError):
        _stop(2, f"{file} cannot be read as a history, which is JSON Lines of events; give the directory of a run")
    result = Result(scenario, file.parent, history, judge(scenario, history))
    print(story(result), end="")
    if drawn:
        _show(result)
    raise typer.Exit(STATUS[result.outcome])


def say(line: str, style: str = "") -> None:
    """Print a line; what does not fit goes on below, two cells to the right of its beginning."""
    indent = " " * (len(line) - len(line.lstrip(" ")) + 2)
    for part in line.split("\n"):
        for row in textwrap.wrap(part, console.width, subsequent_indent=indent, break_on_hyphens=False) or [""]:
            console.print(Text(row, style), soft_wrap=True)


def _show(result: Result) -> None:
    """Show what was on the wire, in the terminal and as drawings in the run's directory; say where all of it is."""
    scenario, directory = result.scenario, _near(result.directory)
    say("\nWhat was on the wire", "bold")
    as_it_should = result.outcome is Outcome.PASS  # else there may be nothing to draw, or to tell of, in part of it
    drawings = dict(scenario.drawings(result.history)) if as_it_should else {}
    if scenario.ladder:
        captures = ", ".join(str(path) for path in sorted(directory.glob("*.pcapng")))
        drawing = ladder(result.history, captures or "a capture that was not kept", scenario.shows)
        for line in draw(drawing, console.width):
            console.print(line, soft_wrap=True)
        drawings["ladder"] = svg(drawing, f"{scenario.name}: {scenario.intent}")
    elif scenario.page and as_it_should:
        for row in scenario.page.rows(result.history):
            console.print(Text(f"  {row}"), soft_wrap=True)
    for name, text in drawings.items():
        (directory / f"{name}.svg").write_text(text, encoding="utf-8")
    say("\nWhere to look", "bold")
    for told in kept(directory):
        console.print(Text(f"  {told}"), soft_wrap=True)


def _near(path: Path) -> Path:
    """Return a path as seen from here, where it is below."""
    return path.resolve().relative_to(Path.cwd()) if path.resolve().is_relative_to(Path.cwd()) else path


def _find(name: str) -> Scenario:
    if name in CATALOGUE:
        return CATALOGUE[name]
    close = get_close_matches(name, CATALOGUE, 1)
    meant = f"did you mean {close[0]}? " if close else ""
    return _stop(2, f"no scenario is called {name!r}; {meant}there are: {', '.join(CATALOGUE)}")


def _stop(status: int, line: str) -> NoReturn:
    print(line, file=sys.stderr)
    raise typer.Exit(status)


if __name__ == "__main__":
    interruption.listen()
    try:
        app(prog_name="python -m scenarios")
    except SystemExit as end:
        if end.code == INTERRUPTED:
            interruption.leave(INTERRUPTED)
        raise
    except OSError as error:  # a disk that is full, a file that is another's
        print(of_system(error, RUNS), file=sys.stderr)
        sys.exit(STATUS[Outcome.UNKNOWN])
