"""Unicast: what is seen on three networks and on terminals, and every way in which it can be wrong."""

import pytest

from scenarios.casts.checks.unicast import (
    each_router_takes_one_off_the_ttl,
    ip_addresses_stay,
    mac_addresses_change_at_each_hop,
    one_frame_on_each_network,
    one_host_gets_it,
)
from scenarios.verdict import Check
from tests.unit.scenarios.casts.casting import FOUR, SIX, unicast
from tests.unit.scenarios.casts.routed import FAR, Routed
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

ALL = [
    one_host_gets_it, one_frame_on_each_network, each_router_takes_one_off_the_ttl, ip_addresses_stay,
    mac_addresses_change_at_each_hop,
]  # fmt: skip
ON_THE_WAY = ALL[1:]


@pytest.mark.parametrize("check", ALL)
class TestEveryCheck:
    def test_both_families_go_all_the_way(self, check: Check) -> None:
        passes(check, unicast().history())

    def test_nothing_was_sent(self, check: Check) -> None:
        fails(check, Routed().start().history(), "no datagram from w1 to e1 was on the wire")

    def test_what_others_send_does_not_count(self, check: Check) -> None:
        routed = Routed().start()
        routed.send("w2 west r1 backbone r2 east e1", b"of w2")
        fails(check, routed.history(), "no datagram from w1 to e1 was on the wire")

    def test_a_tap_of_the_three_lost_packets(self, check: Check) -> None:
        cannot_tell(check, unicast().history(dropped=1), "the tap of west lost 1 of")


@pytest.mark.parametrize("check", ON_THE_WAY)
class TestOnTheWay:
    def test_a_datagram_that_does_not_arrive(self, check: Check) -> None:
        routed = unicast()
        routed.send("w1 west r1 backbone r2", b"lost", to=routed.address("e1"))
        fails(check, routed.history(), "'lost' was on west, backbone, not once on each of west, backbone, east")

    def test_a_datagram_that_is_there_twice(self, check: Check) -> None:
        routed = unicast()
        routed.send("r2 east e1", FOUR.encode(), source=routed.address("w1"), ttl=62)
        fails(check, routed.history(), "was on west, backbone, east, east")

    def test_a_router_that_gives_it_an_address_of_its_own(self, check: Check) -> None:
        fails(check, unicast().change("east", src="10.84.3.2").history(), "was on west, backbone, not once")


class TestOneHostGetsIt:
    def test_the_receiver_does_not_show_it(self) -> None:
        fails(one_host_gets_it, unicast(shown_by=()).history(), f"e1 does not show {FOUR!r}")

    @pytest.mark.parametrize("text", [FOUR, SIX])
    def test_a_longer_text_is_not_a_shorter_one(self, text: str) -> None:
        fails(one_host_gets_it, unicast(unshown=(text,)).history(), f"e1 does not show {text!r}")

    @pytest.mark.parametrize("node", ["w2", "e2", "r1", "anycast2"])
    def test_somebody_else_shows_it(self, node: str) -> None:
        fails(one_host_gets_it, unicast(shown_by=("e1", node)).history(), f"{node} shows {FOUR!r}")

    def test_the_sender_may_show_what_is_typed(self) -> None:
        passes(one_host_gets_it, unicast(shown_by=("e1", "w1")).history())


class TestTheTtl:
    @pytest.mark.parametrize("ttl", [64, 63, 61])
    def test_a_router_that_takes_none_or_two(self, ttl: int) -> None:
        check = each_router_takes_one_off_the_ttl
        fails(check, unicast().change("east", ttl=ttl).history(), f"the TTL of {FOUR!r} was 64, 63, {ttl}")

    def test_any_ttl_will_do_to_begin_with(self) -> None:
        routed = Routed().start()
        routed.send(FAR, b"nine", ttl=9)
        assert passes(each_router_takes_one_off_the_ttl, routed.history()).because == "9, 8, 7"


def test_ports_stay_with_the_addresses() -> None:
    fails(
        ip_addresses_stay, unicast().change("backbone", sport=1).history(), f"the ends of {FOUR!r} changed on the way"
    )


@pytest.mark.parametrize("end", ["eth_src", "eth_dst"])
def test_a_router_that_is_a_switch(end: str) -> None:
    mac = Routed().station("r1", "west")
    because = f"{FOUR!r} has an Ethernet address of west on backbone"
    fails(mac_addresses_change_at_each_hop, unicast().change("backbone", **{end: mac}).history(), because)
