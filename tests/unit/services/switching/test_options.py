import dataclasses
from argparse import ArgumentTypeError

import pytest

from services.shared.endpoint import Endpoint
from services.switching.options import Link, link, node_name


def test_a_link_has_defaults() -> None:
    given = link("b=6001:host-b:7001")
    assert given == Link("b", 6001, Endpoint("host-b", 7001), rate=1_000_000, delay=0, queue=32, cost=1)
    line = given.line()
    assert (line.name, line.rate, line.delay, line.queue, line.cost) == ("b", 1_000_000, 0, 32, 1)


def test_settings_may_come_in_any_order() -> None:
    given = link("b=6001:b:6001,cost=2,queue=0,delay=0.06,rate=64000")
    assert given == dataclasses.replace(link("b=6001:b:6001"), rate=64_000, delay=0.06, queue=0, cost=2)
    assert isinstance(given.line().queue, int)


@pytest.mark.parametrize(
    "text",
    ["", "b", "b=6001", "b=6001:b", "b=6001:b:0", "b=0:b:6001", "=6001:b:6001", "B=6001:b:6001", "b=6001:b:6001,",
     *(f"b=6001:b:6001,{setting}" for setting in (
         "speed=1", "rate", "rate=0", "rate=fast", "rate=1.5", "delay=-1", "delay=nan", "delay=inf", "delay=",
         "queue=-1", "queue=1001", "cost=0", "cost=256"))],
)  # fmt: skip
def test_what_is_no_link_says_what_to_give(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="give "):
        link(text)


@pytest.mark.parametrize("text", ["", "toolonganame", "A", "h 1", "h.1"])
def test_what_is_no_name_says_what_to_give(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="give "):
        node_name(text)
