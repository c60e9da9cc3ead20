"""A person at a running lab: terminals, shells, logs, captures."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from lab.engine import Engine, NodeState
from lab.errors import LabError, UsageError
from lab.visible import shown, visible
from topology.errors import did_you_mean

CHUNK = 1 << 16


def existing(engine: Engine, node: str) -> str:
    """Return a node's name if the lab has it. UsageError lists those that it has; LabError if it is not up."""
    nodes = sorted(engine.states())
    if not nodes:
        raise LabError("the lab is not up; start it with `make up`")
    if not node:
        raise UsageError(f"which node? Give NODE=, one of {', '.join(nodes)}")
    if node not in nodes:
        raise UsageError(f"there is no node {node!r}; {did_you_mean(node, nodes)}")
    return node


def attach(engine: Engine, node: str) -> None:
    """Give this terminal to a node's program."""
    name = existing(engine, node)
    if not sys.stdin.isatty():
        raise LabError(f"attaching to {name} needs a terminal; run `make attach NODE={name}` in one")
    running = engine.states()[name] is NodeState.RUNNING
    print(f"{name}: you are at its program. Ctrl-] leaves it running, exit or Ctrl-C ends it.")
    before, _, _prompt = shown(engine.logs(name)).rpartition("\n")
    for line in before.splitlines()[-5:] if running else [f"{name}'s program is started again."]:
        print(visible(line))
    sys.stdout.flush()
    subprocess.run(engine.terminal_command(name), check=False)
    still = engine.states()[name] is NodeState.RUNNING
    print(f"\n{name}: {'left; its program goes on' if still else 'its program has ended'}.")


def shell(engine: Engine, node: str) -> None:
    """Give this terminal to a shell on a node."""
    name = existing(engine, node)
    if not sys.stdin.isatty():
        raise LabError(f"a shell on {name} needs a terminal; run `make shell NODE={name}` in one")
    if engine.states()[name] is not NodeState.RUNNING:
        raise LabError(f"{name} is not running; `make up` starts it again")
    subprocess.run(engine.shell_command(name), check=False)


def logs(engine: Engine, node: str | None) -> None:
    """Print what a node, or every node, has printed, each line behind its name."""
    names = [existing(engine, node)] if node else sorted(engine.states())
    width = max(map(len, names), default=0)
    for name in names:
        for line in shown(engine.logs(name)).splitlines():
            print(f"{name:{width}} | {visible(line)}")


def capture(engine: Engine, network: str, file: Path | None) -> None:
    """Capture a network until Ctrl-C, into a file, or to standard output if there is none.

    UsageError if the file cannot be written; LabError if the capture could not be made.
    """
    try:
        opened = contextlib.nullcontext(sys.stdout.buffer) if file is None else file.open("wb")
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}; give another FILE=") from None
    target = "standard output" if file is None else file
    print(f"Capturing {network} into {target}; Ctrl-C ends it.", file=sys.stderr, flush=True)
    with (
        opened as out,
        subprocess.Popen(
            engine.capture_command(network), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        ) as source,
    ):
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, lambda *_: source.send_signal(signal.SIGINT))
        try:
            copied = _pump(source, out)
        finally:
            source.send_signal(signal.SIGINT)
        said = source.stderr.read().decode("utf-8", "replace").strip().splitlines() if source.stderr else []
    if source.returncode and not copied:
        raise LabError(f"the capture of {network} failed: {' '.join(said[-1:])}; `make up` sets up what it needs")
    if file is not None:
        print(f"{file}: {copied} bytes of pcapng", file=sys.stderr)


def _pump(source: "subprocess.Popen[bytes]", out: BinaryIO) -> int:
    """Copy all that a capture writes; return how much. A reader that has gone has all that it wanted."""
    copied = 0
    if source.stdout is None:
        return copied
    try:
        while chunk := os.read(source.stdout.fileno(), CHUNK):
            out.write(chunk)
            out.flush()
            copied += len(chunk)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    return copied
