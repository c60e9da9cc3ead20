from __future__ import annotations

import heapq

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.switching.header import BadPacketError, Kind, Packet, decode, encode
from services.switching.routing import (
    INFINITY,
    MOST_DESTINATIONS,
    PERIOD,
    DistanceVector,
    Guard,
    Vector,
    pack_vector,
    unpack_vector,
)
from tests.unit.services.switching.network import Arrival
from tests.unit.services.switching.nodes import Town

Links = dict[tuple[str, str], int]
NAMES = "abcdefgh"


@st.composite
def connected(draw: st.DrawFn) -> Links:
    """A connected graph of up to 8 switches with costs, in which nothing is as far as infinity."""
    names = NAMES[: draw(st.integers(2, len(NAMES)))]
    tree = {(names[draw(st.integers(0, i - 1))], names[i]) for i in range(1, len(names))}
    more = draw(st.sets(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=6))
    links = tree | {(one, other) for one, other in more if one < other}
    return {link: draw(st.integers(1, 2)) for link in sorted(links)}


def distances(links: Links, start: str) -> dict[str, int]:
    """Dijkstra's: what is nearest is final."""
    final: dict[str, int] = {}
    waiting = [(0, start)]
    while waiting:
        distance, name = heapq.heappop(waiting)
        if name not in final:
            final[name] = distance
            for (one, other), cost in links.items():
                if name in (one, other):
                    heapq.heappush(waiting, (distance + cost, other if name == one else one))
    return {name: distance for name, distance in final.items() if name != start}


def is_converged(town: Town, links: Links) -> bool:
    return all(town.metrics(name) == distances(links, name) for name in town.switches)


def assert_no_loops(town: Town) -> None:
    """Follow each table's next hops, from everywhere to everywhere."""
    for start in town.switches:
        for destination in town.metrics(start):
            passed, here = [start], start
            while here != destination:
                here = str(town.switches[here].routes.next_hop(destination))
                assert here not in passed, f"to {destination}: {passed} and back to {here}"
                passed.append(here)


# Convergence

SLOWEST = 3 * PERIOD + len(NAMES) * PERIOD
"""Until a dead line is noticed, and then a period for each step of the way."""


@settings(max_examples=60)
@given(connected())
def test_tables_converge_on_the_shortest_ways_without_loops(links: Links) -> None:
    town = Town(links, costs=links)
    town.network.run_until(lambda: is_converged(town, links), within=2 * PERIOD)
    assert_no_loops(town)
    town.network.run(4 * PERIOD)
    assert is_converged(town, links), "and stay so"


@settings(max_examples=60)
@given(connected(), st.data())
def test_tables_converge_again_when_a_link_is_cut_and_when_it_is_healed(links: Links, data: st.DataObject) -> None:
    town = Town(links, costs=links)
    town.network.run_until(lambda: is_converged(town, links), within=2 * PERIOD)
    gone = data.draw(st.sampled_from(sorted(links)))
    left = {link: cost for link, cost in links.items() if link != gone}
    town.network.cut(*gone)
    town.network.run(SLOWEST)
    if all(len(distances(left, name)) == len(town.switches) - 1 for name in town.switches):
        assert is_converged(town, left)
        assert_no_loops(town)
    else:
        town.network.run_until(lambda: is_converged(town, left), within=INFINITY * PERIOD)
    town.network.heal(*gone)
    town.network.run_until(lambda: is_converged(town, links), within=SLOWEST)
    assert_no_loops(town)


def test_of_equal_ways_the_alphabetically_first_is_taken_whatever_came_first() -> None:
    for order in (["b", "c"], ["c", "b"]):
        routes = DistanceVector("a", {"b": 1, "c": 1})
        for line in order:
            routes.hear(0, line, {"d": 1})
        assert routes.next_hop("d") == "b"


def test_thirty_switches_in_a_ring_of_chords_converge_with_few_packets() -> None:
    names = [f"s{n}" for n in range(30)]
    links = {(names[n], names[(n + step) % 30]): 1 for n in range(30) for step in (1, 7)}
    town = Town(links)
    town.network.run_until(lambda: is_converged(town, links), within=2 * PERIOD)
    before = len(town.network.arrivals)
    town.network.run(10 * PERIOD)
    assert len(town.network.arrivals) - before <= 2 * len(links) * 11, "one vector a line and period"


# Bad news


def vector_in(arrival: Arrival) -> Vector:
    packet = decode(arrival.data)
    return unpack_vector(packet.payload) if packet.kind is Kind.VECTOR else {}


def metrics_told_of_a_dead_host(guard: Guard, lose_the_news: bool) -> list[int]:
    """Let x die, and the news of it get lost on its way from b to c; return what is told of x from then on."""
    town = Town([("b", "c")], {"x": "b"}, guard=guard)
    town.network.stop("c")
    town.network.run(0.6 * PERIOD)
    town.restart("c")  # so b and c do not speak at the same moments, and no old news is on its way with the bad
    town.network.run(2 * PERIOD)
    assert town.metrics("c")["x"] == 2
    bad_news: list[Arrival] = []

    def lose(arrival: Arrival) -> bool:
        if (arrival.sender, arrival.receiver) == ("b", "c") and vector_in(arrival).get("x") == INFINITY:
            bad_news.append(arrival)
        return lose_the_news and bad_news == [arrival]

    town.network.lose = lose
    town.network.stop("x")
    town.network.run_until(lambda: bool(bad_news), within=4 * PERIOD)
    begin = len(town.network.arrivals)
    town.network.run(5 * PERIOD)
    assert not {"x"} & {*town.metrics("b"), *town.metrics("c")}
    told = [vector_in(arrival).get("x") for arrival in town.network.arrivals[begin:]]
    return [metric for metric in told if metric is not None]


def test_with_no_guard_old_news_come_back_and_count_to_infinity() -> None:
    told = metrics_told_of_a_dead_host(Guard.NONE, lose_the_news=True)
    assert list(dict.fromkeys(told)) == list(range(2, INFINITY + 1)), "c's old 2, b's 3, c's 4, ..."


def test_with_poisoned_reverse_nobody_counts() -> None:
    assert set(metrics_told_of_a_dead_host(Guard.POISONED_REVERSE, lose_the_news=True)) == {INFINITY}


def test_with_no_guard_nobody_counts_when_the_bad_news_arrives_in_time() -> None:
    assert set(metrics_told_of_a_dead_host(Guard.NONE, lose_the_news=False)) == {INFINITY}


def test_a_way_is_told_as_infinity_to_whom_it_goes_by() -> None:
    routes = DistanceVector("a", {"b": 1, "c": 1})
    routes.hear(0, "b", {"b": 0, "d": 1})
    told = routes.vectors(0)
    assert told == {"b": {"a": 0, "b": INFINITY, "d": INFINITY}, "c": {"a": 0, "b": 1, "d": 2}}
    honest = DistanceVector("a", {"b": 1}, guard=Guard.NONE)
    honest.hear(0, "b", {"b": 0})
    assert honest.vectors(0) == {"b": {"a": 0, "b": 1}}


def test_a_dead_destination_is_told_as_infinity_for_four_periods_and_then_forgotten() -> None:
    routes = DistanceVector("a", {"b": 1, "c": 1}, period=1)
    routes.hear(0, "b", {"d": 0})
    routes.hear(10, "b", {"d": INFINITY})
    assert routes.next_hop("d") is None
    told = []
    for now in range(10, 17):
        routes.expire(now)
        told.append(routes.vectors(now)["c"].get("d"))
    assert told == [INFINITY] * 4 + [None] * 3
    assert routes.table() == {}


def test_what_a_vector_leaves_out_is_out_of_reach() -> None:
    routes = DistanceVector("a", {"b": 1})
    routes.hear(0, "b", {"b": 0, "d": 1})
    routes.hear(1, "b", {"b": 0})
    assert (routes.next_hop("b"), routes.next_hop("d")) == ("b", None)


# When to speak, and when a neighbour is lost


def test_changes_are_told_at_once_but_not_each_on_its_own() -> None:
    routes = DistanceVector("a", {"b": 1}, period=1)
    assert routes.vectors(0)
    assert routes.due() == 1
    routes.hear(0.5, "b", {"d": 1})
    assert routes.due() <= 0.5 and routes.vectors(0.5), "triggered"
    routes.hear(0.51, "b", {"d": 1, "e": 1})
    assert not routes.vectors(0.51)
    assert 0.51 < routes.due() < 0.7
    assert routes.vectors(routes.due()), "triggered, a little later"
    routes.hear(0.8, "b", {"d": 1, "e": 1})
    assert routes.due() == 1, "nothing new"


def test_a_neighbour_that_is_silent_for_three_periods_is_lost_until_it_speaks() -> None:
    routes = DistanceVector("a", {"b": 1, "c": 1}, period=1)
    assert routes.expire(100) == [], "who was never there is not missed"
    routes.vectors(100)
    assert not routes.heard_from(100, "b")
    routes.hear(100, "b", {"b": 0, "d": 3})
    assert routes.expire(102.9) == []
    routes.vectors(102.9)
    assert routes.due() == 103
    assert routes.expire(103) == ["b"]
    assert routes.table() == {"b": ("b", INFINITY), "d": ("b", INFINITY)}
    assert routes.expire(104) == [], "said once"
    assert routes.heard_from(105, "b")
    assert not routes.heard_from(106, "b")


def test_the_neighbours_of_a_restarted_switch_recover() -> None:
    links = {("a", "b"): 1, ("b", "c"): 1}
    town = Town(links)
    town.network.run(2 * PERIOD)
    town.restart("b")
    town.network.run_until(lambda: not is_converged(town, links), within=PERIOD)
    town.network.run_until(lambda: is_converged(town, links), within=2 * PERIOD)
    town.network.stop("b")
    town.network.run(5 * PERIOD)
    assert town.told == ["a: b is lost: nothing comes from there any more",
                         "c: b is lost: nothing comes from there any more"]  # fmt: skip
    town.restart("b")
    town.network.run_until(lambda: is_converged(town, links), within=2 * PERIOD)
    assert town.told[2:] == ["a: b is back", "c: b is back"]


# Whatever others tell

VECTORS = st.dictionaries(st.sampled_from(["a", "b", "c", "x", "y"]), st.integers(0, 255), max_size=5)


@given(VECTORS)
def test_vectors_are_read_as_they_were_written(vector: Vector) -> None:
    assert unpack_vector(pack_vector(vector)) == vector


@given(st.binary(max_size=40))
def test_any_bytes_are_a_vector_or_flawed(data: bytes) -> None:
    try:
        unpack_vector(data)
    except BadPacketError:
        return
    assert len(data) % 9 == 0


@given(st.lists(st.tuples(st.sampled_from(["b", "c"]), VECTORS), max_size=20))
def test_metrics_stay_between_the_cost_of_the_line_and_infinity(told: list[tuple[str, Vector]]) -> None:
    routes = DistanceVector("a", {"b": 1, "c": 5})
    for now, (line, vector) in enumerate(told):
        routes.hear(now, line, vector)
        for name, (via, metric) in routes.table().items():
            assert name != "a"
            assert metric is not None
            assert {"b": 1, "c": 5}[via] <= metric <= INFINITY


def test_a_table_has_an_end_whatever_is_told() -> None:
    town = Town([("a", "b")])
    switch = town.switches["a"]
    for batch in range(10):
        vector = {f"{batch}-{n}": 1 for n in range(1000)}
        switch.receive(0, "b", encode(Packet(Kind.VECTOR, "b", payload=pack_vector(vector))))
    assert len(switch.routes.table()) == MOST_DESTINATIONS
    switch.tick(0)
    town.network.run(10 * PERIOD)
    assert town.metrics("a") == {"b": 1}, "what b does not tell any more is forgotten, and there is room again"


def test_nobody_speaks_for_another() -> None:
    town = Town([("a", "b"), ("a", "c")])
    switch = town.switches["a"]
    switch.receive(0, "b", encode(Packet(Kind.VECTOR, "c", payload=pack_vector({"c": 0, "d": 0}))))
    assert switch.routes.table() == {}
    assert switch.drops["address"] == 1


@pytest.mark.parametrize("infinity", [4, 255])
def test_infinity_can_be_another(infinity: int) -> None:
    routes = DistanceVector("a", {"b": 1}, infinity=infinity)
    routes.hear(0, "b", {"near": infinity - 2, "far": infinity - 1})
    assert routes.table() == {"near": ("b", infinity - 1)}
