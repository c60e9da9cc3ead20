"""The seam between the lab and whatever runs its nodes. Nothing above this file knows Docker.

    Lab, Node, Tap, verbs
        │  prepare make start stop kill pause resume remove · run spawn attach · cut heal places set_bridge
        │  beside started_at · tap canary · sockets proc logs watch
    Engine (this protocol; its part Nodes is what it takes to bring a lab up and down)
        │
    DockerEngine (docker/engine.py); another kind of engine has to answer these calls and no others

Every call may raise EngineError. An engine serves one lab, by the lab's name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lab.sockets import Sockets

if TYPE_CHECKING:
    from lab.events import Exited, Started
    from topology.plan import Topology

STARTS_AT_ONCE = 8
"""Starts wait for the processors: on two of them, eight at a time are as fast as four, and more gain nothing."""


class NodeState(StrEnum):
    """What the engine says of a node."""

    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    EXITED = "exited"
    MISSING = "missing"


@dataclass(frozen=True)
class Completed:
    """A command that ran in a node to its end."""

    status: int
    output: bytes


class Stream(Protocol):
    """A two-way stream of bytes: a terminal, or the standard input and output of a command."""

    def read(self) -> bytes:
        """Return the next bytes, as they come; b"" at the end."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def close_input(self) -> None:
        """End the input (Ctrl-D to a program that reads a pipe)."""

    def close(self) -> None:
        """Let go of both directions."""


class Tap(Protocol):
    """A capture of one network that is under way."""

    def lines(self) -> Iterator[bytes]:
        """Yield what the tap program says, line by line, until it ends (see tap_program.py)."""

    def order(self, line: str) -> None:
        """Give the tap program an order."""

    def collect(self, path: Path) -> None:
        """Write the capture (pcapng) to a file, once the lines have ended, and remove the tap."""


class Nodes(Protocol):
    """What it takes to bring a lab up and down, and to know how its nodes are."""

    def prepare(self, topology: "Topology", directory: Path) -> None:
        """Make the networks, and remove nodes that are gone or changed. Files that this takes go to `directory`."""

    def make(self, node: str) -> None:
        """Make a node of the lab that was prepared, and start nothing. Harmless when it is there."""

    def remove(self) -> list[str]:
        """Remove everything that carries the lab's label: nodes, taps, helpers, networks; harmless if nothing does.

        Returns a sentence for each thing that the engine, by a defect of its own, keeps.
        """

    def states(self) -> dict[str, NodeState]:
        """Return the state of every node that exists."""

    def start(self, node: str) -> None:
        """Start a node's program. Harmless when it runs."""

    def resume(self, node: str) -> None:
        """Let a paused node go on."""

    def sockets(self, node: str) -> Sockets | None:
        """Return the kernel's own list of a node's sockets and groups; None if its program does not run."""

    def logs(self, node: str) -> bytes:
        """Return all that a node's program printed since it was created."""

    def close(self) -> None:
        """Let go of the engine."""


class Engine(Nodes, Protocol):
    """What a lab asks of an engine."""

    def stop(self, node: str) -> None:
        """Ask a node's program to end (SIGTERM), and end it if it does not."""

    def kill(self, node: str) -> None:
        """End a node's program with SIGKILL."""

    def pause(self, node: str) -> None:
        """Freeze a node's processes; its network stack goes on answering."""

    def cut(self, node: str, network: str) -> None:
        """Take a node off a network."""

    def heal(self, node: str, network: str) -> None:
        """Put a node back on a network, at its old address."""

    def run(self, node: str, command: list[str], *, data: bytes = b"") -> Completed:
        """Run a command in a node to its end, with `data` as its standard input."""

    def spawn(self, node: str, command: list[str]) -> Stream:
        """Start a command in a node and return its standard input and output."""

    def attach(self, node: str) -> Stream:
        """Return the terminal of a node's program, from its first byte on if it has not started yet."""

    def beside(self, node: str, command: list[str]) -> Stream:
        """Start a command of the tap image inside a node's network namespace, with the right to change it.

        Return its standard input and output. Its input ends at the latest when we do, and nothing stays when it ends.
        """

    def started_at(self, node: str) -> str | None:
        """Say when a node was started last, which tells its runs apart; None if it does not run."""

    def places(self) -> dict[str, set[str]]:
        """Return the networks that every node that exists is on."""

    def set_bridge(self, network: str, **settings: int) -> None:
        """Change how the bridge of a network treats groups: names and values of ip-link(8), type bridge."""

    def proc(self, node: str) -> Mapping[str, str] | None:
        """Return what /proc says of the threads of a node's program (see proc.py); None if it does not run."""

    def tap(self, network: str) -> Tap:
        """Start the tap program on a network."""

    def canary(self, network: str, text: str) -> None:
        """Put a canary frame on a network that no node is up on (see tap_program.py)."""

    def terminal_command(self, node: str) -> list[str]:
        """Return the command that gives a person the terminal of a node's program, started anew if it has ended."""

    def shell_command(self, node: str) -> list[str]:
        """Return the command that gives a person a shell on a node."""

    def capture_command(self, network: str) -> list[str]:
        """Return the command that writes a capture (pcapng) to its standard output until SIGINT."""

    def watch(self) -> Iterator["Started | Exited"]:
        """Yield the starts and ends of nodes as they happen, until `close`."""
