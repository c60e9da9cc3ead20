from itertools import pairwise

from hypothesis import given

from lab.events import Exited, Step
from lab.history import History
from lab.ladder import model as module
from lab.ladder.model import Arrow, Heading, Mark, ladder
from tests.unit.lab.switching.links import datagram, switched_history, vector
from tests.unit.lab.wire import BACKBONE, EAST, NODES, WEST, routed
from tests.unit.scenarios.exchange import FEW, GROUP, HISTORIES, events, history, packet, started


def test_columns_stand_in_the_order_of_the_path_and_a_group_before_its_members() -> None:
    assert [c.name for c in ladder(history()).columns] == ["client", "server", "224.1.1.1", "member"]


def test_columns_of_one_kind_stand_in_the_order_of_their_names() -> None:
    late = started(1, "client").model_copy(update={"node": "client10", "addresses": {"lab": "10.84.0.10"}})
    early = started(2, "client").model_copy(update={"node": "client9", "addresses": {"lab": "10.84.0.9"}})
    assert [c.name for c in ladder(History([late, early])).columns] == ["client9", "client10"]


def test_messages_are_arrows_and_happenings_are_marks_below_their_step() -> None:
    rows = ladder(history()).rows
    told = [(type(row).__name__, row.label) for row in rows]
    assert told == [
        ("Heading", "1. Start all three"),
        ("Mark", "started"),
        ("Mark", "started"),
        ("Arrow", "IGMP join"),
        ("Arrow", "IGMP join"),
        ("Mark", "started"),
        ("Arrow", "TCP SYN :9000"),
        ("Arrow", "TCP RST ACK"),
        ("Arrow", "TCP SYN :9000"),
        ("Arrow", "TCP SYN ACK"),
        ("Heading", "2. Type a word; the client dies"),
        ("Mark", 'types "hi\\x07 <b>"'),
        ("Arrow", 'TCP PSH ACK 7 B "hi\\x07 <b>"'),
        ("Arrow", 'UDP :11000 6 B "[1] hi"'),
        ("Mark", "killed with SIGKILL"),
        ("Arrow", "TCP FIN ACK"),
        ("Mark", "exited, status 137"),
    ]
    assert [row.time for row in rows] == sorted(row.time for row in rows)
    assert rows[0].time == 0


def test_a_datagram_reaches_the_members_of_its_group() -> None:
    drawn = ladder(history())
    to_group = [row for row in drawn.rows if isinstance(row, Arrow) and row.protocol == "udp"]
    assert [(drawn.columns[a.target].name, [drawn.columns[m].name for m in a.also]) for a in to_group] == [
        ("224.1.1.1", ["member"])
    ]


def test_what_is_noise_is_left_out_but_for_those_who_came_to_see_it() -> None:
    asked = history(packet(1.5, "client", "server", "arp", what="request"))
    for shows, drawn in ((), False), (("ARP",), True), (("DNS",), False):
        rows = ladder(asked, shows=shows).rows
        assert any(isinstance(row, Arrow) and row.protocol == "arp" for row in rows) is drawn


def test_a_datagram_does_not_reach_who_has_left() -> None:
    leave = packet(1.715, "member", "224.0.0.22", "igmp", group=GROUP, what=f"v3 report to-include {GROUP}")
    arrows = [row for row in ladder(history(leave)).rows if isinstance(row, Arrow)]
    assert [arrow.also for arrow in arrows if arrow.protocol == "udp"] == [()]
    assert [arrow.label for arrow in arrows if arrow.protocol == "igmp"][-1] == "IGMP leave"


def test_what_is_left_out_is_counted_and_told_where_to_find() -> None:
    assert ladder(history(), "runs/x/lab.pcapng").left_out == (
        "4 packets left out (2 repeated refusals, 1 ARP, 1 pure ACKs); all are in runs/x/lab.pcapng"
    )


def test_a_program_lives_from_start_to_end_and_a_group_always() -> None:
    drawn = ladder(history(Exited(time=3, node="client", status=0), started(4, "client")))
    client, _, group, member = range(4)
    marks = [i for i, row in enumerate(drawn.rows) if isinstance(row, Mark) and row.column == client]
    last = len(drawn.rows) - 1
    assert drawn.lives(client) == [(marks[0], marks[3]), (last, last)]
    assert drawn.lives(group) == [(0, last)]
    assert drawn.lives(member)[0][1] == last


def test_a_step_that_did_not_work_is_told_at_its_end() -> None:
    step = Step(time=20, began=3, sentence="Wait", expected="'x'", got="'\x1b'")
    headings = [row for row in ladder(history(step)).rows if isinstance(row, Heading)]
    assert [(h.label, h.worked) for h in headings[2:]] == [
        ("3. Wait", False),
        ("3. did not work: expected 'x', but got '\\x1b'", False),
    ]


def test_a_long_history_is_drawn_in_part_and_says_so(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(module, "MOST_ROWS", 5)
    drawn = ladder(history())
    assert len(drawn.rows) == 5
    assert drawn.left_out.startswith("12 rows after 0.800 s are not drawn. 4 packets left out")


def test_nothing_gives_an_empty_ladder() -> None:
    assert ladder(History([])).rows == ()


@FEW
@given(HISTORIES)
def test_any_history_has_a_ladder_and_always_the_same(any_history: History) -> None:
    assert ladder(any_history) == ladder(History(any_history.events))


def test_the_order_in_which_events_were_recorded_does_not_matter() -> None:
    assert ladder(History(reversed(events()))).columns == ladder(history()).columns


def test_a_routed_packet_is_an_arrow_a_hop() -> None:
    drawn = ladder(routed())
    names = [c.name for c in drawn.columns]
    assert names.index("w1") < names.index("r1") < names.index("r2") < names.index("e1")
    hops = [
        (names[row.source], names[row.target], row.label)
        for row in drawn.rows
        if isinstance(row, Arrow) and 'B "to one"' in row.label
    ]
    assert hops == [
        (source, target, 'UDP :7001 6 B "to one" (w1 to e1)')
        for source, target in (("w1", "r1"), ("r1", "r2"), ("r2", "e1"))
    ]


def test_a_message_between_neighbours_says_no_more_than_itself() -> None:
    labels = [row.label for row in ladder(routed()).rows if isinstance(row, Arrow)]
    assert "PIM join/prune" in labels
    assert "ICMP time exceeded" in labels
    assert "PIM join/prune (fe80::42:aff:fe5f:20b to ff02::d)" not in labels


def test_packets_of_switches_are_arrows_from_switch_to_switch() -> None:
    drawn = ladder(switched_history(vector(1, "a", "b", h1=1), datagram(1, "h1 a c e f h2")))
    names = [column.name for column in drawn.columns]
    assert names == ["b", "h1", "a", "c", "e", "f", "h2"]  # b passed nothing on
    arrows = [row for row in drawn.rows if isinstance(row, Arrow)]
    assert [(names[a.source], names[a.target]) for a in arrows] == [*pairwise(["h1", "a", "c", "e", "f", "h2"])]
    assert {arrow.label for arrow in arrows} == {'datagram h1 to h2 #0 29 B "hello"'}
    assert "1 distance vectors" in drawn.left_out
    shown = ladder(switched_history(vector(1, "a", "b", h1=1)), shows=["distance vectors"])
    assert any(row.label.startswith("vector of a") for row in shown.rows)


def test_whoever_speaks_first_stands_left_of_the_routers() -> None:
    pings = [WEST[85], WEST[86], BACKBONE[237], BACKBONE[238], EAST[96], EAST[97], BACKBONE[50], BACKBONE[51]]
    drawn = ladder(History([*reversed(NODES), *pings, WEST[66], EAST[80]]))
    assert [column.name for column in drawn.columns] == ["w1", "r1", "r2", "e1"]


def test_a_datagram_reaches_the_members_of_its_own_network() -> None:
    drawn = ladder(History([*NODES, EAST[51], WEST[58], BACKBONE[201], EAST[60], EAST[97]]))
    arrows = [row for row in drawn.rows if isinstance(row, Arrow) and row.protocol == "udp"]
    assert [[drawn.columns[member].name for member in arrow.also] for arrow in arrows] == [[], [], ["e1"]]
