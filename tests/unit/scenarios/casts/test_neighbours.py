"""The checks of ARP and neighbour discovery on small histories: what must pass, and everything that must not."""

from collections.abc import Callable
from typing import Any

import pytest

from lab.history import History
from scenarios.casts.checks.neighbours import (
    TO_ALL_NODES,
    a_group_is_asked_and_one_answers,
    all_nodes_are_a_group,
    everybody_is_asked_and_one_answers,
    no_ipv6_frame_goes_to_everybody,
    nobody_answers_for_nobody,
    who_was_asked_need_not_ask,
)
from scenarios.verdict import Check
from tests.unit.scenarios.casts.networks import EVERYBODY, NODES, Networks, address6, mac
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

W2, W3, NOBODY = NODES["w2"]["west"], NODES["w3"]["west"], "10.84.1.250"
GROUP, GROUP_MAC = "ff02::1:ff54:105", "33:33:ff:54:01:05"


def request(net: Networks, sender: str, address: str, to: str = EVERYBODY) -> None:
    """Ask who has an address, by ARP."""
    net.frame("west", "arp", what="request", src=NODES[sender]["west"], dst=address, eth_src=mac(sender), eth_dst=to)


def reply(net: Networks, address: str = W3, to: str = mac("w2"), dst: str = W2) -> None:
    """Let w3 say that it has an address."""
    net.frame("west", "arp", what="reply", src=address, dst=dst, eth_src=mac("w3"), eth_dst=to)


def arp(
    *,
    asked: str = EVERYBODY,
    answered: str | None = mac("w2"),
    asks_back: bool = False,
    echo: bool = True,
    tries: int = 3,
    tried: str = EVERYBODY,
    impostor: bool = False,
    said: str = "From 10.84.1.4 icmp_seq=1 Destination Host Unreachable",
) -> History:
    """w2 asks for w3 and calls it, then for an address that nobody has."""
    net = Networks()
    request(net, "w2", W3, asked)
    if answered:
        reply(net, to=answered)
    if asks_back:
        request(net, "w3", W2)
    if echo:
        net.frame("west", "icmp", what="echo reply", src=W3, dst=W2, eth_src=mac("w3"), eth_dst=mac("w2"))
    request(net, "w3", W2, mac("w2"))  # later, a kernel makes sure that its neighbour is still there
    for _ in range(tries):
        request(net, "w2", NOBODY, tried)
    if impostor:
        reply(net, address=NOBODY)
    net.shows("w2", text=said)
    return net.history()


def discovery(
    *,
    asked: tuple[str, str] = (GROUP, GROUP_MAC),
    answered: str | None = mac("w2"),
    sent: tuple[str, ...] = ("west",),
    to: str = "33:33:00:00:00:01",
    hearers: tuple[str, ...] = ("w1", "w2", "w3"),
) -> History:
    """w2 asks for the IPv6 address of w3, and then sends to all nodes."""
    net = Networks()
    icmp: dict[str, Any] = {"target": address6("w3")}
    net.frame("west", "icmpv6", what="neighbour solicitation", src="::", dst=GROUP, eth_src=mac("w3"),
              eth_dst=GROUP_MAC, **icmp)  # fmt: skip
    net.frame("west", "icmpv6", what="neighbour solicitation", src=address6("w2"), dst=asked[0], eth_src=mac("w2"),
              eth_dst=asked[1], **icmp)  # fmt: skip
    if answered:
        net.frame("west", "icmpv6", what="neighbour advertisement", src=address6("w3"), dst=address6("w2"),
                  eth_src=mac("w3"), eth_dst=answered, **icmp)  # fmt: skip
    for network in sent:
        net.frame(network, "udp", src="fe80::42:aff:fe54:104", dst="ff02::1", payload=TO_ALL_NODES.encode(),
                  eth_src=mac("w2"), eth_dst=to)  # fmt: skip
    net.shows(*hearers, text=f"fe80::42:aff:fe54:104 {TO_ALL_NODES}")
    return net.history()


CASES: dict[Check, Callable[[], History]] = {
    everybody_is_asked_and_one_answers: arp,
    who_was_asked_need_not_ask: arp,
    nobody_answers_for_nobody: arp,
    a_group_is_asked_and_one_answers: discovery,
    no_ipv6_frame_goes_to_everybody: discovery,
    all_nodes_are_a_group: discovery,
}


@pytest.mark.parametrize("check", CASES, ids=lambda check: check.__name__)
class TestEachCheck:
    def test_passes_what_a_lab_shows(self, check: Check) -> None:
        passes(check, CASES[check]())

    def test_fails_where_nothing_was_sent(self, check: Check) -> None:
        fails(check, Networks().history(), "")

    def test_cannot_tell_when_packets_are_missing(self, check: Check) -> None:
        cannot_tell(check, Networks().history(dropped=3), "lost 3 of 3 packets")


class TestEverybodyIsAskedAndOneAnswers:
    check = staticmethod(everybody_is_asked_and_one_answers)

    def test_one_is_asked(self) -> None:
        fails(self.check, arp(asked=mac("w3")), f"the first request was sent to {mac('w3')}")

    def test_nobody_answers(self) -> None:
        fails(self.check, arp(answered=None), "nobody answered that 10.84.1.5 is there")

    def test_the_answer_is_for_everybody(self) -> None:
        fails(self.check, arp(answered=EVERYBODY), f"the reply was sent to {EVERYBODY}")

    def test_the_answer_is_for_another(self) -> None:
        fails(self.check, arp(answered=mac("w1")), f"the reply was sent to {mac('w1')}")


class TestWhoWasAskedNeedNotAsk:
    check = staticmethod(who_was_asked_need_not_ask)

    def test_it_does(self) -> None:
        fails(self.check, arp(asks_back=True), "w3 asked for w2 first")

    def test_it_sends_nothing(self) -> None:
        fails(self.check, arp(echo=False), "w3 sent nothing back to w2")


class TestNobodyAnswersForNobody:
    check = staticmethod(nobody_answers_for_nobody)

    def test_it_is_asked_once(self) -> None:
        fails(self.check, arp(tries=1), "w2 asked 1 times for an address that nobody has")

    def test_one_is_asked(self) -> None:
        fails(self.check, arp(tried=mac("w3")), f"a request was sent to {mac('w3')}")

    def test_somebody_answers(self) -> None:
        fails(self.check, arp(impostor=True), f"{mac('w3')} answered for 10.84.1.250")

    def test_who_asked_is_not_told(self) -> None:
        fails(self.check, arp(said="64 bytes from 10.84.1.250"), "w2 was not told that 10.84.1.250 is unreachable")


class TestAGroupIsAskedAndOneAnswers:
    check = staticmethod(a_group_is_asked_and_one_answers)

    def test_all_nodes_are_asked(self) -> None:
        history = discovery(asked=("ff02::1", "33:33:00:00:00:01"))
        fails(self.check, history, f"the question went to ff02::1, 33:33:00:00:00:01, and not to {GROUP}")

    def test_the_frame_is_for_everybody(self) -> None:
        fails(self.check, discovery(asked=(GROUP, EVERYBODY)), f"the question went to {GROUP}, {EVERYBODY}")

    def test_nobody_answers(self) -> None:
        fails(self.check, discovery(answered=None), "nobody answered")

    def test_the_answer_is_for_all(self) -> None:
        fails(self.check, discovery(answered="33:33:00:00:00:01"), "the answer was sent to 33:33:00:00:00:01")


class TestNoIpv6FrameGoesToEverybody:
    check = staticmethod(no_ipv6_frame_goes_to_everybody)

    def test_one_does(self) -> None:
        fails(self.check, discovery(to=EVERYBODY), f"IPv6 was sent to {EVERYBODY}")

    def test_nothing_is_for_one_machine(self) -> None:
        fails(self.check, discovery(answered=None), "3 frames of IPv6 were for groups and 0 for one machine")

    def test_what_ipv4_does_is_another_matter(self) -> None:
        fails(self.check, arp(), "0 frames of IPv6 were for groups")


class TestAllNodesAreAGroup:
    check = staticmethod(all_nodes_are_a_group)

    def test_it_leaves_its_network(self) -> None:
        fails(self.check, discovery(sent=("west", "backbone")), "it was not one frame on one network")

    def test_it_is_sent_to_each(self) -> None:
        fails(self.check, discovery(sent=("west", "west", "west")), "it was not one frame on one network")

    def test_it_goes_to_everybody(self) -> None:
        fails(self.check, discovery(to=EVERYBODY), f"it was sent to {EVERYBODY}")

    def test_one_is_deaf(self) -> None:
        fails(self.check, discovery(hearers=("w1", "w2")), "w3 did not show it")
