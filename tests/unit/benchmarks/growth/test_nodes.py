import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.growth import nodes


@pytest.fixture
def two_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two containers: shim 10 with processes 11 and 12, shim 20 with process 21; a process has a MB for its number."""
    said = {"ps": "a\nb\n", "inspect": "11\n21\n"}
    monkeypatch.setattr(nodes, "docker", lambda *words: said[words[0]])
    monkeypatch.setattr(nodes, "family", lambda process: [11, 12] if process == 11 else [process])
    monkeypatch.setattr(nodes, "parent", lambda process: process // 10 * 10)
    monkeypatch.setattr(nodes, "pss", lambda process: process * 1_000_000)


@pytest.mark.usefixtures("two_nodes")
def test_processes_and_shims_are_counted_apart() -> None:
    assert nodes.memory_of("lab") == {nodes.PROCESSES: 11 + 12 + 21, nodes.SHIMS: 10 + 20}


@pytest.mark.usefixtures("two_nodes")
def test_what_we_may_not_see_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(process: int) -> int:
        raise PermissionError(process)

    monkeypatch.setattr(nodes, "pss", refuse)
    assert nodes.memory_of("lab") == {}


@pytest.mark.usefixtures("two_nodes")
def test_a_lab_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "docker", lambda *_: "")
    with pytest.raises(BenchmarkError, match="no container of the lab lab runs"):
        nodes.memory_of("lab")
