"""The broadcast checks on small histories: broadcasts that must pass, and everything that must not."""

from collections.abc import Iterable

import pytest

from scenarios.casts.checks.broadcast_reach import (
    AFAR,
    LET_IN,
    TO_ALL_HERE,
    TO_ALL_OF_WEST,
    TO_ONE,
    UNALLOWED,
    WAY_IS_OPEN,
    a_router_that_is_told_to_lets_it_in,
    every_listener_hears_it_once,
    it_travels_as_for_one_host,
    no_router_passes_it_on,
    nothing_leaves_unless_broadcasts_are_allowed,
    one_frame_to_the_address_of_all,
    the_last_router_keeps_it_out,
    who_does_not_listen_is_woken_too,
)
from scenarios.verdict import Check
from tests.unit.scenarios.casts.routed import BROADCAST, FAR, Routed
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

HERE, OF_WEST = "255.255.255.255", "10.84.1.255"
FROM_AFAR = "e1 east r2 backbone r1"
W2 = Routed().station("w2", "west")


def counters(broadcasts: int, ignored: int) -> str:
    """Return what nstat shows."""
    return (
        f"#kernel\nUdpIgnoredMulti                 {ignored}                  0.0\n"
        f"IpExtInBcastPkts                {broadcasts}                  0.0"
    )


def limited(
    *,
    to: str = HERE,
    way: str = "w1 west",
    times: int = 1,
    hearers: Iterable[str] = ("w1", "w2"),
    before: str = counters(4, 2),
    after: str = counters(5, 3),
    said: str = "not sent: Permission denied",
    then: str = FAR,
    arrived: bool = True,
) -> Routed:
    """w1 is refused, broadcasts, and sends to e1 alone."""
    net = Routed().start()
    net.printed("w3", before)
    net.printed("w1", said)
    for _ in range(times):
        net.send(way, TO_ALL_HERE.encode(), to=to)
    for node in hearers:
        net.printed(node, f"10.84.1.3 {TO_ALL_HERE}")
    net.printed("w3", after)
    net.send(then, TO_ONE.encode(), to=net.address("e1"))
    if arrived:
        net.printed("e1", f"10.84.1.3 {TO_ONE}")
    return net


def directed(
    *ways: str, setting: str = "0", hearers: Iterable[str] = (), later: bool = True, arrived: bool = True
) -> Routed:
    """w1 sends to all of west, then e1 does (all the way to r1, unless told otherwise), and then e1 to w1 alone."""
    net = Routed().start()
    net.send("w1 west", TO_ALL_OF_WEST.encode(), to=OF_WEST)
    for node in ("w1", "w2", "w3"):
        net.printed(node, f"10.84.1.3 {TO_ALL_OF_WEST}")
    net.printed("r1", f"net.ipv4.conf.all.bc_forwarding = {setting}")
    if not later:
        net.send(f"{FROM_AFAR} west w1", WAY_IS_OPEN.encode())
    for way in ways or (FROM_AFAR,):
        net.send(way, AFAR.encode(), to=OF_WEST, source=net.address("e1"))
    for node in hearers:
        net.printed(node, f"10.84.3.3 {AFAR}")
    if later:
        net.send(f"{FROM_AFAR} west w1", WAY_IS_OPEN.encode())
    if arrived:
        net.printed("w1", f"10.84.3.3 {WAY_IS_OPEN}")
    return net


def let_in(way: str = f"{FROM_AFAR} west", *, setting: str = "1", sender: str = "e1") -> Routed:
    """e1 sends to all of west, and r1 lets it in."""
    net = Routed().start()
    net.printed("r1", f"net.ipv4.conf.all.bc_forwarding = {setting}")
    net.send(way, LET_IN.encode(), to=OF_WEST, source=net.address(sender))
    for node in ("w1", "w2", "w3"):
        net.printed(node, f"10.84.3.3 {LET_IN}")
    return net


CASES: dict[Check, tuple[Routed, ...]] = {
    one_frame_to_the_address_of_all: (limited(), directed(), let_in()),
    every_listener_hears_it_once: (limited(), directed(), let_in()),
    who_does_not_listen_is_woken_too: (limited(),),
    no_router_passes_it_on: (limited(),),
    nothing_leaves_unless_broadcasts_are_allowed: (limited(),),
    it_travels_as_for_one_host: (directed(), let_in()),
    the_last_router_keeps_it_out: (directed(),),
    a_router_that_is_told_to_lets_it_in: (let_in(), let_in("r2 backbone r1 west")),
}


@pytest.mark.parametrize("check", CASES, ids=lambda check: check.__name__)
class TestEachCheck:
    def test_passes_what_a_lab_shows(self, check: Check) -> None:
        for net in CASES[check]:
            passes(check, net.history())

    def test_fails_where_nothing_was_sent(self, check: Check) -> None:
        fails(check, Routed().start().history(), "")

    def test_cannot_tell_when_packets_are_missing(self, check: Check) -> None:
        cannot_tell(check, Routed().start().history(dropped=3), "lost 3 of 3 packets")


def test_a_broadcast_is_not_one_frame() -> None:
    fails(one_frame_to_the_address_of_all, limited(times=3).history(), "was 3 frames in west")


def test_a_broadcast_goes_to_one_machine() -> None:
    fails(one_frame_to_the_address_of_all, limited().change("west", eth_dst=W2).history(), f"was sent to {W2}")


def test_a_broadcast_is_for_the_address_of_one_node() -> None:
    fails(one_frame_to_the_address_of_all, limited(to="10.84.1.4").history(), "which is the address of one node")


def test_a_listener_is_deaf() -> None:
    fails(
        every_listener_hears_it_once,
        limited(hearers=("w1",)).history(),
        "w2 showed 'limited: to everybody here' 0 times",
    )


def test_a_listener_hears_it_twice() -> None:
    fails(every_listener_hears_it_once, limited(hearers=("w1", "w2", "w2")).history(), "w2 showed")


class TestWhoDoesNotListenIsWokenToo:
    check = staticmethod(who_does_not_listen_is_woken_too)

    def test_its_kernel_took_nothing(self) -> None:
        fails(self.check, limited(after=counters(4, 2)).history(), "IpExtInBcastPkts of w3 stayed 4")

    def test_its_kernel_found_a_listener(self) -> None:
        fails(self.check, limited(after=counters(5, 2)).history(), "UdpIgnoredMulti of w3 stayed 2")

    def test_nobody_looked_before(self) -> None:
        fails(self.check, limited(before="").history(), "was not read before and after")

    def test_it_did_listen(self) -> None:
        fails(self.check, limited(hearers=("w1", "w2", "w3")).history(), "so it did listen")


class TestNoRouterPassesItOn:
    check = staticmethod(no_router_passes_it_on)

    def test_a_router_does(self) -> None:
        fails(self.check, limited(way="w1 west r1 backbone").history(), "it was seen on backbone as well")

    def test_it_was_no_limited_broadcast(self) -> None:
        fails(self.check, limited(to=OF_WEST).history(), "it was not sent to 255.255.255.255")

    def test_nothing_was_sent_to_the_other_side(self) -> None:
        fails(self.check, limited(then="w1 west r1").history(), "it is not known whether the way was open")

    def test_what_was_sent_to_the_other_side_did_not_arrive(self) -> None:
        fails(self.check, limited(arrived=False).history(), "it is not known whether the way was open")


class TestNothingLeavesUnlessBroadcastsAreAllowed:
    check = staticmethod(nothing_leaves_unless_broadcasts_are_allowed)

    @pytest.mark.parametrize("said", ["PermissionError: [Errno 13] Permission denied", "sendto: permission denied"])
    def test_in_other_words(self, said: str) -> None:
        passes(self.check, limited(said=said).history())

    def test_nobody_was_told(self) -> None:
        fails(self.check, limited(said="sent").history(), 'shows no "permission denied"')

    def test_it_left(self) -> None:
        net = limited()
        net.send("w1 west", UNALLOWED.encode(), to=HERE)
        fails(self.check, net.history(), "it was sent all the same")

    def test_nothing_was_broadcast_afterwards(self) -> None:
        fails(self.check, limited(times=0).history(), "it is not known whether it could")


class TestItTravelsAsForOneHost:
    check = staticmethod(it_travels_as_for_one_host)

    def test_it_is_for_all_on_its_way(self) -> None:
        net = directed().change("east", eth_dst=BROADCAST)
        fails(self.check, net.history(), f"frames on east, to {BROADCAST}")

    def test_it_is_sent_twice(self) -> None:
        fails(self.check, directed(FROM_AFAR, "e1 east r2").history(), "was 2 frames on east")

    def test_its_ttl_jumps(self) -> None:
        fails(self.check, directed().change("backbone", ttl=64).history(), "its TTL was 64, then 64")

    def test_it_comes_from_the_network_itself(self) -> None:
        fails(self.check, directed("r1 west").history(), "was seen on west alone")


class TestTheLastRouterKeepsItOut:
    check = staticmethod(the_last_router_keeps_it_out)

    def test_it_does_not(self) -> None:
        fails(self.check, directed(f"{FROM_AFAR} west", hearers=("w1", "w2", "w3")).history(), "it was let into west")

    def test_somebody_shows_it(self) -> None:
        fails(self.check, directed(hearers=("w2",)).history(), "w2 showed it")

    def test_it_was_told_to_let_it_in(self) -> None:
        fails(self.check, directed(setting="1").history(), "does not show that it has its default setting")

    def test_the_way_was_open_only_before(self) -> None:
        fails(self.check, directed(later=False).history(), "it is not known whether the way was open")

    def test_the_way_was_not_open(self) -> None:
        fails(self.check, directed(arrived=False).history(), "it is not known whether the way was open")


class TestARouterThatIsToldToLetsItIn:
    check = staticmethod(a_router_that_is_told_to_lets_it_in)

    def test_it_was_not_told(self) -> None:
        fails(self.check, let_in(setting="0").history(), "does not show that it was told")

    def test_it_does_not(self) -> None:
        fails(self.check, let_in(FROM_AFAR).history(), "it was not let into west")

    def test_it_came_from_inside(self) -> None:
        fails(self.check, let_in("w1 west", sender="w1").history(), "it was not sent from afar")

    def test_its_ttl_does_not_fall(self) -> None:
        fails(self.check, let_in().change("west", ttl=63).history(), "with TTL 63, after 10.84.3.3 and TTL 63")

    def test_it_is_let_in_to_one_machine(self) -> None:
        fails(self.check, let_in().change("west", eth_dst=W2).history(), f"to {W2}")
