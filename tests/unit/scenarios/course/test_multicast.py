"""The multicast checks on small histories: groups that must pass, and everything that must not."""

import pytest

from scenarios.course.checks.multicast import (
    a_word_reaches_clients_and_members,
    members_get_every_message_once,
    members_join_before_delivery,
    one_frame_serves_all,
    who_has_left_hears_nothing,
)
from scenarios.verdict import Check
from tests.unit.scenarios.course.groups import JOIN, LEAVE, Architecture, Group
from tests.unit.scenarios.expecting import fails, passes

THREE = ("receiver1", "receiver2", "receiver3")
ALL = (
    members_join_before_delivery,
    one_frame_serves_all,
    members_get_every_message_once,
    who_has_left_hears_nothing,
)
MAKES = {
    "ours": ("10.83.0.2 {text}", (JOIN, LEAVE), ""),
    "the sender behind the text": ("{text} (from 10.83.0.2)", (JOIN, LEAVE), ""),
    "datagrams that end with a newline": ("got: {text}.", (JOIN, LEAVE), "\n"),
    "a kernel that speaks IGMPv2": ("{text}", ("v2 report 224.1.1.1", "v2 leave 224.1.1.1"), ""),
    "members of two groups": (
        "{text}",
        (f"v3 report to-exclude 224.9.9.9, {JOIN.removeprefix('v3 report ')}", f"{LEAVE}, to-exclude 224.9.9.9"),
        "",
    ),
}


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.__name__)
class TestOneSendsAndThreeHear:
    @pytest.mark.parametrize("make", MAKES.values(), ids=MAKES.keys())
    def test_and_one_leaves(self, check: Check, make: tuple[str, tuple[str, str], str]) -> None:
        group = (
            Group(*make).join(*THREE).says("one frame for all", "one").leave("receiver3").says("for those who stayed")
        )
        passes(check, group.history())

    def test_nothing_is_sent(self, check: Check) -> None:
        fails(check, Group().join(*THREE).leave("receiver3").history(), "nothing was sent")


class TestMembersJoinBeforeDelivery:
    check = staticmethod(members_join_before_delivery)

    def test_there_is_no_receiver(self) -> None:
        fails(self.check, Group().says("anybody?").history(), "there was no receiver")

    def test_one_joins_too_late(self) -> None:
        group = Group().join("receiver1").says("first").join("receiver2")
        fails(self.check, group.history(), "receiver2 had not asked for 224.1.1.1 when the first message")

    def test_one_never_asks(self) -> None:
        group = Group().join("receiver1")
        group.wire.node("receiver2", "multicast-receiver")
        fails(self.check, group.says("first").history(), "receiver2 had not asked for 224.1.1.1")

    @pytest.mark.parametrize(
        "report", ["v3 report to-exclude 224.1.1.12", "v3 report to-include 224.1.1.1", "v2 query"]
    )
    def test_what_is_said_is_no_wish_to_join(self, report: str) -> None:
        group = Group(igmp=(report, LEAVE)).join("receiver1").says("first")
        fails(self.check, group.history(), "receiver1 had not asked for 224.1.1.1")


class TestOneFrameServesAll:
    check = staticmethod(one_frame_serves_all)

    def test_a_message_may_be_typed_twice(self) -> None:
        passes(self.check, Group().join(*THREE).says("again", "again", "again and again").history())

    def test_it_is_sent_once_a_receiver(self) -> None:
        group = Group().join(*THREE).says("hello")
        group.wire.multicast("sender", b"hello")
        fails(self.check, group.history(), "'hello' was sent more than once")

    def test_it_is_also_sent_to_each_receiver_by_itself(self) -> None:
        group = Group().join(*THREE).says("hello")
        group.wire.udp("sender", "receiver1", b"hello", port=11000)
        fails(self.check, group.history(), "'hello' was sent more than once")

    def test_it_is_sent_to_each_receiver_and_not_to_the_group(self) -> None:
        group = Group().join(*THREE)
        for receiver in THREE:
            group.wire.udp("sender", receiver, b"hello", port=11000)
        fails(self.check, group.history(), "nothing was sent to 224.1.1.1:11000")

    def test_it_is_sent_to_everybody(self) -> None:
        group = Group().join(*THREE)
        group.wire.multicast("sender", b"hello", mac="ff:ff:ff:ff:ff:ff")
        fails(self.check, group.history(), "sent to ff:ff:ff:ff:ff:ff instead of 01:00:5e:01:01:01")

    @pytest.mark.parametrize("ttl", [1, 64])
    def test_it_has_another_ttl(self, ttl: int) -> None:
        group = Group().join(*THREE)
        group.wire.multicast("sender", b"hello", ttl=ttl)
        fails(self.check, group.history(), f"sent with TTL {ttl} instead of 2")


class TestMembersGetEveryMessageOnce:
    check = staticmethod(members_get_every_message_once)

    def test_who_joins_late_need_not_show_what_was_before(self) -> None:
        passes(self.check, Group().join("receiver1").says("early").join("receiver2").says("late").history())

    def test_who_was_away_for_a_while(self) -> None:
        group = Group().join("receiver1", "receiver2").says("one").leave("receiver2").says("two")
        group.member("receiver2")
        passes(self.check, group.says("three").history())

    def test_words_within_words(self) -> None:
        passes(self.check, Group().join(*THREE).says("hi", "hi all", "hi").history())

    def test_nobody_was_a_member(self) -> None:
        fails(self.check, Group().says("anybody?").history(), "no receiver was a member")

    def test_one_is_deaf(self) -> None:
        group = Group().join(*THREE).says("hello", deaf={"receiver2"})
        fails(self.check, group.history(), "receiver2 showed 'hello' 0 times instead of 1")

    def test_one_shows_it_twice(self) -> None:
        group = Group().join(*THREE).says("hello", twice={"receiver1"})
        fails(self.check, group.history(), "receiver1 showed 'hello' 2 times instead of 1")

    def test_a_longer_message_does_not_stand_for_a_shorter(self) -> None:
        group = Group().join(*THREE).says("hi", deaf={"receiver3"}).says("hi all")
        fails(self.check, group.history(), "receiver3 showed 'hi' 0 times instead of 1")


class TestWhoHasLeftHearsNothing:
    check = staticmethod(who_has_left_hears_nothing)

    def test_who_comes_back_hears_again(self) -> None:
        group = Group().join("receiver1", "receiver2").leave("receiver2").says("two")
        group.member("receiver2")
        passes(self.check, group.says("three").history())

    def test_what_it_showed_before_may_be_said_again(self) -> None:
        passes(self.check, Group().join(*THREE).says("hello").leave("receiver3").says("hello").history())

    def test_nobody_left(self) -> None:
        fails(self.check, Group().join(*THREE).says("hello").history(), "nobody left the group")

    def test_nothing_was_sent_afterwards(self) -> None:
        group = Group().join(*THREE).says("hello").leave("receiver3")
        fails(self.check, group.history(), "nothing was sent after receiver3 had left")

    def test_what_was_sent_before_it_joined_was_not_sent_afterwards(self) -> None:
        group = Group().join("receiver1").says("early").join("receiver2").says("hello").leave("receiver2")
        fails(self.check, group.history(), "nothing was sent after receiver2 had left")

    def test_it_shows_a_message_still(self) -> None:
        group = Group().join(*THREE).says("hello").leave("receiver3").says("bye").shows("receiver3", "bye")
        fails(self.check, group.history(), "receiver3 showed 'bye' after it had left")

    def test_it_shows_a_message_still_though_the_datagram_ends_with_a_newline(self) -> None:
        group = Group("got {text}!", end="\n").join(*THREE).says("hello").leave("receiver3").says("bye")
        fails(self.check, group.shows("receiver3", "bye").history(), "receiver3 showed 'bye' after it had left")


class TestAWordReachesClientsAndMembers:
    check = staticmethod(a_word_reaches_clients_and_members)

    @pytest.mark.parametrize("line", ["[{id}] {text}", "<{id}> {text}", "{text} -- {id}", "{id} says '{text}'"])
    def test_it_does(self, line: str) -> None:
        lab = Architecture(line).join("receiver1", "receiver2").says("alice", "everywhere").says("bob", "got it")
        assert passes(self.check, lab.history()).because.startswith("1 words")

    def test_nobody_behind_the_chain_speaks(self) -> None:
        lab = Architecture().join("receiver1").says("bob", "hello")
        fails(self.check, lab.history(), "no client behind the forwarders said anything")

    def test_there_is_no_receiver(self) -> None:
        fails(self.check, Architecture().says("alice", "hello").history(), "there was no receiver")

    def test_there_is_no_other_client(self) -> None:
        lab = Architecture(clients=()).join("receiver1").says("alice", "hello")
        fails(self.check, lab.history(), "nobody but alice was there to hear 'hello'")

    def test_a_client_does_not_hear_it(self) -> None:
        lab = Architecture().join("receiver1").says("alice", "hello", deaf={"carol"})
        fails(self.check, lab.history(), "carol did not hear 'hello'")

    def test_no_client_hears_it(self) -> None:
        lab = Architecture().join("receiver1").says("alice", "hello", deaf={"bob", "carol"})
        fails(self.check, lab.history(), "bob, carol did not hear 'hello'")

    def test_a_receiver_does_not_show_it(self) -> None:
        lab = Architecture().join("receiver1", "receiver2").says("alice", "hello", deaf={"receiver2"})
        fails(self.check, lab.history(), "receiver2 did not show '[1] hello'")

    def test_it_is_published_without_its_sender(self) -> None:
        lab = Architecture().join("receiver1", "receiver2").says("alice", "hello", published="{text}")
        fails(self.check, lab.history(), "receiver1, receiver2 did not show '[1] hello'")

    def test_two_clients_hear_it_under_two_tags(self) -> None:
        lab = Architecture().join("receiver1").says("alice", "hello", deaf={"carol"})
        lab.calls["carol"].down(b"[7] hello\n")
        fails(self.check, lab.history(), "'hello' was heard in several ways: ['[1] hello', '[7] hello']")
