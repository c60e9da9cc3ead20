"""The checks of multicast between networks on small histories: what must pass, and everything that must not."""

import pytest

from scenarios.casts.checks import routed_groups
from scenarios.casts.checks.networks import WAY
from scenarios.casts.checks.routed_groups import GROUP, NEAR_GROUP
from scenarios.verdict import Check
from tests.unit.scenarios.casts.members import Members
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

CHECKS: tuple[Check, ...] = (
    routed_groups.ttl_says_how_far,
    routed_groups.one_frame_on_each_network,
    routed_groups.members_show_what_reaches_them,
    routed_groups.nothing_goes_where_nobody_asked,
)
EVERYBODY = ("w2", "w3", "e1", "e2")
THREE = ("w2", "e1", "e2")


def ready() -> Members:
    """Four are members of the one group, one of the other; this one gets a datagram."""
    lab = Members().joins(GROUP, *EVERYBODY).joins(NEAR_GROUP, "w2")
    return lab.sends(NEAR_GROUP, "near", ttl=8, shown=("w2",))


def sent(lab: Members, *ttls: int) -> Members:
    """Send with each of these TTLs, as far as it goes."""
    for ttl in ttls:
        lab.sends(GROUP, f"ttl {ttl}", ttl=ttl, reach=WAY[:ttl], shown=EVERYBODY if ttl > 2 else EVERYBODY[:2])
    return lab


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
class TestEveryCheck:
    def test_all_is_well(self, check: Check) -> None:
        passes(check, sent(ready(), 1, 2, 3).history())

    def test_a_first_datagram_travels_inside_a_register_too(self, check: Check) -> None:
        lab = sent(ready(), 1, 2)
        lab.packet("pim", src=lab.address("r1"), dst=lab.address("r2"), what="register", network="backbone")
        passes(check, sent(lab, 3).history())

    def test_nothing_happened(self, check: Check) -> None:
        fails(check, Members().history(), "")

    def test_a_tap_was_blind(self, check: Check) -> None:
        cannot_tell(check, sent(ready(), 1, 2, 3).history(canary=False), "missed its canary")


class TestTtl:
    check = staticmethod(routed_groups.ttl_says_how_far)

    def test_who_passed_it_on_is_told(self) -> None:
        because = passes(self.check, sent(ready(), 1, 2, 3).history()).because
        assert because == "TTL 1 crossed no router; TTL 2 crossed r1; TTL 3 crossed r1, r2"

    @pytest.mark.parametrize(("ttl", "reach"), [(1, WAY[:2]), (2, WAY), (2, WAY[:1]), (3, WAY[:2])])
    def test_one_goes_too_far_or_not_far_enough(self, ttl: int, reach: tuple[str, ...]) -> None:
        lab = ready().sends(GROUP, "wrong", ttl=ttl, reach=reach)
        fails(self.check, sent(lab, 1, 2, 3).history(), f"'wrong' with TTL {ttl} was on {', '.join(reach)}")

    def test_a_router_takes_nothing_off(self) -> None:
        lab = sent(ready(), 1, 2, 3).sends(GROUP, "wrong", ttl=3, reach=WAY[:1])
        for router, network in (("r1", "backbone"), ("r2", "east")):
            lab.send(f"{router} {network}", b"wrong", to=GROUP, source=lab.address("w1"), ttl=3, dport=7000)
        fails(self.check, lab.history(), "the TTL of 'wrong' was 3, 3, 3")

    @pytest.mark.parametrize(("ttls", "missing"), [((2, 3), 1), ((1, 3), 2), ((1, 2), 3)])
    def test_one_was_not_tried(self, ttls: tuple[int, ...], missing: int) -> None:
        fails(self.check, sent(ready(), *ttls).history(), f"nothing was sent to {GROUP} with TTL {missing}")

    def test_nothing_crosses_in_the_end(self) -> None:
        fails(self.check, sent(ready(), 3, 2, 1).history(), "the rest may be under way")


class TestOneFrame:
    check = staticmethod(routed_groups.one_frame_on_each_network)

    def test_one_for_each_member(self) -> None:
        lab = sent(ready(), 1, 2, 3).sends(GROUP, "ttl 3", ttl=3)
        fails(self.check, lab.history(), "'ttl 3' was 2 frames on west")

    def test_there_are_too_few_members_to_tell(self) -> None:
        lab = Members().joins(GROUP, *THREE).sends(GROUP, "hello", ttl=3, reach=WAY, shown=THREE)
        fails(self.check, lab.history(), "not two members in each of two networks")


class TestMembers:
    check = staticmethod(routed_groups.members_show_what_reaches_them)

    @pytest.mark.parametrize(
        ("shown", "because"),
        [
            (("w2", "w3", "e1"), "e2 in east showed 'wrong' 0 times, not 1"),
            ((*EVERYBODY, "w3"), "w3 in west showed 'wrong' 2 times, not 1"),
        ],
    )
    def test_one_gets_it_not_or_twice(self, shown: tuple[str, ...], because: str) -> None:
        fails(self.check, ready().sends(GROUP, "wrong", ttl=3, reach=WAY, shown=shown).history(), because)

    def test_one_shows_what_was_not_on_its_network(self) -> None:
        lab = ready().sends(GROUP, "wrong", ttl=1, shown=("w2", "w3", "e1"))
        fails(self.check, lab.history(), "e1 in east showed 'wrong' 1 times, not 0")


class TestWhereNobodyAsked:
    check = staticmethod(routed_groups.nothing_goes_where_nobody_asked)

    def test_it_goes_there(self) -> None:
        lab = ready().sends(NEAR_GROUP, "stray", ttl=8, reach=WAY[:2], shown=("w2",))
        fails(self.check, sent(lab, 3).history(), "'stray' was on backbone, where nobody asked for it")

    def test_somebody_asked(self) -> None:
        fails(self.check, sent(ready().joins(NEAR_GROUP, "e1"), 3).history(), "it had w2, e1")

    def test_nobody_at_all_asked(self) -> None:
        fails(self.check, sent(Members().sends(NEAR_GROUP, "near", ttl=8), 3).history(), "it had none")

    def test_it_could_not_go_there(self) -> None:
        lab = ready().sends(NEAR_GROUP, "short", ttl=2, shown=("w2",))
        fails(self.check, sent(lab, 3).history(), "it could not go all the way anyway")

    def test_nothing_crosses_later(self) -> None:
        lab = sent(Members().joins(GROUP, *EVERYBODY), 3).joins(NEAR_GROUP, "w2").sends(NEAR_GROUP, "near", ttl=8)
        fails(self.check, lab.history(), "the way may have been shut")
