"""The threads of a node's program on a person's terminal: read anew every second, until Ctrl-C or the program's end."""

import threading
from collections.abc import Mapping

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from lab.console import existing
from lab.engine import Engine
from lab.errors import LabError
from lab.threads import proc
from lab.threads.model import State, Thread
from lab.threads.words import names, place
from topology.plan import Topology

EVERY = 1.0
"""Seconds from one reading to the next."""
WIDEST = 120
"""Columns that a table may take where there is no terminal; it takes no more than it needs."""
STYLES = {State.RUNNING: "bold green", State.READY: "yellow", State.STOPPED: "red", State.ENDED: "red"}
RISEN = "bold green"
COUNTED = ("CPU time", "voluntary", "involuntary")

Key = tuple[int, int]


def show(engine: Engine, topology: Topology, node: str, out: Console, *, once: bool = False) -> None:
    """Print the threads of a node's program; on a terminal, keep them up to date. LabError if it does not run."""
    name = existing(engine, node)
    texts = engine.proc(name)
    if not texts:
        raise LabError(f"{name} is not running; `make up` starts it again")
    shown = table(name, texts, names(topology))
    if once or not out.is_terminal:
        out.width = out.width if out.is_terminal else WIDEST
        out.print(shown)
        return
    clock = threading.Event()
    try:
        with Live(shown, console=out, auto_refresh=False) as live:
            while not clock.wait(EVERY):
                before, texts = proc.threads(texts), engine.proc(name)
                if not texts:
                    break
                live.update(table(name, texts, names(topology), before), refresh=True)
    except KeyboardInterrupt:
        return
    out.print(f"{name}: its program has ended.")


def table(node: str, texts: Mapping[str, str], nodes: Mapping[str, str], before: tuple[Thread, ...] = ()) -> Group:
    """Return a row a thread, one process below the other. What has risen since the reading before stands out."""
    threads = proc.threads(texts)
    known = {_key(thread): thread for thread in before}
    count = f"{len(threads)} thread{'' if len(threads) == 1 else 's'}"
    title = Text(f"{node}, {count}: {proc.command(texts)}", style="bold", overflow="ellipsis", no_wrap=True)
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("thread", "state", "where"):
        made.add_column(column, no_wrap=column != "where")
    for column in COUNTED:
        made.add_column(column, justify="right", no_wrap=True)
    for thread in threads:
        last = known.get(_key(thread), thread)
        made.add_row(
            Text(f"{thread.name} (main)" if thread.is_main else thread.name, style="bold"),
            Text(thread.state.value, style=STYLES.get(thread.state, "dim")),
            Text(place(thread, nodes)),
            _counted(f"{thread.cpu:.2f} s", thread.cpu > last.cpu),
            _counted(str(thread.voluntary), thread.voluntary > last.voluntary),
            _counted(str(thread.involuntary), thread.involuntary > last.involuntary),
        )
    return Group(title, made)


def _key(thread: Thread) -> Key:
    return thread.process, thread.number


def _counted(text: str, has_risen: bool) -> Text:
    return Text(text, style=RISEN if has_risen else "")
