"""How often a terminal shows a datagram, however its program words the line."""

import pytest

from scenarios.checks.datagrams import text_of, times_shown
from tests.unit.scenarios.histories import Wire


def sent(*texts: str) -> Wire:
    """Let a sender send these to a receiver."""
    wire = Wire()
    wire.node("sender", "udp-peer")
    wire.node("receiver", "udp-peer")
    for text in texts:
        wire.udp("sender", "receiver", text.encode())
    return wire


def test_words_have_no_white_space_around_them() -> None:
    assert [text_of(p) for p in sent("hi\n", " hi there ", "\n").history().packets()] == ["hi", "hi there", ""]


@pytest.mark.parametrize("line", ["hi", "10.83.0.2 hi", "hi (from 10.83.0.2)", "> hi", "[2] hi!"])
def test_a_line_may_have_more_in_it(line: str) -> None:
    wire = sent("hi")
    wire.printed("receiver", line)
    wire.printed("sender", line)
    assert times_shown(wire.history(), "receiver", "hi") == 1


def test_every_line_counts() -> None:
    wire = sent("hi")
    for _ in range(3):
        wire.printed("receiver", "hi")
    assert times_shown(wire.history(), "receiver", "hi") == 3


def test_the_line_of_a_longer_datagram_is_not_that_of_a_shorter() -> None:
    wire = sent("hi", "hi all")
    wire.printed("receiver", "10.83.0.2 hi all")
    history = wire.history()
    assert [times_shown(history, "receiver", text) for text in ("hi", "hi all")] == [0, 1]


def test_what_was_shown_before_may_be_left_out() -> None:
    wire = sent("hi")
    wire.printed("receiver", "hi")
    begin = wire.time
    wire.printed("receiver", "hi")
    history = wire.history()
    assert [times_shown(history, "receiver", "hi", after=time) for time in (0, begin, wire.time)] == [2, 1, 0]


def test_an_empty_datagram_is_shown_by_no_line() -> None:
    wire = sent("")
    wire.printed("receiver", "")
    assert times_shown(wire.history(), "receiver", "") == 0
