"""The checks of a bridge that snoops on small histories: what must pass, and everything that must not."""

import pytest

from scenarios.casts.checks import snooping
from scenarios.casts.checks.snooping import GROUP, TO_ALL, TO_MEMBERS
from scenarios.verdict import Check
from tests.unit.scenarios.casts.members import Members
from tests.unit.scenarios.expecting import cannot_tell, fails, passes

CHECKS: tuple[Check, ...] = (
    snooping.without_snooping_all_get_it,
    snooping.with_snooping_members_get_it,
    snooping.membership_lasts_while_it_is_asked_for,
)
LONG = 1200


class Snooped(Members):
    """w2 is a member, r1 asks, and w3 shows how many bytes it got before and after each datagram."""

    def __init__(self) -> None:
        super().__init__()
        self.octets = 4000
        self.joins(GROUP, "w2")

    def looks(self) -> None:
        self.printed("w3", f"IpExt: InNoRoutes InOctets OutOctets\nIpExt: 0 {self.octets} 7")

    def sent(self, words: str, *, arrives: bool, shown: tuple[str, ...] = ("w2",), noise: int = 1) -> "Snooped":
        """Send a long datagram; meanwhile the router says hello, which arrives at w3, too."""
        self.looks()
        self.sends(GROUP, f"{words}{' .' * (LONG // 2)}", shown=shown)
        for _ in range(noise):
            hello = self.packet("pim", src=self.address("r1"), dst="224.0.0.13", what="hello", ttl=1, network="west")
            self.octets += hello.length - snooping.ETHERNET_HEADER
        self.octets += arrives * (LONG + 28)
        self.looks()
        return self

    def asked(self, times: int = 5, *, answers: tuple[str, ...] = ("w2",)) -> "Snooped":
        """Let the router ask once a second, and members answer."""
        for _ in range(times):
            self.packet("igmp", src=self.address("r1"), dst="224.0.0.1", what="v3 query", ttl=1, network="west")
            self.joins(GROUP, *answers)
            self.later(1)
        return self


def play(*, off: bool = True, on: bool = False, noise: int = 1) -> Snooped:
    """Send with snooping off, and then on; say whether either arrives at w3."""
    lab = Snooped().sent(TO_ALL, arrives=off, noise=noise)
    return lab.asked().sent(TO_MEMBERS, arrives=on, noise=noise)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
class TestEveryCheck:
    @pytest.mark.parametrize("noise", [0, 1, 50])
    def test_all_is_well(self, check: Check, noise: int) -> None:
        passes(check, play(noise=noise).history())

    def test_nothing_was_sent(self, check: Check) -> None:
        fails(check, Snooped().asked().history(), f"nothing was sent to {GROUP}")

    def test_a_tap_was_blind(self, check: Check) -> None:
        cannot_tell(check, play().history(dropped=1), "lost 1 of")

    def test_the_member_shows_nothing(self, check: Check) -> None:
        lab = Snooped().sent(TO_ALL, arrives=True, shown=()).asked().sent(TO_MEMBERS, arrives=False, shown=())
        fails(check, lab.history(), "w2 did not show what was sent with snooping o")


BOTH = [(snooping.without_snooping_all_get_it, TO_ALL), (snooping.with_snooping_members_get_it, TO_MEMBERS)]


@pytest.mark.parametrize(("check", "words"), BOTH)
class TestWhatArrivesAtTheOther:
    def test_it_is_the_other_way_round(self, check: Check, words: str) -> None:
        because = f"{words} the frame {'did not arrive' if words == TO_ALL else 'arrived'} at w3"
        fails(check, play(off=False, on=True).history(), because)

    def test_nobody_looked(self, check: Check, words: str) -> None:
        lab = Snooped().sends(GROUP, f"{words} ...", shown=("w2",))
        fails(check, lab.history(), "nobody looked at what arrives at w3")

    def test_it_asked_for_the_group_too(self, check: Check, words: str) -> None:
        fails(check, play().joins(GROUP, "w3").history(), f"w3 asked for {GROUP}, too")


class TestMembershipLasts:
    check = staticmethod(snooping.membership_lasts_while_it_is_asked_for)

    def test_the_defaults_are_told(self) -> None:
        because = passes(self.check, play().history()).because
        assert "asked 5 times in 5 s, w2 reported 5 times" in because
        assert "the defaults are 260 s and 125 s" in because

    def test_nobody_asks(self) -> None:
        lab = Snooped()
        lab.later(5)
        fails(self.check, lab.sent(TO_MEMBERS, arrives=False).history(), "no router had asked for longer than 4 s")

    def test_it_is_sent_before_the_bridge_would_forget(self) -> None:
        lab = Snooped().asked(2).sent(TO_MEMBERS, arrives=False)
        fails(self.check, lab.history(), "no router had asked for longer than 4 s")

    def test_the_member_does_not_answer(self) -> None:
        lab = Snooped().asked(1).asked(4, answers=()).sent(TO_MEMBERS, arrives=False)
        fails(self.check, lab.history(), "w2 said nothing for 5.0 s")

    def test_an_answer_to_a_question_of_long_before_may_take_its_time(self) -> None:
        lab = Snooped().asked(1, answers=())
        lab.later(4)
        assert (
            "asked 5 times in 5 s" in passes(self.check, lab.asked().sent(TO_MEMBERS, arrives=False).history()).because
        )

    def test_there_is_no_member(self) -> None:
        lab = Members().sends(GROUP, f"{TO_MEMBERS} ...")
        fails(self.check, lab.history(), f"w2 never asked for {GROUP}")
