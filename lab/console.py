"""A person at a running lab: terminals, shells, logs, captures."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from lab.engine import Engine, NodeState
from lab.errors import LabError, UsageError
from lab.history import shown
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


def attach(engine: Engine, node: str) -> int:
    """Give this terminal to a node's program; return the exit status."""
    name = existing(engine, node)
    if not sys.stdin.isatty():
        raise LabError(f"attaching to {name} needs a terminal; run `make attach NODE={name}` in one")
    running = engine.states()[name] is NodeState.RUNNING
    print(f"{name}: you are at its program. Ctrl-] leaves it running, exit or Ctrl-C ends it.")
    for line in shown(engine.logs(name)).splitlines()[-5:] if running else [f"{name}'s program is started again."]:
        print(line)
    sys.stdout.flush()
    subprocess.run(engine.terminal_command(name), check=False)
    still = engine.states()[name] is NodeState.RUNNING
    print(f"\n{name}: {'left; its program goes on' if still else 'its program has ended'}.")
    return 0


def shell(engine: Engine, node: str) -> int:
    """Give this terminal to a shell on a node."""
    name = existing(engine, node)
    if not sys.stdin.isatty():
        raise LabError(f"a shell on {name} needs a terminal; run `make shell NODE={name}` in one")
    if engine.states()[name] is not NodeState.RUNNING:
        raise LabError(f"{name} is not running; `make up` starts it again")
    subprocess.run(engine.shell_command(name), check=False)
    return 0


def logs(engine: Engine, node: str | None) -> int:
    """Print what a node, or every node, has printed, each line behind its name."""
    names = [existing(engine, node)] if node else sorted(engine.states())
    width = max(map(len, names), default=0)
    for name in names:
        for line in shown(engine.logs(name)).splitlines():
            print(f"{name:{width}} | {line}")
    return 0


def capture(engine: Engine, network: str, file: Path | None) -> int:
    """Capture a network until Ctrl-C, into a file, or to standard output if there is none."""
    target = "standard output" if file is None else file
    print(f"Capturing {network} into {target}; Ctrl-C ends it.", file=sys.stderr, flush=True)
    with subprocess.Popen(
        engine.capture_command(network), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as source:
        signal.signal(signal.SIGTERM, lambda *_: source.send_signal(signal.SIGINT))
        try:
            if file is None:
                _pump(source, sys.stdout.buffer)
            else:
                with file.open("wb") as out:
                    _pump(source, out)
        except BrokenPipeError:
            sys.stdout = None  # whoever read us has gone, and has all that they wanted
    if file is not None:
        print(f"{file}: {file.stat().st_size} bytes of pcapng", file=sys.stderr)
    return 0


def _pump(source: "subprocess.Popen[bytes]", out: BinaryIO) -> None:
    """Copy all that a capture writes; Ctrl-C, or a reader that has gone, ends the capture in good order."""
    if source.stdout is None:
        return
    try:
        while chunk := os.read(source.stdout.fileno(), CHUNK):
            out.write(chunk)
            out.flush()
    except KeyboardInterrupt:
        source.send_signal(signal.SIGINT)
        shutil.copyfileobj(source.stdout, out)
    except BrokenPipeError:
        source.send_signal(signal.SIGINT)
        source.stdout.read()
        raise
