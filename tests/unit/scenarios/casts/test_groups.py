"""The checks of multicast in one network on small histories: what must pass, and everything that must not."""

import pytest

from scenarios.casts.checks import groups
from scenarios.casts.checks.groups import LOOP, LOOP_OFF, LOOP_ON, MEMBERS
from scenarios.verdict import Check
from tests.unit.scenarios.casts.members import Members
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

CHECKS: tuple[Check, ...] = (
    groups.join_and_leave_are_said_by_igmp,
    groups.only_members_get_it,
    groups.all_programs_of_a_host_get_it,
    groups.loop_decides_for_the_own_host,
    groups.loop_is_nothing_to_the_others,
)
MEMBER_CHECKS, LOOP_CHECKS = CHECKS[:3], CHECKS[3:]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
class TestEveryCheck:
    def test_nothing_happened(self, check: Check) -> None:
        fails(check, Members().history(), "")

    def test_a_tap_was_blind(self, check: Check) -> None:
        cannot_tell(check, Members().history(dropped=1), "lost 1 of")


# --- members ---


def talk(version: int = 3) -> Members:
    """Two programs of w2 are members, w3 listens only; w2 leaves and listens on."""
    lab = Members(version).joins(MEMBERS, "w2").sends(MEMBERS, "one", shown=("w2", "w2")).tells("w3", "for w3")
    return lab.sends(MEMBERS, "two", shown=("w2",)).leaves(MEMBERS, "w2")


@pytest.mark.parametrize("check", MEMBER_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("version", [2, 3])
def test_members_come_and_go(check: Check, version: int) -> None:
    passes(check, talk(version).sends(MEMBERS, "three").tells("w2", "for w2").history())


class TestJoinAndLeave:
    check = staticmethod(groups.join_and_leave_are_said_by_igmp)

    @pytest.mark.parametrize("version", [2, 3])
    def test_the_version_is_named(self, version: int) -> None:
        assert f"w2, by IGMPv{version}: v{version} report" in passes(self.check, talk(version).history()).because

    def test_nobody_asks(self) -> None:
        fails(self.check, Members().sends(MEMBERS, "one").history(), f"nobody asked for {MEMBERS}")

    def test_one_asks_too_late(self) -> None:
        lab = Members().sends(MEMBERS, "one").joins(MEMBERS, "w2").leaves(MEMBERS, "w2")
        fails(self.check, lab.history(), f"w2 had not asked for {MEMBERS}")

    def test_one_goes_without_a_word(self) -> None:
        fails(self.check, Members().joins(MEMBERS, "w2").sends(MEMBERS, "one").history(), "w2 never said that it goes")

    def test_a_version_without_leaving(self) -> None:
        fails(self.check, talk(1).history(), "w2 spoke IGMPv1, which is neither 2 nor 3")


class TestOnlyMembers:
    check = staticmethod(groups.only_members_get_it)

    def test_a_member_is_deaf(self) -> None:
        fails(
            self.check, Members().joins(MEMBERS, "w2").sends(MEMBERS, "one").history(), "w2 was a member, and did not"
        )

    def test_one_that_has_not_joined_shows_it(self) -> None:
        lab = Members().joins(MEMBERS, "w2").sends(MEMBERS, "one", shown=("w2", "w3"))
        fails(self.check, lab.history(), "w3 was no member, and showed 'one'")

    def test_one_that_has_left_shows_it(self) -> None:
        fails(
            self.check, talk().sends(MEMBERS, "three", shown=("w2",)).history(), "w2 was no member, and showed 'three'"
        )

    @pytest.mark.parametrize("deaf", [None, True])
    def test_nobody_listens_without_being_a_member(self, deaf: bool | None) -> None:
        lab = Members().joins(MEMBERS, "w2").sends(MEMBERS, "one", shown=("w2",))
        fails(self.check, (lab.tells("w3", "hello", deaf=True) if deaf else lab).history(), "nobody was seen to listen")

    def test_who_listened_on_another_port_shows_nothing_of_this_one(self) -> None:
        lab = Members().joins(MEMBERS, "w2").sends(MEMBERS, "one", shown=("w2",), dport=7001).tells("w3", "for w3")
        fails(self.check, lab.history(), "nobody was seen to listen")

    def test_there_was_no_member(self) -> None:
        fails(
            self.check, Members().sends(MEMBERS, "one").tells("w3", "for w3").history(), "while somebody was a member"
        )


class TestTwoProgramsOnOneHost:
    check = staticmethod(groups.all_programs_of_a_host_get_it)

    def test_one_of_them_is_deaf(self) -> None:
        lab = Members().joins(MEMBERS, "w2").sends(MEMBERS, "one", shown=("w2",)).sends(MEMBERS, "two", shown=("w2",))
        fails(self.check, lab.history(), "w2 showed 'one' 1 times instead of 2")

    def test_the_one_that_left_shows_it_still(self) -> None:
        twice = ("w2", "w2")
        lab = Members().joins(MEMBERS, "w2").sends(MEMBERS, "one", shown=twice).sends(MEMBERS, "two", shown=twice)
        fails(self.check, lab.history(), "w2 showed 'two' 2 times instead of 1")

    def test_it_was_sent_twice(self) -> None:
        lab = Members().joins(MEMBERS, "w2").sends(MEMBERS, "one", shown=("w2",)).sends(MEMBERS, "one", shown=("w2",))
        fails(self.check, lab.history(), "'one' was 2 frames")


# --- the sender's own host ---


def looped(*, on: tuple[str, ...] = ("w1", "w2"), off: tuple[str, ...] = ("w2",)) -> Members:
    lab = Members().joins(LOOP, "w1", "w2")
    return lab.sends(LOOP, LOOP_OFF, shown=off).sends(LOOP, LOOP_ON, shown=on)


@pytest.mark.parametrize("check", LOOP_CHECKS, ids=lambda check: check.__name__)
class TestLoop:
    def test_it_is_off_and_then_on(self, check: Check) -> None:
        passes(check, looped().history())

    def test_the_sender_s_host_is_no_member(self, check: Check) -> None:
        lab = Members().joins(LOOP, "w2").sends(LOOP, LOOP_OFF, shown=("w2",)).sends(LOOP, LOOP_ON, shown=("w2",))
        fails(check, lab.history(), "the sender's own host was no member")

    def test_one_is_sent_twice(self, check: Check) -> None:
        fails(check, looped().sends(LOOP, LOOP_ON).history(), "was 2 frames on the wire, not one")

    def test_it_is_on_first(self, check: Check) -> None:
        lab = Members().joins(LOOP, "w1", "w2").sends(LOOP, LOOP_ON, shown=("w1", "w2"))
        fails(check, lab.sends(LOOP, LOOP_OFF, shown=("w2",)).history(), "was sent first")


def test_the_own_host_hears_what_should_not_loop() -> None:
    fails(groups.loop_decides_for_the_own_host, looped(off=("w1", "w2")).history(), f"w1 showed {LOOP_OFF!r}")


def test_the_own_host_does_not_hear_what_should_loop() -> None:
    fails(groups.loop_decides_for_the_own_host, looped(on=("w2",)).history(), f"w1 did not show {LOOP_ON!r}")


@pytest.mark.parametrize(("heard", "missed"), [({"off": ()}, LOOP_OFF), ({"on": ("w1",)}, LOOP_ON)])
def test_another_host_misses_one(heard: dict[str, tuple[str, ...]], missed: str) -> None:
    fails(groups.loop_is_nothing_to_the_others, looped(**heard).history(), f"w2 did not show {missed!r}")


def test_there_is_no_other_member() -> None:
    lab = Members().joins(LOOP, "w1").sends(LOOP, LOOP_OFF).sends(LOOP, LOOP_ON, shown=("w1",))
    fails(groups.loop_is_nothing_to_the_others, lab.history(), "no other host was a member")
