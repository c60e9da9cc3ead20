"""Threads: servers of several makes that must pass, and servers with no thread a client, which must not."""

import pytest

from lab.events import ThreadsSeen
from lab.threads.model import State, Thread
from scenarios.course.checks.threads import (
    a_busy_client_s_thread_is_switched,
    a_thread_goes_with_its_client,
    an_idle_client_blocks_its_thread,
    each_client_has_a_thread,
)
from scenarios.course.threads import SCENARIOS
from scenarios.verdict import Check
from tests.unit.scenarios.course.rooms import Room
from tests.unit.scenarios.course.served import (
    Make,
    Served,
    a_pool,
    as_the_slides_have_it,
    deaf_to_bob,
    main_thread,
    numbered,
    one_for_all,
    played,
    that_forgets,
    that_leaks,
    thread,
    two_threads_a_client,
    with_timeouts,
)
from tests.unit.scenarios.expecting import fails, passes

every_make = pytest.mark.parametrize("make", [as_the_slides_have_it, two_threads_a_client, with_timeouts])
every_check = pytest.mark.parametrize("check", SCENARIOS[0].checks)


@every_make
@every_check
def test_a_thread_a_client(check: Check, make: Make) -> None:
    passes(check, played(make).history())


@every_check
def test_nobody_looked(check: Check) -> None:
    room = Room().join("alice", "bob").says("bob", "hello").leave("bob")
    fails(check, room.history(), "")


class TestEachClientHasAThread:
    check = staticmethod(each_client_has_a_thread)

    def test_evidence_shows_the_names_and_where_they_wait(self) -> None:
        verdict = passes(self.check, played(two_threads_a_client).history())
        assert verdict.because == "2 clients, 2 threads that wait for them"
        assert verdict.evidence == (
            "alice-in (11): blocked recv from alice",
            "bob-in (21): blocked recv from bob",
        )

    def test_one_client_shows_nothing(self) -> None:
        fails(self.check, Served(as_the_slides_have_it).look().join("alice").history(), "no two clients were in")

    def test_one_thread_waits_for_all(self) -> None:
        fails(self.check, played(one_for_all).history(), "alice has no thread of its own")

    def test_threads_were_there_before_their_clients(self) -> None:
        because = "no thread appeared when alice came: 5 threads before, and 5 after"
        fails(self.check, played(a_pool).history(), because)

    def test_nobody_waits_for_a_client(self) -> None:
        verdict = fails(self.check, played(deaf_to_bob).history(), "no thread waits for what bob says")
        assert "python3 (10): blocked recv from alice" in verdict.evidence

    def test_a_thread_that_writes_to_a_client_is_no_thread_that_waits_for_it(self) -> None:
        def writes(served: Served) -> list[Thread]:
            return [main_thread(), *(thread(n, "sendto", served.socket(c)) for n, c in numbered(served))]

        fails(self.check, played(writes).history(), "no thread waits for what alice says")


class TestAnIdleClientBlocksItsThread:
    check = staticmethod(an_idle_client_blocks_its_thread)

    def test_who_was_silent_is_named(self) -> None:
        verdict = passes(self.check, played(as_the_slides_have_it).history())
        assert verdict.because == "alice said nothing"

    def test_everybody_talked(self) -> None:
        served = Served(as_the_slides_have_it).look().join("alice").says("alice", 2)
        fails(self.check, served.history(), "no client said nothing")

    def test_another_thread_took_over(self) -> None:
        def changing(served: Served) -> list[Thread]:
            shift = len(served.room.calls)
            return [main_thread(), *(thread(n + shift, "recvfrom", served.socket(c)) for n, c in numbered(served))]

        fails(self.check, played(changing).history(), "no thread waited for alice all the time")

    def test_a_thread_that_is_no_longer_blocked(self) -> None:
        def stopped(served: Served) -> list[Thread]:
            state = State.STOPPED if len(served.room.calls) > 1 else State.BLOCKED
            return [t.model_copy(update={"state": state}) for t in as_the_slides_have_it(served)]

        fails(self.check, played(stopped).history(), "alice said nothing, but its thread is stopped")


class TestABusyClientsThreadIsSwitched:
    check = staticmethod(a_busy_client_s_thread_is_switched)

    def test_how_often_is_told_of_both(self) -> None:
        verdict = passes(self.check, played(as_the_slides_have_it).history())
        assert verdict.because == "bob said 20 lines: its thread was switched 20 times, alice's 0"

    def test_some_lines_may_be_served_without_a_wait(self) -> None:
        served = Served(as_the_slides_have_it).look().join("alice", "bob").says("bob", 20, switched=10)
        passes(self.check, served.history())

    def test_the_lines_were_served_by_somebody_else(self) -> None:
        served = Served(as_the_slides_have_it).look().join("alice", "bob").says("bob", 20, switched=0)
        fails(self.check, served.history(), "bob said 20 lines, and its thread was switched 0 times")

    def test_nobody_talked(self) -> None:
        served = Served(as_the_slides_have_it).look().join("alice", "bob")
        fails(self.check, served.history(), "no client said anything")

    def test_no_thread_waits_for_who_talks(self) -> None:
        fails(self.check, played(deaf_to_bob).history(), "no thread waited for bob before and after")


class TestAThreadGoesWithItsClient:
    check = staticmethod(a_thread_goes_with_its_client)

    def test_the_numbers_are_told(self) -> None:
        verdict = passes(self.check, played(two_threads_a_client).history())
        assert verdict.because == "bob left: 6 threads became 4"

    def test_nobody_left(self) -> None:
        served = Served(as_the_slides_have_it).look().join("alice", "bob")
        fails(self.check, served.history(), "no client left")

    def test_a_thread_waits_for_who_is_gone(self) -> None:
        fails(self.check, played(that_leaks).history(), "bob has left, and a thread still waits for it")

    def test_a_thread_that_stays_without_its_client(self) -> None:
        because = "bob has left, and its thread has not: 2 threads before it came, 3 now"
        fails(self.check, played(that_forgets).history(), because)

    def test_no_thread_ends(self) -> None:
        fails(self.check, played(one_for_all).history(), "bob has left, and no thread has ended")


def test_the_threads_of_another_node_are_not_judged() -> None:
    served = played(as_the_slides_have_it)
    own = ThreadsSeen(time=served.room.wire.time, node="alice", threads=(main_thread(),))
    served.room.wire.events.append(own)
    for check in SCENARIOS[0].checks:
        passes(check, served.history())
