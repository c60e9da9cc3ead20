"""`python -m lab`: the verbs for a lab that is up. `make` calls them.

up down                         make a lab run, and remove it
status map logs threads tables  look at it
attach shell capture            be in it
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from lab import console, state
from lab.docker import DockerEngine
from lab.engine import NodeState
from lab.errors import LabError, UsageError
from lab.switching import tables as switch_tables
from lab.threads import view
from lab.up import conditions, up
from topology.plan import Topology
from topology.table import map_text

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True, help=__doc__
)
out = Console(highlight=False, soft_wrap=True)

Name = Annotated[str | None, typer.Option(help="The lab's name, where it is not clear.")]
NodeName = Annotated[str, typer.Argument(metavar="NODE", help="A node's name, as `status` lists them.")]


@app.command(name="up")
def bring_up(
    topology: Annotated[str, typer.Option(help="A name in topology/, or the path of a file.")] = "lab",
    forwarders: Annotated[str | None, typer.Option(help="The length of the chain.")] = None,
    base: Annotated[str | None, typer.Option(help="Where its subnets are, such as 10.99.0.0/16.")] = None,
    name: Name = None,
) -> None:
    """Start a lab; end when every listener is reachable and every client is in, or refused."""
    wish = state.Wish(topology, _whole(forwarders), base, name)
    plan = wish.load()
    began = time.monotonic()
    state.remember(wish, plan.name)  # before anything is there, so that `down` and `status` find what is
    with _engine(plan.name) as engine, out.status("starting") as line:
        words = up(plan, engine, state.directory(plan.name), lambda text: line.update(f"{plan.name}: {text}"))
    refused = [node for node, word in words.items() if word != "ready"]
    out.print(f"{plan.name} is up: {len(words) - len(refused)} of {len(words)} nodes ready in {_since(began)}")
    for node in refused:
        out.print(f"  {node}: {words[node]}")
    out.print(_what_next(plan, f" NAME={name}" if name else ""))


@app.command()
def down(name: Name = None) -> None:
    """Remove a lab: its nodes, taps and networks, and nothing else."""
    lab = state.chosen(name)
    began = time.monotonic()
    with _engine(lab) as engine:
        nodes = len(engine.states())
        kept = engine.remove()
    state.forget(lab)
    out.print(f"{lab} is down: {nodes} nodes removed in {_since(began)}")
    if kept:
        raise LabError("\n".join(kept))


@app.command()
def status(name: Name = None) -> None:
    """List the nodes, and what each of them is or lacks."""
    plan = state.recall(name)
    with _engine(plan.name) as engine:
        if not engine.states():
            out.print(f"{plan.name} is not up; start it with `make up`")
            return
        width = max(map(len, plan.nodes))
        for node, word in conditions(plan, engine, plan.nodes).items():
            out.print(f"{node:{width}}  {plan.nodes[node].role.name:18}  {word}")


@app.command(name="map")
def draw(name: Name = None) -> None:
    """Draw the lab: networks, names, roles, addresses, state, and who reaches whom."""
    plan = state.recall(name)
    with _engine(plan.name) as engine:
        states = engine.states()
        out.print(map_text(plan, {node: states.get(node, NodeState.MISSING).value for node in plan.nodes}))


@app.command()
def attach(node: NodeName, name: Name = None) -> None:
    """Give this terminal to a node's program; Ctrl-] leaves it running."""
    with _engine(state.chosen(name)) as engine:
        console.attach(engine, node)


@app.command()
def shell(node: NodeName, name: Name = None) -> None:
    """Open a shell on a node."""
    with _engine(state.chosen(name)) as engine:
        console.shell(engine, node)


@app.command()
def logs(
    node: Annotated[str | None, typer.Argument(metavar="[NODE]", help="One node; all, if it is not given.")] = None,
    name: Name = None,
) -> None:
    """Print what a node's program, or every node's, has printed."""
    with _engine(state.chosen(name)) as engine:
        console.logs(engine, node)


@app.command()
def threads(
    node: NodeName,
    once: Annotated[bool, typer.Option("--once", help="Print them once, on a terminal, too.")] = False,
    name: Name = None,
) -> None:
    """Show the threads of a node's program as its system has them; on a terminal, live until Ctrl-C."""
    plan = state.recall(name)
    with _engine(plan.name) as engine:
        view.show(engine, plan, node, out, once=once)


@app.command()
def tables(
    node: Annotated[str | None, typer.Argument(metavar="[NODE]", help="One switch; all, if it is not given.")] = None,
    name: Name = None,
) -> None:
    """Print the routes, circuits and counters of packet switches."""
    plan = state.recall(name)
    with _engine(plan.name) as engine:
        out.print(switch_tables.show(engine, plan, node), markup=False)


@app.command()
def capture(
    network: Annotated[str | None, typer.Option(help="Which network, where there are several.")] = None,
    file: Annotated[str | None, typer.Option(help="A pcapng file to write; - for standard output.")] = None,
    name: Name = None,
) -> None:
    """Capture a network's packets until Ctrl-C."""
    plan = state.recall(name)
    wanted = network or next(iter(plan.networks))
    if wanted not in plan.networks:
        raise UsageError(f"there is no network {wanted!r} in {plan.name}; it has {', '.join(plan.networks)}")
    target = None if file == "-" else Path(file or f"{plan.name}-{wanted}.pcapng")
    with _engine(plan.name) as engine:
        if not engine.states():
            raise LabError(f"{plan.name} is not up; start it with `make up`")
        console.capture(engine, wanted, target)


@contextmanager
def _engine(lab: str) -> Iterator[DockerEngine]:
    engine = DockerEngine(lab)
    try:
        yield engine
    except KeyboardInterrupt:
        print(f"interrupted; `make down NAME={lab}` removes what was started", file=sys.stderr)
        raise typer.Exit(130) from None
    finally:
        engine.close()


def _whole(text: str | None) -> int | None:
    try:
        return None if text is None else int(text)
    except ValueError:
        raise UsageError(f"FORWARDERS={text} is not a whole number; give one, as FORWARDERS=3") from None


def _since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"


def _what_next(plan: Topology, named: str) -> str:
    typists = [node.name for node in plan.nodes.values() if node.role.interactive][:2]
    tries = {f"make attach NODE={name}{named}": f"type at {name}; Ctrl-] leaves" for name in typists}
    idle = [node.name for node in plan.nodes.values() if node.role.module is None and not node.program][:1]
    tries |= {f"make shell NODE={name}{named}": f"run programs in {name}; exit leaves" for name in idle}
    routers = [node.name for node in plan.nodes.values() if node.role.forwards][:1]
    tries |= {f"make shell NODE={name}{named}": f"ask {name}: vtysh -c 'show ip route'" for name in routers}
    if any(node.role.name == switch_tables.SWITCH for node in plan.nodes.values()):
        tries[f"make tables{named}"] = "the routes, circuits and counters of the switches"
    tries[f"make map{named}"] = "who is where; `make` lists all verbs"
    width = max(map(len, tries))
    return "\n".join(["Try next:", *(f"  {verb:{width}}  {what}" for verb, what in tries.items())])


def main() -> None:
    """Run a verb; what goes wrong is told in a line, with exit status 2 for bad input and 1 for the rest."""
    try:
        app()
    except LabError as error:
        print(error, file=sys.stderr)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:  # whoever read us has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
