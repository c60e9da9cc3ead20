"""Circuits across the six switches of the textbook, of which packets, hosts and switches are lost."""

from __future__ import annotations

from itertools import pairwise

import pytest

from services.switching.header import Kind, decode
from tests.unit.services.switching.callers import assert_all_gone, assert_no_timer, say, textbook
from tests.unit.services.switching.network import Arrival

WAY = ["h1", "a", "c", "e", "f", "h2"]
ENTRIES_GONE = 3.5  # seconds after which nothing may be left of a circuit in any table, whatever was lost
LABELS_GONE = 24.0  # and no label may rest any more


class Lose:
    """Loses the first packets of a kind over one link."""

    def __init__(self, kind: Kind, sender: str, receiver: str, times: int = 1) -> None:
        self._what = kind, sender, receiver
        self.left = times

    def __call__(self, arrival: Arrival) -> bool:
        hit = self.left > 0 and (decode(arrival.data).kind, arrival.sender, arrival.receiver) == self._what
        self.left -= hit
        return hit


def test_host_that_does_not_answer() -> None:
    town = textbook()
    town.network.lose = lambda arrival: arrival.receiver == "h2"
    start = town.network.now
    town.hosts["h1"].call(start, "h2", 1000)
    town.network.run_until(lambda: town.hosts["h1"].said != [], within=7)
    assert town.hosts["h1"].said == ["circuit 1 to h2: no answer"]
    assert town.network.now == start + 6
    town.network.run(ENTRIES_GONE)
    assert_all_gone(town)
    town.network.run(LABELS_GONE - ENTRIES_GONE)
    assert_no_timer(town)


@pytest.mark.parametrize(("sender", "receiver"), [*pairwise(WAY)])
@pytest.mark.parametrize("times", [1, 2])
def test_lost_setup_is_sent_again(sender: str, receiver: str, times: int) -> None:
    town = textbook()
    town.network.lose = lose = Lose(Kind.SETUP, sender, receiver, times)
    town.hosts["h1"].call(town.network.now, "h2")
    town.network.run(2 * times + 0.2)
    assert lose.left == 0
    assert (town.hosts["h1"].said, town.hosts["h2"].said) == (["circuit 1 to h2: open"], ["circuit 1 from h1: open"])
    town.network.run(10)
    assert [name for name, _ in town.entries()] == ["a", "c", "e", "f"]


@pytest.mark.parametrize(("receiver", "sender"), [*pairwise(WAY)])
@pytest.mark.parametrize("times", [1, 2])
def test_lost_accept_is_sent_again(sender: str, receiver: str, times: int) -> None:
    town = textbook()
    town.network.lose = lose = Lose(Kind.ACCEPT, sender, receiver, times)
    town.hosts["h1"].call(town.network.now, "h2")
    town.network.run(2 * times + 0.2)
    assert lose.left == 0
    assert (town.hosts["h1"].said, town.hosts["h2"].said) == (["circuit 1 to h2: open"], ["circuit 1 from h1: open"])
    town.network.run(10)
    assert [name for name, _ in town.entries()] == ["a", "c", "e", "f"]


@pytest.mark.parametrize("link", [*pairwise(WAY), *pairwise(reversed(WAY))])
@pytest.mark.parametrize("ends", ["h1", "h2"])
def test_lost_release_is_made_good_by_the_timers(link: tuple[str, str], ends: str) -> None:
    town = textbook()
    calls = dict(zip(("h1", "h2"), town.open("h1", "h2", rate=1000), strict=True))
    town.network.lose = lose = Lose(Kind.RELEASE, *link)
    town.hosts[ends].release(town.network.now, calls[ends])
    town.network.run(ENTRIES_GONE)
    assert lose.left == 0
    assert_all_gone(town)
    town.network.run(LABELS_GONE - ENTRIES_GONE)
    assert_no_timer(town)
    town.open("h1", "h2")


@pytest.mark.parametrize("dies", ["h1", "h2"])
def test_dead_host_leaves_nothing(dies: str) -> None:
    town = textbook(learned=True)
    town.open("h1", "h2", rate=1000)
    town.network.stop(dies)
    del town.hosts[dies]
    town.network.run(ENTRIES_GONE)
    assert_all_gone(town)


def test_half_open_circuit_of_a_dead_caller_vanishes() -> None:
    town = textbook()
    town.network.lose = lambda arrival: arrival.receiver == "h2"
    town.hosts["h1"].call(town.network.now, "h2", 1000)
    town.network.run(0.1)
    assert len(town.entries()) == 4
    town.network.stop("h1")
    town.network.run(ENTRIES_GONE)
    assert (town.entries(), town.reserved()) == ([], 0)


def test_killed_switch_is_told_to_both_ends_by_its_neighbours() -> None:
    town = textbook(learned=True)
    town.open("h1", "h2", rate=1000)
    town.kill("e")
    town.network.run(2)
    assert town.hosts["h1"].said[1:] == ["circuit 1 to h2: c lost its neighbour e"]
    assert town.hosts["h2"].said[1:] == ["circuit 1 from h1: f lost its neighbour e"]
    assert_all_gone(town)
    town.network.run(5)
    town.open("h1", "h2")
    assert [name for name, _ in town.entries()] == ["a", "b", "d", "f"]


@pytest.mark.parametrize("switch", ["a", "c", "e", "f"])
def test_switch_that_starts_anew_and_empty_tells_both_ends(switch: str) -> None:
    town = textbook(learned=True)
    one, _ = town.open("h1", "h2", rate=1000)
    town.restart(switch)
    say(town, town.hosts["h1"], one, b"into the void")
    town.network.run_until(lambda: town.hosts["h1"].open() == [], within=1)
    assert town.hosts["h1"].said[1:] == [f"circuit 1 to h2: {switch} does not know its label"]
    town.network.run(1.5)
    assert town.hosts["h2"].said[1:] == [f"circuit 1 from h1: {switch} does not know its label"]
    assert town.hosts["h2"].texts() == []
    assert_all_gone(town)
