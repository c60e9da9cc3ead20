"""What programs hold after the chaos: no more than before, but for what they cannot know to be of no use any more."""

import pytest

from scenarios.chaos.checks.holding import MEBIBYTE, nobody_holds_more_than_before
from tests.unit.scenarios.chaos.busy import Busy
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

check = nobody_holds_more_than_before


def test_as_much_as_before() -> None:
    busy = Busy().looks("server", memory=MEBIBYTE).looks("server", memory=2 * MEBIBYTE)
    assert "1 programs" in passes(check, busy.history()).because
    assert "more than 1024 KiB" in passes(check, busy.history()).because


def test_less_than_before() -> None:
    passes(check, Busy().looks("server").looks("server", threads=1, descriptors=4, sockets=0).history())


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"threads": 3}, "3 threads, 2 before"),
        ({"sockets": 2, "descriptors": 6}, "2 sockets, 1 before, 6 descriptors, 5 before"),
        ({"descriptors": 6}, "6 descriptors, 5 before"),
        ({"memory": MEBIBYTE + 1}, "1.0 MiB of memory, 0.0 MiB before"),
    ],
)
def test_more_than_before(more: dict[str, int], told: str) -> None:
    fails(check, Busy().looks("server").looks("server", **more).history(), f"server has {told}")


def test_another_run_is_another_program() -> None:
    busy = Busy().looks("server").looks("bob").looks("bob").kills("bob").starts("bob").looks("bob", threads=9)
    passes(check, busy.history())


def test_nothing_was_compared() -> None:
    fails(check, Busy().looks("server").history(), "no program was looked at before and after")


def test_a_client_that_was_refused_and_is_in_now() -> None:
    busy = Busy().looks("frank", sockets=0, descriptors=3).kills("bob").dials("frank")
    busy.looks("frank", sockets=1, descriptors=4)
    passes(check, busy.history())
    fails(check, busy.looks("frank", sockets=2, descriptors=5).history(), "frank has 2 sockets, 0 before")


class TestTheGivenServer:
    def busy(self) -> Busy:
        busy = Busy()
        self.call = busy.wire.dial("peer1", "p3server", 10000)
        return busy.looks("p3server")

    def one_more(self, busy: Busy) -> Busy:
        """Let the peer come a second time, and the server have a thread for both."""
        busy.wire.dial("peer1", "p3server", 10000)
        return busy.looks("p3server", threads=3, sockets=2, descriptors=6)

    def test_has_a_thread_for_one_that_was_lost_without_a_word(self) -> None:
        passes(check, self.one_more(self.busy()).history())

    def test_has_none_for_one_that_left(self) -> None:
        busy = self.busy()
        self.call.close()
        fails(check, self.one_more(busy).history(), "p3server has 3 threads")

    def test_has_none_for_one_whose_end_it_has_acknowledged(self) -> None:
        busy = self.busy()
        self.call.end_up()
        fails(check, self.one_more(busy).history(), "p3server has 3 threads")

    def test_has_none_for_one_that_reset_in_a_lab_that_is_well(self) -> None:
        busy = self.busy().breaks().heals()
        self.call.reset()
        fails(check, self.one_more(busy).history(), "p3server has 3 threads")

    def test_has_one_where_the_reset_may_have_been_lost(self) -> None:
        busy = self.busy().breaks("p3server")
        self.call.reset()
        passes(check, self.one_more(busy).history())


def test_a_tap_that_lost_packets() -> None:
    cannot_tell(check, Busy().looks("server").looks("server").wire.history(dropped=1), "lost 1")
