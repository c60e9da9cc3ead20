"""What holds for all tests on real containers: they leave nothing behind."""

import os
import re
from collections.abc import Iterator
from typing import Any

import docker
import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.scenarios.test_scenarios import KEEP

SHARE_A_LAB = ("test_verbs.py", "test_faults.py", "test_shared_lab.py", "test_third_party_casts.py")


class Scheduler(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """Spreads the tests over the workers, but keeps those together that share a lab."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.endswith(SHARE_A_LAB) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduler:
    """Use that scheduler."""
    return Scheduler(config, log)


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
