"""What ends by itself."""

import pytest

from scenarios.switching import broken_page as page
from scenarios.switching.checks.timers import (
    BY_HAND,
    LABEL,
    a_call_without_an_answer_is_given_up,
    a_lost_release_is_made_up_for,
    half_a_circuit_lasts_a_few_seconds,
)
from scenarios.verdict import Check
from services.switching.header import Kind, decode
from services.switching.signalling import Reason, Release, Setup
from tests.unit.scenarios.expecting import cannot_tell, fails, passes
from tests.unit.scenarios.switching.wires import Links

WAY = "h4 f e c a h3"


class Played:
    """The scenario as it is played when all is well; a test changes a part of it."""

    def __init__(
        self,
        *,
        tries: int = 3,
        answered: bool = False,
        told: bool = True,
        half: float = 2.0,
        given_up: int = 5,
        deaf: bool = True,
        passed_on: bool = False,
        idle: float = 1.0,
    ) -> None:
        self.wire = wire = Links()
        circuit = wire.circuit("h2 f e c a h1", (1, 1, 1, 1, 1)).open()
        circuit.go(Kind.KEEP)
        program = wire.circuit(WAY, (1, 2, 2, 2, 1))
        by_hand = wire.circuit(WAY, (LABEL, 3, 3, 3, 2), number=99)
        program.setup()
        by_hand.setup()
        if answered:
            program.go(Kind.ACCEPT, back=True)
        wire.tables("f", circuits=[by_hand.entry("f", "half-open")] if told else [])
        if deaf:
            wire.link_fault("f", "no longer hears h2", "f", "h2")
        circuit.go(Kind.RELEASE, links=1, payload=Release(Reason.NORMAL, "h2").pack())
        if deaf:
            wire.link_fault("f", "hears h2 again", "f", "h2")
        if passed_on:
            circuit.release(start=1)
        wire.later(idle)
        for _ in range(tries - 1):
            program.setup()
        circuit.release(Reason.IDLE, "f", start=1)
        wire.later(half)
        by_hand.release(Reason.NO_ANSWER, "f", back=True, start=4)
        by_hand.release(Reason.NO_ANSWER, "f", start=1)
        wire.later(2)
        program.release(Reason.NO_ANSWER, links=given_up)


@pytest.mark.parametrize(
    "check", [a_call_without_an_answer_is_given_up, half_a_circuit_lasts_a_few_seconds, a_lost_release_is_made_up_for]
)
class TestEveryCheck:
    def test_all_is_well(self, check: Check) -> None:
        passes(check, Played().wire.history())

    def test_nothing_happened(self, check: Check) -> None:
        fails(check, Links().history(), "")

    def test_a_tap_lost_packets(self, check: Check) -> None:
        cannot_tell(check, Played().wire.history(dropped=1), "lost 1 of")


def test_the_call_by_hand_is_a_good_packet() -> None:
    packet = decode(bytes.fromhex(BY_HAND))
    assert (packet.kind, packet.source, packet.destination) == (Kind.SETUP, "h4", "h3")
    assert Setup.unpack(packet.payload) == Setup(LABEL, 0)


def test_a_call_that_is_answered() -> None:
    fails(a_call_without_an_answer_is_given_up, Played(answered=True).wire.history(), "it was accepted")


def test_a_caller_that_asks_once() -> None:
    fails(a_call_without_an_answer_is_given_up, Played(tries=1).wire.history(), "h4 asked 1 times, not 3")


def test_a_release_that_does_not_go_all_the_way() -> None:
    history = Played(given_up=3).wire.history()
    fails(a_call_without_an_answer_is_given_up, history, "no RELEASE of label 2 between c and a")


def test_half_a_circuit_that_lasts() -> None:
    fails(half_a_circuit_lasts_a_few_seconds, Played(half=9).wire.history(), "given up by f after 10")


def test_half_a_circuit_that_there_never_was() -> None:
    fails(half_a_circuit_lasts_a_few_seconds, Played(told=False).wire.history(), "f did not tell of its entry")


def test_a_switch_that_was_not_deaf() -> None:
    fails(a_lost_release_is_made_up_for, Played(deaf=False).wire.history(), "f was not made deaf, and healed")


def test_a_release_that_was_heard_all_the_same() -> None:
    history = Played(passed_on=True).wire.history()
    fails(a_lost_release_is_made_up_for, history, "f passed on what h2 said: f was not deaf")


def test_a_circuit_that_lives_on() -> None:
    fails(a_lost_release_is_made_up_for, Played(idle=9).wire.history(), "given up by f after 9")


def test_the_page() -> None:
    heading, rule, *rows = page.waits(Played().wire.history())
    assert heading.count("|") == rule.count("|") == 4
    assert rows == [
        "| a call, made three times | the caller | ≈ 5.0 |",
        "| a call, made once | the switches | ≈ 3.0 |",
        "| a circuit whose RELEASE is lost | the switches | ≈ 1.0 |",
    ]
