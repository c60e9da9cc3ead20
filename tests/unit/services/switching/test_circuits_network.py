"""Circuits across the six switches of the textbook, where h1 to h2 goes by a c e f."""

from __future__ import annotations

import pytest

from services.switching.circuits import End
from tests.unit.services.switching.callers import (
    TEXTBOOK_HOSTS,
    CallTown,
    assert_all_gone,
    assert_no_timer,
    say,
    textbook,
)


def table(town: CallTown, switch: str) -> list[tuple[str, End, End]]:
    return [(circuit.source, circuit.caller, circuit.called) for circuit in town.switches[switch].circuits.entries()]


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
