"""`python -m topology`: check topology files, and regenerate what is committed of them."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from topology import compose, drawing, mesh, schema
from topology.errors import TopologyError
from topology.plan import ROOT, Topology, load

DEFAULT = ROOT / "topology" / "lab.yaml"

# What is committed of topologies: each file, from the top of the repository, and what makes its text.
GENERATED: dict[str, Callable[[], str]] = {
    "compose.yaml": lambda: compose.render(load(DEFAULT), ROOT),
    "docs/lab.svg": lambda: drawing.svg(load(DEFAULT)),
    "docs/casts.svg": lambda: drawing.svg(load(DEFAULT.with_name("casts.yaml"))),
    "docs/datagram.svg": lambda: drawing.svg(load(DEFAULT.with_name("datagram.yaml"))),
    "topology/thirty.yaml": lambda: mesh.text(30, "thirty"),
    "topology/topology.schema.json": schema.render,
}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__)

File = Annotated[Path, typer.Argument(help="A topology file.")]


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
def render(file: File = DEFAULT) -> None:
    """Print a lab's compose.yaml."""
    print(compose.render(_load(file), ROOT), end="")


@app.command(name="drawing")
def draw(file: File = DEFAULT) -> None:
    """Print a lab's drawing, an SVG."""
    print(drawing.svg(_load(file)), end="")


@app.command(name="schema")
def describe() -> None:
    """Print the JSON Schema of topology files."""
    print(schema.render(), end="")


@app.command(name="mesh")
def print_mesh(
    switches: Annotated[int, typer.Argument(help="How many packet switches.", min=2, max=mesh.MOST)],
    name: Annotated[str, typer.Option(help="The lab's name (mesh-N if left out).")] = "",
) -> None:
    """Print a topology of many packet switches: a ring with chords, and two hosts."""
    print(mesh.text(switches, name or f"mesh-{switches}"), end="")


@app.command()
def generate(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with status 1 if any is stale.")] = False,
) -> None:
    """Write what is committed of topologies: the default lab's compose.yaml, drawings, the schema, and a mesh."""
    for name, text in GENERATED.items():
        if not check:
            (ROOT / name).write_text(text(), encoding="utf-8")
        elif stale(name):
            print(f"{name} is stale: run `make render`", file=sys.stderr)
            raise typer.Exit(1)


def _load(file: Path) -> Topology:
    try:
        return load(file)
    except TopologyError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None


def stale(name: str) -> bool:
    """Return whether a committed file is not what would be generated now."""
    path = ROOT / name
    return not path.exists() or path.read_text(encoding="utf-8") != GENERATED[name]()


if __name__ == "__main__":
    app(prog_name="python -m topology")
