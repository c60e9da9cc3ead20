"""What a play can do to a node, seen from outside it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.docker import DockerEngine
from lab.lab import Lab
from lab.waiting import eventually
from scenarios.run import free_base
from topology.plan import ROOT, load


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    name = f"socklab-faults-{os.getpid()}"
    directory: Path = tmp_path_factory.mktemp("faults")
    with free_base() as base:
        made = Lab(load(ROOT / "topology" / "forgery.yaml", name=name, base=base), DockerEngine(name), directory)
        made.create()
    with made:
        made.start("server")
        made.start("alice", "bob", "mallory")
        yield made


def reaches(lab: Lab) -> bool:
    return lab.node("mallory").run(["ping", "-c", "1", "-W", "1", "bob"]).status == 0


def test_a_cut_node_is_unreachable_until_it_is_healed_at_its_old_address(lab: Lab) -> None:
    bob = lab.node("bob")
    before = lab.node("mallory").run(["getent", "hosts", "bob"]).output
    assert reaches(lab)
    bob.cut()
    assert not reaches(lab)
    bob.heal()
    eventually(lambda: reaches(lab), "bob reachable again")
    assert lab.node("mallory").run(["getent", "hosts", "bob"]).output == before


def test_a_paused_program_says_nothing_and_goes_on_later(lab: Lab) -> None:
    alice = lab.node("alice")
    alice.pause()
    lab.node("mallory").run(["nc", "-q", "0", "server", "9000"], data=b"while alice slept\n")
    assert "while alice slept" not in alice.terminal.transcript
    alice.resume()
    alice.wait_for("while alice slept")


def test_a_command_runs_in_a_node_with_input_output_and_status(lab: Lab) -> None:
    done = lab.node("mallory").run(["sh", "-c", "cat; exit 3"], data=b"in and out\n")
    assert (done.status, done.output) == (3, b"in and out\n")


def test_a_node_is_stopped_and_started_again(lab: Lab) -> None:
    bob = lab.node("bob")
    bob.stop()
    bob.wait_exit()
    bob.start()
    bob.wait_ready()
