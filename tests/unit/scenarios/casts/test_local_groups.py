"""The checks of groups that belong to one network on small histories: what must pass, and everything that must not."""

import pytest

from scenarios.casts.checks import local_groups
from scenarios.casts.checks.local_groups import ALL_HOSTS, ALL_ROUTERS, LOCAL, MARKER
from scenarios.casts.checks.networks import WAY
from scenarios.verdict import Check
from tests.unit.scenarios.casts.members import Members
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

CHECKS: tuple[Check, ...] = (
    local_groups.all_hosts_answer,
    local_groups.routers_alone_answer,
    local_groups.local_groups_never_leave,
    local_groups.local_members_get_it,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
class TestEveryCheck:
    def test_nothing_happened(self, check: Check) -> None:
        fails(check, Members().history(), "")

    def test_a_tap_was_blind(self, check: Check) -> None:
        cannot_tell(check, Members().history(dropped=1), "lost 1 of")


class TestAllHostsAnswer:
    check = staticmethod(local_groups.all_hosts_answer)

    def test_they_do(self) -> None:
        passes(self.check, Members().pings(ALL_HOSTS, "w3", "r1", "w2").history())

    def test_one_does_not(self) -> None:
        fails(self.check, Members().pings(ALL_HOSTS, "w3", "r1").history(), "w2 did not answer")

    def test_one_answers_another_ping(self) -> None:
        lab = Members().pings(ALL_HOSTS, "w3", "r1").pings(ALL_ROUTERS, "w2", payload=b"2")
        fails(self.check, lab.history(), "w2 did not answer")


class TestRoutersAloneAnswer:
    check = staticmethod(local_groups.routers_alone_answer)

    def test_they_do(self) -> None:
        lab = Members().pings(ALL_ROUTERS, "r1").pings(ALL_HOSTS, "w2", "w3", "r1", payload=b"2")
        assert "w2, w3, heard of later, did not" in passes(self.check, lab.history()).because

    def test_a_host_does_too(self) -> None:
        lab = Members().pings(ALL_ROUTERS, "r1", "w3").pings(ALL_HOSTS, "w2", "w3", "r1", payload=b"2")
        fails(self.check, lab.history(), "w3 answered, and is no router")

    def test_the_router_does_not(self) -> None:
        lab = Members().pings(ALL_ROUTERS).pings(ALL_HOSTS, "w2", "w3", "r1", payload=b"2")
        fails(self.check, lab.history(), "r1 answered not")

    def test_nothing_is_heard_of_the_hosts_later(self) -> None:
        fails(self.check, Members().pings(ALL_ROUTERS, "r1").history(), "no host answered a later ping")


def local(*, reach: tuple[str, ...] = ("west",), ttl: int = 64, shown: tuple[str, ...] = ("w2",)) -> Members:
    return (
        Members().joins(LOCAL, "w2", "e1").joins(MARKER, "e1").sends(LOCAL, "stay", ttl=ttl, reach=reach, shown=shown)
    )


class TestLocalGroupsNeverLeave:
    check = staticmethod(local_groups.local_groups_never_leave)

    def test_they_do_not(self) -> None:
        passes(self.check, local().sends(MARKER, "go", ttl=64, reach=WAY, shown=("e1",)).history())

    def test_one_does(self) -> None:
        lab = local(reach=WAY[:2]).sends(MARKER, "go", ttl=64, reach=WAY)
        fails(self.check, lab.history(), f"'stay' to {LOCAL} was seen on backbone")

    def test_it_could_not(self) -> None:
        fails(self.check, local(ttl=1).sends(MARKER, "go", ttl=64, reach=WAY).history(), "so it could not leave anyway")

    def test_nothing_else_left(self) -> None:
        fails(self.check, local().sends(MARKER, "go", ttl=64).history(), "the way may have been shut")

    def test_something_else_left_before(self) -> None:
        lab = Members().sends(MARKER, "go", ttl=64, reach=WAY).sends(LOCAL, "stay", ttl=64)
        fails(self.check, lab.history(), "the way may have been shut")

    def test_what_left_had_more_to_live(self) -> None:
        fails(self.check, local(ttl=2).sends(MARKER, "go", ttl=64, reach=WAY).history(), "the way may have been shut")


class TestLocalMembersGetIt:
    check = staticmethod(local_groups.local_members_get_it)

    def test_those_of_the_network_do(self) -> None:
        passes(self.check, local().history())

    def test_one_of_them_does_not(self) -> None:
        fails(self.check, local(shown=()).history(), "w2 did not show 'stay'")

    def test_one_elsewhere_does(self) -> None:
        fails(self.check, local(shown=("w2", "e1")).history(), "e1 showed 'stay'")

    def test_there_is_none_elsewhere(self) -> None:
        lab = Members().joins(LOCAL, "w2").sends(LOCAL, "stay", ttl=64, shown=("w2",))
        fails(self.check, lab.history(), "there was no member elsewhere")
