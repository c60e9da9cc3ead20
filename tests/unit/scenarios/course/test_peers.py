"""Question 3's checks on small histories: pairs that must pass, and everything that must not."""

import pytest

from scenarios.course.checks.peers import (
    both_joined_over_tcp,
    datagrams_go_straight,
    exit_ends_everything,
    messages_go_both_ways_at_once,
    the_first_exit_was_lost,
)
from scenarios.verdict import Check
from tests.unit.scenarios.course.pairs import ONE, OTHER, SERVER, Pair
from tests.unit.scenarios.expecting import fails, passes

TALK = (both_joined_over_tcp, messages_go_both_ways_at_once, datagrams_go_straight, exit_ends_everything)


@pytest.mark.parametrize("check", TALK, ids=lambda check: check.__name__)
class TestTwoPeersTalk:
    @pytest.mark.parametrize("form", ["{text}", "peer says: {text}", '{{"text": "{text}"}}', "{text}\n"])
    def test_in_datagrams_of_any_make(self, check: Check, form: str) -> None:
        passes(check, Pair(form).talk().exit(ONE).history())

    @pytest.mark.parametrize("first", [ONE, OTHER])
    def test_and_exit_on_either_side(self, check: Check, first: str) -> None:
        passes(check, Pair().talk().exit(first).history())

    def test_and_say_exit_more_than_once(self, check: Check) -> None:
        passes(check, Pair().talk().exit(ONE, repeats=5).history())

    def test_and_press_enter_on_an_empty_line(self, check: Check) -> None:
        pair = Pair().talk()
        pair.wire.typed(ONE, "")
        passes(check, pair.exit(ONE).history())

    def test_there_is_but_one(self, check: Check) -> None:
        pair = Pair()
        pair.wire.events.pop()
        fails(check, pair.history(), "two peers should have been started, but there were: peer1")

    def test_there_is_no_server(self, check: Check) -> None:
        pair = Pair()
        pair.wire.events.pop(0)
        fails(check, pair.history(), "no project3-server was ever started")


class TestBothJoinedOverTcp:
    check = staticmethod(both_joined_over_tcp)

    def test_one_never_joined(self) -> None:
        fails(self.check, Pair().join(ONE).history(), "peer2 did not join p3server over TCP")

    def test_one_was_refused(self) -> None:
        pair = Pair().join(ONE)
        pair.wire.refused(OTHER, SERVER, 10000)
        fails(self.check, pair.history(), "peer2 did not join p3server over TCP")

    def test_one_sent_a_datagram_first(self) -> None:
        pair = Pair()
        pair.udp(OTHER, "too early")
        fails(self.check, pair.join().history(), "peer2 sent a datagram before it had joined")


class TestMessagesGoBothWaysAtOnce:
    check = staticmethod(messages_go_both_ways_at_once)

    def test_nothing_was_said(self) -> None:
        fails(self.check, Pair().join().history(), "nothing was said at peer1")

    def test_only_one_said_something(self) -> None:
        fails(self.check, Pair().join().says(ONE, "hello?").exit(ONE).history(), "nothing was said at peer2")

    def test_no_datagram_carries_it(self) -> None:
        pair = Pair().talk()
        pair.wire.typed(OTHER, "by TCP alone")
        pair.tcp(OTHER, "by TCP alone")
        fails(self.check, pair.history(), "no datagram from peer2 to peer1 carried 'by TCP alone'")

    def test_the_other_does_not_show_it(self) -> None:
        pair = Pair().talk()
        pair.wire.typed(ONE, "unseen")
        pair.tcp(ONE, "unseen")
        pair.udp(ONE, "unseen")
        fails(self.check, pair.history(), "peer2 did not show 'unseen'")

    def test_it_does_not_go_to_the_server(self) -> None:
        pair = Pair().talk()
        pair.wire.typed(ONE, "by UDP alone")
        pair.udp(ONE, "by UDP alone")
        pair.wire.printed(OTHER, "by UDP alone")
        fails(self.check, pair.history(), "'by UDP alone' did not reach p3server over TCP")

    def test_the_server_does_not_show_it(self) -> None:
        pair = Pair().talk()
        pair.wire.typed(ONE, "lost")
        pair.calls[ONE].up(b"lost")
        pair.udp(ONE, "lost")
        pair.wire.printed(OTHER, "lost")
        fails(self.check, pair.history(), "'lost' did not reach p3server over TCP")


class TestDatagramsGoStraight:
    check = staticmethod(datagrams_go_straight)

    def test_asking_for_a_name_is_nobodys_business(self) -> None:
        pair = Pair().talk()
        pair.wire.node("resolver", "host")
        pair.wire.udp(ONE, "resolver", b"where is peer2?", port=53)
        passes(self.check, pair.history())

    def test_no_datagram(self) -> None:
        fails(self.check, Pair().join().history(), "no datagram was sent")

    def test_by_way_of_a_third(self) -> None:
        pair = Pair().join()
        pair.wire.udp(ONE, SERVER, b"for peer2: hello")
        pair.wire.udp(SERVER, OTHER, b"from peer1: hello")
        fails(self.check, pair.history(), "a peer exchanged a datagram with somebody else")

    def test_by_way_of_a_router(self) -> None:
        pair = Pair().join()
        pair.wire.udp(ONE, OTHER, b"hello", to_mac=pair.wire.mac(SERVER))
        fails(self.check, pair.history(), "a datagram for peer2 was sent to 02:42:0a:53:00:02")


class TestExitEndsEverything:
    check = staticmethod(exit_ends_everything)

    def test_after_a_loss(self) -> None:
        pair = Pair().talk().lossy_exit()
        for peer in (ONE, OTHER):
            pair.udp(peer, "exit")
        for peer in (OTHER, ONE):
            pair.end(peer)
        passes(self.check, pair.history())

    def test_a_peer_that_leaves_the_server_to_close_first(self) -> None:
        pair = Pair().talk()
        pair.wire.typed(ONE, "exit")
        for peer in (ONE, OTHER):
            pair.udp(peer, "exit")
            pair.tcp(peer, "exit")
            pair.calls[peer].close(by_server=True)
            pair.wire.exited(peer)
        passes(self.check, pair.history())

    def test_a_peer_that_was_refused_at_first(self) -> None:
        pair = Pair()
        pair.wire.refused(ONE, SERVER, 10000)
        passes(self.check, pair.talk().exit(ONE).history())

    def test_a_server_that_ends_after_them_matters_not(self) -> None:
        pair = Pair().talk().exit(ONE)
        pair.wire.exited(SERVER, 143)
        passes(self.check, pair.history())

    def test_nobody_said_exit(self) -> None:
        fails(self.check, Pair().talk().history(), "nobody said exit")

    def test_exit_at_the_server_does_not_count(self) -> None:
        pair = Pair().talk()
        pair.wire.typed(SERVER, "exit")
        fails(self.check, pair.history(), "nobody said exit")

    def test_the_other_goes_on(self) -> None:
        pair = Pair().talk()
        pair.wire.typed(ONE, "exit")
        pair.end(ONE)
        fails(self.check, pair.history(), "peer2 goes on after exit at peer1")

    def test_the_other_fails(self) -> None:
        pair = Pair().talk()
        pair.wire.typed(ONE, "exit")
        pair.end(ONE)
        pair.end(OTHER, status=1)
        fails(self.check, pair.history(), "peer2 ended with status 1")

    def test_a_connection_ends_without_fin(self) -> None:
        pair = Pair().talk()
        pair.wire.typed(ONE, "exit")
        pair.end(ONE)
        pair.calls[OTHER].reset()
        pair.wire.exited(OTHER)
        fails(self.check, pair.history(), "peer2 ended without FIN on its TCP connection")

    def test_there_was_no_connection(self) -> None:
        pair = Pair().join(ONE)
        pair.wire.typed(ONE, "exit")
        pair.end(ONE)
        pair.wire.exited(OTHER)
        fails(self.check, pair.history(), "peer2 had no TCP connection that could end")

    def test_a_datagram_comes_from_beyond(self) -> None:
        pair = Pair().talk().exit(ONE)
        pair.udp(OTHER, "boo")
        fails(self.check, pair.history(), "peer2 sent a datagram after its end")


class TestTheFirstExitWasLost:
    check = staticmethod(the_first_exit_was_lost)

    @pytest.mark.parametrize("form", ["{text}", "peer says: {text}"])
    @pytest.mark.parametrize("answers", [True, False])
    def test_it_is_sent_again(self, form: str, answers: bool) -> None:
        pair = Pair(form).talk().lossy_exit()
        pair.udp(ONE, "exit")
        if answers:
            pair.udp(OTHER, "exit")
        pair.end(OTHER)
        assert "exit was sent 2 times in vain" in passes(self.check, pair.history()).because

    def test_nothing_was_lost(self) -> None:
        fails(self.check, Pair().talk().exit(ONE).history(), "nothing was lost on purpose")

    def test_nobody_said_exit(self) -> None:
        pair = Pair().talk()
        pair.wire.fault(OTHER, "loses udp to port 12000")
        pair.wire.fault(OTHER, "loses nothing")
        fails(self.check, pair.history(), "nothing was lost on purpose")

    def test_the_loss_never_ended(self) -> None:
        fails(self.check, Pair().talk().lossy_exit().history(), "peer1 sent exit 2 times, and peer2 did not react")

    def test_it_was_the_speaker_that_lost_datagrams(self) -> None:
        pair = Pair().talk()
        pair.wire.fault(ONE, "loses udp to port 12000")
        pair.wire.fault(ONE, "loses nothing")
        fails(self.check, pair.exit(ONE).history(), "it was peer1 that lost datagrams, not peer2")

    def test_exit_was_there_before_the_loss(self) -> None:
        pair = Pair().talk()
        pair.udp(ONE, "exit")
        fails(self.check, pair.lossy_exit().history(), "peer2 lost nothing yet when peer1 said exit")

    def test_no_exit_was_lost(self) -> None:
        pair = Pair().talk()
        pair.wire.fault(OTHER, "loses udp to port 12000")
        pair.wire.typed(ONE, "exit")
        pair.wire.fault(OTHER, "loses nothing")
        pair.udp(ONE, "exit")
        pair.end(OTHER)
        fails(self.check, pair.history(), "peer2 reacted to the first exit, so it was not lost")

    def test_no_exit_was_sent(self) -> None:
        pair = Pair().talk()
        pair.wire.fault(OTHER, "loses udp to port 12000")
        pair.wire.typed(ONE, "exit")
        fails(self.check, pair.history(), "peer1 sent exit 0 times, and peer2 did not react")
