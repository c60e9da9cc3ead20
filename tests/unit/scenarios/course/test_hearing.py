"""Question 1, who hears what from whom: servers of several makes that must pass, and everything that must not."""

import pytest

from scenarios.course.checks.broadcast import (
    everyone_can_tell_who_spoke,
    everyone_hears_every_message_once,
    the_same_words_are_told_apart,
)
from tests.unit.scenarios.course.rooms import FIVE, MAKES, OURS, Make, Room
from tests.unit.scenarios.expecting import fails, passes

every_make = pytest.mark.parametrize("make", MAKES.values(), ids=MAKES.keys())


class TestEveryoneHearsEveryMessageOnce:
    check = staticmethod(everyone_hears_every_message_once)

    @every_make
    def test_five_talk(self, make: Make) -> None:
        room = Room(make).join(*FIVE)
        for name in FIVE:
            room.says(name, f"first words of {name}", f"second words of {name}")
        room.says("alice", "me too").says("bob", "me too")
        assert "12 messages were delivered 48 times" in passes(self.check, room.history()).because

    def test_who_has_left_need_not_hear(self) -> None:
        passes(self.check, Room().join("alice", "bob", "carol").leave("carol").says("alice", "hello").history())

    def test_who_hung_up_need_not_hear(self) -> None:
        passes(self.check, Room().join("alice", "bob", "carol").hang_up("carol").says("alice", "hello").history())

    def test_who_has_said_exit_need_not_hear_though_its_connection_is_still_open(self) -> None:
        room = Room().join("alice", "bob", "carol")
        room.calls["carol"].up(b"exit\n")
        room.says("alice", "hello", deaf={"carol"})
        room.calls.pop("carol").close()
        passes(self.check, room.history())

    def test_who_was_refused_need_not_hear(self) -> None:
        passes(self.check, Room(most=2).join("alice", "bob", "frank").says("alice", "hello").history())

    def test_words_within_words(self) -> None:
        room = Room().join("alice", "bob", "carol")
        passes(self.check, room.says("alice", "me too", "me too, and how", "me").history())

    def test_an_early_word_of_another_does_not_upset_the_order(self) -> None:
        room = Room().join("alice", "bob", "carol")
        passes(self.check, room.says("bob", "yes").says("alice", "well", "yes").history())

    def test_an_empty_line_is_no_message(self) -> None:
        room = Room().join("alice", "bob")
        room.calls["alice"].up(b"\n")
        passes(self.check, room.says("alice", "hello").history())

    def test_a_message_in_two_segments_and_two_messages_in_one(self) -> None:
        room = Room().join("alice", "bob")
        room.calls["alice"].up(b"hel")
        room.calls["alice"].up(b"lo\nagain\n")
        room.calls["bob"].down(b"[1] hello\n[1] ag")
        room.calls["bob"].down(b"ain\n")
        passes(self.check, room.history())

    def test_segments_sent_again_are_heard_once(self) -> None:
        room = Room().join("alice", "bob")
        room.wire.again(room.calls["alice"].up(b"hello\n"))
        room.wire.again(room.calls["bob"].down(b"[1] hello\n"))
        passes(self.check, room.history())

    def test_a_server_that_sends_a_line_back_to_its_speaker(self) -> None:
        room = Room().join("alice", "bob")
        passes(self.check, room.says("alice", "hey", twice={"alice"}).says("bob", "hey", twice={"bob"}).history())

    def test_silence(self) -> None:
        fails(self.check, Room().join(*FIVE).history(), "nobody said anything")

    def test_nobody_was_started(self) -> None:
        fails(self.check, Room().history(), "nobody said anything")

    def test_nobody_was_there(self) -> None:
        fails(self.check, Room().join("alice").says("alice", "hello?").history(), "nobody was there to hear")

    def test_one_is_deaf(self) -> None:
        room = Room().join(*FIVE).says("alice", "hello", deaf={"dave"})
        fails(self.check, room.history(), "dave should have heard 'hello' 1 times, but heard it 0 times")

    def test_one_hears_it_twice(self) -> None:
        room = Room().join(*FIVE).says("alice", "hello", twice={"erin"})
        fails(self.check, room.history(), "erin should have heard 'hello' 1 times, but heard it 2 times")

    def test_the_same_of_two_is_heard_once(self) -> None:
        room = Room().join("alice", "bob", "carol").says("alice", "hey").says("bob", "hey", deaf={"carol"})
        fails(self.check, room.history(), "carol should have heard 'hey' 2 times, but heard it 1 times")

    def test_out_of_order(self) -> None:
        room = Room().join("alice", "bob").says("alice", "one", "two", deaf={"bob"})
        room.hears("bob", "[1] two").hears("bob", "[1] one")
        fails(self.check, room.history(), "bob heard alice's messages in another order")


class TestEveryoneCanTellWhoSpoke:
    check = staticmethod(everyone_can_tell_who_spoke)

    @every_make
    def test_three_talk(self, make: Make) -> None:
        room = Room(make).join("alice", "bob", "carol")
        room.says("alice", "one", "one and a half").says("bob", "two").says("carol", "three")
        passes(self.check, room.says("alice", "same").says("bob", "same").history())

    def test_only_one_talks(self) -> None:
        fails(self.check, Room().join(*FIVE).says("alice", "hello").history(), "only 1 client said something")

    def test_all_say_the_same(self) -> None:
        room = Room().join("alice", "bob", "carol").says("alice", "hello").says("bob", "hello")
        fails(self.check, room.history(), "only 0 client said something of its own")

    def test_no_tags_at_all(self) -> None:
        room = Room(Make(line="{text}")).join("alice", "bob", "carol")
        fails(self.check, room.says("alice", "hello").says("bob", "hi").history(), "under one tag, ''")

    def test_one_tag_for_all(self) -> None:
        room = Room(Make(line="somebody: {text}")).join("alice", "bob", "carol")
        room.says("alice", "hello").says("bob", "hi")
        fails(self.check, room.history(), "carol heard alice, bob under one tag, 'somebody: '")

    def test_another_tag_each_time(self) -> None:
        room = Room().join("alice", "bob", "carol")
        room.says("alice", "hello").says("bob", "hi").says("alice", "again", tagged="[7] {text}")
        fails(self.check, room.history(), "bob heard alice as '[1] ' and as '[7] '")

    def test_nobody_hears(self) -> None:
        room = Room().join("alice", "bob", "carol").says("alice", "hello", deaf=FIVE).says("bob", "hi", deaf=FIVE)
        fails(self.check, room.history(), "alice did not hear 'hi' of bob")

    def test_two_alone_have_nobody_to_tell_apart(self) -> None:
        room = Room().join("alice", "bob").says("alice", "hello").says("bob", "hi")
        fails(self.check, room.history(), "nobody heard two others")


class TestTheSameWordsAreToldApart:
    check = staticmethod(the_same_words_are_told_apart)

    @staticmethod
    def introduced(make: Make = OURS) -> Room:
        return Room(make).join("alice", "bob", "carol").says("alice", "I am alice").says("bob", "I am bob")

    @every_make
    def test_two_say_the_same(self, make: Make) -> None:
        room = self.introduced(make).says("bob", "me too").says("alice", "me too")
        passes(self.check, room.history())

    def test_one_says_it_twice(self) -> None:
        passes(self.check, self.introduced().says("bob", "hey", "hey").says("alice", "hey").history())

    def test_two_who_never_said_anything_else(self) -> None:
        passes(self.check, Room().join("alice", "bob", "carol").says("alice", "hey").says("bob", "hey").history())

    def test_a_server_that_sends_a_line_back_to_its_speaker(self) -> None:
        room = self.introduced().says("alice", "hey", twice={"alice"}).says("bob", "hey", twice={"bob"})
        passes(self.check, room.history())

    def test_one_of_the_two_is_heard_twice(self) -> None:
        room = self.introduced().says("carol", "I am carol").says("carol", "hey").says("bob", "hey", twice={"alice"})
        room.says("alice", "ho").says("bob", "ho")
        fails(self.check, room.history(), "alice heard 'hey' under '[3] ', '[2] ', '[2] '")

    def test_no_two_said_the_same(self) -> None:
        fails(self.check, self.introduced().says("alice", "hey", "hey").history(), "no two clients said the same")

    def test_each_repeats_itself_but_nobody_the_other(self) -> None:
        room = self.introduced().says("alice", "hey", "hey").says("bob", "ho", "ho")
        fails(self.check, room.history(), "no two clients said the same")

    def test_nobody_hears_both(self) -> None:
        room = Room().join("alice", "bob").says("alice", "hey").says("bob", "hey")
        fails(self.check, room.history(), "nobody was there to hear both")

    def test_one_of_the_two_is_lost(self) -> None:
        room = self.introduced().says("alice", "hey").says("bob", "hey", deaf={"carol"})
        fails(self.check, room.history(), "carol heard 'hey' under '[1] ', but it was said by ['alice', 'bob']")

    def test_both_are_lost(self) -> None:
        room = self.introduced().says("alice", "hey", deaf=FIVE).says("bob", "hey", deaf=FIVE)
        fails(self.check, room.history(), "under no tag")

    def test_both_under_one_tag(self) -> None:
        room = self.introduced().says("alice", "hey").says("bob", "hey", tagged="[1] {text}")
        fails(self.check, room.history(), "heard 'hey' under '[1] '")

    def test_under_the_tag_of_a_third(self) -> None:
        room = self.introduced().says("alice", "hey").says("bob", "hey", tagged="{text} [3]")
        fails(self.check, room.history(), "' ...  [3]'")
