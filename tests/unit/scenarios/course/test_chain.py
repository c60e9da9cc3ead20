"""Question 2, how a path comes up and carries: chains that must pass, and everything that must not."""

import pytest

from scenarios.course.checks.chain import (
    each_hop_is_a_connection_of_its_own,
    exit_closes_the_whole_path,
    forwarders_dial_before_they_listen,
    the_end_of_a_stream_travels_alone,
    the_server_never_sees_the_client,
    who_comes_too_early_is_refused_at_once,
    words_arrive_byte_for_byte,
)
from scenarios.verdict import Check
from tests.unit.scenarios.course.chains import CLIENT, SERVER, Chain
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
