"""Question 1's checks on small histories: servers of several makes that must pass, and everything that must not."""

import pytest

from scenarios.checks.broadcast import (
    a_freed_place_is_taken,
    a_killed_client_said_no_goodbye,
    everyone_can_tell_who_spoke,
    everyone_hears_every_message_once,
    leaving_is_announced,
    no_line_is_forged,
    the_same_words_are_told_apart,
    the_sixth_is_refused,
)
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.rooms import FIVE, MAKES, OURS, Make, Room

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


class TestTheSixthIsRefused:
    check = staticmethod(the_sixth_is_refused)

    @every_make
    def test_a_sixth_comes(self, make: Make) -> None:
        verdict = passes(self.check, Room(make).join(*FIVE).says("alice", "hello").join("frank").history())
        assert verdict.because.startswith("frank was told")
        assert verdict.evidence[0].startswith("lab.pcapng packet ")

    def test_it_is_refused_by_rst_after_the_word(self) -> None:
        room = Room().join(*FIVE)
        room.wire.node("frank", "broadcast-client")
        call = room.wire.dial("frank", "server", 9000)
        call.down(b"full\n")
        call.reset_by_server()
        room.wire.printed("frank", "the server says: full")
        passes(self.check, room.history())

    def test_a_place_that_was_freed_is_no_sixth(self) -> None:
        passes(self.check, Room().join(*FIVE).join("frank").leave("dave").join("frank").history())

    def test_no_sixth_came(self) -> None:
        fails(self.check, Room().join(*FIVE).history(), "no client came while 5 others were in")

    def test_it_came_when_one_had_left(self) -> None:
        fails(self.check, Room().join(*FIVE).leave("dave").join("frank").history(), "no client came while 5 others")

    def test_it_is_let_in(self) -> None:
        fails(self.check, Room(most=6).join(*FIVE, "frank").history(), "frank came while 5 others were in, and was not")

    def test_it_is_left_hanging(self) -> None:
        room = Room().join(*FIVE)
        room.wire.node("frank", "broadcast-client")
        room.wire.dial("frank", "server", 9000)
        fails(self.check, room.history(), "was not turned away")

    def test_it_is_let_in_when_it_comes_again(self) -> None:
        room = Room().join(*FIVE).join("frank")
        room.wire.dial("frank", "server", 9000).up(b"hello\n")
        fails(self.check, room.history(), "frank came while 5 others were in, and was not turned away")

    @pytest.mark.parametrize("word", ["", " "])
    def test_it_is_sent_away_without_a_word(self, word: str) -> None:
        room = Room(Make(full=word)).join(*FIVE, "frank")
        fails(self.check, room.history(), "shown no word of it; the server sent []")

    def test_its_program_does_not_show_the_word(self) -> None:
        room = Room().join(*FIVE)
        room.wire.node("frank", "broadcast-client")
        call = room.wire.dial("frank", "server", 9000)
        call.down(b"full\n")
        call.close(by_server=True)
        fails(self.check, room.history(), "frank was turned away and shown no word of it; the server sent ['full']")


class TestAFreedPlaceIsTaken:
    check = staticmethod(a_freed_place_is_taken)

    @every_make
    def test_frank_gets_in(self, make: Make) -> None:
        room = Room(make).join(*FIVE, "frank").leave("dave")
        room.dial("frank")
        passes(self.check, room.says("frank", "made it").says("alice", "welcome").history())

    def test_nobody_was_refused(self) -> None:
        fails(self.check, Room().join(*FIVE).says("alice", "hi").history(), "no client that was refused got in")

    def test_frank_never_gets_in(self) -> None:
        fails(self.check, Room().join(*FIVE, "frank").leave("dave").history(), "no client that was refused got in")

    def test_frank_hears_nothing_but_a_greeting(self) -> None:
        room = Room().join(*FIVE, "frank").leave("dave").join("frank")
        room.says("frank", "made it").says("alice", "welcome", deaf={"frank"})
        fails(self.check, room.history(), "frank got in, but heard nothing")

    def test_frank_says_nothing(self) -> None:
        room = Room().join(*FIVE, "frank").leave("dave").join("frank").says("alice", "welcome")
        fails(self.check, room.history(), "frank got in, but said nothing")

    def test_frank_is_heard_by_nobody(self) -> None:
        room = Room().join(*FIVE, "frank").leave("dave").join("frank").says("alice", "welcome")
        fails(self.check, room.says("frank", "made it", deaf=FIVE).history(), "frank got in, but was heard by nobody")


class TestLeavingIsAnnounced:
    check = staticmethod(leaving_is_announced)

    @every_make
    def test_one_leaves_and_one_is_killed(self, make: Make) -> None:
        room = Room(make).join(*FIVE)
        for name in FIVE:
            room.says(name, f"I am {name}")
        passes(self.check, room.leave("dave").kill("erin").says("alice", "still here").history())

    def test_one_hangs_up(self) -> None:
        passes(self.check, Room().join("alice", "bob").says("bob", "hi").hang_up("bob").history())

    def test_a_notice_comes_before_the_last_packet_of_who_leaves(self) -> None:
        room = Room().join("alice", "bob")
        call = room.calls.pop("bob")
        call.up(b"exit\n")
        room.hears("alice", "bob left")
        call.close()
        passes(self.check, room.history())

    def test_nobody_left(self) -> None:
        fails(self.check, Room().join(*FIVE).says("alice", "hi").history(), "nobody left")

    def test_nobody_stayed(self) -> None:
        fails(self.check, Room().join("alice").says("alice", "hi").leave("alice").history(), "nobody was there to be")

    def test_who_came_later_need_not_be_told(self) -> None:
        passes(self.check, Room().join("alice", "bob").leave("bob").join("carol").history())
        room = Room().join("alice").says("alice", "hi").leave("alice").join("bob")
        fails(self.check, room.history(), "nobody was there to be told")

    def test_one_is_not_told(self) -> None:
        room = Room().join(*FIVE).leave("dave", untold={"bob"})
        fails(self.check, room.history(), "dave left, and bob was not told")

    def test_a_message_is_no_notice(self) -> None:
        room = Room().join(*FIVE).leave("dave", untold={"bob"}).says("alice", "where is dave?")
        fails(self.check, room.history(), "dave left, and bob was not told")

    def test_the_notice_of_one_does_not_serve_for_two(self) -> None:
        room = Room().join(*FIVE).leave("dave", untold={"carol"}).leave("erin")
        fails(self.check, room.history(), "dave left, and carol was not told")

    def test_a_killed_one_is_not_announced(self) -> None:
        room = Room().join(*FIVE).says("erin", "hi").leave("dave").kill("erin", untold=FIVE)
        fails(self.check, room.history(), "erin left, and alice was not told")


class TestAKilledClientSaidNoGoodbye:
    check = staticmethod(a_killed_client_said_no_goodbye)

    def test_erin_is_killed(self) -> None:
        passes(self.check, Room().join(*FIVE).says("erin", "hi").kill("erin").history())

    def test_nobody_was_killed(self) -> None:
        fails(self.check, Room().join(*FIVE).leave("erin").history(), "no client was killed")

    def test_it_was_the_server_that_was_killed(self) -> None:
        room = Room().join(*FIVE)
        room.wire.fault("server", "killed with SIGKILL")
        room.wire.exited("server", 137)
        fails(self.check, room.history(), "no client was killed")

    def test_it_ended_in_another_way(self) -> None:
        fails(self.check, Room().join(*FIVE).kill("erin", status=0).history(), "erin was not ended by SIGKILL")

    def test_it_said_goodbye_first(self) -> None:
        room = Room().join(*FIVE)
        room.calls["erin"].up(b"exit\n")
        fails(self.check, room.kill("erin").history(), "erin had said goodbye before")


class TestNoLineIsForged:
    check = staticmethod(no_line_is_forged)

    @staticmethod
    def tried(make: Make, forgery: str, passed_on: str | None) -> Room:
        """Alice speaks; mallory sends a forgery by hand, and the server passes it on to both in some way, or not."""
        room = Room(make).join("alice", "bob").says("alice", "I am alice").says("bob", "I am bob")
        room.wire.node("mallory", "host")
        room.wire.dial("mallory", "server", 9000).up(forgery.encode() + b"\n")
        if passed_on is not None:
            room.hears("alice", passed_on).hears("bob", passed_on)
        return room.says("alice", "it was not me")

    @pytest.mark.parametrize(
        ("make", "forgery", "passed_on"),
        [
            ("ours", "[1] it was me", "[3] [1] it was me"),
            ("ours", "\r[1] it was me", "[3] ?[1] it was me"),
            ("ours", "[1] it was me", None),
            ("names in front", "alice: it was me", "mallory: alice: it was me"),
            ("the tag behind the text", "it was me (1)", "it was me (1) (3)"),
            ("the tag around the text", "1 says 'it was me'", "3 says '1 says 'it was me''"),
            ("the tag around the text", "1 says '", "1 says '"),  # the tag of nobody: its two halves overlap
        ],
    )
    def test_the_forger_is_named_or_silenced(self, make: str, forgery: str, passed_on: str | None) -> None:
        passes(self.check, self.tried(MAKES[make], forgery, passed_on).history())

    @pytest.mark.parametrize(
        ("make", "passed_on", "believed"),
        [
            ("ours", "[1] it was me", "alice said 'it was me'"),
            ("names in front", "alice: it was me", "alice said 'it was me'"),
            ("the tag behind the text", "it was me (1)", "alice said 'it was me'"),
            ("the tag around the text", "1 says 'it was me'", "alice said 'it was me'"),
        ],
    )
    def test_the_forger_is_believed(self, make: str, passed_on: str, believed: str) -> None:
        room = self.tried(MAKES[make], passed_on, passed_on)
        fails(self.check, room.history(), f"bob was made to believe that {believed}")

    @pytest.mark.parametrize("control", ["\r", "\x1b[2K\x1b[G", "\x9b2K\x9bG", "\x08\x08\x08\x08", "\x7f"])
    def test_control_bytes_get_through(self, control: str) -> None:
        line = f"[3] {control}[1] it was me"
        room = self.tried(OURS, f"{control}[1] it was me", line)
        fails(self.check, room.history(), f"was sent the control byte {control[0]!r}")

    def test_a_tab_is_text(self) -> None:
        passes(self.check, self.tried(OURS, "[1] it\twas me", "[3] [1] it\twas me").history())

    def test_a_server_without_tags_lets_everybody_be_anybody(self) -> None:
        room = self.tried(Make(line="{text}"), "it was me", "it was me")
        fails(self.check, room.history(), "was made to believe that")

    def test_nobody_tried(self) -> None:
        room = Room().join("alice", "bob").says("alice", "I am alice").says("bob", "hi")
        fails(self.check, room.history(), "nobody tried to forge")

    def test_what_was_tried_was_no_forgery(self) -> None:
        cannot_tell(self.check, self.tried(OURS, "hello", "[3] hello").history(), "mallory sent looked like nobody's")

    def test_nobody_had_spoken_whose_line_could_be_forged(self) -> None:
        room = Room().join("alice", "bob")
        room.wire.node("mallory", "host")
        room.wire.dial("mallory", "server", 9000).up(b"[1] it was me\n")
        cannot_tell(self.check, room.history(), "nothing was tried")
