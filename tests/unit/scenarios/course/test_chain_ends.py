"""Question 2, how a path ends: killed, one way, or by `exit`; chains that must pass, and everything that must not."""

from collections.abc import Callable

import pytest

from scenarios.course.checks.chain import (
    a_broken_chain_ends_on_both_sides,
    exit_closes_the_whole_path,
    the_end_of_a_stream_travels_alone,
)
from tests.unit.scenarios.course.chains import CLIENT, SERVER, Chain
from tests.unit.scenarios.expecting import fails, passes
from tests.unit.scenarios.histories import Call


class TestABrokenChainEndsOnBothSides:
    check = staticmethod(a_broken_chain_ends_on_both_sides)

    def test_the_middle_dies(self) -> None:
        verdict = passes(self.check, Chain(3).start().word("before").kill("forwarder2").history())
        assert verdict.because.startswith("4 connections ended within 0.0")

    @pytest.mark.parametrize("victim", ["forwarder1", "forwarder3"])
    def test_one_at_the_edge_dies(self, victim: str) -> None:
        passes(self.check, Chain(3).start().word("before").kill(victim).history())

    def test_a_connection_that_is_kept_ready_goes_on(self) -> None:
        passes(self.check, Chain(3, spare=True).start().word("before").kill("forwarder2").history())

    def test_connections_are_reset(self) -> None:
        chain = Chain(1).start().word("before")
        chain.wire.fault("forwarder1", "killed with SIGKILL")
        chain.calls["forwarder1"].reset()
        chain.calls[CLIENT].reset_by_server()
        passes(self.check, chain.history())

    def test_a_client_that_waits_for_its_user_does_not_answer_the_end_of_stream(self) -> None:
        chain = Chain(1).start().word("before")
        chain.wire.fault("forwarder1", "killed with SIGKILL")
        chain.calls["forwarder1"].close()
        chain.calls[CLIENT].end_down()
        passes(self.check, chain.history())

    def test_who_had_left_before_is_not_asked_for(self) -> None:
        chain = Chain(1).start().word("before").exit()
        chain.dial("forwarder1")
        passes(self.check, chain.call().word("again").kill("forwarder1").history())

    def test_the_order_to_kill_takes_its_time(self) -> None:
        chain = Chain(2).start().word("before")
        chain.wire.fault("forwarder2", "killed with SIGKILL")
        chain.wire.later(2)
        chain.word("in time")
        chain.wire.dial("forwarder1", SERVER, 10000).close()
        chain.wire.later(2)
        chain.calls["forwarder2"].close()
        for node in ("forwarder1", CLIENT):
            chain.calls[node].close(by_server=True)
        passes(self.check, chain.history())

    def test_what_it_had_closed_long_before_it_was_killed_tells_nothing(self) -> None:
        chain = Chain(1).start().word("before").exit()
        chain.dial("forwarder1")
        chain.call().word("again")
        chain.wire.fault("forwarder1", "killed with SIGKILL")
        chain.calls["forwarder1"].close()
        fails(self.check, chain.history(), "p3client - forwarder1 did not end within 1 s")

    def test_what_begins_when_it_is_back_goes_on(self) -> None:
        chain = Chain(1).start().word("before").kill("forwarder1")
        chain.wire.later(5)
        chain.dial("forwarder1")
        passes(self.check, chain.call().word("after").history())

    def test_nobody_was_connected_any_more(self) -> None:
        chain = Chain(1).start().word("before").exit()
        chain.dial("forwarder1")
        fails(self.check, chain.kill("forwarder1").history(), "no word had passed the forwarder")

    def test_nobody_was_killed(self) -> None:
        fails(self.check, Chain(3).start().word("before").exit().history(), "no forwarder was killed")

    def test_it_was_the_client_that_was_killed(self) -> None:
        chain = Chain(3).start().word("before")
        chain.wire.fault(CLIENT, "killed with SIGKILL")
        fails(self.check, chain.history(), "no forwarder was killed")

    def test_no_word_had_passed(self) -> None:
        fails(self.check, Chain(3).start().kill("forwarder2").history(), "no word had passed the forwarder")

    def test_the_far_side_stays_open(self) -> None:
        chain = Chain(3).start().word("before")
        chain.wire.fault("forwarder2", "killed with SIGKILL")
        for node in ("forwarder1", CLIENT):
            chain.calls[node].close(by_server=True)
        chain.calls["forwarder2"].close()
        fails(self.check, chain.history(), "forwarder3 - p3server did not end within 1 s")

    def test_the_near_side_ends_too_late(self) -> None:
        chain = Chain(3).start().word("before")
        chain.wire.fault("forwarder2", "killed with SIGKILL")
        for node in ("forwarder2", "forwarder3"):
            chain.calls[node].close()
        chain.calls["forwarder1"].close(by_server=True)
        chain.wire.later(1.5)
        chain.calls[CLIENT].close(by_server=True)
        fails(self.check, chain.history(), "p3client - forwarder1 did not end within 1 s")


class TestTheEndOfAStreamTravelsAlone:
    check = staticmethod(the_end_of_a_stream_travels_alone)

    @staticmethod
    def half(length: int = 3, *, greeting: bytes = b"") -> Chain:
        """Two lines and the end of the stream travel all the way; what comes back is for the test."""
        chain = Chain(length).start()
        way = chain.way[:-1]
        for node in reversed(way) if greeting else ():
            chain.calls[node].down(greeting)
        for node in way:
            chain.calls[node].up(b"pear\napple\n")
            chain.calls[node].end_up()
        return chain

    @pytest.mark.parametrize("greeting", [b"", b"send me lines\n"])
    def test_the_answer_comes_back(self, greeting: bytes) -> None:
        chain = self.half(greeting=greeting)
        for node in reversed(chain.way[:-1]):
            chain.calls[node].down(b"apple\npear\n")
            chain.calls[node].end_down()
        passes(self.check, chain.history())

    def test_a_forwarder_that_tried_its_upstream_first(self) -> None:
        chain = Chain(1).start()
        probe, chain.calls["forwarder1"] = chain.calls["forwarder1"], chain.wire.dial("forwarder1", SERVER, 10000)
        probe.close()
        for node in chain.way[:-1]:
            chain.calls[node].up(b"pear\n")
            chain.calls[node].end_up()
        for node in chain.way[:-1]:
            chain.calls[node].down(b"pear\n")
        passes(self.check, chain.history())

    def test_the_connection_may_end_by_rst_once_the_answer_is_there(self) -> None:
        chain = self.half(1)
        for node in reversed(chain.way[:-1]):
            chain.calls[node].down(b"apple\npear\n")
            chain.calls[node].reset_by_server()
        passes(self.check, chain.history())

    def test_the_end_of_the_stream_is_not_passed_on(self) -> None:
        chain = Chain(2).start()
        for node in chain.way[:-1]:
            chain.calls[node].up(b"pear\napple\n")
        chain.calls[CLIENT].end_up()
        fails(self.check, chain.history(), "no end of stream travelled from forwarder1 to forwarder2")

    def test_both_directions_end_at_once(self) -> None:
        chain = self.half(2)
        for node in reversed(chain.way[:-1]):
            chain.calls[node].end_down()
        fails(self.check, chain.history(), "forwarder1 sent p3client nothing after the end of its stream")

    def test_there_was_a_greeting_and_no_answer(self) -> None:
        chain = self.half(1, greeting=b"send me lines\n")
        fails(self.check, chain.history(), "forwarder1 sent p3client nothing after the end of its stream")

    def test_half_of_the_answer_comes_back(self) -> None:
        chain = self.half(1)
        chain.calls["forwarder1"].down(b"apple\npear\n")
        chain.calls[CLIENT].down(b"apple\n")
        fails(self.check, chain.history(), "the answer did not come back whole")


class TestExitClosesTheWholePath:
    check = staticmethod(exit_closes_the_whole_path)

    def test_the_clients_side_may_end_first(self) -> None:
        chain = Chain(2).start().word("exit")
        for node in chain.way[:-1]:
            chain.calls[node].close()
        chain.wire.exited(CLIENT)
        passes(self.check, chain.history())

    def test_the_client_goes_on(self) -> None:
        fails(self.check, Chain(2).start().word("exit").history(), "the client did not end with status 0")

    def test_the_client_fails(self) -> None:
        fails(self.check, Chain(2).start().exit(status=1).history(), "the client did not end with status 0")

    def test_it_is_another_program_that_ended(self) -> None:
        chain = Chain(1).start().word("exit")
        chain.wire.exited("forwarder1")
        fails(self.check, chain.history(), "the client did not end with status 0")

    def test_exit_is_not_passed_on(self) -> None:
        chain = Chain(2).start()
        chain.calls[CLIENT].up(b"exit")
        for node in chain.way[:-1]:
            chain.calls[node].close()
        chain.wire.exited(CLIENT)
        fails(self.check, chain.history(), "`exit` did not travel from forwarder1 to forwarder2")

    @pytest.mark.parametrize("end", [Call.end_up, Call.end_down])
    def test_a_hop_stays_half_open(self, end: Callable[[Call], None]) -> None:
        chain = Chain(2).start().word("exit")
        for node in (CLIENT, "forwarder1"):
            chain.calls[node].close()
        end(chain.calls["forwarder2"])
        chain.wire.exited(CLIENT)
        fails(self.check, chain.history(), "forwarder2 - p3server was not closed both ways by FIN")

    def test_a_hop_is_reset(self) -> None:
        chain = Chain(1).start().word("exit")
        chain.calls["forwarder1"].reset()
        chain.calls[CLIENT].close()
        chain.wire.exited(CLIENT)
        fails(self.check, chain.history(), "forwarder1 - p3server was not closed both ways by FIN")
