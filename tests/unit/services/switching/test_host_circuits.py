"""Circuits as people at hosts see them, on simulated time."""

from __future__ import annotations

import pytest

from services.switching.header import Kind, decode
from services.switching.line import Line
from services.switching.routing import DistanceVector
from services.switching.switch import Switch
from services.switching.words import MistakeError
from tests.unit.services.switching.network import Network, Node
from tests.unit.services.switching.people import RATE, Person, of_kind


@pytest.fixture
def people() -> dict[str, Person]:
    return {"h1": Person("h1", "a"), "h2": Person("h2", "b"), "h3": Person("h3", "a", circuits=1)}


@pytest.fixture
def network(people: dict[str, Person]) -> Network:
    """h1 and h3 at switch a, h2 at switch b; routes are known, and nothing has been shown."""
    nodes: dict[str, Node] = {name: person.host for name, person in people.items()}
    for name, neighbours in {"a": ["b", "h1", "h3"], "b": ["a", "h2"]}.items():
        lines = [Line(neighbour, RATE, 0.001) for neighbour in neighbours]
        routes = DistanceVector(name, dict.fromkeys(neighbours, 1))
        nodes[name] = Switch(name, lines, routes, tell=lambda text: None)
    network = Network(nodes)
    network.run(2)
    for person in people.values():
        person.shown.clear()
    return network


@pytest.fixture
def h1(people: dict[str, Person]) -> Person:
    return people["h1"]


@pytest.fixture
def h2(people: dict[str, Person]) -> Person:
    return people["h2"]


@pytest.fixture
def h3(people: dict[str, Person]) -> Person:
    return people["h3"]


def call(network: Network, h1: Person, h2: Person) -> None:
    """Set up circuit 1 from h1 to h2, and forget that this was shown."""
    h1.type(network, "call h2")
    network.run(0.5)
    assert h1.shown == ["circuit 1 to h2: open"]
    assert h2.shown == ["circuit 1 from h1: open"]
    h1.shown.clear()
    h2.shown.clear()


def test_both_ends_talk_over_a_circuit(network: Network, h1: Person, h2: Person) -> None:
    call(network, h1, h2)
    for text in ("good morning", "and again"):
        h1.type(network, f"say 1 {text}")
    h2.type(network, "say 1 hello")
    network.run(1)
    assert h2.shown == ["h1 #0: good morning", "h1 #1: and again"]
    assert h1.shown == ["h2 #0: hello"]
    assert of_kind(network, Kind.DATAGRAM) == []


def test_flows_go_over_a_circuit_both_ways(network: Network, h1: Person, h2: Person) -> None:
    call(network, h1, h2)
    h1.type(network, "flow 1 20 0.01 100")
    h2.type(network, "flow 1 10 0.05")
    network.run(2)
    assert h1.shown == ["flow over circuit 1 to h2: 20 of 20 packets sent", "flow from h2: 10 of 10 came"]
    assert h2.shown == ["flow from h1: 20 of 20 came", "flow over circuit 1 from h1: 10 of 10 packets sent"]
    sent = [packet for arrival, packet in of_kind(network, Kind.DATA) if arrival.sender == "h1"]
    assert [packet.sequence for packet in sent] == list(range(20))
    assert [packet.last for packet in sent] == [False] * 19 + [True]


@pytest.mark.parametrize("who", ["h1", "h2"])
def test_either_end_releases(network: Network, h1: Person, h2: Person, who: str) -> None:
    call(network, h1, h2)
    {"h1": h1, "h2": h2}[who].type(network, "release 1")
    network.run(1)
    assert h1.shown == [f"circuit 1 to h2: released by {who}"]
    assert h2.shown == [f"circuit 1 from h1: released by {who}"]
    with pytest.raises(MistakeError, match="there is no circuit 1: type `circuits`"):
        h1.type(network, "say 1 hello")


def test_circuits_are_listed(network: Network, h1: Person, h2: Person) -> None:
    h1.type(network, "circuits")
    h1.type(network, "call h2")
    h1.type(network, "circuits")
    network.run(0.5)
    h1.type(network, "call h3 64000")
    network.run(0.5)
    h1.type(network, "circuits")
    assert h1.shown == [
        "there are no circuits",
        "circuit 1 to h2: calling",
        "circuit 1 to h2: open",
        "circuit 2 to h3: open",
        "circuit 1 to h2: open\ncircuit 2 to h3: open, 64000 bit/s reserved",
    ]


def test_nothing_is_said_before_a_circuit_is_open(network: Network, h1: Person) -> None:
    h1.type(network, "call h2")
    for typed in ("say 1 too early", "flow 1 5 0.1"):
        with pytest.raises(MistakeError, match="circuit 1 to h2 is not open yet"):
            h1.type(network, typed)


def test_a_call_may_be_refused_or_find_no_way(network: Network, h1: Person, h2: Person, h3: Person) -> None:
    h2.type(network, "call h3")
    network.run(0.5)
    h1.type(network, "call h3")
    h1.type(network, "call h9")
    network.run(0.5)
    assert sorted(h1.shown) == ["circuit 1 to h3: refused by h3", "circuit 2 to h9: refused by a: no route"]


def test_a_call_that_nobody_answers_is_told(network: Network, h1: Person) -> None:
    network.lose = lambda arrival: arrival.receiver == "h2" and decode(arrival.data).kind is Kind.SETUP
    h1.type(network, "call h2")
    network.run(3)
    assert h1.shown == []
    network.run(9)
    assert h1.shown == ["circuit 1 to h2: no answer"]


def test_a_call_to_a_host_that_is_gone_is_told(network: Network, h1: Person) -> None:
    network.stop("h2")
    h1.type(network, "call h2")
    network.run(9)
    assert h1.shown == ["circuit 1 to h2: b lost its neighbour h2"]


def test_a_flow_ends_with_its_circuit(network: Network, h1: Person, h2: Person) -> None:
    call(network, h1, h2)
    h1.type(network, "flow 1 100 0.01")
    h1.type(network, "flow h2 30 0.1")
    network.run(0.305)
    h2.type(network, "release 1")
    network.run(5)
    ended, over, to_host = h1.shown
    assert ended == "circuit 1 to h2: released by h2"
    assert over == "flow over circuit 1 to h2: 31 of 100 packets sent"
    assert to_host == "flow to h2: 30 of 30 packets sent"
    assert "flow from h1: 30 of 30 came" in h2.shown


def test_texts_of_the_next_circuit_are_numbered_anew(network: Network, h1: Person, h2: Person) -> None:
    for _ in range(2):
        call(network, h1, h2)
        h1.type(network, "say 1 hello")
        network.run(0.5)
        assert h2.shown == ["h1 #0: hello"]
        h1.type(network, "release 1")
        network.run(5)
        h1.shown.clear()
        h2.shown.clear()


def test_exit_releases_the_circuits(network: Network, h1: Person, h2: Person, h3: Person) -> None:
    call(network, h1, h2)
    h3.type(network, "call h1")
    network.run(0.5)
    h1.shown.clear()
    h1.type(network, "exit")
    assert h1.shown == ["circuit 1 to h2: released by h1", "circuit 2 from h3: released by h1"]
    network.run_until(lambda: h1.has_left == 1, within=1)
    network.stop("h1")
    network.run(1)
    assert h2.shown == ["circuit 1 from h1: released by h1"]
    assert h3.shown == ["circuit 1 to h1: open", "circuit 1 to h1: released by h1"]


def test_a_lost_switch_ends_the_circuits(network: Network, h1: Person, h2: Person) -> None:
    call(network, h1, h2)
    h1.type(network, "flow 1 1000 0.01")
    network.cut("h1", "a")
    network.run(4)
    lost, ended, over = h1.shown
    assert lost == "a is lost: nothing comes from there any more"
    assert ended == "circuit 1 to h2: h1 lost its neighbour a"
    assert over.startswith("flow over circuit 1 to h2: ")
    assert "circuit 1 from h1: a lost its neighbour h1" in h2.shown


def test_a_host_that_leaves_takes_no_more_calls(network: Network, h1: Person, h3: Person) -> None:
    h1.type(network, "message h2 60000 1")  # half a second of work, for which it stays
    h1.type(network, "exit")
    h3.type(network, "call h1")
    network.run(0.3)
    assert h1.shown == ["message to h2: 1 of 1 packets sent"]
    assert h3.shown == []


def test_two_hosts_that_one_link_joins_can_call_each_other() -> None:
    h1, h2 = Person("h1", "h2"), Person("h2", "h1")
    network = Network({"h1": h1.host, "h2": h2.host})
    network.run(0.1)
    h1.type(network, "call h2")
    h2.type(network, "call h1")
    network.run(0.1)
    h1.type(network, "say 1 mine")
    h1.type(network, "say 2 yours")
    network.run(0.1)
    assert sorted(h1.shown[1:]) == ["circuit 1 to h2: open", "circuit 2 from h2: open"]
    assert h2.shown[-2:] == ["h1 #0: mine", "h1 #0: yours"]
    labels = {decode(arrival.data).label for arrival, _ in of_kind(network, Kind.DATA)}
    assert labels == {1}, "both have chosen the lowest, and BACK tells them apart"
