"""Circuits across the six switches of the textbook, where h1 to h2 goes by a c e f."""

from __future__ import annotations

from itertools import pairwise

import pytest

from services.switching.calls import Call
from services.switching.circuits import End
from services.switching.header import Kind, decode
from tests.unit.services.switching.callers import TEXTBOOK_HOSTS, Caller, CallTown, textbook
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


def table(town: CallTown, switch: str) -> list[tuple[str, End, End]]:
    return [(circuit.source, circuit.caller, circuit.called) for circuit in town.switches[switch].circuits.entries()]


def say(town: CallTown, host: Caller, call: Call, *texts: bytes) -> None:
    for text in texts:
        assert host.calls.send(town.network.now, call, text)


def assert_all_gone(town: CallTown) -> None:
    assert (town.entries(), town.reserved()) == ([], 0)
    assert [call for host in town.hosts.values() for call in host.calls.calls()] == []


def assert_no_timer(town: CallTown) -> None:
    assert [switch.circuits.due() for switch in town.alive()] == [None] * len(town.alive())
    assert [host.calls.due() for host in town.hosts.values()] == [None] * len(town.hosts)


def test_hosts_with_the_same_label_do_not_collide() -> None:
    town = textbook()
    h1, h2, h3, h4 = (town.hosts[name] for name in ("h1", "h2", "h3", "h4"))
    one, _ = town.open("h1", "h2")
    other, _ = town.open("h3", "h4")
    assert (one.label, other.label) == (1, 1)
    assert table(town, "a") == [("h1", End("h1", 1), End("c", 1)), ("h3", End("h3", 1), End("c", 2))]
    assert table(town, "f") == [("h1", End("e", 1), End("h2", 1)), ("h3", End("e", 2), End("h4", 1))]
    say(town, h1, one, b"from h1")
    say(town, h3, other, b"from h3")
    town.network.run(0.1)
    assert (h2.texts(), h4.texts()) == ([b"from h1"], [b"from h3"])
    assert (h1.said, h2.said) == (["circuit 1 to h2: open"], ["circuit 1 from h1: open"])


def test_data_goes_both_ways_and_keeps_its_order() -> None:
    town = textbook(learned=True)
    one, other = town.open("h1", "h2")
    texts = [b"%d" % number for number in range(20)]
    say(town, town.hosts["h1"], one, *texts)
    say(town, town.hosts["h2"], other, *texts)
    town.network.run(0.5)
    assert town.hosts["h2"].texts() == town.hosts["h1"].texts() == texts


def test_circuit_lives_as_long_as_its_hosts_do() -> None:
    town = textbook()
    one, other = town.open("h1", "h2")
    town.network.run(60)
    assert (one.state, other.state) == ("open", "open")
    assert len(town.entries()) == 4


@pytest.mark.parametrize(("ends", "hears"), [("h1", "h2"), ("h2", "h1")])
def test_release_comes_behind_the_data_and_leaves_nothing(ends: str, hears: str) -> None:
    town = textbook()
    calls = dict(zip(("h1", "h2"), town.open("h1", "h2", rate=200_000), strict=True))
    assert town.reserved() == 8 * 200_000
    host = town.hosts[ends]
    say(town, host, calls[ends], *[bytes(1000)] * 30)
    host.release(town.network.now, calls[ends])
    town.network.run(1)
    assert len(town.hosts[hears].came) == 30
    assert [host.said[-1].split(": ")[1] for host in (town.hosts[ends], town.hosts[hears])] == [
        f"released by {ends}"
    ] * 2
    assert_all_gone(town)
    assert_no_timer(town)


def test_release_by_both_at_once() -> None:
    town = textbook()
    one, other = town.open("h1", "h2")
    town.hosts["h1"].release(town.network.now, one)
    town.hosts["h2"].release(town.network.now, other)
    town.network.run(0.5)
    assert (town.hosts["h1"].said[-1], town.hosts["h2"].said[-1]) == (
        "circuit 1 to h2: released by h1",
        "circuit 1 from h1: released by h2",
    )
    assert_all_gone(town)
    assert_no_timer(town)


def test_what_a_circuit_left_on_the_wire_does_not_come_by_the_next_one() -> None:
    town = textbook()
    one, other = town.open("h1", "h2")
    say(town, town.hosts["h2"], other, *[b"old"] * 30)
    town.hosts["h1"].release(town.network.now, one)
    town.open("h1", "h4")
    town.open("h1", "h2")
    town.network.run(3)
    assert town.hosts["h1"].texts() == []
    assert len(town.hosts["h1"].open()) == 2


def test_release_and_call_in_turn_is_never_refused() -> None:
    town = textbook()
    host = town.hosts["h1"]
    for _ in range(50):
        one, _ = town.open("h1", "h2")
        host.release(town.network.now, one)
    town.network.run(1)
    assert_all_gone(town)
    assert_no_timer(town)


def test_label_that_is_left_to_no_one() -> None:
    town = textbook(labels={"c": 1})
    one, _ = town.open("h1", "h2")
    town.hosts["h3"].call(town.network.now, "h4")
    town.network.run(0.2)
    assert town.hosts["h3"].said == ["circuit 1 to h4: refused by c: no label left"]
    assert town.hosts["h4"].said == []
    assert len(town.entries()) == 4
    town.hosts["h1"].release(town.network.now, one)
    town.network.run(0.2)
    town.open("h3", "h4")


def test_rate_that_is_left_to_no_one() -> None:
    town = textbook(hosts={**TEXTBOOK_HOSTS, "h5": "d"})
    town.open("h1", "h2", rate=500_000)
    host = town.hosts["h5"]
    host.call(town.network.now, "h2", 500_000)
    town.network.run(0.2)
    assert host.said == ["circuit 1 to h2: refused by f: no rate left"]
    assert town.reserved() == 8 * 500_000
    host.call(town.network.now, "h2", 400_000)
    town.network.run(0.2)
    assert host.said[1:] == ["circuit 1 to h2: open"]
    assert town.reserved() == 8 * 500_000 + 4 * 400_000


def test_host_that_takes_no_more_circuits() -> None:
    town = textbook(calls={"h2": 1})
    town.open("h1", "h2")
    town.hosts["h3"].call(town.network.now, "h2")
    town.network.run(0.2)
    assert town.hosts["h3"].said == ["circuit 1 to h2: refused by h2"]
    assert len(town.entries()) == 4


def test_host_that_does_not_exist() -> None:
    town = textbook()
    town.hosts["h1"].call(town.network.now, "h9")
    town.hosts["h1"].call(town.network.now, "h1")
    town.hosts["h1"].call(town.network.now, "e")
    town.network.run(0.2)
    assert town.hosts["h1"].said == [
        "circuit 1 to h9: refused by a: no route",
        "circuit 2 to h1: refused by a: no route",
        "circuit 3 to e: refused by e",
    ]
    assert_all_gone(town)
    assert_no_timer(town)


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
    assert [len(table(town, name)) for name in "acef"] == [1, 1, 1, 1]


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
    assert [len(table(town, name)) for name in "acef"] == [1, 1, 1, 1]


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


def test_circuit_keeps_its_way_when_a_shorter_one_appears() -> None:
    town = textbook(learned=True)
    town.kill("e")
    town.network.run(8)
    one, _ = town.open("h1", "h2")
    town.restart("e")
    town.network.run(5)
    assert town.switches["a"].routes.next_hop("h2") == "c"
    say(town, town.hosts["h1"], one, b"by the old way")
    begin = len(town.network.arrivals)
    town.network.run(0.2)
    data = [arrival for arrival in town.network.arrivals[begin:] if b"old way" in arrival.data]
    assert [arrival.sender for arrival in data] == ["h1", "a", "b", "d", "f"]
