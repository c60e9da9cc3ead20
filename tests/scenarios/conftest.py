"""What holds for all tests on real containers: they leave nothing behind."""

import os
import re
from collections.abc import Iterator
from typing import Any

import docker
import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.scenarios.test_scenarios import KEEP

SHARE_A_LAB = ("test_verbs.py", "test_faults.py", "test_third_party_casts.py")
"""The files whose tests share one lab."""
SHARED_LABS = "test_shared_lab.py"
"""The file whose tests share a lab for each topology, which their names begin with: `test_scenario[casts.unicast]`."""


class Scheduler(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """Spreads the tests over the workers, but keeps those together that share a lab."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        if file.endswith(SHARED_LABS):
            return test.partition(".")[0]
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
