"""Packets on their ways over switches, as taps saw them: crossings, circuits, ways, flows."""

from lab.history import History
from lab.switching.crossings import circuits, crossings
from lab.switching.switched import Kind as Read
from lab.switching.ways import flows, ways
from services.switching.header import Kind
from services.switching.signalling import Reason
from tests.unit.lab.switching.links import along, datagram, released, setup, switched_history, vector, wire

CALL = [
    setup(1.00, "h1", "a", 1),
    setup(1.01, "a", "b", 4),
    setup(1.02, "b", "f", 2),
    setup(1.03, "f", "h2", 1),
    along(1.04, Kind.ACCEPT, "h2", "f", 1, back=True),
    along(1.05, Kind.ACCEPT, "f", "b", 2, back=True),
    along(1.06, Kind.ACCEPT, "b", "a", 4, back=True),
    along(1.07, Kind.ACCEPT, "a", "h1", 1, back=True),
]


def test_a_crossing_names_both_ends_of_its_link() -> None:
    crossing, stranger = crossings(
        switched_history(
            datagram(1, "h1 a"),
            wire(2, "a", "b", b"no packet"),
            datagram(3, "a c")[0].model_copy(update={"src": "10.9.9.9"}),
        )
    )
    assert (crossing.sender, crossing.receiver, crossing.port, crossing.time) == ("h1", "a", 6001, 1)
    assert crossing.switched.words == "datagram h1 to h2 #0"
    assert (stranger.sender, stranger.receiver) == ("10.9.9.9", "c")


def test_a_datagram_that_came_passed_every_node_of_its_way() -> None:
    (way,) = ways(switched_history(datagram(1, "h1 a c e f h2"), vector(1, "a", "c", h1=1)))
    assert way.came and way.lost_on is None
    assert way.nodes == ["h1", "a", "c", "e", "f", "h2"]
    assert way.passed[:3] == [("h1", 1), ("a", 1), ("c", 1.01)]
    assert (way.began, way.ended) == (1, 1.04)


def test_a_node_that_did_not_send_a_packet_on_was_not_passed() -> None:
    (way,) = ways(switched_history(datagram(1, "h1 a c e")))
    assert not way.came
    assert way.nodes == ["h1", "a", "c"]
    assert way.lost_on == ("c", "e")


def test_packets_in_a_loop_are_one_way() -> None:
    (way,) = ways(switched_history(datagram(1, "h1 a b a b a c")))
    assert way.nodes == ["h1", "a", "b", "a", "b", "a"]


def test_what_was_lost_before_is_not_what_comes_later_though_it_says_the_same() -> None:
    lost, came = ways(switched_history(datagram(1, "h1 a c e"), datagram(2, "h1 a c e f h2")))
    assert (lost.lost_on, came.came) == (("c", "e"), True)


def test_packets_on_their_way_together_are_told_apart() -> None:
    told = ways(
        switched_history(
            datagram(1.000, "h1 a c e f h2", 0, b"x", last=False),
            datagram(1.002, "h1 a b f h2", 1, b"x"),
            datagram(1.003, "h2 f b a h1", 0, b"x", ends="h2 h1"),
        )
    )
    assert [way.nodes for way in told] == [
        ["h1", "a", "c", "e", "f", "h2"], ["h1", "a", "b", "f", "h2"], ["h2", "f", "b", "a", "h1"],
    ]  # fmt: skip


def test_a_circuit_is_followed_from_label_to_label() -> None:
    (circuit,) = circuits(switched_history(CALL))
    assert (circuit.source, circuit.destination, circuit.rate) == ("h1", "h2", 8000)
    assert circuit.legs == (("h1", "a", 1), ("a", "b", 4), ("b", "f", 2), ("f", "h2", 1))
    assert circuit.nodes == ["h1", "a", "b", "f", "h2"]
    assert len(circuit.of(Read.ACCEPT)) == 4


def test_two_calls_through_the_same_switches_keep_their_labels_apart() -> None:
    history = switched_history(
        setup(1.0, "h1", "a", 1, call=1), setup(1.1, "h1", "a", 2, call=2),
        setup(1.3, "a", "c", 7, call=1), setup(1.2, "a", "b", 1, call=2),
        along(2.0, Kind.DATA, "a", "c", 7, b"one"), along(2.1, Kind.DATA, "a", "b", 1, b"two"),
    )  # fmt: skip
    one, two = circuits(history)
    assert (one.legs, two.legs) == ((("h1", "a", 1), ("a", "c", 7)), (("h1", "a", 2), ("a", "b", 1)))
    assert [[c.switched.payload for c in found.of(Read.DATA)] for found in (one, two)] == [[b"one"], [b"two"]]


def test_a_setup_that_is_sent_again_is_of_the_same_circuit_and_a_label_that_was_released_of_another() -> None:
    again = [setup(1.5, "h1", "a", 1), setup(1.51, "a", "b", 4)]
    end = along(2, Kind.RELEASE, "h1", "a", 1, released())
    history = switched_history(
        CALL, again, end, setup(3, "h1", "a", 1, call=2), along(3.1, Kind.DATA, "h1", "a", 1, b"x")
    )
    one, two = circuits(history)
    assert len(one.of(Read.SETUP)) == 6 and len(one.legs) == 4
    assert two.legs == (("h1", "a", 1),) and len(two.of(Read.DATA)) == 1


def test_a_call_that_a_switch_refused_goes_no_further() -> None:
    refused = along(1.1, Kind.RELEASE, "b", "a", 4, released(Reason.NO_LABEL, "b"), back=True)
    (circuit,) = circuits(switched_history(CALL[:2], refused))
    assert circuit.nodes == ["h1", "a", "b"]
    assert [c.switched.who for c in circuit.of(Read.RELEASE)] == ["b"]


def test_circuits_of_one_history_stay_the_same_whatever_else_is_looked_at() -> None:
    data = along(2, Kind.DATA, "h1", "a", 1, b"x")
    histories = [switched_history(CALL, data) for _ in range(4)]
    found = [ways(history)[-1] for history in histories]
    assert [way.circuit for way in found] == [circuits(history)[0] for history in histories]


def test_data_and_its_answer_go_the_ways_of_their_circuit() -> None:
    history = switched_history(
        CALL,
        along(2.00, Kind.DATA, "h1", "a", 1, b"ping"), along(2.01, Kind.DATA, "a", "b", 4, b"ping"),
        along(2.02, Kind.DATA, "b", "f", 2, b"ping"), along(2.03, Kind.DATA, "f", "h2", 1, b"ping"),
        along(2.10, Kind.DATA, "h2", "f", 1, b"ping", back=True),
        along(2.11, Kind.DATA, "f", "b", 2, b"ping", back=True),
    )  # fmt: skip
    told = {(way.packet.kind.name, way.packet.back): way for way in ways(history)}
    assert told["SETUP", False].nodes == ["h1", "a", "b", "f", "h2"]
    assert told["ACCEPT", True].nodes == ["h2", "f", "b", "a", "h1"]
    assert told["DATA", False].nodes == ["h1", "a", "b", "f", "h2"]
    assert told["DATA", True].lost_on == ("f", "b") and told["DATA", True].goal == "h1"


def test_an_answer_to_a_release_is_for_the_neighbour() -> None:
    answer = along(2.1, Kind.RELEASE, "a", "h1", 1, released(), back=True, last=True)
    inward = along(2.2, Kind.RELEASE, "b", "a", 4, released(), back=True, last=True)
    told = ways(switched_history(CALL, answer, inward))
    assert [(way.nodes, way.came) for way in told[-2:]] == [(["a", "h1"], True), (["b", "a"], True)]


def test_what_is_of_a_circuit_that_nobody_saw_set_up_is_not_called_lost() -> None:
    (way,) = ways(switched_history(along(1, Kind.DATA, "a", "b", 9, b"?")))
    assert (way.goal, way.came, way.lost_on) == (None, False, None)


def test_flows_are_the_packets_that_follow_each_other() -> None:
    history = switched_history(
        datagram(1.0, "h1 a c e f h2", 0, b"a", last=False),
        datagram(1.1, "h1 a c", 1, b"b", last=False),
        datagram(1.15, "h1 a c e f h2", 0, b"a word between"),
        datagram(1.2, "h1 a c e f h2", 2, b"c"),
        datagram(2.0, "h1 a b f h2", 0, b"d"),
        datagram(2.0, "h2 f b a h1", 0, b"e", ends="h2 h1"),
    )
    found = flows(history, "h1", "h2")
    assert [[(way.packet.payload, way.came) for way in flow] for flow in found] == [
        [(b"a", True), (b"b", False), (b"c", True)], [(b"a word between", True)], [(b"d", True)],
    ]  # fmt: skip
    assert flows(history, "h2", "h2") == []


def test_flows_of_a_circuit_are_asked_for_by_it() -> None:
    data = [along(2 + i / 10, Kind.DATA, "h1", "a", 1, b"x%d" % i, sequence=i, last=i == 2) for i in range(3)]
    history = switched_history(CALL, data, datagram(3, "h1 a"))
    (circuit,) = circuits(history)
    assert [[way.packet.sequence for way in flow] for flow in flows(history, "h1", "h2", circuit)] == [[0, 1, 2]]
    assert flows(history, "h2", "h1", circuit) == []


def test_nothing_is_nothing() -> None:
    assert not [*ways(History([])), *crossings(History([])), *circuits(History([]))]
