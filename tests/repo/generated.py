"""The parts of the documents that are made from the code, between `<!-- NAME -->` and `<!-- end -->`.

`python -m tests.repo.generated` writes them all anew; a test compares them.
"""

import argparse
import contextlib
import importlib
import re
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from unittest import mock

from pydantic import BaseModel

from scenarios.catalogue import CATALOGUE
from tests.repo.documents import DOCUMENTS, ROOT
from tests.repo.test_imports import ROOMS
from topology.model import LinkSpec, NetworkSpec, NodeSpec, TopologyFile
from topology.plan import load
from topology.roles import ROLES, Role

PART = re.compile(r"<!-- (?!end)([a-z][a-z0-9 _.]*) -->\n.*?<!-- end -->", re.DOTALL)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    escaped = [[cell.replace("|", r"\|") for cell in row] for row in rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, ["---"] * len(head), *escaped])


def verbs() -> str:
    """The verbs, as `make` alone lists them."""
    rows = re.findall(r"^([a-z-]+): ##(.*)##(.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = [(f"`{' '.join(['make', verb, *given.split()])}`", does.strip()) for verb, given, does in rows]
    return table(("Command", "What it does"), named)


def variables() -> str:
    """The variables, as `make` alone lists them."""
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    rows = re.findall(r"^([A-Z_]+=\S+) +(.*)", said, re.MULTILINE)
    return table(("Variable", "What it says"), [(f"`{name}`", says) for name, says in rows])


def scenarios() -> str:
    """The catalogue."""
    rows = [(f"`{name}`", scenario.intent) for name, scenario in CATALOGUE.items()]
    return table(("Scenario", "What must hold"), rows)


def roles() -> str:
    """What a node can be."""
    rows = [(f"`{role.name}`", role.sentence, _needs(role), _listens(role)) for role in ROLES.values()]
    return table(("Role", "What it does", "Needs", "Listens on"), rows)


def _needs(role: Role) -> str:
    needs = {"`upstream`": role.needs_upstream, "`peer`": role.needs_peer, "a link": role.most_links > 0}
    return ", ".join(key for key, needed in needs.items() if needed)


def _listens(role: Role) -> str:
    return f"{role.protocol.value.upper()} {role.port}" if role.protocol else ""


def keys(model: type[BaseModel]) -> str:
    """The keys of one kind of mapping in a topology file."""
    rows = [
        (f"`{name}`" + (" (must be there)" if key.is_required() else ""), " ".join((key.description or "").split()))
        for name, key in model.model_fields.items()
    ]
    return table(("Key", "What it says"), rows)


def topologies() -> str:
    """The files in topology/, each with the first sentence of its comment."""
    rows = []
    for path in sorted((ROOT / "topology").glob("*.yaml")):
        comment = [line.lstrip("# ") for line in path.read_text().split("\n\n")[0].splitlines()[1:]]
        first = re.split(r"(?<=\.) ", " ".join(comment).strip().split(" name: ")[0])[0]
        rows.append((f"`{path.stem}`", first, str(len(load(path).nodes))))
    return table(("Topology", "What it is", "Nodes"), rows)


def rooms() -> str:
    """Who may import whom."""
    rows = [(f"`{room.path}`", room.what, _names(room.ours), _names(room.others)) for room in ROOMS]
    return table(("Room", "What is in it", "Imports of ours", "Imports of others"), rows)


def _names(modules: tuple[str, ...]) -> str:
    return ", ".join(f"`{module}`" for module in modules) or "nothing"


def flags(module: str) -> str:
    """What a program can be told, as its own `--help` says it."""
    rows = [
        (f"`{' '.join([*action.option_strings[-1:], *_value(action)])}`", (action.help or "") % vars(action))
        for action in parser_of(module)._actions
        if action.dest != "help"
    ]
    return table(("Flag", "What it says"), rows)


def _value(action: argparse.Action) -> list[str]:
    if action.nargs == 0:
        return []
    return [str(action.metavar or action.dest.upper())]


class _StopError(Exception):
    """Ends a program at the moment when it has said what it can be told."""


def parser_of(module: str) -> argparse.ArgumentParser:
    """Return the command line of a program, without running the rest of it."""
    seen: list[argparse.ArgumentParser] = []

    def stop(parser: argparse.ArgumentParser) -> None:
        seen.append(parser)
        raise _StopError

    with mock.patch.object(argparse.ArgumentParser, "parse_args", stop), contextlib.suppress(_StopError):
        importlib.import_module(module).main()
    return seen[0]


PROGRAMS = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "services").rglob("*.py"))
    if "def main()" in path.read_text("utf-8")
]

PARTS: dict[str, Callable[[], str]] = {
    "verbs": verbs,
    "variables": variables,
    "scenarios": scenarios,
    "topologies": topologies,
    "roles": roles,
    "rooms": rooms,
    "keys of a lab": lambda: keys(TopologyFile),
    "keys of a network": lambda: keys(NetworkSpec),
    "keys of a node": lambda: keys(NodeSpec),
    "keys of a link": lambda: keys(LinkSpec),
    **{f"flags of {module}": lambda module=module: flags(module) for module in PROGRAMS},  # type: ignore[misc]
}


def renewed(path: Path) -> str:
    """Return the text of a document with its generated parts made anew. KeyError for a part that nothing makes."""
    return PART.sub(lambda part: f"<!-- {part[1]} -->\n\n{PARTS[part[1]]()}\n<!-- end -->", path.read_text("utf-8"))


def main() -> None:
    for path in DOCUMENTS:
        text = renewed(path)
        if text != path.read_text("utf-8"):
            path.write_text(text, "utf-8")
            print(f"written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
