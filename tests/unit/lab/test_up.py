from dataclasses import replace

import pytest

from lab.errors import UsageError
from lab.state import Wish
from lab.up import in_order

LAB = Wish().load()


def test_who_waits_stands_behind_those_that_it_waits_for() -> None:
    order = in_order(LAB)
    assert sorted(order) == sorted(LAB.nodes)
    for before, behind in (("server", "alice"), ("erin", "frank"), ("forwarder3", "p3client"), ("p3server", "peer1")):
        assert order.index(before) < order.index(behind)


def test_a_server_that_waits_for_its_own_client_is_told() -> None:
    server = replace(LAB.nodes["server"], after=("alice",))
    with pytest.raises(UsageError, match=r"server, alice.* would wait for each other for ever; take an `after` out"):
        in_order(replace(LAB, nodes=LAB.nodes | {"server": server}))
