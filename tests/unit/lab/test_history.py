"""The history: in order of time, the same after a trip to the disk, and honest about what it cannot know."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lab.events import (
    AnyEvent,
    Closed,
    Connected,
    Exited,
    Fault,
    LabFailed,
    Packet,
    Printed,
    Started,
    Step,
    TapClosed,
    Typed,
)
from lab.history import History
from lab.visible import shown
from tests.unit.lab.properties import steady
from tests.unit.scenarios.histories import Wire

times = st.floats(0, 4e9)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(0, 2**32 - 1)
events: st.SearchStrategy[AnyEvent] = st.one_of(
    st.builds(Started, time=times, node=texts, role=texts, addresses=st.dictionaries(texts, texts, max_size=2),
              others=st.dictionaries(texts, texts, max_size=2)),
    st.builds(Exited, time=times, node=texts, status=st.integers(0, 255)),
    st.builds(Typed, time=times, node=texts, data=st.binary()),
    st.builds(Printed, time=times, node=texts, data=st.binary()),
    st.builds(Step, time=times, began=times, sentence=texts, expected=st.none() | texts, got=st.none() | texts),
    st.builds(Fault, time=times, node=texts, what=texts),
    st.builds(LabFailed, time=times, what=texts),
    st.builds(TapClosed, time=times, network=texts, received=numbers, dropped=numbers, canary=st.booleans()),
    st.builds(Packet, time=times, network=texts, number=numbers, length=numbers, protocol=texts, payload=st.binary(),
              seq=st.none() | numbers, flags=st.lists(st.sampled_from(["SYN", "ACK", "FIN", "RST"])).map(tuple)),
)  # fmt: skip


class TestOrder:
    @steady
    @given(st.lists(events, max_size=10))
    def test_events_stand_in_order_of_time(self, given_events: list[AnyEvent]) -> None:
        history = History(given_events)
        told = [event.time for event in history]
        assert told == sorted(told)
        assert len(told) == len(given_events)

    def test_connections_stand_among_the_packets_that_made_them(self) -> None:
        wire = Wire()
        wire.node("a", "host")
        wire.node("b", "host")
        wire.dial("a", "b", 9).close()
        kinds = [type(event) for event in wire.history()]
        assert kinds[2:6] == [Packet, Packet, Connected, Packet]
        assert kinds[-3:] == [Closed, Packet, TapClosed]

    def test_derived_events_are_not_added_twice(self) -> None:
        wire = Wire()
        wire.node("a", "host")
        wire.node("b", "host")
        wire.dial("a", "b", 9).close()
        history = wire.history()
        assert History(history).events == history.events


class TestOnDisk:
    @steady
    @given(st.lists(events, max_size=5))
    def test_a_history_comes_back_as_it_was(self, tmp_path: Path, given_events: list[AnyEvent]) -> None:
        file = tmp_path / "history.jsonl"
        history = History(given_events)
        history.save(file)
        assert History.load(file).events == history.events
        assert file.read_bytes().count(b"\n") == len(given_events)

    def test_every_byte_comes_back(self, tmp_path: Path) -> None:
        every = bytes(range(256))
        History([Printed(time=1, node="n", data=every)]).save(tmp_path / "h")
        assert History.load(tmp_path / "h").of(Printed)[0].data == every

    def test_ascii_stays_readable(self, tmp_path: Path) -> None:
        History([Typed(time=1, node="alice", data=b"hello\n")]).save(tmp_path / "h")
        assert r'"data":"hello\n"' in (tmp_path / "h").read_text()

    @pytest.mark.parametrize("text", ["{", '{"time": 1}', '{"kind": "typed", "time": 1, "node": "x"}', "[]"])
    def test_something_else_is_turned_down(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "h").write_text(text)
        with pytest.raises(ValidationError):
            History.load(tmp_path / "h")


class TestWhoIsWho:
    def test_nodes_by_role_in_the_order_of_their_first_start(self) -> None:
        wire = Wire()
        for name, role in (("b", "host"), ("a", "forwarder"), ("b", "host"), ("c", "host")):
            wire.node(name, role)
        assert wire.history().nodes() == ["b", "a", "c"]
        assert wire.history().nodes("host") == ["b", "c"]

    def test_addresses_both_ways(self) -> None:
        started = Started(time=1, node="a", role="host", addresses={"lab": "10.0.0.2", "other": "10.1.0.2"})
        history = History([started])
        assert history.address("a") == "10.0.0.2"
        assert history.node_at("10.1.0.2") == "a"
        assert history.node_at("224.1.1.1") is None
        assert history.node_at(None) is None
        with pytest.raises(KeyError):
            history.address("b")

    def test_further_addresses(self) -> None:
        others = {"fd00::2": "lab", "10.0.0.1": "lab", "10.9.9.9": "lab"}
        router = Started(time=1, node="r", role="router", addresses={"lab": "10.0.0.2"}, others=others)
        history = History([router])
        assert history.node_at("fd00::2") == history.node_at("10.0.0.1") == history.node_at("10.0.0.2") == "r"
        assert history.addresses("r") == {"10.0.0.2": "lab", **others}
        assert history.address("r") == "10.0.0.2"
        assert history.addresses("nobody") == {}

    def test_an_anycast_address_is_of_no_one_node_but_has_holders(self) -> None:
        one, two = (
            Started(time=n, node=f"s{n}", role="host", addresses={"lab": f"10.0.0.{n}"}, others={"10.9.9.9": "lab"})
            for n in (1, 2)
        )
        history = History([one, two, one])
        assert history.node_at("10.9.9.9") is None
        assert history.holders("10.9.9.9") == ["s1", "s2"]
        assert history.holders("10.0.0.2") == ["s2"]
        assert History([one, one]).node_at("10.9.9.9") == "s1"


class TestWhatWasSeen:
    def test_lines_are_typed_in_any_pieces(self) -> None:
        pieces = [b"he", b"llo\nyou\n", b"", "grö\x85ße\n".encode(), b"half"]
        history = History([Typed(time=n, node="a", data=piece) for n, piece in enumerate(pieces)])
        assert history.typed("a") == ["hello", "you", "grö\x85ße", "half"]
        assert history.typed("b") == []

    def test_an_empty_line_is_a_line(self) -> None:
        assert History([Typed(time=1, node="a", data=b"\n")]).typed("a") == [""]

    def test_a_character_in_two_pieces(self) -> None:
        history = History([Printed(time=n, node="a", data=piece) for n, piece in enumerate([b"gr\xc3", b"\xb6\r\n"])])
        assert history.printed("a") == "grö\n"

    def test_packets_of_one_protocol(self) -> None:
        wire = Wire()
        wire.node("a", "host")
        wire.multicast("a", b"x")
        wire.igmp("a", "v3 report")
        assert [p.protocol for p in wire.history().packets()] == ["udp", "igmp"]
        assert [p.protocol for p in wire.history().packets("igmp")] == ["igmp"]

    def test_connections_of_nodes_on_several_networks(self) -> None:
        wire = Wire()
        wire.node("b", "host")
        wire.events.append(Started(time=0, node="a", role="host", addresses={"other": "10.99.0.2", "lab": "10.83.0.3"}))
        wire._addresses["a"] = "10.83.0.3"
        wire.dial("a", "b", 9)
        assert len(wire.history().connections_between("a", "b")) == 1
        assert wire.history().connections_between("b", "a") == []


class TestShown:
    @pytest.mark.parametrize(
        ("data", "text"),
        [
            (b"plain\r\n", "plain\n"),
            ("größe".encode(), "größe"),
            (b"\x1b[31mred\x1b[0m", "red"),
            (b"\x1b[2K\x1b[1;5Hthere", "there"),
            (b"\x1b7saved\x1b8 \x1bDdown", "saved down"),
            (b"\x1b[?2004h$ \x1b[?2004l", "$ "),
            (b"\x1b]0;a title\x07text", "text"),
            (b"\x1b]0;a title\x1b\\text", "text"),
            (b"\x1b(B\x1b=\x1bctext", "text"),
            (b"\xff\xfe", r"\xff\xfe"),
            (b"tab\there", "tab\there"),
        ],
    )
    def test_what_a_person_reads(self, data: bytes, text: str) -> None:
        assert shown(data) == text

    @steady
    @given(st.text(st.characters(exclude_characters="\x1b\r", exclude_categories=["Cs"])))
    def test_text_stays_as_it_is(self, text: str) -> None:
        assert shown(text.encode()) == text


class TestBetween:
    EVENTS: tuple[AnyEvent, ...] = (
        Started(time=1, node="a", role="host", addresses={"lab": "10.0.0.2"}),
        *(Printed(time=time, node="a", data=b"%d " % time) for time in range(2, 8)),
        LabFailed(time=8, what="the engine has gone"),
        TapClosed(time=9, network="lab", received=0, dropped=0, canary=True),
    )

    def test_what_happened_in_that_time_both_ends_included(self) -> None:
        assert History(self.EVENTS).between(3, 5).printed("a") == "3 4 5 "

    def test_of_a_part_that_began_afresh_who_was_started_before_is_no_node(self) -> None:
        assert History(self.EVENTS).between(3, 5).nodes() == ["a"]
        assert History(self.EVENTS).between(3, 5, afresh=True).nodes() == []
        assert History(self.EVENTS).between(1, 5, afresh=True).nodes() == ["a"]

    def test_what_holds_for_all_of_the_run_stays(self) -> None:
        part = History(self.EVENTS).between(3, 3)
        assert part.address("a") == "10.0.0.2"
        assert part.blindness() == "the lab failed: the engine has gone"
        assert (
            History(self.EVENTS[:1]).between(3, 3).blindness()
            == "no tap was closed in good order, so packets may be missing"
        )

    def test_a_connection_is_worked_out_from_the_packets_of_that_time(self) -> None:
        wire = Wire()
        wire.node("a", "host")
        wire.node("b", "host")
        wire.dial("a", "b", 9).close()
        began = wire.time
        wire.dial("b", "a", 10)
        part = wire.history().between(began + 0.0001, wire.time)
        assert [(e.dport, e.src) for e in part.of(Connected)] == [(10, "10.83.0.3")]
        assert part.of(Closed) == []
        assert part.blindness() is None

    def test_a_part_of_a_part(self) -> None:
        whole = History(self.EVENTS)
        assert whole.between(2, 6).between(4, 9).events == whole.between(4, 6).events


class TestBlindness:
    SEEN = TapClosed(time=9, network="lab", received=7, dropped=0, canary=True)
    THERE = Started(time=1, node="a", role="host", addresses={"lab": "10.0.0.2"})

    def test_a_good_tap_sees(self) -> None:
        assert History([self.THERE, self.SEEN]).blindness() is None

    def test_no_tap(self) -> None:
        assert History([self.THERE]).blindness() == "no tap was closed in good order, so packets may be missing"

    def test_packets_were_lost(self) -> None:
        lossy = self.SEEN.model_copy(update={"dropped": 3})
        assert History([self.THERE, lossy]).blindness() == "the tap of lab lost 3 of 10 packets"

    def test_a_canary_was_missed(self) -> None:
        deaf = self.SEEN.model_copy(update={"canary": False})
        assert History([self.THERE, deaf]).blindness() == "the tap of lab missed its canary packet"

    def test_one_network_of_two_had_no_tap(self) -> None:
        both = self.THERE.model_copy(update={"addresses": {"lab": "10.0.0.2", "other": "10.1.0.2"}})
        blind = History([both, self.SEEN]).blindness()
        assert blind == "the tap of other was not closed in good order, so packets may be missing"

    def test_the_lab_failed(self) -> None:
        failure = LabFailed(time=5, what="the engine did not answer")
        blind = History([self.THERE, failure, self.SEEN]).blindness()
        assert blind == "the lab failed: the engine did not answer"


@pytest.mark.parametrize("time", ["NaN", "Infinity", "-Infinity"])
def test_a_time_that_is_none_is_refused(tmp_path: Path, time: str) -> None:
    """It has no place in an order of time, and would not be read again when it is kept."""
    file = tmp_path / "history.jsonl"
    file.write_text(f'{{"kind": "exited", "time": {time}, "node": "a", "status": 0}}\n')
    with pytest.raises(ValueError, match="finite"):
        History.load(file)
