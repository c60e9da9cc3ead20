"""What the broadcast server promises while everything breaks: a talk that keeps it, and each way to break it."""

import pytest

from lab.events import Printed
from lab.history import History
from scenarios.chaos.checks.delivery import (
    no_line_comes_out_of_order,
    no_line_comes_under_anothers_tag,
    no_line_is_delivered_twice,
    no_line_is_lost,
)
from scenarios.chaos.spoken import Line
from scenarios.verdict import Check
from tests.unit.scenarios.chaos.busy import FIVE, Busy
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

ALL = (
    no_line_is_delivered_twice,
    no_line_comes_out_of_order,
    no_line_comes_under_anothers_tag,
    no_line_is_lost,
)
every_check = pytest.mark.parametrize("check", ALL, ids=lambda check: check.__name__)


def talk() -> Busy:
    """All five say two lines."""
    busy = Busy()
    for _ in range(2):
        for client in FIVE:
            busy.says(client)
    return busy


def told_late(*, unshown: bool) -> History:
    """Start erin anew; she hears and shows a line, or not, before the engine tells of her start. Then comes another."""
    busy = Busy().kills("erin").dials("erin")
    ended = busy.wire.time
    busy.says("carol", unshown={"erin"} if unshown else ())
    busy.starts("erin").says("carol")
    events = busy.silence().history().events
    return History(
        each.model_copy(update={"start": 1 + (each.time > ended)})
        if isinstance(each, Printed) and each.node == "erin"
        else each
        for each in events
    )


@every_check
class TestAll:
    def test_all_hear_all(self, check: Check) -> None:
        assert "40 deliveries" in passes(check, talk().silence().history()).because

    def test_one_is_killed_and_comes_back(self, check: Check) -> None:
        busy = talk().kills("bob")
        busy.says("alice")
        busy.types("bob")  # to nobody
        busy.starts("bob").dials("bob")
        busy.says("bob")
        busy.says("alice")
        passes(check, busy.silence().history())

    def test_the_server_is_killed_with_lines_on_their_way(self, check: Check) -> None:
        busy = talk()
        busy.says("alice", unheard=FIVE)
        busy.says("bob", unheard=("carol", "dave", "erin"), unshown=("alice",))
        busy.wire.fault("server", "killed with SIGKILL")
        for call in busy.calls.values():
            call.close(by_server=True)
        busy.wire.exited("server", 137)
        busy.calls.clear()
        busy.last_id = 0
        busy.starts("server")
        for client in reversed(FIVE):
            busy.dials(client)  # under other numbers
        for client in FIVE:
            busy.says(client)
        passes(check, busy.silence().history())

    def test_one_loses_its_connection_and_dials_again(self, check: Check) -> None:
        busy = talk()
        busy.says("bob", unheard=FIVE)
        busy.calls.pop("bob").reset()
        busy.says("alice")
        busy.types("bob")  # and is told that there is no connection
        busy.dials("bob")
        busy.says("bob")
        passes(check, busy.silence().history())

    def test_the_play_was_stopped_with_lines_on_their_way(self, check: Check) -> None:
        busy = talk()
        busy.says("alice", unheard=FIVE)
        busy.says("bob", unshown=FIVE)
        busy.says("carol", unsaid=True)
        passes(check, busy.history())

    def test_segments_sent_again(self, check: Check) -> None:
        busy = talk()
        busy.wire.again(busy.calls["alice"].sent[-2])
        passes(check, busy.silence().history())

    def test_nobody_heard_anything(self, check: Check) -> None:
        fails(check, Busy().silence().history(), "nobody heard anything")

    def test_a_tap_that_lost_packets(self, check: Check) -> None:
        cannot_tell(check, talk().silence().wire.history(dropped=1), "lost 1")

    def test_a_tap_that_was_not_closed(self, check: Check) -> None:
        cannot_tell(check, talk().silence().wire.history(tapped=False), "no tap")


class TestTwice:
    def test_on_the_wire(self) -> None:
        busy = talk()
        busy.says("alice", twice={"dave"})
        fails(no_line_is_delivered_twice, busy.history(), "dave was sent 'alice line 3.' 2 times")

    def test_on_a_second_connection_of_the_same_run(self) -> None:
        busy = talk()
        line = busy.says("alice")
        busy.calls.pop("bob").reset()
        busy.dials("bob").hears("bob", line, "[1] ")
        fails(no_line_is_delivered_twice, busy.history(), "bob was sent 'alice line 3.' 2 times")

    def test_to_another_run_is_not_twice(self) -> None:
        busy = talk()
        line = busy.says("alice")
        busy.kills("bob").starts("bob").dials("bob").hears("bob", line, "[1] ")
        passes(no_line_is_delivered_twice, busy.history())

    def test_on_a_terminal(self) -> None:
        busy = talk()
        busy.wire.printed("erin", f"[1] {Line('alice', 2)}")
        fails(no_line_is_delivered_twice, busy.history(), "erin showed 'alice line 2.' 2 times")


class TestOrder:
    def test_on_the_wire(self) -> None:
        busy = talk()
        late = busy.says("alice", unheard={"bob"})
        busy.says("alice")
        busy.hears("bob", late, "[1] ")
        fails(no_line_comes_out_of_order, busy.history(), "bob was sent 'alice line 4.' before 'alice line 3.'")

    def test_on_a_terminal(self) -> None:
        busy = talk()
        late = busy.says("alice", unshown={"bob"})
        busy.says("alice")
        busy.wire.printed("bob", f"[1] {late}")
        fails(no_line_comes_out_of_order, busy.history(), "bob showed 'alice line 4.' before 'alice line 3.'")

    def test_connections_are_in_no_order_among_themselves(self) -> None:
        busy = talk()
        late = busy.says("alice", unheard=FIVE)
        busy.calls.pop("alice").reset()
        busy.dials("alice").says("alice")
        for other in FIVE[1:]:
            busy.hears(other, late, "[1] ")
        passes(no_line_comes_out_of_order, busy.history())


class TestTag:
    def test_of_another(self) -> None:
        busy = talk()
        busy.says("alice", tagged="[2] ")
        fails(no_line_comes_under_anothers_tag, busy.history(), "under '[2]  ... ', but alice:")

    def test_of_another_at_a_server_that_tells_no_numbers(self) -> None:
        busy = Busy()
        for client in FIVE:
            busy.calls.pop(client).close()
        for client in FIVE:
            busy.dials(client, greeting="welcome")
        busy.says("alice")
        passes(no_line_comes_under_anothers_tag, busy.history())
        busy.says("bob", tagged=f"[{busy.ids['alice']}] ")
        fails(no_line_comes_under_anothers_tag, busy.history(), "the tag of ")

    def test_that_changes(self) -> None:
        busy = talk()
        busy.says("alice", tagged="[1]: ")
        fails(no_line_comes_under_anothers_tag, busy.history(), "which was '[1]  ... ' before")

    def test_that_one_had_before_who_left(self) -> None:
        busy = talk()
        busy.calls.pop("alice").close()
        busy.last_id = 0
        busy.dials("alice").says("alice")
        fails(no_line_comes_under_anothers_tag, busy.history(), "the tag of alice:")

    def test_of_a_server_that_was_started_again_while_a_client_called(self) -> None:
        busy = talk()
        busy.wire.fault("server", "killed with SIGKILL")
        busy.wire.exited("server", 137)
        busy.calls.clear()
        busy.last_id = 0
        call = busy.wire.ring("bob", "server", 9000)  # nobody answers
        busy.starts("server")
        busy.wire.again(call.sent[0])
        call.accept()
        call.down(b"* you are 1\n")
        busy.calls["bob"], busy.ids["bob"] = call, 1
        busy.last_id = 1
        busy.dials("carol").says("bob")
        passes(no_line_comes_under_anothers_tag, busy.history())

    def test_of_a_line_that_nobody_said(self) -> None:
        busy = talk().hears("bob", Line("carol", 99), "[3] ")
        fails(no_line_comes_under_anothers_tag, busy.history(), "which nobody had said")


class TestLost:
    def test_between_two_that_came(self) -> None:
        busy = talk()
        busy.says("alice", unheard={"dave"})
        busy.says("alice")
        fails(no_line_is_lost, busy.history(), "was not sent 'alice line 3.', which was due")

    def test_before_the_first_that_came(self) -> None:
        busy = Busy()
        busy.says("alice", unheard={"dave"})
        busy.says("alice")
        fails(no_line_is_lost, busy.history(), "was not sent 'alice line 1.', which was due")

    def test_who_came_later_need_not_hear_it(self) -> None:
        busy = talk().kills("bob")
        busy.says("alice")
        busy.starts("bob").dials("bob")
        busy.says("alice")
        passes(no_line_is_lost, busy.silence().history())

    def test_at_the_end(self) -> None:
        busy = talk()
        busy.says("alice", unheard={"dave"})
        fails(no_line_is_lost, busy.silence().history(), "was not sent 'alice line 3.', which was due")

    def test_at_the_end_of_who_did_not_stay(self) -> None:
        busy = talk()
        busy.says("alice", unheard={"dave"})
        passes(no_line_is_lost, busy.kills("dave").silence().history())

    def test_on_the_way_to_a_terminal(self) -> None:
        busy = talk()
        busy.says("alice", unshown={"dave"})
        fails(no_line_is_lost, busy.silence().history(), "dave did not show 'alice line 3.'")

    def test_on_the_way_to_a_terminal_between_two(self) -> None:
        busy = talk()
        busy.says("alice", unshown={"dave"})
        busy.says("alice")
        fails(no_line_is_lost, busy.history(), "dave did not show 'alice line 3.'")

    def test_of_a_start_that_the_engine_tells_of_late(self) -> None:
        passes(no_line_is_lost, told_late(unshown=False))
        fails(no_line_is_lost, told_late(unshown=True), "erin did not show 'carol line 1.', which was due")

    def test_in_the_senders_program(self) -> None:
        busy = talk()
        busy.says("alice", unsaid=True)
        fails(no_line_is_lost, busy.silence().history(), "alice's program did not send 'alice line 3.'")

    def test_in_the_senders_program_between_two(self) -> None:
        busy = talk()
        busy.says("alice", unsaid=True)
        busy.says("alice")
        fails(no_line_is_lost, busy.history(), "alice's program did not send 'alice line 3.'")

    def test_it_counts_the_pairs_that_were_connected_to_the_end(self) -> None:
        assert "20 pairs" in passes(no_line_is_lost, talk().silence().history()).because
        assert "12 pairs" in passes(no_line_is_lost, talk().kills("bob").silence().history()).because
