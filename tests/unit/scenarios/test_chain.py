"""Question 2's checks on small histories: chains that must pass, and everything that must not."""

import pytest

from scenarios.checks.chain import (
    a_broken_chain_ends_on_both_sides,
    each_hop_is_a_connection_of_its_own,
    exit_closes_the_whole_path,
    forwarders_dial_before_they_listen,
    the_end_of_a_stream_travels_alone,
    the_server_never_sees_the_client,
    who_comes_too_early_is_refused_at_once,
    words_arrive_byte_for_byte,
)
from scenarios.verdict import Check
from tests.unit.scenarios.chains import CLIENT, SERVER, Chain
from tests.unit.scenarios.expecting import fails, passes

ON_THE_WAY = (
    forwarders_dial_before_they_listen,
    words_arrive_byte_for_byte,
    each_hop_is_a_connection_of_its_own,
    the_server_never_sees_the_client,
    exit_closes_the_whole_path,
)
NEED_A_PATH = (
    each_hop_is_a_connection_of_its_own,
    the_server_never_sees_the_client,
    exit_closes_the_whole_path,
    the_end_of_a_stream_travels_alone,
)


def name(check: Check) -> str:
    return check.__name__


@pytest.mark.parametrize("check", ON_THE_WAY, ids=name)
class TestAWordTravels:
    @pytest.mark.parametrize("length", [1, 3, 16])
    def test_through_chains_of_any_length(self, check: Check, length: int) -> None:
        passes(check, Chain(length).start().word("hello").word("größe").exit().history())

    def test_through_forwarders_that_keep_a_connection_to_spare(self, check: Check) -> None:
        passes(check, Chain(3, spare=True).start().word("hello").exit().history())

    def test_with_segments_cut_and_joined_on_the_way(self, check: Check) -> None:
        chain = Chain(1).start()
        chain.wire.typed(CLIENT, "hello")
        chain.wire.typed(CLIENT, "exit")
        chain.calls[CLIENT].up(b"hel")
        chain.calls[CLIENT].up(b"loexit")
        chain.calls["forwarder1"].up(b"helloexit")
        chain.wire.printed(SERVER, "hello")
        chain.wire.printed(SERVER, "exit")
        for node in ("forwarder1", CLIENT):
            chain.calls[node].close()
        chain.wire.exited(CLIENT)
        passes(check, chain.history())


@pytest.mark.parametrize("check", [forwarders_dial_before_they_listen, *NEED_A_PATH], ids=name)
class TestThereMustBeAChain:
    def test_no_forwarder_was_there(self, check: Check) -> None:
        fails(check, Chain(0).start().word("hello").exit().history(), "the forwarders make no chain")

    def test_one_forwarder_of_three_is_no_part_of_it(self, check: Check) -> None:
        chain = Chain(2).start().word("hello").exit()
        chain.wire.node("forwarder3", "forwarder")
        fails(check, chain.history(), "the forwarders make no chain")


@pytest.mark.parametrize("check", [forwarders_dial_before_they_listen, each_hop_is_a_connection_of_its_own], ids=name)
def test_a_chain_that_bites_its_own_tail_never_reaches_the_server(check: Check) -> None:
    chain = Chain(3)
    chain.wire.node(SERVER, "project3-server")
    for forwarder in chain.forwarders:
        chain.wire.node(forwarder, "forwarder")
    chain.dial("forwarder2")
    chain.dial("forwarder1")
    chain.wire.dial("forwarder3", "forwarder2", 8000)
    fails(check, chain.call().history(), "p3server")


@pytest.mark.parametrize("check", NEED_A_PATH, ids=name)
class TestThereMustBeAClient:
    def test_nobody_called(self, check: Check) -> None:
        chain = Chain(2)
        chain.wire.node(SERVER, "project3-server")
        for forwarder in reversed(chain.forwarders):
            chain.wire.node(forwarder, "forwarder")
            chain.dial(forwarder)
        fails(check, chain.history(), "nobody called forwarder1")


class TestForwardersDialBeforeTheyListen:
    check = staticmethod(forwarders_dial_before_they_listen)

    def test_a_client_that_is_refused_first(self) -> None:
        chain = Chain(1)
        chain.wire.node(SERVER, "project3-server")
        chain.wire.node("forwarder1", "forwarder")
        chain.wire.node(CLIENT, "project3-client")
        chain.wire.refused(CLIENT, "forwarder1", 8000)
        chain.dial("forwarder1")
        chain.dial(CLIENT)
        passes(self.check, chain.history())

    def test_a_forwarder_listens_first(self) -> None:
        chain = Chain(2)
        chain.wire.node(SERVER, "project3-server")
        for node in ("forwarder1", "forwarder2"):
            chain.wire.node(node, "forwarder")
        chain.dial("forwarder1")
        chain.dial("forwarder2")
        fails(self.check, chain.history(), "forwarder2 let somebody in before it had reached p3server")

    def test_the_last_never_gets_through(self) -> None:
        chain = Chain(2)
        chain.wire.node(SERVER, "project3-server")
        for node in ("forwarder1", "forwarder2"):
            chain.wire.node(node, "forwarder")
        chain.wire.refused("forwarder2", SERVER, 10000)
        chain.wire.refused("forwarder1", "forwarder2", 8000)
        fails(self.check, chain.history(), "forwarder1 never got through to forwarder2")


class TestWhoComesTooEarlyIsRefusedAtOnce:
    check = staticmethod(who_comes_too_early_is_refused_at_once)

    @staticmethod
    def early() -> Chain:
        chain = Chain(1)
        chain.wire.node("forwarder1", "forwarder")
        chain.wire.node(CLIENT, "project3-client")
        return chain

    def test_a_call_is_refused(self) -> None:
        chain = self.early()
        chain.wire.refused(CLIENT, "forwarder1", 8000)
        chain.wire.refused(CLIENT, "forwarder1", 8000)
        assert "2 calls were refused" in passes(self.check, chain.history()).because

    def test_nobody_came_early(self) -> None:
        fails(self.check, Chain(2).start().word("hello").history(), "nobody called a forwarder before")

    def test_a_call_is_not_answered(self) -> None:
        chain = self.early()
        call = chain.wire.ring(CLIENT, "forwarder1", 8000)
        chain.wire.again(call.sent[0])
        fails(self.check, chain.history(), "neither answered nor refused")

    def test_a_caller_that_gives_up_was_not_refused(self) -> None:
        chain = self.early()
        chain.wire.ring(CLIENT, "forwarder1", 8000).reset()
        fails(self.check, chain.history(), "neither answered nor refused")

    def test_a_call_is_refused_after_a_while(self) -> None:
        chain = self.early()
        chain.wire.refused(CLIENT, "forwarder1", 8000, after=3)
        fails(self.check, chain.history(), "a call was refused only after 3.")


class TestWordsArriveByteForByte:
    check = staticmethod(words_arrive_byte_for_byte)

    def test_over_two_calls_of_the_client(self) -> None:
        chain = Chain(3).start().word("before").kill("forwarder2")
        chain.wire.exited(CLIENT, 143)
        for node in ("forwarder3", "forwarder2", "forwarder1"):
            chain.dial(node)
        passes(self.check, chain.call().word("after").history())

    def test_nothing_was_typed(self) -> None:
        fails(self.check, Chain().start().history(), "nothing was typed")

    def test_a_word_is_lost(self) -> None:
        chain = Chain(1).start().word("hello")
        chain.wire.typed(CLIENT, "lost")
        chain.calls[CLIENT].up(b"lost")
        fails(self.check, chain.history(), "b'lost' did not arrive; p3server received [b'hello']")

    def test_a_byte_is_added(self) -> None:
        chain = Chain(1).start().word("hello")
        chain.calls["forwarder1"].up(b"\n")
        fails(self.check, chain.history(), "5 bytes were typed, 6 arrived")

    def test_a_word_arrives_twice(self) -> None:
        chain = Chain(1).start().word("hello")
        chain.calls["forwarder1"].up(b"hello")
        fails(self.check, chain.history(), "5 bytes were typed, 10 arrived")

    def test_words_arrive_in_another_order(self) -> None:
        chain = Chain(1).start()
        for word in ("one", "two"):
            chain.wire.typed(CLIENT, word)
            chain.calls[CLIENT].up(word.encode())
        chain.calls["forwarder1"].up(b"twoone")
        chain.wire.printed(SERVER, "twoone")
        fails(self.check, chain.history(), "the clients sent [b'onetwo'], p3server received [b'twoone']")

    def test_the_server_does_not_show_it(self) -> None:
        chain = Chain(1).start().word("hello")
        chain.wire.typed(CLIENT, "silent")
        for node in (CLIENT, "forwarder1"):
            chain.calls[node].up(b"silent")
        fails(self.check, chain.history(), "p3server received b'silent' and did not show it")

    def test_a_segment_sent_again_is_not_a_word_twice(self) -> None:
        chain = Chain(1).start().word("hello")
        chain.wire.again(next(p for p in chain.calls["forwarder1"].sent if p.payload))
        passes(self.check, chain.history())


class TestEachHopIsAConnectionOfItsOwn:
    check = staticmethod(each_hop_is_a_connection_of_its_own)

    def test_the_way_is_told(self) -> None:
        verdict = passes(self.check, Chain(2).start().history())
        assert verdict.because == "p3client - forwarder1 - forwarder2 - p3server"

    def test_a_hop_never_came_up(self) -> None:
        chain = Chain(2)
        chain.wire.node(SERVER, "project3-server")
        for node in ("forwarder2", "forwarder1"):
            chain.wire.node(node, "forwarder")
        chain.wire.refused("forwarder2", SERVER, 10000)
        chain.dial("forwarder1")
        fails(self.check, chain.call().history(), "forwarder2 has no connection to p3server")

    def test_the_client_goes_past_a_forwarder(self) -> None:
        chain = Chain(2).start()
        chain.wire.dial(CLIENT, "forwarder2", 8000)
        fails(self.check, chain.history(), "p3client went past its neighbour, straight to forwarder2")

    def test_the_client_goes_straight_to_the_server(self) -> None:
        chain = Chain(2).start()
        chain.wire.dial(CLIENT, SERVER, 10000)
        fails(self.check, chain.history(), "p3client went past its neighbour, straight to p3server")


class TestTheServerNeverSeesTheClient:
    check = staticmethod(the_server_never_sees_the_client)

    def test_who_is_seen_is_told(self) -> None:
        assert "which is forwarder3" in passes(self.check, Chain(3).start().history()).because

    def test_the_client_calls_the_server(self) -> None:
        chain = Chain(2).start()
        chain.wire.dial(CLIENT, SERVER, 10000)
        fails(self.check, chain.history(), "p3server was called by ['forwarder2', 'p3client'] instead of forwarder2")

    def test_another_packet_passes_between_them(self) -> None:
        chain = Chain(2).start()
        chain.wire.udp(SERVER, CLIENT, b"hello yourself")
        fails(self.check, chain.history(), "a packet passed between p3server and a client")

    def test_the_server_may_ask_for_an_ethernet_address(self) -> None:
        chain = Chain(2).start()
        chain.wire.packet("arp", src=chain.wire.address(SERVER), dst=chain.wire.address(CLIENT))
        passes(self.check, chain.history())


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

    def test_exit_is_not_passed_on(self) -> None:
        chain = Chain(2).start()
        chain.calls[CLIENT].up(b"exit")
        for node in chain.way[:-1]:
            chain.calls[node].close()
        chain.wire.exited(CLIENT)
        fails(self.check, chain.history(), "`exit` did not travel from forwarder1 to forwarder2")

    def test_a_hop_stays_half_open(self) -> None:
        chain = Chain(2).start().word("exit")
        for node in (CLIENT, "forwarder1"):
            chain.calls[node].close()
        chain.calls["forwarder2"].end_up()
        chain.wire.exited(CLIENT)
        fails(self.check, chain.history(), "forwarder2 - p3server was not closed both ways by FIN")

    def test_a_hop_is_reset(self) -> None:
        chain = Chain(1).start().word("exit")
        chain.calls["forwarder1"].reset()
        chain.calls[CLIENT].close()
        chain.wire.exited(CLIENT)
        fails(self.check, chain.history(), "forwarder1 - p3server was not closed both ways by FIN")
