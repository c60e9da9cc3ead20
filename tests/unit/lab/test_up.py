from dataclasses import replace
from typing import Any, cast

import pytest

from lab.engine import NodeState
from lab.errors import UsageError
from lab.state import Wish
from lab.up import LONG, condition, conditions, ranks, start_order
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
