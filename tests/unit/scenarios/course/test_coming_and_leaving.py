"""Question 1, who is let in and who leaves: servers of several makes that must pass, and everything that must not."""

import pytest

from scenarios.course.checks.broadcast import (
    a_freed_place_is_taken,
    a_killed_client_said_no_goodbye,
    leaving_is_announced,
    the_sixth_is_refused,
)
from tests.unit.scenarios.course.rooms import FIVE, MAKES, Make, Room
from tests.unit.scenarios.expecting import fails, passes

every_make = pytest.mark.parametrize("make", MAKES.values(), ids=MAKES.keys())


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
