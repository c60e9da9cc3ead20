from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from tests.unit.services.programs import Program, Wire, accept, listen

Start = Callable[..., Program]
Connect = Callable[..., Wire]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes what a test has opened, the latest first."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def start(stack: ExitStack) -> Start:
    """Start a program of services/: `start("forwarder", "--listen", "0", ...)`."""

    def start(name: str, *arguments: object, **options: object) -> Program:
        words = [str(word) for word in arguments]
        return stack.enter_context(closing(Program(name, *words, **options)))  # type: ignore[arg-type]

    return start


@pytest.fixture
def connect(stack: ExitStack) -> Connect:
    """Connect to a port of this machine: `connect(port)`."""
    return lambda port, **options: stack.enter_context(closing(Wire(port, **options)))


@pytest.fixture
def upstream(stack: ExitStack) -> socket.socket:
    """A listener that the test itself answers."""
    return stack.enter_context(listen())


@pytest.fixture
def accepted(stack: ExitStack) -> Callable[[socket.socket], socket.socket]:
    """Accept a connection, which is closed when the test ends."""
    return lambda listener: stack.enter_context(accept(listener))
