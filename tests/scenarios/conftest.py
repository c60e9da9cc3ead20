"""What holds for all tests on real containers: they leave nothing behind."""

import os
from collections.abc import Iterator

import docker
import pytest


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Fail the session if a container or network of a lab of this process outlives it."""
    yield
    if os.environ.get("KEEP"):
        return
    client = docker.from_env()
    found = [str(container.name) for container in client.containers.list(all=True, ignore_removed=True)]
    found += [str(network.name) for network in client.networks.list()]
    client.close()
    mine = [name for name in found if f"-{os.getpid()}" in name]
    assert not mine, f"left behind: {mine}"
