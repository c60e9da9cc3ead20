"""What runs BESIDE a node, in its network namespace: changes it as it is told, and knows how all of it is undone.

    input, a JSON object a line                      output, one line for each
    {"run": [["tc", ...], ...], "input": "..."}      {"status": 0, "output": "...", "at": 2}
    {"undo": "queues"}  or "all"                     {"status": 0, "undone": ["inet socklab.loss.in", "eth0"]}

The first command that fails is the last that is run, and `at` says which it was. Called with `undo`, the program undoes
all when its input ends, for whatever reason: then nobody is left to do it. Called with `stay`, it leaves it as it is.

Standard library only (of python3-minimal); the lab passes it as source to `python3 -c`.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

TABLES, HANDLE, IFB = "socklab.", "50cb:", "socklab-"
"""How ours begin: names of tables, handles of queue disciplines, names of devices (filters.py and queues.py)."""


def run(*words: str, given: str = "") -> tuple[int, str]:
    """Run a command; return its status, and what it said."""
    done = subprocess.run(words, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def listed(*words: str) -> Any:
    """Return the JSON that a command prints on its standard output; nothing if it fails."""
    done = subprocess.run(words, capture_output=True, text=True)
    return json.loads(done.stdout or "[]") if done.returncode == 0 else []


def undo_tables() -> list[str]:
    """Delete every table that is ours; return their names."""
    found = listed("nft", "-j", "list", "tables")
    tables = [each["table"] for each in found["nftables"] if "table" in each] if found else []
    ours = [f"{table['family']} {table['name']}" for table in tables if table["name"].startswith(TABLES)]
    if ours:
        run("nft", "-f", "-", given="".join(f"delete table {table}\n" for table in ours))
    return ours


def undo_queues() -> list[str]:
    """Delete every queue discipline that is ours, and the devices of those for what comes in; return where."""
    undone = [each["dev"] for each in listed("tc", "-j", "qdisc", "show") if each.get("handle") == HANDLE]
    for device in undone:
        if device.startswith(IFB):
            run("tc", "qdisc", "del", "dev", device.removeprefix(IFB), "ingress")
        else:
            run("tc", "qdisc", "del", "dev", device, "root")
    for link in listed("ip", "-j", "link", "show"):
        if link["ifname"].startswith(IFB):
            run("ip", "link", "del", "dev", link["ifname"])
    return undone


def answer(order: dict[str, Any]) -> dict[str, Any]:
    """Do what one line says; return what is said of it."""
    if "undo" in order:
        return {"status": 0, "undone": [*undo_queues(), *(undo_tables() if order["undo"] == "all" else [])]}
    output = ""
    for number, words in enumerate(order["run"]):
        status, said = run(*words, given=order.get("input", ""))
        output += said
        if status:
            return {"status": status, "output": said, "at": number}
    return {"status": 0, "output": output}


def serve(orders: Iterable[str], *, undo: bool) -> None:
    """Do as told until the orders end."""
    try:
        for line in orders:
            print(json.dumps(answer(json.loads(line))), flush=True)
    finally:
        if undo:
            undo_queues()
            undo_tables()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(sys.stdin, undo=sys.argv[1:] == ["undo"])
