from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from lab.engine import NodeState
from lab.errors import LabError, UsageError
from lab.sockets import NONE, Sockets
from lab.state import Wish
from lab.up import LONG, condition, conditions, newly_settled, ranks, start_order, up
from topology.plan import Topology
from topology.roles import ROLES

LAB = Wish().load()
HOSTS = replace(
    LAB,
    nodes={name: replace(LAB.nodes[name], role=ROLES["host"], upstream=None, port=None) for name in ("alice", "bob")},
)


def test_who_waits_is_started_when_those_that_it_waits_for_are_ready() -> None:
    order = start_order(LAB)
    first = order.get_ready()
    assert {"server", "p3server", "forwarder1"} <= {*first}
    assert {"alice", "frank", "p3client"}.isdisjoint(first)
    order.done("server")
    assert "alice" in order.get_ready()


def test_a_server_that_waits_for_its_own_client_is_told() -> None:
    server = replace(LAB.nodes["server"], after=("alice",))
    with pytest.raises(UsageError, match=r"alice, .*server would wait for each other for ever; take an `after` out"):
        start_order(replace(LAB, nodes=LAB.nodes | {"server": server}))


def test_whom_many_wait_for_goes_first_and_who_is_dialled_before_who_dials() -> None:
    rank = ranks(LAB)
    order = sorted(LAB.nodes, key=lambda name: rank[name])
    assert order[:2] == ["server", "p3server"]
    assert sorted(["forwarder1", "forwarder2", "forwarder3"], key=order.index) == [
        "forwarder3", "forwarder2", "forwarder1",
    ]  # fmt: skip


class Nodes:
    """An engine whose nodes run, and which is asked for the sockets of none."""

    def __init__(self, state: NodeState) -> None:
        self.state = state

    def states(self) -> dict[str, NodeState]:
        return dict.fromkeys(HOSTS.nodes, self.state)

    def sockets(self, node: str) -> None:
        raise AssertionError(f"{node} has promised nothing")


@pytest.mark.parametrize(("state", "word"), [(NodeState.RUNNING, "ready"), (NodeState.EXITED, "exited")])
def test_who_promises_nothing_is_ready_when_it_runs(state: NodeState, word: str) -> None:
    assert conditions(HOSTS, cast(Any, Nodes(state)), HOSTS.nodes) == dict.fromkeys(HOSTS.nodes, word)


class Chain:
    """An engine whose chain of forwarders is ready up to one of them; it keeps whose sockets it was asked for."""

    def __init__(self, ready: set[str]) -> None:
        self.ready = ready
        self.asked: list[str] = []

    def prepare(self, topology: Topology, directory: Path) -> None: ...

    def make(self, node: str) -> None: ...

    def start(self, node: str) -> None: ...

    def states(self) -> dict[str, NodeState]:
        return dict.fromkeys(LAB.nodes, NodeState.RUNNING)

    def logs(self, node: str) -> bytes:
        return b"dialled in vain"

    def sockets(self, node: str) -> Sockets:
        self.asked.append(node)
        ports = frozenset({8000, 10000})
        dialled = frozenset((("10.0.0.1", 40000), ("10.0.0.2", port)) for port in ports)
        return replace(NONE, listening=ports, established=dialled) if node in self.ready else NONE


CHAIN = ("forwarder1", "forwarder2", "forwarder3", "p3server")


def test_who_dials_one_that_is_not_ready_is_not_looked_at() -> None:
    chain = Chain({"p3server"})
    assert newly_settled(LAB, cast(Any, chain), CHAIN, {}) == {"p3server": "ready"}
    assert chain.asked == ["p3server", "forwarder3"]


def test_a_chain_that_is_ready_takes_one_look() -> None:
    assert newly_settled(LAB, cast(Any, Chain({*CHAIN})), CHAIN, {}) == dict.fromkeys(CHAIN, "ready")


def test_who_is_not_ready_is_named_and_not_who_dials_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = replace(LAB, nodes={name: LAB.nodes[name] for name in CHAIN})
    monkeypatch.setattr("lab.up.WITHIN", 0.2 - len(CHAIN))
    with pytest.raises(LabError, match=r"forwarder3 is not ready after .* in vain"):
        up(lab, cast(Any, Chain({*CHAIN} - {"forwarder3"})), tmp_path, lambda _line: None)


class Talkative:
    """An engine with one node, which is connected, and has a log."""

    def __init__(self, log: bytes) -> None:
        self.log = log

    def sockets(self, node: str) -> object:
        class Connected:
            listening, udp, groups, routes, addresses6 = (frozenset[int](),) * 5

            @staticmethod
            def connected_to(port: int) -> bool:
                return True

        return Connected

    def logs(self, node: str) -> bytes:
        return self.log


@pytest.mark.parametrize(
    ("log", "word"),
    [
        (b"* you are 3\n", "ready"),
        (b"* server full\n", "refused: server full"),
        (b"> ", "running, without a word of the server"),
        (b"[2] and so on\n" * (LONG // 14 + 1), "ready"),  # the beginning of which the engine has thrown away
    ],
)
def test_a_client_is_in_if_it_was_told_so(log: bytes, word: str) -> None:
    assert condition(LAB, cast(Any, Talkative(log)), "alice") == word
