"""The Project 3 pair is given. Everything else must work with it as it is."""

import ast
import hashlib
import sys

import pytest

from tests.unit.services.programs import REPO

FROZEN = {
    "tcp_server.py": "852bc9b4106f44a7d793c03d67751bb74112116f2c81359e546f3d3869deb74e",
    "tcp_client.py": "63addb673ccc8d553cea86f65fb1cb718294a0e8f56204642583d57a54360db7",
}


@pytest.mark.parametrize("name", FROZEN)
def test_its_content_is_pinned(name: str) -> None:
    content = (REPO / "services" / "project3" / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == FROZEN[name], (
        f"services/project3/{name} has changed, but it stands for a program that was given"
    )


@pytest.mark.parametrize("name", FROZEN)
def test_it_needs_nothing_of_ours(name: str) -> None:
    tree = ast.parse((REPO / "services" / "project3" / name).read_bytes())
    imported = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    } | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names
