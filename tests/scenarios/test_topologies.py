"""Every topology file comes up, and is ready, by `up` alone."""

import os
from pathlib import Path

import pytest

from lab.docker import DockerEngine
from lab.state import TOPOLOGIES, Wish
from lab.up import READY, REFUSED, up
from scenarios.run import free_base

SMALL = sorted(path.stem for path in TOPOLOGIES.glob("*.yaml") if path.stem != "lab")  # that one: test_verbs.py


@pytest.mark.parametrize("topology", SMALL)
def test_it_comes_up(topology: str, tmp_path: Path) -> None:
    name = f"socklab-up-{topology}-{os.getpid()}"
    engine = DockerEngine(name)
    try:
        with free_base() as base:
            words = up(Wish(topology, base=base, name=name).load(), engine, tmp_path, lambda text: None)
        assert set(words.values()) <= {READY, REFUSED}
        assert list(words.values()).count(REFUSED) == (topology == "broadcast")
    finally:
        engine.remove()
        engine.close()
