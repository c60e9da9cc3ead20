"""What a wish comes to, at which node."""

import pytest

from lab.faults.filters import ANY_IP, Filter
from lab.faults.model import FaultKind, Way, Wish
from lab.faults.parts import Part, addresses, parts
from lab.faults.queues import Queue
from lab.state import Wish as LabWish
from tests.unit.lab.faults.paper import forgery

FROM_ALICE, FROM_BOB = ("ip saddr { 10.83.0.3 }",), ("ip saddr { 10.83.0.4 }",)


@pytest.mark.parametrize(
    ("wish", "come_to"),
    [
        (
            Wish(FaultKind.LOSS, "bob", peer="alice", amount="20%"),
            [("bob", Filter("loss.in.alice", FROM_ALICE, 2000)), ("alice", Filter("loss.in.bob", FROM_BOB, 2000))],
        ),
        (Wish(FaultKind.CUT, "bob", peer="alice", way=Way.IN), [("bob", Filter("cut.in.alice", FROM_ALICE))]),
        (Wish(FaultKind.CUT, "bob", peer="alice", way=Way.OUT), [("alice", Filter("cut.in.bob", FROM_BOB))]),
        (
            Wish(FaultKind.LOSS, "bob", amount="1%"),
            [("bob", Filter("loss.in", ("",), 100)), ("bob", Filter("loss.out", ANY_IP, 100, leaving=True))],
        ),
        (
            Wish(FaultKind.RATE, "bob", peer="alice", amount="1mbit"),
            [
                ("alice", Queue(FaultKind.RATE, Way.OUT, "bob", "1mbit")),
                ("bob", Queue(FaultKind.RATE, Way.OUT, "alice", "1mbit")),
            ],
        ),
        (
            Wish(FaultKind.DELAY, "bob", amount="1s"),
            [("bob", Queue(FaultKind.DELAY, Way.IN, None, "1s")), ("bob", Queue(FaultKind.DELAY, Way.OUT, None, "1s"))],
        ),
    ],
)
def test_parts(wish: Wish, come_to: list[Part]) -> None:
    assert list(parts(wish, forgery())) == come_to


def test_the_addresses_of_a_router_are_all_its_own_and_not_the_shared_one() -> None:
    casts = LabWish("casts").load()
    router = casts.nodes["r1"]
    found = addresses(casts, "r1")
    assert {str(address) for address in router.addresses.values()} < {*found}
    assert {str(address) for address in router.addresses6.values()} < {*found}
    assert {str(network.gateway) for network in casts.networks.values() if network.router == "r1"} <= {*found}
    anycast = casts.nodes["anycast1"].anycast
    assert anycast
    assert str(anycast) not in addresses(casts, "anycast1")


def test_a_host_has_a_link_local_address_of_its_mac() -> None:
    casts = LabWish("casts").load()
    assert str(casts.nodes["w1"].addresses["west"]) == "10.84.1.3"
    assert "fe80::42:aff:fe54:103" in addresses(casts, "w1")
