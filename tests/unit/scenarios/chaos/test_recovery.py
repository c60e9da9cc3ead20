"""After the faults: all is well again in five seconds, or what is missing; and that there were faults at all."""

import pytest

from lab.events import Printed
from scenarios.chaos.checks.recovery import all_is_well_again_within_five_seconds, faults_came_while_all_were_busy
from scenarios.chaos.signs import missing
from tests.unit.scenarios.chaos.busy import FIVE, Busy
from tests.unit.scenarios.expecting import cannot_tell, fails, passes


class TestAllIsWellAgain:
    check = staticmethod(all_is_well_again_within_five_seconds)

    def test_twice(self) -> None:
        history = Busy().breaks().heals().breaks().heals(after=4.5).history()
        assert "2 times, after 4.6 s" in passes(self.check, history).because

    def test_another_one_is_the_sixth_now(self) -> None:
        busy = Busy().kills("bob").starts("bob").dials("frank")
        passes(self.check, busy.heals().history())

    def test_too_late(self) -> None:
        fails(self.check, Busy().breaks().heals().breaks().heals(after=5.1).history(), "for the 2. time")

    @pytest.mark.parametrize(
        ("lacks", "told"),
        [
            ("alice", "a word of alice at bob; a word of alice at carol"),
            ("full", "a refusal of frank"),
            ("p3client", "a word of p3client at p3server"),
            ("peer1", "a word of peer1 at peer2"),
            ("peer2", "a word of peer2 at peer1"),
        ],
    )
    def test_a_sign_is_missing(self, lacks: str, told: str) -> None:
        fails(self.check, Busy().breaks().heals(but={lacks}).history(), told)

    def test_words_of_before_are_no_sign(self) -> None:
        busy = Busy().breaks()
        early = busy.types("peer1")
        busy.wire.later(0.1)
        healed = busy.wire.time
        busy.heals(but={"peer1"})
        busy.wire.events.append(Printed(time=healed + 0.5, node="peer2", data=f"{early}\r\n".encode()))
        fails(self.check, busy.history(), "a word of peer1 at peer2")

    def test_an_engine_that_is_slow_to_start_the_client_of_the_chain(self) -> None:
        history = Busy().breaks().starts_client_anew(9.0).history()
        assert "1 times, after 0.2 s at most" in passes(self.check, history).because

    def test_a_chain_that_is_slow_once_its_client_was_started(self) -> None:
        history = Busy().breaks().starts_client_anew(9.0, then=5.1).history()
        fails(self.check, history, "did not show a word of p3client at p3server")

    def test_a_chain_that_is_slow_while_its_client_is_gone(self) -> None:
        history = Busy().breaks().starts_client_anew(9.0, chain=4.0).history()
        assert "1 times, after 4.2 s at most" in passes(self.check, history).because
        history = Busy().breaks().starts_client_anew(9.0, chain=5.1).history()
        fails(self.check, history, "did not show a word of p3client at p3server")

    def test_a_forwarder_that_has_ended_is_not_reached(self) -> None:
        busy = Busy()
        busy.wire.exited("forwarder1", 137)
        fails(self.check, busy.breaks().starts_client_anew(9.0).history(), "did not show a word of p3client")

    def test_an_engine_that_starts_the_client_of_the_chain_by_itself_before_the_play_does(self) -> None:
        passes(self.check, Busy().breaks().starts_client_twice(runs=0.2).history())
        fails(self.check, Busy().breaks().starts_client_twice(runs=5.1).history(), "a word of p3client at p3server")

    def test_another_that_is_slow_while_that_client_is_started(self) -> None:
        history = Busy().breaks().starts_client_anew(9.0, but={"peer1"}).history()
        fails(self.check, history, "did not show a word of peer1 at peer2")

    def test_nothing_was_healed(self) -> None:
        fails(self.check, Busy().breaks().well().history(), "nothing was healed")

    def test_a_tap_that_lost_packets(self) -> None:
        cannot_tell(self.check, Busy().breaks().heals().wire.history(dropped=1), "lost 1")


class TestMissing:
    def test_only_four_are_in(self) -> None:
        busy = Busy()
        busy.calls.pop("erin").close()
        assert "a word of erin at alice" in missing(busy.well(but={"full"}).history())

    def test_a_receiver_hears_nothing(self) -> None:
        busy = Busy().well()
        busy.wire.events = [each for each in busy.wire.events if getattr(each, "node", "") != "receiver2"]
        busy.starts("receiver2")
        assert missing(busy.history()) == ["a client's word at receiver2"]

    def test_nobody_was_started(self) -> None:
        busy = Busy()
        busy.wire.events = []
        assert missing(busy.history()) == ["a client"]


class TestBusy:
    check = staticmethod(faults_came_while_all_were_busy)

    def test_faults_and_lines(self) -> None:
        history = Busy().breaks().well().history()
        assert "1 faults (1 cut); 8 lines typed, 20 times delivered" in passes(self.check, history).because

    def test_nothing_was_broken(self) -> None:
        fails(self.check, Busy().well().history(), "nothing was broken")

    def test_nobody_heard_anything(self) -> None:
        busy = Busy().breaks()
        busy.says("alice", unheard=FIVE)
        fails(self.check, busy.history(), "nobody heard any of the 1 lines")

    def test_a_tap_that_was_not_closed(self) -> None:
        cannot_tell(self.check, Busy().breaks().well().wire.history(tapped=False), "no tap")
