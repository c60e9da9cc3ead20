"""Who imports whom: the rooms of the house, and nothing between them but what is listed here.

CONTRIBUTING.md shows this table; `python -m tests.repo.generated` writes it there.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.repo.documents import ROOT


@dataclass(frozen=True)
class Room:
    """A folder or file, and what may be imported in it beside the standard library."""

    path: str
    what: str
    ours: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


ROOMS = (
    Room("services", "the programs inside the containers, one file a role", ours=("services.shared", "services")),
    Room("services/shared", "what those programs share", ours=("services.shared",)),
    Room(
        "services/switching",
        "what packet switches and their hosts are made of, with no I/O but in its loop",
        ours=("services.shared", "services.switching"),
    ),
    Room("services/project3", "the given pair, which nothing may need changed"),
    Room(
        "topology",
        "what a lab is: files, the model that checks them, what is made of them",
        ours=("topology",),
        others=("pydantic", "pydantic_core", "rich", "typer", "yaml"),
    ),
    Room(
        "lab",
        "what drives a running lab: terminals, taps, faults, the history",
        ours=("lab", "topology"),
        others=("pydantic", "rich", "typer"),
    ),
    Room("lab/docker", "the one engine that there is", ours=("lab", "topology"), others=("docker", "requests")),
    Room("lab/tap_program.py", "what captures in the tap's own container"),
    Room("lab/faults/beside_program.py", "what changes a node's network from a container beside it"),
    Room("lab/threads/proc_program.py", "what reads /proc, here or in a container beside a node"),
    Room(
        "scenarios",
        "the experiments: plays, and checks of what was recorded",
        ours=("lab", "scenarios"),
        others=("rich", "typer"),
    ),
    Room("scenarios/programs", "programs that a scenario puts in a role"),
    Room(
        "benchmarks",
        "how fast things are, beside what people would use instead",
        ours=("benchmarks", "lab", "topology"),
        others=("typer",),
    ),
    Room("benchmarks/agent.py", "what starts the programs of a benchmark, in each container"),
    Room(
        "benchmarks/load",
        "what makes load, in those containers",
        ours=("benchmarks.load", "services", "services.shared"),
    ),
    Room("benchmarks/load/mininet_hosts.py", "what has Mininet make hosts, in a container", others=("mininet",)),
    Room(
        "reliability",
        "what is thrown at all this, and what comes through",
        ours=("reliability", "benchmarks", "lab", "scenarios", "topology"),
        others=("typer",),
    ),
    Room(
        "reliability/fuzz",
        "a fuzzer's inputs for every parser",
        ours=("reliability", "benchmarks", "lab", "services", "topology"),
        others=("atheris", "yaml"),
    ),
    Room(
        "reliability/hostile/attacks",
        "what throws it, in containers",
        ours=("reliability.hostile.attacks", "services.shared", "services.switching"),
    ),
    Room("setup/start.py", "what the Makefile runs our modules by"),
)
CHOOSE_THE_ENGINE = ("lab/__main__.py", "lab/bases.py", "lab/docker", "reliability/fuzz/engine.py", "scenarios/run.py")
"""Where lab.docker may be imported: all else speaks to the protocol in lab/engine.py."""

TOP_LEVEL = {room.path.split("/")[0] for room in ROOMS}


def modules(tree: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """Yield the line and full name of each import in a file of a package, those in functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            whole = ".".join([*above, *([node.module] if node.module else [])])
            # `from services import broadcast_room` imports a module, too.
            yield from ((node.lineno, f"{whole}.{alias.name}") for alias in node.names)


def within(name: str, of: tuple[str, ...], mark: str) -> bool:
    return any(name == one or name.startswith(one + mark) for one in of)


def wrong(path: str, text: str) -> list[str]:
    """Say which imports of a file must not be."""
    room = max((room for room in ROOMS if within(path, (room.path,), "/")), key=lambda room: len(room.path))
    return [
        f"{path}:{line} imports {name}, which {room.path} may not"
        for line, name in modules(ast.parse(text), path.rpartition("/")[0].replace("/", "."))
        if not _allowed(path, name, room)
    ]


def _allowed(path: str, name: str, room: Room) -> bool:
    if within(name, ("services.project3",), ".") and not path.startswith("services/project3/"):
        return False
    if within(name, ("lab.docker",), ".") and not within(path, CHOOSE_THE_ENGINE, "/"):
        return False
    return name.split(".")[0] in sys.stdlib_module_names or within(name, room.ours + room.others, ".")


FILES = sorted(path for top in TOP_LEVEL for path in (ROOT / top).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_keep_to_the_rooms(path: Path) -> None:
    assert not wrong(str(path.relative_to(ROOT)), path.read_text())


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("services/forwarder.py", "import yaml"),
        ("services/forwarder.py", "from topology.plan import load"),
        ("services/forwarder.py", "from services.project3 import tcp_server"),
        ("services/shared/tcp.py", "from services import broadcast_room"),
        ("services/shared/tcp.py", "from .. import broadcast_room"),
        ("services/shared/tcp.py", "from services.switching.line import Line"),
        ("services/switching/line.py", "from services import packet_switch"),
        ("services/project3/tcp_client.py", "from services.shared.tcp import dial"),
        ("topology/plan.py", "import lab.engine"),
        ("topology/plan.py", "def late():\n    from lab import engine"),
        ("lab/lab.py", "import docker"),
        ("lab/lab.py", "from lab.docker import DockerEngine"),
        ("lab/lab.py", "from scenarios.verdict import Verdict"),
        ("lab/tap_program.py", "from lab.events import Packet"),
        ("lab/faults/beside_program.py", "from lab.faults.filters import PREFIX"),
        ("scenarios/course/q1.py", "from lab.docker.engine import DockerEngine"),
        ("scenarios/course/q1.py", "from services.forwarder import State"),
        ("scenarios/course/q1.py", "import tests"),
        ("scenarios/programs/sort_server.py", "from lab.lab import Lab"),
    ],
)
def test_a_wrong_import_is_found(path: str, text: str) -> None:
    assert wrong(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "services/forwarder.py",
            "import socket\nfrom services import forwarder_pair\nfrom services.shared import tcp",
        ),
        ("services/packet_switch.py", "from services.switching.line import Line"),
        ("services/switching/loop.py", "from services.shared import tcp\nfrom services.switching.line import Line"),
        ("services/shared/tcp.py", "from . import endpoint\nfrom services.shared.endpoint import Endpoint"),
        ("lab/docker/engine.py", "import docker\nfrom lab.docker import tap\nfrom topology.plan import Topology"),
        ("lab/__main__.py", "from lab.docker import DockerEngine"),
        ("scenarios/run.py", "from lab.docker import DockerEngine\nimport lab"),
    ],
)
def test_a_right_import_is_let_be(path: str, text: str) -> None:
    assert not wrong(path, text)


def test_every_folder_of_code_is_a_room() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in ROOT.glob("[a-z]*/**/*.py")}
    assert folders - {"runs", "tests"} == TOP_LEVEL, "add the new folder to ROOMS, and say who may import it"
