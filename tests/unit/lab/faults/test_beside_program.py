"""The helper's program, with tools that note what they were called for."""

import io
import json
import subprocess
from typing import Any

import pytest

from lab.faults import beside_program, filters, queues
from lab.faults.beside_program import serve

ANSWERS = {
    "nft -j list tables": {"nftables": [
        {"metainfo": {}}, {"table": {"family": "inet", "name": "socklab.loss.in"}},
        {"table": {"family": "ip", "name": "nat"}}, {"table": {"family": "netdev", "name": "socklab.cut.out"}},
    ]},
    "tc -j qdisc show": [
        {"dev": "lo", "handle": "0:"}, {"dev": "eth0", "handle": "50cb:"}, {"dev": "eth1", "handle": "8001:"},
        {"dev": "eth1", "handle": "ffff:"}, {"dev": "socklab-eth1", "handle": "50cb:"}, {"dev": "eth2"},
    ],
    "ip -j link show": [{"ifname": "lo"}, {"ifname": "eth0"}, {"ifname": "eth1"}, {"ifname": "socklab-eth1"}],
}  # fmt: skip
UNDO_QUEUES = ["tc qdisc del dev eth0 root", "tc qdisc del dev eth1 ingress", "ip link del dev socklab-eth1"]
UNDO_TABLES = "nft -f - <delete table inet socklab.loss.in\ndelete table netdev socklab.cut.out\n>"


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that change something; the others are answered."""
    calls: list[str] = []

    def run(words: tuple[str, ...], **how: Any) -> "subprocess.CompletedProcess[str]":
        line = " ".join(words)
        if line in ANSWERS:
            return subprocess.CompletedProcess(words, 0, json.dumps(ANSWERS[line]), "# Warning: of the tool\n")
        calls.append(f"{line} <{how['input']}>" if how["input"] else line)
        return subprocess.CompletedProcess(words, 1 if "bad" in words else 0, f"said {line}\n")

    monkeypatch.setattr(subprocess, "run", run)
    return calls


def answers(capsys: pytest.CaptureFixture[str], *orders: dict[str, Any], undo: bool = False) -> list[Any]:
    serve(io.StringIO("".join(json.dumps(order) + "\n" for order in orders)), undo=undo)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_commands_are_run_with_their_input(called: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert answers(capsys, {"run": [["tc", "a"], ["tc", "b"]]}, {"run": [["nft", "-f", "-"]], "input": "text"}) == [
        {"status": 0, "output": "said tc a\nsaid tc b\n"},
        {"status": 0, "output": "said nft -f -\n"},
    ]
    assert called == ["tc a", "tc b", "nft -f - <text>"]


def test_the_first_that_fails_ends_it(called: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert answers(capsys, {"run": [["good"], ["bad"], ["never"]]}) == [{"status": 1, "output": "said bad\n", "at": 1}]
    assert called == ["good", "bad"]


def test_all_is_undone_that_is_ours_and_nothing_else(called: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert answers(capsys, {"undo": "all"}) == [
        {"status": 0, "undone": ["eth0", "socklab-eth1", "inet socklab.loss.in", "netdev socklab.cut.out"]}
    ]
    assert called == [*UNDO_QUEUES, UNDO_TABLES]


def test_queues_alone_are_undone(called: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert answers(capsys, {"undo": "queues"}) == [{"status": 0, "undone": ["eth0", "socklab-eth1"]}]
    assert called == UNDO_QUEUES


@pytest.mark.parametrize(("undo", "done"), [(True, [*UNDO_QUEUES, UNDO_TABLES]), (False, [])])
def test_the_end_of_the_input(undo: bool, done: list[str], called: list[str],
                              capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    assert answers(capsys, undo=undo) == []
    assert called == done


def test_an_order_that_is_none_ends_it_and_undoes_all(called: list[str]) -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        serve(io.StringIO("what?\n"), undo=True)
    assert called == [*UNDO_QUEUES, UNDO_TABLES]


def test_it_knows_ours_by_the_names_that_we_give() -> None:
    assert beside_program.TABLES == filters.PREFIX
    assert f"{queues.OURS}:" == beside_program.HANDLE
    assert queues.IFB == beside_program.IFB
