"""The checks of groups that share an Ethernet address on small histories."""

import pytest

from scenarios.casts.checks import group_macs
from scenarios.verdict import Check
from tests.unit.scenarios.casts.members import Members
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.histories import Wire

CHECKS: tuple[Check, ...] = (
    group_macs.two_groups_share_a_mac,
    group_macs.the_filter_takes_both,
    group_macs.the_program_gets_one,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
class TestEveryCheck:
    def test_nothing_happened(self, check: Check) -> None:
        fails(check, Members().history(), "")

    def test_a_tap_was_blind(self, check: Check) -> None:
        cannot_tell(check, Members().history(dropped=1), "lost 1 of")


class Filter(Wire):
    """A receiver that has joined one of two groups, a sender, and looks into the receiver's kernel."""

    def __init__(self, joined: str = group_macs.GROUP) -> None:
        super().__init__()
        self.node("sender", "multicast-sender")
        self.node("receiver1", "multicast-receiver")
        self.igmp("receiver1", f"v3 report to-exclude {joined}")

    def looks(self, received: int, macs: tuple[str, ...] = ("01005e000001", "01005e010101")) -> "Filter":
        text = f"> Ip: Forwarding DefaultTTL InReceives InHdrErrors\nIp: 1 64 {received} 0\nIcmp: InMsgs\nIcmp: 0\n"
        self.printed("receiver1", text + "".join(f"2 eth0  1 0 {mac}\n" for mac in macs))
        return self

    def sends(self, group: str, text: str, *, mac: str = group_macs.MAC, shown: bool = False) -> "Filter":
        self.packet("udp", src=self.address("sender"), dst=group, sport=33000, dport=11000, payload=text.encode(),
                    ttl=1, eth_src=self.mac("sender"), eth_dst=mac)  # fmt: skip
        if shown:
            self.printed("receiver1", f"10.83.0.2 {text}")
        return self

    def both(self, *, wrong: bool = False, right: bool = True) -> "Filter":
        return self.sends(group_macs.TWIN, "for others", shown=wrong).sends(group_macs.GROUP, "for us", shown=right)


class TestEthernetAddresses:
    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_two_groups_share_one(self, check: Check) -> None:
        passes(check, Filter().looks(5).both().looks(7).history())

    def test_one_has_its_own(self) -> None:
        lab = Filter().sends(group_macs.GROUP, "a").sends(group_macs.TWIN, "b", mac="01:00:5e:81:01:01")
        fails(group_macs.two_groups_share_a_mac, lab.history(), "225.129.1.1 was sent to 01:00:5e:81:01:01")

    def test_only_one_was_sent_to(self) -> None:
        lab = Filter().looks(5).sends(group_macs.GROUP, "a", shown=True).looks(6)
        for check in CHECKS:
            fails(check, lab.history(), "nothing was sent to 225.129.1.1")


class TestTheFilter:
    check = staticmethod(group_macs.the_filter_takes_both)

    def test_a_frame_did_not_pass(self) -> None:
        fails(self.check, Filter().looks(5).both().looks(6).history(), "IP of receiver1 got 1")

    def test_what_else_came_is_no_excuse(self) -> None:
        lab = Filter().looks(5).both()
        lab.packet("igmp", src=lab.address("sender"), dst="224.0.0.22", what="v3 report", ttl=1)
        lab.packet("arp", src=lab.address("sender"), dst=lab.address("receiver1"), ttl=None)
        fails(self.check, lab.looks(7).history(), "of 3 packets on the wire, IP of receiver1 got 2")

    def test_the_kernel_was_looked_into_once(self) -> None:
        fails(self.check, Filter().looks(5).both().history(), "was looked into 1 times")

    def test_no_interface_takes_the_address(self) -> None:
        lab = Filter().looks(5, ("01005e000001",)).both().looks(7, ("01005e000001",))
        fails(self.check, lab.history(), "no interface of receiver1 takes 01:00:5e:01:01:01")

    def test_the_other_group_was_joined(self) -> None:
        fails(self.check, Filter(group_macs.TWIN).looks(5).both().looks(7).history(), "should have asked for 224.1.1.1")


class TestTheProgram:
    check = staticmethod(group_macs.the_program_gets_one)

    def test_it_gets_the_other_s(self) -> None:
        fails(self.check, Filter().both(wrong=True).history(), "receiver1 showed 'for others'")

    def test_it_gets_nothing(self) -> None:
        fails(self.check, Filter().both(right=False).history(), "receiver1 did not show 'for us'")

    def test_its_own_came_first(self) -> None:
        lab = Filter().sends(group_macs.GROUP, "for us", shown=True).sends(group_macs.TWIN, "for others")
        fails(self.check, lab.history(), "the rest may be under way")
