"""`python -m topology`: check topology files, and regenerate what is committed of them."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from topology import compose, drawing, schema
from topology.errors import TopologyError
from topology.plan import ROOT, load

DEFAULT = ROOT / "topology" / "lab.yaml"

# What is committed of the default lab: each file, from the top of the repository, and what makes its text.
GENERATED: dict[str, Callable[[], str]] = {
    "compose.yaml": lambda: compose.render(load(DEFAULT), ROOT),
    "docs/lab.svg": lambda: drawing.svg(load(DEFAULT)),
    "topology/topology.schema.json": schema.render,
}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__)

File = Annotated[Path, typer.Argument(help="A topology file.")]
Write = Annotated[bool, typer.Option("--write", help="Write the committed file, which is of topology/lab.yaml.")]
Check = Annotated[bool, typer.Option("--check", help="Exit with status 1 if the committed file is stale.")]


@app.command()
def check(files: Annotated[list[Path], typer.Argument(help="Topology files.")]) -> None:
    """Check topology files; say what each is, or what is wrong with it."""
    wrong = False
    for path in files:
        try:
            topology = load(path)
        except TopologyError as error:
            wrong = True
            print(error, file=sys.stderr)
        else:
            nodes, networks = len(topology.nodes), len(topology.networks)
            print(f"{path}: {topology.name}, nodes: {nodes}, networks: {networks}")
    if wrong:
        raise typer.Exit(2)


@app.command()
def render(file: File = DEFAULT, write: Write = False, check: Check = False) -> None:
    """Print a lab's compose.yaml."""
    _only_default(file, write or check)
    _out("compose.yaml", lambda: compose.render(load(file), ROOT), write, check)


@app.command(name="drawing")
def draw(file: File = DEFAULT, write: Write = False, check: Check = False) -> None:
    """Print a lab's drawing, an SVG."""
    _only_default(file, write or check)
    _out("docs/lab.svg", lambda: drawing.svg(load(file)), write, check)


@app.command(name="schema")
def describe(write: Write = False, check: Check = False) -> None:
    """Print the JSON Schema of topology files."""
    _out("topology/topology.schema.json", schema.render, write, check)


def _out(name: str, make: Callable[[], str], write: bool, check: bool) -> None:
    try:
        if write:
            (ROOT / name).write_text(GENERATED[name](), encoding="utf-8")
        elif not check:
            print(make(), end="")
        elif stale(name):
            print(f"{name} is stale: run `python -m topology {sys.argv[1]} --write`", file=sys.stderr)
            raise typer.Exit(1)
    except TopologyError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None


def _only_default(file: Path, committed: bool) -> None:
    if committed and file.resolve() != DEFAULT:
        print("what is committed is of topology/lab.yaml; leave out --write and --check", file=sys.stderr)
        raise typer.Exit(2)


def stale(name: str) -> bool:
    """Return whether a committed file is not what would be generated now."""
    path = ROOT / name
    return not path.exists() or path.read_text(encoding="utf-8") != GENERATED[name]()


if __name__ == "__main__":
    app(prog_name="python -m topology")
