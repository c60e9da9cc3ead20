"""`python -m lab`: the verbs for a lab that is up. `make` calls them.

up down                         make a lab run, and remove it
status map logs threads tables  look at it
attach shell capture            be in it
"""

# Each verb imports what it needs itself: people wait for `up` and `down`, and what the others need takes longer to
# import than many a lab to start a node.

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lab import state
from lab.errors import LabError, NoEngineError, UsageError

if TYPE_CHECKING:
    from lab.docker import DockerEngine, DockerNodes
    from topology.plan import Topology

SETUP = ("sh", "setup/run.sh", "engine", "compose", "images")
HARMLESS = ("down", "status")
"""Verbs that are content where there is no engine: then no lab is up."""


def bring_up(topology: str, forwarders: str | None, base: str | None, name: str | None) -> None:
    """Start a lab; end when every listener is reachable and every client is in, or refused."""
    wish = state.Wish(topology, _whole(forwarders), base, name)
    with subprocess.Popen(SETUP, cwd=state.ROOT) as check:  # while we import and read
        from lab.docker import DockerNodes
        from lab.up import up

        plan = wish.load()
    if check.returncode:
        sys.exit(check.returncode)
    began = time.monotonic()
    state.remember(wish, plan.name)  # before anything is there, so that `down` and `status` find what is
    with _closing(DockerNodes(plan.name)) as nodes, _progress() as tell:
        words = up(plan, nodes, state.directory(plan.name), lambda text: tell(f"{plan.name}: {text}"))
    refused = [node for node, word in words.items() if word != "ready"]
    print(f"{plan.name} is up: {len(words) - len(refused)} of {len(words)} nodes ready in {_since(began)}")
    for node in refused:
        print(f"  {node}: {words[node]}")
    print(_what_next(plan, f" NAME={name}" if name else ""))


def down(name: str | None) -> None:
    """Remove a lab: its nodes, taps and networks, and nothing else."""
    lab = state.chosen(name)
    began = time.monotonic()
    with _nodes(lab) as nodes:
        count = len(nodes.states())
        kept = nodes.remove()
    state.forget(lab)
    print(f"{lab} is down: {count} nodes removed in {_since(began)}")
    if kept:
        raise LabError("\n".join(kept))


def status(name: str | None) -> None:
    """List the nodes, and what each of them is or lacks."""
    from lab.up import conditions

    plan = state.recall(name)
    with _nodes(plan.name) as nodes:
        if not nodes.states():
            print(f"{plan.name} is not up; start it with `make up`")
            return
        width = max(map(len, plan.nodes))
        for node, word in conditions(plan, nodes, plan.nodes).items():
            print(f"{node:{width}}  {plan.nodes[node].role.name:18}  {word}")


def draw(name: str | None) -> None:
    """Draw the lab: networks, names, roles, addresses, state, and who reaches whom."""
    from rich.console import Console

    from lab.engine import NodeState
    from topology.table import map_text

    plan = state.recall(name)
    with _nodes(plan.name) as nodes:
        states = nodes.states()
    text = map_text(plan, {node: states.get(node, NodeState.MISSING).value for node in plan.nodes})
    Console(highlight=False, soft_wrap=True).print(text)


def attach(node: str, name: str | None) -> None:
    """Give this terminal to a node's program; Ctrl-] leaves it running."""
    from lab import console

    with _engine(state.chosen(name)) as engine:
        console.attach(engine, node)


def shell(node: str, name: str | None) -> None:
    """Open a shell on a node."""
    from lab import console

    with _engine(state.chosen(name)) as engine:
        console.shell(engine, node)


def logs(node: str | None, name: str | None) -> None:
    """Print what a node's program, or every node's, has printed."""
    from lab import console

    with _engine(state.chosen(name)) as engine:
        console.logs(engine, node)


def threads(node: str, name: str | None, *, once: bool) -> None:
    """Show the threads of a node's program as its system has them; on a terminal, live until Ctrl-C."""
    from rich.console import Console

    from lab.threads import view

    plan = state.recall(name)
    with _engine(plan.name) as engine:
        view.show(engine, plan, node, Console(highlight=False, soft_wrap=True), once=once)


def tables(node: str | None, name: str | None) -> None:
    """Print the routes, circuits and counters of packet switches."""
    from lab.switching import tables as switch_tables

    plan = state.recall(name)
    with _engine(plan.name) as engine:
        print(switch_tables.show(engine, plan, node))


def capture(network: str | None, file: str | None, name: str | None) -> None:
    """Capture a network's packets until Ctrl-C."""
    from lab import console

    plan = state.recall(name)
    wanted = network or next(iter(plan.networks))
    if wanted not in plan.networks:
        raise UsageError(f"there is no network {wanted!r} in {plan.name}; it has {', '.join(plan.networks)}")
    target = None if file == "-" else Path(file or f"{plan.name}-{wanted}.pcapng")
    with _engine(plan.name) as engine:
        if not engine.states():
            raise LabError(f"{plan.name} is not up; start it with `make up`")
        console.capture(engine, wanted, target)


def _command_line() -> argparse.ArgumentParser:
    line = argparse.ArgumentParser(
        prog="python -m lab", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = line.add_subparsers(metavar="VERB", required=True)

    def verb(word: str, run: Callable[..., None]) -> argparse.ArgumentParser:
        parser = verbs.add_parser(word, help=run.__doc__, description=run.__doc__, allow_abbrev=False)
        parser.set_defaults(verb=word, run=run)
        parser.add_argument("--name", help="the lab's name, where it is not clear")
        return parser

    begin = verb("up", bring_up)
    begin.add_argument("--topology", default="lab", help="a name in topology/, or the path of a file")
    begin.add_argument("--forwarders", help="the length of the chain")
    begin.add_argument("--base", help="where its subnets are, such as 10.99.0.0/16")
    verb("down", down)
    verb("status", status)
    verb("map", draw)
    for word, run in (("attach", attach), ("shell", shell)):
        verb(word, run).add_argument("node", metavar="NODE", help="a node's name, as `status` lists them")
    for word, some in (("logs", logs), ("tables", tables)):
        verb(word, some).add_argument("node", metavar="NODE", nargs="?", help="one node; all, if it is not given")
    seen = verb("threads", threads)
    seen.add_argument("node", metavar="NODE", help="a node's name, as `status` lists them")
    seen.add_argument("--once", action="store_true", help="print them once, on a terminal, too")
    record = verb("capture", capture)
    record.add_argument("--network", help="which network, where there are several")
    record.add_argument("--file", help="a pcapng file to write; - for standard output")
    return line


@contextmanager
def _nodes(lab: str) -> Iterator["DockerNodes"]:
    from lab.docker import DockerNodes

    with _closing(DockerNodes(lab)) as nodes:
        yield nodes


@contextmanager
def _engine(lab: str) -> Iterator["DockerEngine"]:
    from lab.docker import DockerEngine

    engine = DockerEngine(lab)
    with _closing(engine):
        yield engine


@contextmanager
def _closing(nodes: "DockerNodes") -> Iterator["DockerNodes"]:
    try:
        yield nodes
    except KeyboardInterrupt:
        print(f"interrupted; `make down NAME={nodes.lab}` removes what was started", file=sys.stderr)
        sys.exit(130)
    finally:
        nodes.close()


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Give a function that shows how far things are: on a terminal, on one line that is gone at the end."""
    if not sys.stdout.isatty():
        yield lambda text: None
        return
    try:
        yield lambda text: print(f"\r\x1b[K{text}", end="", flush=True)
    finally:
        print("\r\x1b[K", end="", flush=True)


def _whole(text: str | None) -> int | None:
    try:
        return None if text is None else int(text)
    except ValueError:
        raise UsageError(f"FORWARDERS={text} is not a whole number; give one, as FORWARDERS=3") from None


def _since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"


def _what_next(plan: "Topology", named: str) -> str:
    typists = [node.name for node in plan.nodes.values() if node.role.interactive][:2]
    tries = {f"make attach NODE={name}{named}": f"type at {name}; Ctrl-] leaves" for name in typists}
    idle = [node.name for node in plan.nodes.values() if node.role.module is None and not node.program][:1]
    tries |= {f"make shell NODE={name}{named}": f"run programs in {name}; exit leaves" for name in idle}
    routers = [node.name for node in plan.nodes.values() if node.role.forwards][:1]
    tries |= {f"make shell NODE={name}{named}": f"ask {name}: vtysh -c 'show ip route'" for name in routers}
    if any(node.role.has_routes for node in plan.nodes.values()):
        tries[f"make tables{named}"] = "the routes, circuits and counters of the switches"
    tries[f"make map{named}"] = "who is where; `make` lists all verbs"
    width = max(map(len, tries))
    return "\n".join(["Try next:", *(f"  {verb:{width}}  {what}" for verb, what in tries.items())])


def main() -> None:
    """Run a verb; what goes wrong is told in a line, with exit status 2 for bad input and 1 for the rest."""
    options = vars(_command_line().parse_args())
    run, word = options.pop("run"), options.pop("verb")
    try:
        run(**options)
    except NoEngineError as error:
        print(error, file=sys.stderr)
        sys.exit(0 if word in HARMLESS else 2)
    except LabError as error:
        print(error, file=sys.stderr)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:  # whoever read us has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
