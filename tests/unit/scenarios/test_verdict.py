"""What a verdict is, and that a check which cannot see says so."""

import pytest

from lab.events import LabFailed
from lab.history import History
from scenarios.catalogue import CATALOGUE
from scenarios.verdict import Check, FailedError, Outcome, Verdict, at, check, failed, passed, sentence, unknown, worst
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.histories import Wire

CHECKS = {c.__name__: c for scenario in CATALOGUE.values() for c in scenario.checks}


def some_wire() -> Wire:
    wire = Wire()
    wire.node("server", "broadcast-server")
    wire.node("alice", "broadcast-client")
    wire.dial("alice", "server", 9000).up(b"hello\n")
    return wire


@pytest.mark.parametrize("judge", CHECKS.values(), ids=CHECKS.keys())
class TestEveryCheckOfTheCatalogue:
    def test_says_unknown_when_the_tap_lost_packets(self, judge: Check) -> None:
        cannot_tell(judge, some_wire().history(dropped=1), "the tap of lab lost 1 of 6 packets")

    def test_says_unknown_when_the_tap_missed_its_canary(self, judge: Check) -> None:
        cannot_tell(judge, some_wire().history(canary=False), "the tap of lab missed its canary packet")

    def test_says_unknown_when_there_was_no_tap(self, judge: Check) -> None:
        cannot_tell(judge, some_wire().history(tapped=False), "no tap was closed in good order")

    def test_says_unknown_when_one_of_two_networks_had_no_tap(self, judge: Check) -> None:
        elsewhere = Wire("other", "10.83.1")
        elsewhere.node("bob", "broadcast-client")
        events = [*some_wire().history(), *elsewhere.events]
        cannot_tell(judge, History(events), "the tap of other was not closed in good order")

    def test_says_unknown_when_the_lab_failed(self, judge: Check) -> None:
        wire = some_wire()
        wire.events.append(LabFailed(time=wire.time, what="the engine has gone"))
        cannot_tell(judge, wire.history(), "the lab failed: the engine has gone")

    def test_says_unknown_when_it_breaks_down_itself(self, judge: Check) -> None:
        class Broken(History):
            """A history that cannot be asked anything but whether it can be trusted."""

            def of(self, kind: object) -> list[object]:  # type: ignore[override]
                raise ZeroDivisionError("of all things")

            def blindness(self) -> str | None:
                return None

        broken = Broken.__new__(Broken)
        cannot_tell(judge, broken, "the check itself broke down: ")

    def test_does_not_pass_on_an_empty_history(self, judge: Check) -> None:
        assert judge(Wire().history()).outcome is not Outcome.PASS

    def test_does_not_pass_when_all_were_started_and_nothing_ran(self, judge: Check) -> None:
        wire = Wire()
        roles = {"server": "broadcast-server", "p3server": "project3-server", "p3client": "project3-client"}
        roles |= {
            "alice": "broadcast-client",
            "bob": "broadcast-client",
            "f1": "forwarder",
            "sender": "multicast-sender",
        }
        roles |= {"peer1": "udp-peer", "peer2": "udp-peer", "receiver": "multicast-receiver", "mallory": "host"}
        for name, role in roles.items():
            wire.node(name, role)
        assert judge(wire.history()).outcome is Outcome.FAIL

    def test_says_in_one_sentence_what_it_checks(self, judge: Check) -> None:
        words = sentence(judge)
        assert " " in words and not words.endswith(".") and "\n" not in words


@check
def something_was_typed(history: History) -> Verdict:
    """Somebody typed something.

    And more about it.
    """
    node = history.nodes()[0]
    return passed("yes") if history.typed(node) else failed("no", ["evidence"])


def test_a_check_judges_what_it_can_see() -> None:
    wire = some_wire()
    assert fails(something_was_typed, wire.history(), "no").evidence == ("evidence",)
    wire.typed("server", "x")
    passes(something_was_typed, wire.history())


def test_a_check_that_breaks_down_blames_nobody() -> None:
    cannot_tell(something_was_typed, Wire().history(), "the check itself broke down: IndexError")


def test_what_checks_share_may_see_that_it_fails() -> None:
    @check
    def nobody_is_there(history: History) -> Verdict:
        raise FailedError("somebody is", iter(history.nodes()))

    assert fails(nobody_is_there, some_wire().history(), "somebody is").evidence == ("server", "alice")


def test_a_checks_sentence_is_the_first_line_of_its_docstring() -> None:
    assert sentence(something_was_typed) == "Somebody typed something"
    assert sentence(check(lambda history: passed(""))) == "<lambda>"


def test_evidence_is_named_so_that_it_can_be_looked_up() -> None:
    packets = some_wire().history().packets()
    assert at(packets[2]) == "lab.pcapng packet 3"


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        ([], Outcome.UNKNOWN),
        ([passed("")], Outcome.PASS),
        ([passed(""), failed("")], Outcome.FAIL),
        ([failed(""), unknown(""), passed("")], Outcome.UNKNOWN),
    ],
)
def test_the_worst_of_several(verdicts: list[Verdict], outcome: Outcome) -> None:
    assert worst(verdicts) is outcome
