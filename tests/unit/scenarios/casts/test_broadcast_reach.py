"""The broadcast checks on small histories: broadcasts that must pass, and everything that must not."""

from collections.abc import Iterable

import pytest

from lab.history import History
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
from tests.unit.scenarios.casts.networks import EVERYBODY, NODES, Networks, mac, way
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

HERE, OF_WEST = "255.255.255.255", "10.84.1.255"
Way = list[tuple[str, str, str]]
TO_ALL: Way = [("west", mac("w1"), EVERYBODY)]
IN_WEST: Way = [("west", mac("r1"), EVERYBODY)]
OUTSIDE = way("e1", "r2", "r1")


def counters(broadcasts: int, ignored: int) -> str:
    """Return what nstat shows."""
    return (
        f"#kernel\nUdpIgnoredMulti                 {ignored}                  0.0\n"
        f"IpExtInBcastPkts                {broadcasts}                  0.0"
    )


def limited(
    hops: Way = TO_ALL,
    *,
    dst: str = HERE,
    times: int = 1,
    hearers: Iterable[str] = ("w1", "w2"),
    before: str = counters(4, 2),
    after: str = counters(5, 3),
    said: str = "not sent: Permission denied",
    left: Way | None = None,
    then: Way | None = None,
    arrived: bool = True,
) -> History:
    """w1 is refused, broadcasts, and sends to e1 alone."""
    net = Networks()
    net.shows("w3", text=before)
    net.datagram("w1", dst, UNALLOWED, *left or [])
    net.shows("w1", text=said)
    for _ in range(times):
        net.datagram("w1", dst, TO_ALL_HERE, *hops)
    net.shows(*hearers, text=f"10.84.1.3 {TO_ALL_HERE}")
    net.shows("w3", text=after)
    net.datagram("w1", NODES["e1"]["east"], TO_ONE, *(way("w1", "r1", "r2", "e1") if then is None else then))
    if arrived:
        net.shows("e1", text=f"10.84.1.3 {TO_ONE}")
    return net.history()


def directed(
    outside: Way = OUTSIDE,
    inside: Way | None = None,
    *,
    setting: str = "0",
    hearers: Iterable[str] = (),
    later: bool = True,
    arrived: bool = True,
) -> History:
    """w1 sends to all of west, then e1 does, and then e1 to w1 alone."""
    net = Networks()
    net.datagram("w1", OF_WEST, TO_ALL_OF_WEST, *TO_ALL)
    net.shows("w1", "w2", "w3", text=f"10.84.1.3 {TO_ALL_OF_WEST}")
    net.shows("r1", text=f"net.ipv4.conf.all.bc_forwarding = {setting}")
    open_way = way("e1", "r2", "r1", "w1")
    if not later:
        net.datagram("e1", NODES["w1"]["west"], WAY_IS_OPEN, *open_way)
    net.datagram("e1", OF_WEST, AFAR, *outside, *inside or [])
    net.shows(*hearers, text=f"10.84.3.3 {AFAR}")
    if later:
        net.datagram("e1", NODES["w1"]["west"], WAY_IS_OPEN, *open_way)
    if arrived:
        net.shows("w1", text=f"10.84.3.3 {WAY_IS_OPEN}")
    return net.history()


def let_in(
    outside: Way = OUTSIDE, inside: Way = IN_WEST, *, setting: str = "1", sender: str = "e1", ttl: int | None = None
) -> History:
    """e1 sends to all of west, and r1 lets it in."""
    net = Networks()
    net.shows("r1", text=f"net.ipv4.conf.all.bc_forwarding = {setting}")
    net.datagram(sender, OF_WEST, LET_IN, *outside)
    net.datagram(sender, OF_WEST, LET_IN, *inside, ttl=64 - len(outside) if ttl is None else ttl)
    net.shows("w1", "w2", "w3", text=f"10.84.3.3 {LET_IN}")
    return net.history()


CASES: dict[Check, tuple[History, ...]] = {
    one_frame_to_the_address_of_all: (limited(), directed(), let_in()),
    every_listener_hears_it_once: (limited(), directed(), let_in()),
    who_does_not_listen_is_woken_too: (limited(),),
    no_router_passes_it_on: (limited(),),
    nothing_leaves_unless_broadcasts_are_allowed: (limited(),),
    it_travels_as_for_one_host: (directed(), let_in()),
    the_last_router_keeps_it_out: (directed(),),
    a_router_that_is_told_to_lets_it_in: (let_in(), let_in(way("e1", "r2", "r1")[1:])),
}


@pytest.mark.parametrize("check", CASES, ids=lambda check: check.__name__)
class TestEachCheck:
    def test_passes_what_a_lab_shows(self, check: Check) -> None:
        for history in CASES[check]:
            passes(check, history)

    def test_fails_where_nothing_was_sent(self, check: Check) -> None:
        fails(check, Networks().history(), "")

    def test_cannot_tell_when_packets_are_missing(self, check: Check) -> None:
        cannot_tell(check, Networks().history(dropped=3), "lost 3 of 3 packets")


def test_a_broadcast_is_not_one_frame() -> None:
    fails(one_frame_to_the_address_of_all, limited(times=3), "was 3 frames in west")


def test_a_broadcast_goes_to_one_machine() -> None:
    fails(one_frame_to_the_address_of_all, limited(way("w1", "w2")), f"was sent to {mac('w2')}")


def test_a_broadcast_is_for_the_address_of_one_node() -> None:
    fails(one_frame_to_the_address_of_all, limited(dst=NODES["w2"]["west"]), "which is the address of one node")


def test_a_listener_is_deaf() -> None:
    fails(every_listener_hears_it_once, limited(hearers=("w1",)), "w2 showed 'limited: to everybody here' 0 times")


def test_a_listener_hears_it_twice() -> None:
    fails(every_listener_hears_it_once, limited(hearers=("w1", "w2", "w2")), "w2 showed")


class TestWhoDoesNotListenIsWokenToo:
    check = staticmethod(who_does_not_listen_is_woken_too)

    def test_its_kernel_took_nothing(self) -> None:
        fails(self.check, limited(after=counters(4, 2)), "IpExtInBcastPkts of w3 stayed 4")

    def test_its_kernel_found_a_listener(self) -> None:
        fails(self.check, limited(after=counters(5, 2)), "UdpIgnoredMulti of w3 stayed 2")

    def test_nobody_looked_before(self) -> None:
        fails(self.check, limited(before=""), "was not read before and after")

    def test_it_did_listen(self) -> None:
        fails(self.check, limited(hearers=("w1", "w2", "w3")), "so it did listen")


class TestNoRouterPassesItOn:
    check = staticmethod(no_router_passes_it_on)

    def test_a_router_does(self) -> None:
        on = [*TO_ALL, ("backbone", mac("r1", "backbone"), EVERYBODY)]
        fails(self.check, limited(on), "it was seen on backbone as well")

    def test_it_was_no_limited_broadcast(self) -> None:
        fails(self.check, limited(dst=OF_WEST), "it was not sent to 255.255.255.255")

    def test_nothing_was_sent_to_the_other_side(self) -> None:
        fails(self.check, limited(then=[]), "it is not known whether the way was open")

    def test_what_was_sent_to_the_other_side_did_not_arrive(self) -> None:
        fails(self.check, limited(arrived=False), "it is not known whether the way was open")


class TestNothingLeavesUnlessBroadcastsAreAllowed:
    check = staticmethod(nothing_leaves_unless_broadcasts_are_allowed)

    @pytest.mark.parametrize("said", ["PermissionError: [Errno 13] Permission denied", "sendto: permission denied"])
    def test_in_other_words(self, said: str) -> None:
        passes(self.check, limited(said=said))

    def test_nobody_was_told(self) -> None:
        fails(self.check, limited(said="sent"), 'shows no "permission denied"')

    def test_it_left(self) -> None:
        fails(self.check, limited(left=TO_ALL), "it was sent all the same")

    def test_nothing_was_broadcast_afterwards(self) -> None:
        fails(self.check, limited(times=0), "it is not known whether it could")


class TestItTravelsAsForOneHost:
    check = staticmethod(it_travels_as_for_one_host)

    def test_it_is_for_all_on_its_way(self) -> None:
        fails(self.check, directed([("east", mac("e1"), EVERYBODY), *OUTSIDE[1:]]), f"frames on east, to {EVERYBODY}")

    def test_it_is_sent_twice(self) -> None:
        fails(self.check, directed([OUTSIDE[0], OUTSIDE[0], OUTSIDE[1]]), "was 2 frames on east")

    def test_its_ttl_jumps(self) -> None:
        net = Networks()
        net.datagram("e1", OF_WEST, AFAR, OUTSIDE[0])
        net.datagram("e1", OF_WEST, AFAR, OUTSIDE[1])
        fails(self.check, net.history(), "its TTL was 64, then 64")

    def test_it_comes_from_the_network_itself(self) -> None:
        fails(self.check, directed([], IN_WEST), "was seen on west alone")


class TestTheLastRouterKeepsItOut:
    check = staticmethod(the_last_router_keeps_it_out)

    def test_it_does_not(self) -> None:
        fails(self.check, directed(inside=IN_WEST, hearers=("w1", "w2", "w3")), "it was let into west")

    def test_somebody_shows_it(self) -> None:
        fails(self.check, directed(hearers=("w2",)), "w2 showed it")

    def test_it_was_told_to_let_it_in(self) -> None:
        fails(self.check, directed(setting="1"), "does not show that it has its default setting")

    def test_the_way_was_open_only_before(self) -> None:
        fails(self.check, directed(later=False), "it is not known whether the way was open")

    def test_the_way_was_not_open(self) -> None:
        fails(self.check, directed(arrived=False), "it is not known whether the way was open")


class TestARouterThatIsToldToLetsItIn:
    check = staticmethod(a_router_that_is_told_to_lets_it_in)

    def test_it_was_not_told(self) -> None:
        fails(self.check, let_in(setting="0"), "does not show that it was told")

    def test_it_does_not(self) -> None:
        fails(self.check, let_in(inside=[]), "it was not let into west")

    def test_it_came_from_inside(self) -> None:
        fails(self.check, let_in([], sender="w1"), "it was not sent from afar")

    def test_its_ttl_does_not_fall(self) -> None:
        fails(self.check, let_in(ttl=63), "with TTL 63, after 10.84.3.3 and TTL 63")

    def test_it_is_let_in_to_one_machine(self) -> None:
        fails(self.check, let_in(inside=way("r1", "w2")), f"to {mac('w2')}")
