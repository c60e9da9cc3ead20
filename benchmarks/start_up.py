"""`python -m benchmarks.start_up`: how long `make up` takes, and how long Docker Compose alone for as many nodes.

    ours     make up: set-up checked, lab made, every program ready         (warm: everything is installed)
    theirs   docker compose up --detach: the same image, `sleep infinity`   (nothing checked, nothing waited for)

One after the other, in pairs, since a machine is not equally fast at all times; what counts is the ratio in a pair.
Without --nodes, ours is the default lab with all its programs; with it, that many hosts that run nothing either.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from topology.plan import load

ROOT = Path(__file__).parents[1]
NAME = f"start-up-{os.getpid()}"
HOSTS = (
    "name: hosts\nbase: {base}\nnetworks: {{lab: {{subnet: {subnet}}}}}\nnodes:\n  n: {{role: host, count: {nodes}}}\n"
)


def seconds(*command: str) -> float:
    """Run a command; return how long it took. CalledProcessError if it fails."""
    began = time.monotonic()
    subprocess.run(command, check=True, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return time.monotonic() - began


def row(what: str, times: list[float], unit: str = "s") -> str:
    """Return a line with the median and the spread of what was measured."""
    return f"{what:34} {statistics.median(times):5.2f} {unit:2} ({min(times):.2f}-{max(times):.2f})"


def measure(topology: Path, base: str, pairs: int, folder: Path) -> None:
    """Measure pairs, after one that does not count, and print what came of each kind."""
    nodes = len(load(topology, base=base).nodes)
    idle = {"image": "socklab-node", "command": ["sleep", "infinity"]}
    file = folder / "compose.yaml"
    file.write_text(json.dumps({"services": {f"n{number}": idle for number in range(nodes)}}))
    compose = ["docker", "compose", "--project-name", f"{NAME}-bare", "--file", str(file), "--progress", "quiet"]
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(1 + pairs):
        try:
            ours.append(seconds("make", "up", f"TOPOLOGY={topology}", f"NAME={NAME}", f"SUBNET_BASE={base}"))
        finally:
            seconds("make", "down", f"NAME={NAME}")
        try:
            theirs.append(seconds(*compose, "up", "--detach"))
        finally:
            seconds(*compose, "down", "--timeout", "0")
    del ours[0], theirs[0]
    print(f"{nodes} nodes, {pairs} pairs: median (least-most)")
    print(row("make up", ours))
    print(row("docker compose up, idle containers", theirs))
    print(row("ratio, pair by pair", [one / other for one, other in zip(ours, theirs, strict=True)], ""))


def main() -> None:
    """Read the command line and measure."""
    line = argparse.ArgumentParser(prog="python -m benchmarks.start_up", description="Times `make up` beside Compose.")
    line.add_argument("--nodes", type=int, help="so many hosts that run nothing, instead of the default lab")
    line.add_argument("--pairs", type=int, default=8, help="how often each is timed (default 8)")
    line.add_argument("--base", default="10.250.0.0/16", help="where our subnet is (default 10.250.0.0/16)")
    options = line.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        topology = ROOT / "topology" / "lab.yaml"
        if options.nodes is not None:
            topology = Path(folder) / "hosts.yaml"
            topology.write_text(HOSTS.format(base=options.base, subnet=options.base, nodes=options.nodes))
        try:
            measure(topology, options.base, options.pairs, Path(folder))
        except subprocess.CalledProcessError as error:
            said = [text for text in error.stderr.splitlines() if not text.startswith("make: ***")]
            sys.exit(f"{' '.join(error.cmd)} failed: {said[-1] if said else f'exit status {error.returncode}'}")


if __name__ == "__main__":
    main()
