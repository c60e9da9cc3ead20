"""What holds for all tests on real containers: they leave nothing behind."""

import os
import re
from collections.abc import Iterator
from typing import Any

import docker
import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.scenarios.test_scenarios import KEEP

SHARE_A_LAB = ("test_verbs.py",)
"""The files whose tests share one lab."""
SHARED_LABS = "test_scenarios.py"
"""The file whose tests share labs, by which their names begin: `test_scenario[casts.unicast]`."""

LONGEST_FIRST = (
    "[datagram.", "[casts.", "[store-and-forward.", "[thirty.", "test_verbs.py", "[broadcast.", "[chain.", "[directed.",
    "casts.md", "switching.md", "README.md: A first", "[chain-16.", "[count-to-infinity.", "[peers.",
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
