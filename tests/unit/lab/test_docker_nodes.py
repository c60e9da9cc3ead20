"""What the engine says of a container's state, and whether its program runs."""

import pytest

from lab.docker.api import CONFLICT, GONE, ApiError
from lab.docker.nodes import DockerNodes, runs
from lab.docker.processes import Processes
from lab.errors import EngineError

RESTARTING = {"Running": True, "Restarting": True, "Pid": 0}
"""As the engine tells of one whose program has failed, and which it starts again in a moment."""


@pytest.mark.parametrize(
    ("state", "does"),
    [
        ({"Running": True, "Restarting": False, "Pid": 7}, True),
        ({"Running": False, "Restarting": False, "Pid": 0}, False),
        (RESTARTING, False),
    ],
)
def test_a_program_runs(state: dict[str, object], does: bool) -> None:
    assert runs(state) is does


def test_one_that_is_about_to_be_started_again_has_no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = DockerNodes.__new__(DockerNodes)
    nodes._processes = Processes()
    monkeypatch.setattr(DockerNodes, "_about", lambda self, node: {"Id": "8fc6", "State": RESTARTING})
    assert nodes.sockets("p3client") is None


@pytest.mark.parametrize("status", [CONFLICT, GONE])
def test_one_that_has_ended_since_the_engine_was_asked_has_no_sockets(
    monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    def refuse(self: DockerNodes, node: str, command: list[str]) -> bytes:
        raise ApiError(status, "Container 8fc6 is restarting, wait until the container is running")

    nodes = DockerNodes.__new__(DockerNodes)
    nodes._processes = Processes()
    state = {"Running": True, "Restarting": False, "Pid": 0}
    monkeypatch.setattr(DockerNodes, "_about", lambda self, node: {"Id": "8fc6", "State": state})
    monkeypatch.setattr(DockerNodes, "_output", refuse)
    if status == CONFLICT:
        assert nodes.sockets("p3client") is None
    else:
        with pytest.raises(EngineError, match="restarting"):
            nodes.sockets("p3client")
