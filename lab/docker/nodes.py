"""The part of the engine seam that brings a lab up and takes it down, and asks how its nodes are.

compose.yaml ──Creation──► networks, containers, as compose would make them
start, list, look at sockets, read logs, remove by label

It needs no SDK where the engine is on this host, so that `make up` and `make down` need not import it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.docker import sdk, tables
from lab.docker.api import CONFLICT, GONE, Api, ApiError, unframed
from lab.docker.errors import in_one_line, is_of_docker
from lab.docker.names import LAB_LABEL, NODE_LABEL, container_name
from lab.docker.processes import Processes
from lab.docker.removal import remove_lab
from lab.docker.unix_socket import UnixSocket, unix_socket
from lab.engine import NodeState
from lab.errors import EngineError, NoEngineError
from lab.sockets import TABLES, Sockets, parse

if TYPE_CHECKING:
    from lab.docker.creation import Creation
    from topology.plan import Topology


class DockerNodes:
    """The nodes of the one lab that is called `lab`."""

    def __init__(self, lab: str) -> None:
        """Connect to the engine that the environment names. NoEngineError if none answers."""
        self.lab = lab
        self.topology: Topology | None = None  # once it is prepared
        self._api = connected()
        self._creation: Creation | None = None
        self._processes = Processes()

    @in_one_line
    def prepare(self, topology: "Topology", directory: Path) -> None:
        """Make the networks; the containers that compose.yaml in `directory` says are made by `make`."""
        from lab.docker.creation import Creation  # it reads the compose file, which nothing else here does

        self.topology = topology
        self._creation = Creation(self._api, self.lab, topology, directory)
        self._creation.prepare()

    @in_one_line
    def make(self, node: str) -> None:
        """Make a container as compose would."""
        if self._creation is None:
            raise EngineError(f"{node} cannot be made: the lab {self.lab} was not prepared")
        self._creation.make(node)

    @in_one_line
    def remove(self) -> list[str]:
        """Remove all containers and networks that carry the lab's label, several at a time."""
        return remove_lab(self._api, self.lab)

    @in_one_line
    def states(self) -> dict[str, NodeState]:
        """Return the state of every node that exists, from one question to the engine."""
        found = self._api.get("/containers/json", all=1, filters={"label": [f"{LAB_LABEL}={self.lab}", NODE_LABEL]})
        known = {state.value: state for state in NodeState}
        return {c["Labels"][NODE_LABEL]: known.get(c["State"], NodeState.EXITED) for c in found}

    @in_one_line
    def start(self, node: str) -> None:
        """Start a node's program."""
        self._api.post(f"/containers/{self.container_of(node)}/start")

    @in_one_line
    def resume(self, node: str) -> None:
        """Let a paused node go on."""
        self._api.post(f"/containers/{self.container_of(node)}/unpause")

    @in_one_line
    def sockets(self, node: str) -> Sockets | None:
        """Read the tables through the host's /proc where engine and host are one, else by a command in the node."""
        pid = self._processes.known(node)
        if pid is None:
            about = self._about(node)
            if not runs(about["State"]):
                return None
            pid = self._processes.find(node, about["Id"], about["State"]["Pid"])
        # A program that has just ended has no sockets.
        try:
            if pid is not None:
                return parse(tables.read(Path(f"/proc/{pid}/net"), TABLES))
            return parse({name: self._output(node, ["cat", f"/proc/net/{name}"]).decode() for name in TABLES})
        except (OSError, EngineError, ValueError):
            return None
        except ApiError as error:
            if error.status != CONFLICT:
                raise
        return None

    @in_one_line
    def logs(self, node: str) -> bytes:
        """Return the engine's log of a node's terminal."""
        return self._api.get_bytes(f"/containers/{self.container_of(node)}/logs", stdout=1, stderr=1)

    def close(self) -> None:
        """Let go of the engine."""
        self._api.close()

    def container_of(self, node: str) -> str:
        """Return the name of a node's container."""
        return container_name(self.lab, node)

    def _about(self, node: str) -> dict[str, Any]:
        try:
            return dict(self._api.get(f"/containers/{self.container_of(node)}/json"))
        except ApiError as error:
            if error.status != GONE:
                raise
            raise EngineError(f"{node} has no container in the lab {self.lab}: start the lab with `make up`") from None

    def _output(self, node: str, command: list[str]) -> bytes:
        """Return what a command in a node prints."""
        wish = {"AttachStdout": True, "Cmd": command}
        made = self._api.post(f"/containers/{self.container_of(node)}/exec", wish)["Id"]
        return unframed(self._api.post_bytes(f"/exec/{made}/start", {"Detach": False}))


def runs(state: dict[str, Any]) -> bool:
    """Tell whether a container's program runs: the engine says so, too, of one that it is about to start again."""
    return bool(state["Running"] and not state["Restarting"])


def connected() -> Api:
    """Connect to the engine that the environment names. NoEngineError if none answers."""
    try:
        path = unix_socket()
        return Api(UnixSocket(path) if path else sdk.SdkSession(sdk.connect()))
    except Exception as error:
        if not is_of_docker(error):
            raise
        raise NoEngineError("No Docker engine answers, so no lab is up here. Start one with: make up") from error
