"""What holds for all tests on real containers: they leave nothing behind."""

import os
import re
import sys
from collections.abc import Iterator
from typing import Any

import docker
import pytest
from xdist.scheduler import LoadScopeScheduling

from lab import interruption
from lab.passing import remove_abandoned
from reliability.suite import is_kept_by_the_engine
from scenarios.run import remove
from tests.scenarios.test_scenarios import KEEP

SHARE_A_LAB = (
    "test_break_out.py", "test_control_bytes.py", "test_faults.py",
    "test_security.py", "test_use_up.py", "test_verbs.py",
)  # fmt: skip
"""The files whose tests share one lab."""
SHARED_LABS = "test_scenarios.py"
"""The file whose tests share labs, by which their names begin: `test_scenario[casts.unicast]`."""

LONGEST_FIRST = (
    "[datagram.", "[casts.", "[store-and-forward.", "[thirty.", "[lab.", "test_verbs.py", "[broadcast.", "[chain.",
    "[directed.", "casts.md", "switching.md", "README.md: A first", "[chain-16.", "[count-to-infinity.", "[peers.",
    "test_security.py", "test_use_up.py", "test_break_out.py",
)  # fmt: skip
"""Parts of the names of tests that take long, or whose lab does; so all workers end at about the same time."""


class Scheduler(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """Spreads the tests over the workers, but keeps those together that share a lab."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        if file.endswith(SHARED_LABS):
            return test.partition(".")[0]
        return file if file.endswith(SHARE_A_LAB) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduler:
    """Use that scheduler; those labs that take longest are the first."""
    config.option.loadscopereorder = False  # as it would have them: those with the most tests
    return Scheduler(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in that order."""

    def rank(item: pytest.Item) -> int:
        ranks = (rank for rank, part in enumerate(LONGEST_FIRST) if part in item.nodeid)
        return next(ranks, len(LONGEST_FIRST))

    items.sort(key=rank)


def pytest_configure() -> None:
    """End on SIGTERM as on Ctrl-C: what the tests have made is removed."""
    interruption.listen()


def pytest_keyboard_interrupt() -> None:
    """Say what becomes of what is left; the workers have nothing to say."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        print("\ninterrupted; what is left of labs goes with the next test run, or with `make down`", file=sys.stderr)


@pytest.fixture(scope="session")
def client() -> Iterator[docker.DockerClient]:
    """The engine, through its SDK."""
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left(client: docker.DockerClient) -> Iterator[None]:
    """Remove what a run that was killed has left; fail if a container or network of a lab of this process stays."""
    remove_abandoned(remove)
    yield
    if KEEP:
        return
    found = [f"container {container.name}" for container in client.containers.list(all=True, ignore_removed=True)]
    found += [f"network {network.name}" for network in client.networks.list()]
    mine = [name for name in found if re.search(rf"-{os.getpid()}(\D|$)", name)]
    left = [name for name in mine if not is_kept_by_the_engine(name)]
    assert not left, f"left behind: {left}"
