from collections.abc import Callable
from pathlib import Path

import pytest

from topology.errors import TopologyError
from topology.plan import Topology, load

Loads = Callable[..., Topology]
Refuses = Callable[..., str]

_TOP = """\
name: test
base: 10.83.0.0/16
networks:
  lab: {subnet: 10.83.0.0/24}
nodes:
"""


def whole(nodes: str) -> str:
    """Make a topology file of its nodes, which begin on line 6; a text with nodes of its own stays as it is."""
    return nodes if "nodes:" in nodes else _TOP + "".join(f"  {line}\n" for line in nodes.strip().split("\n"))


@pytest.fixture
def loads(tmp_path: Path) -> Loads:
    """Load a topology from its text."""

    def run(nodes: str, **options: object) -> Topology:
        path = tmp_path / "test.yaml"
        path.write_text(whole(nodes))
        return load(path, root=tmp_path, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def refuses(tmp_path: Path) -> Refuses:
    """Load a topology that has something wrong; return what is said, without the file's name."""

    def run(nodes: str | bytes, **options: object) -> str:
        path = tmp_path / "test.yaml"
        path.write_bytes(nodes if isinstance(nodes, bytes) else whole(nodes).encode())
        with pytest.raises(TopologyError) as caught:
            load(path, root=tmp_path, **options)  # type: ignore[arg-type]
        lines = str(caught.value).split("\n")
        for line in lines:
            assert line.startswith(f"{path}:"), line
            assert "; " in line, f"says not what to do: {line}"
        return "\n".join(line.removeprefix(f"{path}:") for line in lines)

    return run
