"""`python -m lab`: the verbs for a lab that is up. `make` calls them.

up down                         make a lab run, and remove it
status map logs threads tables  look at it
attach shell capture            be in it
fault heal                      break it on purpose, and undo that
"""

# Each verb imports what it needs itself: people wait for `up` and `down`, and what the others need takes longer to
# import than many a lab to start a node.

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lab import interruption, state
from lab.command_line import command_line
from lab.errors import LabError, LostEngineError, NoEngineError, UsageError, of_system
from lab.passing import remove_abandoned
from lab.turns import turn
from lab.visible import visible_lines

if TYPE_CHECKING:
    from lab.docker import DockerEngine, DockerNodes

SETUP = ("sh", "setup/run.sh", "engine", "compose", "images")
HARMLESS = ("down", "status")
"""Verbs that are content where there is no engine: then no lab is up."""


def bring_up(topology: str, forwarders: str | None, base: str | None, name: str | None) -> None:
    """Start a lab; end when every listener is reachable and every client is in, or refused."""
    wish = state.Wish(topology, _whole(forwarders), base, name)
    with _set_up():  # while we import and read
        from lab.advice import what_next
        from lab.docker import DockerNodes
        from lab.up import up

        plan = wish.load()
    with turn(plan.name, _tell):
        began = time.monotonic()
        state.remember(wish, plan.name)  # before anything is there, so that `down` and `status` find what is
        with (
            _when_interrupted(f"`make down NAME={plan.name}` removes what was started"),
            closing(DockerNodes(plan.name)) as nodes,
            _progress() as tell,
        ):
            words = up(plan, nodes, state.directory(plan.name), lambda text: tell(f"{plan.name}: {text}"))
    refused = [node for node, word in words.items() if word != "ready"]
    print(f"{plan.name} is up: {len(words) - len(refused)} of {len(words)} nodes ready in {_since(began)}")
    for node in refused:
        print(f"  {node}: {words[node]}")
    print(what_next(plan, f" NAME={name}" if name else ""))


def down(name: str | None) -> None:
    """Remove a lab: its nodes, taps and networks, and nothing else."""
    lab = state.chosen(name)
    again = f"`make down NAME={lab}` removes the rest"
    with turn(lab, _tell), _when_interrupted(again):
        began = time.monotonic()
        try:
            count, kept = _remove(lab)
            for other in remove_abandoned(_remove):
                print(f"also removed: {other}, which a run that did not end well has left")
        except LostEngineError as error:
            raise LostEngineError(f"{error}; once `docker info` shows that it runs, {again}") from None
        state.forget(lab)
    print(f"{lab} is down: {count} nodes removed in {_since(began)}")
    if kept:
        raise LabError("\n".join(kept))


def _remove(lab: str) -> tuple[int, list[str]]:
    """Remove a lab; return how many nodes it had, and a sentence for each thing that the engine keeps."""
    with _nodes(lab) as nodes:
        return len(nodes.states()), nodes.remove()


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


def fault(kind: str, node: str, name: str | None, **how: str | None) -> None:
    """Break something on purpose: a program, or what becomes of a node's packets; until `heal`."""
    from lab.faults import by_hand

    plan = state.recall(name)
    with _engine(plan.name) as engine:
        engine.topology = plan
        by_hand.fault(engine, plan, kind, node, **how)


def heal(name: str | None) -> None:
    """Undo all faults."""
    from lab.faults import by_hand

    plan = state.recall(name)
    with _engine(plan.name) as engine:
        engine.topology = plan
        by_hand.heal(engine, plan)


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


@contextmanager
def _nodes(lab: str) -> Iterator["DockerNodes"]:
    from lab.docker import DockerNodes

    with closing(DockerNodes(lab)) as nodes:
        yield nodes


@contextmanager
def _engine(lab: str) -> Iterator["DockerEngine"]:
    from lab.docker import DockerEngine

    engine = DockerEngine(lab)
    with closing(engine):
        yield engine


@contextmanager
def _when_interrupted(then: str) -> Iterator[None]:
    """Let who interrupts the block be told what to do."""
    try:
        yield
    except interruption.Interrupted as end:
        end.then = then
        raise


@contextmanager
def _set_up() -> Iterator[None]:
    """Set up what is missing while the block runs. If that fails, it has said so, and this ends."""
    check = subprocess.Popen(SETUP, cwd=state.ROOT)
    try:
        yield
        check.wait()
    except KeyboardInterrupt:
        check.terminate()  # of SIGTERM it knows nothing
        raise
    finally:
        check.wait()
    if check.returncode:
        sys.exit(check.returncode)


def _tell(text: str) -> None:
    print(visible_lines(text), file=sys.stderr, flush=True)  # an error may have the words of a program in it


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


VERBS: Mapping[str, Callable[..., None]] = {
    "up": bring_up, "down": down, "status": status, "map": draw, "attach": attach, "shell": shell, "logs": logs,
    "tables": tables, "threads": threads, "fault": fault, "heal": heal, "capture": capture,
}  # fmt: skip


def main() -> None:
    """Run a verb; what goes wrong is told in a line, with exit status 2 for bad input and 1 for the rest."""
    options = vars(command_line(__doc__, VERBS).parse_args())
    run, word = options.pop("run"), options.pop("verb")
    try:
        interruption.listen()
        run(**options)
        interruption.rest()
    except interruption.Interrupted as end:
        _tell(f"interrupted; {end.then}" if end.then else "interrupted")
        interruption.leave(end.status)
    except NoEngineError as error:
        _tell(str(error))
        sys.exit(0 if word in HARMLESS else 2)
    except LabError as error:
        _tell(str(error))
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:  # whoever read us has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:  # a disk that is full, a file that is another's
        _tell(of_system(error, state.RUNS))
        sys.exit(1)


if __name__ == "__main__":
    main()
