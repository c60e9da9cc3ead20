"""What holds for all tests on real containers: they leave nothing behind."""

import os
import re
from collections.abc import Iterator

import docker
import pytest

from tests.scenarios.test_scenarios import KEEP


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Fail the session if a container or network of a lab of this process outlives it."""
    yield
    if KEEP:
        return
    client = docker.from_env()
    found = [str(container.name) for container in client.containers.list(all=True, ignore_removed=True)]
    found += [str(network.name) for network in client.networks.list()]
    client.close()
    mine = [name for name in found if re.search(rf"-{os.getpid()}(\D|$)", name)]
    assert not mine, f"left behind: {mine}"
