"""The checks of ARP and neighbour discovery on small histories: what must pass, and everything that must not."""

from collections.abc import Callable

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
from tests.unit.scenarios.casts.routed import BROADCAST, Routed
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

W2, W3, NOBODY = "10.84.1.4", "10.84.1.5", "10.84.1.250"
W1_MAC, W2_MAC, W3_MAC = (Routed().station(name, "west") for name in ("w1", "w2", "w3"))
GROUP, GROUP_MAC = "ff02::1:ff54:105", "33:33:ff:54:01:05"


def request(net: Routed, sender: str, address: str, to: str = BROADCAST) -> None:
    """Ask who has an address, by ARP."""
    net.packet("arp", what="request", src=net.address(sender), dst=address, ttl=None,
               eth_src=net.station(sender, "west"), eth_dst=to)  # fmt: skip


def reply(net: Routed, address: str = W3, to: str = W2_MAC, dst: str = W2) -> None:
    """Let w3 say (to w2, unless told otherwise) that it has an address."""
    net.packet("arp", what="reply", src=address, dst=dst, ttl=None, eth_src=W3_MAC, eth_dst=to)


def arp(
    *,
    asked: str = BROADCAST,
    answered: str | None = W2_MAC,
    announced: bool = False,
    asks_back: bool = False,
    echo: bool = True,
    tries: int = 3,
    tried: str = BROADCAST,
    impostor: bool = False,
    said: str = "From 10.84.1.4 icmp_seq=1 Destination Host Unreachable",
) -> History:
    """w2 asks for w3 and calls it, then for an address that nobody has."""
    net = Routed().start()
    request(net, "w2", W3, asked)
    if answered:
        reply(net, to=answered)
    if announced:  # as a host does that has come to a network: a reply that nobody asked for
        reply(net, to=BROADCAST, dst=W3)
    if asks_back:
        request(net, "w3", W2)
    if echo:
        net.packet("icmp", what="echo reply", src=W3, dst=W2, eth_src=W3_MAC, eth_dst=W2_MAC)
    request(net, "w3", W2, W2_MAC)  # later, a kernel makes sure that its neighbour is still there
    for _ in range(tries):
        request(net, "w2", NOBODY, tried)
    if impostor:
        reply(net, address=NOBODY)
    net.printed("w2", said)
    return net.history()


def discovery(
    *,
    asked: tuple[str, str] = (GROUP, GROUP_MAC),
    answered: str | None = W2_MAC,
    sent: tuple[str, ...] = ("west",),
    to: str = "33:33:00:00:00:01",
    hearers: tuple[str, ...] = ("w1", "w2", "w3"),
) -> History:
    """w2 asks for the IPv6 address of w3, and then sends to all nodes."""
    net = Routed().start()
    w2, w3 = net.address("w2", six=True), net.address("w3", six=True)
    question, answer = "neighbour solicitation", "neighbour advertisement"
    net.packet("icmpv6", what=question, src="::", dst=GROUP, target=w3, eth_src=W3_MAC, eth_dst=GROUP_MAC)
    net.packet("icmpv6", what=question, src=w2, dst=asked[0], target=w3, eth_src=W2_MAC, eth_dst=asked[1])
    if answered:
        net.packet("icmpv6", what=answer, src=w3, dst=w2, target=w3, eth_src=W3_MAC, eth_dst=answered)
    for network in sent:
        net.packet("udp", src="fe80::42:aff:fe54:104", dst="ff02::1", payload=TO_ALL_NODES.encode(),
                   eth_src=W2_MAC, eth_dst=to, network=network)  # fmt: skip
    for node in hearers:
        net.printed(node, f"fe80::42:aff:fe54:104 {TO_ALL_NODES}")
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
        fails(check, Routed().start().history(), "")

    def test_cannot_tell_when_packets_are_missing(self, check: Check) -> None:
        cannot_tell(check, Routed().start().history(dropped=3), "lost 3 of 3 packets")


class TestEverybodyIsAskedAndOneAnswers:
    check = staticmethod(everybody_is_asked_and_one_answers)

    def test_one_is_asked(self) -> None:
        fails(self.check, arp(asked=W3_MAC), f"the first request was sent to {W3_MAC}")

    def test_nobody_answers(self) -> None:
        fails(self.check, arp(answered=None), "nobody answered that 10.84.1.5 is there")

    def test_the_answer_is_for_everybody(self) -> None:
        fails(self.check, arp(answered=BROADCAST), f"the reply was sent to {BROADCAST}")

    def test_the_answer_is_for_nobody_in_a_frame_for_everybody(self) -> None:
        fails(self.check, arp(announced=True), f"the reply was sent to {BROADCAST}")

    def test_the_answer_is_for_another(self) -> None:
        fails(self.check, arp(answered=W1_MAC), f"the reply was sent to {W1_MAC}")


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
        fails(self.check, arp(tried=W3_MAC), f"a request was sent to {W3_MAC}")

    def test_somebody_answers(self) -> None:
        fails(self.check, arp(impostor=True), f"{W3_MAC} answered for 10.84.1.250")

    def test_who_asked_is_not_told(self) -> None:
        fails(self.check, arp(said="64 bytes from 10.84.1.250"), "w2 was not told that 10.84.1.250 is unreachable")


class TestAGroupIsAskedAndOneAnswers:
    check = staticmethod(a_group_is_asked_and_one_answers)

    def test_all_nodes_are_asked(self) -> None:
        history = discovery(asked=("ff02::1", "33:33:00:00:00:01"))
        fails(self.check, history, f"the question went to ff02::1, 33:33:00:00:00:01, and not to {GROUP}")

    def test_another_group_is_asked_in_its_frame(self) -> None:
        fails(self.check, discovery(asked=("ff02::1", GROUP_MAC)), f"the question went to ff02::1, {GROUP_MAC}")

    def test_the_frame_is_for_everybody(self) -> None:
        fails(self.check, discovery(asked=(GROUP, BROADCAST)), f"the question went to {GROUP}, {BROADCAST}")

    def test_nobody_answers(self) -> None:
        fails(self.check, discovery(answered=None), "nobody answered")

    def test_the_answer_is_for_all(self) -> None:
        fails(self.check, discovery(answered="33:33:00:00:00:01"), "the answer was sent to 33:33:00:00:00:01")


class TestNoIpv6FrameGoesToEverybody:
    check = staticmethod(no_ipv6_frame_goes_to_everybody)

    def test_one_does(self) -> None:
        fails(self.check, discovery(to=BROADCAST), f"IPv6 was sent to {BROADCAST}")

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
        fails(self.check, discovery(to=BROADCAST), f"it was sent to {BROADCAST}")

    def test_one_is_deaf(self) -> None:
        fails(self.check, discovery(hearers=("w1", "w2")), "w3 did not show it")
