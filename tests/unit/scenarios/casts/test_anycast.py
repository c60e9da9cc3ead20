"""Anycast: who answers before the near server is killed, while it is gone, and when it is back."""

import pytest

from lab.events import Exited, Started
from scenarios.casts.checks.anycast import (
    an_open_tcp_connection_breaks,
    everybody_asks_one_address,
    the_near_server_answers,
    the_near_server_answers_again,
    the_other_takes_over_within_two_seconds,
)
from scenarios.verdict import Check
from tests.unit.scenarios.casts.casting import Anycast
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

ALL = [
    everybody_asks_one_address, the_near_server_answers, the_other_takes_over_within_two_seconds,
    the_near_server_answers_again, an_open_tcp_connection_breaks,
]  # fmt: skip


@pytest.mark.parametrize("check", ALL)
class TestEveryCheck:
    def test_one_server_is_killed_and_returns(self, check: Check) -> None:
        assert passes(check, Anycast().play().routed.history()).evidence

    def test_nobody_asked(self, check: Check) -> None:
        fails(check, Anycast().routed.history(), "")

    def test_a_tap_missed_its_canary(self, check: Check) -> None:
        cannot_tell(check, Anycast().play().routed.history(canary=False), "missed its canary")

    def test_there_is_no_address_that_both_have(self, check: Check) -> None:
        alone = Anycast().play().routed
        alone.events = [e for e in alone.events if not (isinstance(e, Started) and e.node == "anycast2")]
        fails(check, alone.history(), "")


class TestOneAddress:
    check = staticmethod(everybody_asks_one_address)

    def test_the_words_on_a_pass(self) -> None:
        because = passes(self.check, Anycast().play().routed.history()).because
        assert because == "anycast1 and anycast2 both answer from 10.84.255.1"

    def test_one_client_never_asked(self) -> None:
        fails(self.check, Anycast().asks("w1", "who?").routed.history(), "e1 asked 0 times at 10.84.255.1 and got 0")

    def test_a_question_without_an_answer(self) -> None:
        silent = Anycast().asks("w1", "who?")
        silent.routed.send("e1 east r2 east anycast2", b"who?", to=silent.shared)
        fails(self.check, silent.routed.history(), "e1 asked 2 times")

    def test_one_server_answers_everybody(self) -> None:
        same = Anycast().asks("w1", "who?", far=True).asks("e1", "who?")
        fails(self.check, same.routed.history(), "answers from 10.84.255.1 name anycast2")

    def test_a_server_that_answers_from_its_own_address(self) -> None:
        own = Anycast().play().asks("w1", "and now?", source="10.84.1.6")
        fails(self.check, own.routed.history(), "w1 was answered from 10.84.1.6, not from 10.84.255.1")


class TestTheNear:
    check = staticmethod(the_near_server_answers)

    def test_the_far_one_answers(self) -> None:
        far = Anycast().asks("w1", "who?", far=True).asks("e1", "who?")
        fails(self.check, far.routed.history(), "w1 was answered by anycast2, not by anycast1")

    def test_nobody_answers(self) -> None:
        fails(self.check, Anycast().asks("w1", "who?").routed.history(), "e1 was answered by nobody, not by anycast2")

    def test_a_question_that_goes_further(self) -> None:
        astray = Anycast().asks("w1", "who?").asks("e1", "who?")
        astray.routed.send("w2 west r1 backbone r2", b"who?", to=astray.shared)
        fails(self.check, astray.routed.history(), "a question or an answer crossed the backbone")

    def test_the_engine_may_be_late_to_tell_of_the_end(self) -> None:
        late = Anycast().asks("w1", "who?").asks("e1", "who?")
        late.routed.fault("anycast1", "killed with SIGKILL")
        late.asks("w1", "who now?", far=True).routed.exited("anycast1", 137)
        passes(self.check, late.routed.history())
        passes(the_other_takes_over_within_two_seconds, late.routed.history())


class TestTheOther:
    check = staticmethod(the_other_takes_over_within_two_seconds)

    def test_just_in_time(self) -> None:
        passes(self.check, Anycast().play(after=1.9).routed.history())

    def test_too_late(self) -> None:
        late = Anycast().play(after=2.0).routed.history()
        fails(self.check, late, "anycast2 answered w1 2.01 s after the end of anycast1")

    def test_it_was_not_killed(self) -> None:
        fails(self.check, Anycast().asks("w1", "who?").routed.history(), "anycast1 never ended")

    def test_its_end_was_not_told(self) -> None:
        untold = Anycast().play().routed
        untold.events = [e for e in untold.events if not isinstance(e, Exited)]
        fails(self.check, untold.history(), "anycast1 never ended")

    def test_nobody_takes_over(self) -> None:
        alone = Anycast().asks("w1", "who?", far=True).kill()
        fails(self.check, alone.routed.history(), "anycast2 never answered w1 after the end of anycast1")


class TestTheReturn:
    check = staticmethod(the_near_server_answers_again)

    @staticmethod
    def returned() -> Anycast:
        back = Anycast().asks("e1", "who?").kill()
        back.routed.start(["anycast1"])
        return back

    def test_it_did_not_return(self) -> None:
        fails(self.check, Anycast().asks("w1", "who?").kill().routed.history(), "anycast1 did not return")

    def test_the_other_goes_on_answering(self) -> None:
        stuck = self.returned().asks("w1", "who?").asks("e1", "who?").asks("w1", "and now?", far=True)
        fails(self.check, stuck.routed.history(), "w1 was last answered by anycast2, not by anycast1")

    def test_nobody_asked_again(self) -> None:
        fails(self.check, self.returned().routed.history(), "w1 was last answered by nobody")
        fails(self.check, self.returned().asks("w1", "who?").routed.history(), "e1 was last answered by nobody")

    def test_the_other_network_noticed(self) -> None:
        noticed = Anycast()
        noticed.routed.send("anycast1 west r1 backbone r2 east e1", b"anycast1: who?", source=noticed.shared)
        noticed.kill().routed.start(["anycast1"])
        noticed.asks("w1", "who?").asks("e1", "who?")
        fails(self.check, noticed.routed.history(), "e1 was answered by anycast1")


class TestTcp:
    check = staticmethod(an_open_tcp_connection_breaks)
    NONE = "w2 had no TCP connection to the shared address when anycast1 was killed"

    def test_no_connection(self) -> None:
        fails(self.check, Anycast().kill().routed.history(), self.NONE)

    def test_a_connection_that_was_opened_too_late(self) -> None:
        fails(self.check, Anycast().kill().dials().talks_on().routed.history(), self.NONE)

    def test_a_connection_to_a_server_that_lives_on(self) -> None:
        fails(self.check, Anycast().dials().routed.history(), self.NONE)

    def test_no_reset(self) -> None:
        silent = Anycast().dials().kill().routed.history()
        fails(self.check, silent, "no reset of the connection came from 10.84.255.1 after the end of anycast1")

    def test_a_reset_that_comes_before(self) -> None:
        early = Anycast().dials().segment("anycast1 west w2", "RST").kill()
        fails(self.check, early.routed.history(), "the connection was reset before anycast1 was killed")

    def test_a_reset_of_another_connection(self) -> None:
        other = Anycast().dials().kill().segment("anycast2 east r2 backbone r1 west w2", "RST", sport=7001)
        fails(self.check, other.routed.history(), "no reset of the connection")

    def test_a_reset_of_the_server_itself(self) -> None:
        own = Anycast().dials().kill().segment("anycast1 west w2", "RST")
        fails(self.check, own.routed.history(), "the reset did not come from anycast2")

    def test_a_reset_that_does_not_arrive(self) -> None:
        lost = Anycast().dials().kill().routed
        lost.send("anycast2 east r2 backbone r1", protocol="tcp", to="10.84.1.4", source="10.84.255.1", sport=7000,
                  dport=40000, flags=("RST",))  # fmt: skip
        fails(self.check, lost.history(), "no reset of the connection")

    def test_the_fin_of_the_killed_servers_kernel_is_no_harm(self) -> None:
        half = Anycast().dials()
        half.routed.fault("anycast1", "killed with SIGKILL")
        half.segment("anycast1 west w2", "FIN", "ACK").routed.exited("anycast1", 137)
        passes(self.check, half.talks_on().routed.history())
