"""What holds for all tests on real containers: they leave the engine as they found it."""

import os
from collections.abc import Iterator

import docker
import pytest


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Fail the session if a container or network of this process's labs outlives it, or is another's and is gone."""
    client = docker.from_env()
    before = _everything(client)
    yield
    if not os.environ.get("KEEP"):
        after = _everything(client)
        mine = f"-{os.getpid()}"
        left = {name for name in after - before if mine in name}
        gone = {name for name in before - after if not name.startswith("socklab")}
        client.close()
        assert not left, f"left behind: {sorted(left)}"
        assert not gone, f"removed, though they were not ours: {sorted(gone)}"


def _everything(client: docker.DockerClient) -> set[str]:
    containers = {str(container.name) for container in client.containers.list(all=True, ignore_removed=True)}
    return containers | {str(network.name) for network in client.networks.list()}
