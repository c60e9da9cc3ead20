"""What `python -m lab` takes."""

import pytest

from lab.__main__ import VERBS
from lab.command_line import command_line


def read(*words: str) -> dict[str, object]:
    return vars(command_line("the verbs", VERBS).parse_args(words))


def test_each_verb_runs_its_own() -> None:
    for word, run in VERBS.items():
        needed = {"attach": ["n"], "shell": ["n"], "threads": ["n"], "fault": ["loss", "n"]}.get(word, [])
        found = read(word, *needed, "--name", "mine")
        assert (found["verb"], found["run"], found["name"]) == (word, run, "mine")


def test_a_fault_is_said_in_words_of_its_own() -> None:
    found = read("fault", "--peer=alice", "--amount=20%", "--way=in", "--", "loss", "bob")
    assert {key: found[key] for key in ("kind", "node", "peer", "amount", "way", "network")} == {
        "kind": "loss", "node": "bob", "peer": "alice", "amount": "20%", "way": "in", "network": None,
    }  # fmt: skip


def test_a_fault_needs_kind_and_node(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read("fault", "loss")
    assert "NODE" in capsys.readouterr().err


def test_help_says_all_of_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read("fault", "--help")
    said = capsys.readouterr().out
    assert all(word in said for word in ("KIND", "NODE", "--peer", "20%,", "--way", "--network"))
