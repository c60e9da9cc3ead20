"""The engine seam, answered by Docker: what bringing a lab up and down needs is in nodes.py, all else here.

attach, exec, kill, pause, connect, tap, capture, events: through the SDK, whose streams we read
"""

import contextlib
import secrets
import time
from collections.abc import Iterator
from typing import Any

from docker.errors import APIError, ImageNotFound, NotFound
from docker.models.containers import Container
from docker.models.networks import Network

from lab.docker import proc, sdk, tap
from lab.docker.errors import in_one_line
from lab.docker.helpers import TAP_IMAGE, confined, confined_words
from lab.docker.names import LAB_LABEL, NODE_LABEL, ROLE_LABEL
from lab.docker.nodes import DockerNodes, runs
from lab.docker.streams import GO, HELD, DockerStream
from lab.docker.tap import DockerTap
from lab.engine import Completed, NodeState
from lab.errors import EngineError
from lab.events import Exited, Started

LEAVE_KEY = "ctrl-]"
"""Leaves an attached terminal, as in telnet. The engine's own Ctrl-P Ctrl-Q would eat Ctrl-P, which recalls a line."""
GRACE = 2
"""Seconds that a program has between SIGTERM and SIGKILL. Ours need none; a student's may not listen at all."""
NOT_FROZEN, FREEZES = "unable to freeze", 3
"""What runc says, with cgroup v1, when a busy machine has not frozen all processes in time and lets them go on; and how
often it is asked."""


class DockerEngine(DockerNodes):
    """Docker, for the one lab that is called `lab`."""

    @in_one_line
    def __init__(self, lab: str) -> None:
        """Connect to the engine that the environment names. EngineError if none answers."""
        super().__init__(lab)
        self._client = sdk.connect()
        self._watched: list[Any] = []
        self._since = int(time.time())

    def watch(self) -> Iterator[Started | Exited]:
        """Yield starts and ends from the engine's event stream."""
        stream = self._client.events(
            decode=True,
            since=self._since,  # so nothing is missed while the stream is being opened
            filters={"label": [f"{LAB_LABEL}={self.lab}", NODE_LABEL], "event": ["start", "die"]},
        )
        self._watched.append(stream)
        for event in stream:
            about, time = event["Actor"]["Attributes"], event["timeNano"] / 1e9
            node = about[NODE_LABEL]
            if event["Action"] == "die":
                yield Exited(time=time, node=node, status=int(about["exitCode"]))
            else:
                further = self.topology.further(node) if self.topology else {}
                yield Started(
                    time=time, node=node, role=about[ROLE_LABEL], addresses=self._addresses(node), others=further
                )

    def close(self) -> None:
        """End `watch` and let go of the engine."""
        for stream in self._watched:
            with contextlib.suppress(OSError, AttributeError):
                stream.close()
        self._client.close()
        super().close()

    # --- one node ---

    @in_one_line
    def stop(self, node: str) -> None:
        """SIGTERM, and SIGKILL after GRACE seconds."""
        self._container(node).stop(timeout=GRACE)

    @in_one_line
    def kill(self, node: str) -> None:
        """SIGKILL."""
        self._container(node).kill()

    @in_one_line
    def pause(self, node: str) -> None:
        """Freeze the node's processes."""
        container = self._container(node)
        for tries_left in reversed(range(FREEZES)):
            try:
                container.pause()
            except APIError as error:
                if NOT_FROZEN not in str(error) or not tries_left:
                    raise
            else:
                return

    @in_one_line
    def cut(self, node: str, network: str) -> None:
        """Disconnect a container from a network."""
        self._network(network).disconnect(self._container(node))

    @in_one_line
    def heal(self, node: str, network: str) -> None:
        """Connect it again, by its old name and address."""
        self._network(network).connect(
            self._container(node), ipv4_address=self._addresses(node)[network], aliases=[node]
        )

    @in_one_line
    def run(self, node: str, command: list[str], *, data: bytes = b"") -> Completed:
        """Run a command by exec, to its end."""
        exec_id, stream = self._exec(node, command)
        stream.write(data)
        stream.close_input()
        output = b"".join(iter(stream.read, b""))
        stream.close()
        return Completed(self._client.api.exec_inspect(exec_id)["ExitCode"], output)

    @in_one_line
    def spawn(self, node: str, command: list[str]) -> DockerStream:
        """Start a command by exec, and return its standard input and output."""
        return self._exec(node, command)[1]

    @in_one_line
    def attach(self, node: str) -> DockerStream:
        """Return the terminal of a node that is not running yet."""
        return DockerStream(
            self._container(node).attach_socket(params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}),
            tty=True,
        )

    @in_one_line
    def beside(self, node: str, command: list[str]) -> DockerStream:
        """Start a command of the tap image in the node's network namespace, with NET_ADMIN alone."""
        shared = f"container:{self._container(node).id}"
        try:
            container = self._client.containers.create(
                TAP_IMAGE, command, stdin_open=True, auto_remove=True, network_mode=shared, read_only=True,
                labels={LAB_LABEL: self.lab}, name=f"{self.lab}-beside-{node}-{secrets.token_hex(3)}",
                **confined("NET_ADMIN"),
            )  # fmt: skip
        except ImageNotFound:
            raise EngineError(f"there is no image {TAP_IMAGE}; `make up` builds it") from None
        try:
            handle = container.attach_socket(params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
            container.start()
        except BaseException:
            with contextlib.suppress(NotFound):  # one that could not be started removes itself
                container.remove(force=True)
            raise
        return DockerStream(handle, tty=False)

    @in_one_line
    def started_at(self, node: str) -> str | None:
        """Read it from what the engine says of the container."""
        state = self._about(node)["State"]
        return str(state["StartedAt"]) if runs(state) else None

    @in_one_line
    def places(self) -> dict[str, set[str]]:
        """Return the networks of every node, from one question to the engine."""
        found = self._api.get("/containers/json", all=1, filters={"label": [f"{LAB_LABEL}={self.lab}", NODE_LABEL]})
        begins = len(self.lab) + 1
        return {c["Labels"][NODE_LABEL]: {name[begins:] for name in c["NetworkSettings"]["Networks"]} for c in found}

    @in_one_line
    def set_bridge(self, network: str, **settings: int) -> None:
        """Set a bridge of the engine's host, from a passing container with NET_ADMIN alone."""
        words = [word for name, value in settings.items() for word in (name, str(value))]
        self._client.containers.run(
            TAP_IMAGE, ["ip", "link", "set", "dev", self._bridge(network), "type", "bridge", *words], remove=True,
            stderr=True, network_mode="host", read_only=True, labels={LAB_LABEL: self.lab}, **confined("NET_ADMIN"),
        )  # fmt: skip

    @in_one_line
    def proc(self, node: str) -> dict[str, str] | None:
        """Read the host's /proc where we may, else the node's from beside it."""
        container = self._container(node)
        if not runs(container.attrs["State"]):
            return None
        found = proc.here(self._processes.find(node, str(container.id), container.attrs["State"]["Pid"]))
        return found or proc.beside(self._client, str(container.id), TAP_IMAGE, {LAB_LABEL: self.lab})

    # --- the wire ---

    @in_one_line
    def tap(self, network: str) -> DockerTap:
        """Start the tap program on the bridge of a network."""
        container = self._client.containers.create(
            TAP_IMAGE, tap.command(self._bridge(network)), stdin_open=True, network_mode="host",
            labels={LAB_LABEL: self.lab}, name=f"{self.lab}-tap-{network}", **confined("NET_RAW"),
        )  # fmt: skip
        handle = container.attach_socket(params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
        container.start()
        return DockerTap(container, DockerStream(handle, tty=False))

    @in_one_line
    def canary(self, network: str, text: str) -> None:
        """Send a canary frame from a passing container."""
        self._client.containers.run(
            TAP_IMAGE, tap.canary_command(text), remove=True, network=self._network(network).id,
            read_only=True, labels={LAB_LABEL: self.lab}, **confined("NET_RAW"),
        )  # fmt: skip

    def _bridge(self, network: str) -> str:
        made = self._network(network)
        return str(made.attrs.get("Options", {}).get("com.docker.network.bridge.name") or f"br-{made.short_id}")

    # --- a person's terminal ---

    def terminal_command(self, node: str) -> list[str]:
        """Attach to a running program; start one that has ended, attached from its first byte."""
        name = self.container_of(node)
        keys = f"--detach-keys={LEAVE_KEY}"
        if self.states().get(node) is NodeState.RUNNING:
            return ["docker", "attach", keys, name]
        return ["docker", "start", "--attach", "--interactive", keys, name]

    def shell_command(self, node: str) -> list[str]:
        """Open bash by exec."""
        return ["docker", "exec", "--interactive", "--tty", self.container_of(node), "bash"]

    @in_one_line
    def capture_command(self, network: str) -> list[str]:
        """Run dumpcap in a container that goes when it ends."""
        return ["docker", "run", "--rm", "--network", "host", *confined_words("NET_RAW"),
                "--label", f"{LAB_LABEL}={self.lab}", TAP_IMAGE,
                "dumpcap", "-q", "-i", self._bridge(network), "--update-interval", "50", "-w", "-"]  # fmt: skip

    # --- finding things ---

    def _container(self, node: str) -> Container:
        try:
            return self._client.containers.get(self.container_of(node))
        except NotFound:
            raise EngineError(f"{node} has no container in the lab {self.lab}: start the lab with `make up`") from None

    def _network(self, name: str) -> Network:
        return self._client.networks.get(f"{self.lab}_{name}")

    def _addresses(self, node: str) -> dict[str, str]:
        if self.topology is None:
            return {}
        return {network: str(address) for network, address in self.topology.nodes[node].addresses.items()}

    def _exec(self, node: str, command: list[str]) -> tuple[str, DockerStream]:
        exec_id = self._client.api.exec_create(self._container(node).id, [*HELD, *command], stdin=True)["Id"]
        stream = DockerStream(self._client.api.exec_start(exec_id, socket=True), tty=False)
        stream.write(GO)
        return exec_id, stream
