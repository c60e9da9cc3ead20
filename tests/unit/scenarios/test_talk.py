"""Who said what to whom: read from the wire alone, in whatever pieces it came."""

from scenarios.checks.talk import carried, heard, listeners, messages, present, served, tag, tags, turned_away
from tests.unit.scenarios.course.rooms import Make, Room
from tests.unit.scenarios.histories import Wire


def test_messages_are_lines_wherever_segments_begin_and_end() -> None:
    room = Room().join("alice")
    for piece in (b"one\ntw", b"o\r\nthr", b"ee\n\n", b"exit\n"):
        room.calls["alice"].up(piece)
    assert [m.text for m in messages(room.history())] == ["one", "two", "three"]


def test_a_message_is_said_when_its_last_byte_is_there() -> None:
    room = Room().join("alice")
    room.calls["alice"].up(b"hel")
    room.wire.later(3)
    last = room.calls["alice"].up(b"lo\n")
    assert [m.time for m in messages(room.history())] == [last.time]


def test_a_line_without_an_end_is_not_a_message_yet() -> None:
    room = Room().join("alice")
    room.calls["alice"].up(b"half a li")
    assert messages(room.history()) == []


def test_messages_of_one_sender() -> None:
    room = Room().join("alice", "bob").says("alice", "a").says("bob", "b")
    assert [m.text for m in messages(room.history(), "bob")] == ["b"]


def test_what_is_heard_is_told_apart_into_messages_and_notices() -> None:
    history = Room(Make(joined="")).join("alice", "bob").says("alice", "hello", "you").leave("alice").history()
    told = [(line.line, line.text, line.tag) for line in heard(history, "bob")]
    assert told == [
        ("* you are 2", None, None),  # though "you" is a message later on
        ("[1] hello", "hello", ("[1] ", "")),
        ("[1] you", "you", ("[1] ", "")),
        ("* 1 left", None, None),
    ]


def test_a_tag_is_what_is_left_of_a_line() -> None:
    assert tag("[1] hello", "hello") == ("[1] ", "")
    assert tag("1 says 'hello'!", "hello") == ("1 says '", "'!")
    assert tag("hello hello", "hello") == ("hello ", "")
    assert tag("* 2 joined", "hello") is None


def test_the_longest_text_is_the_one_that_a_line_carries() -> None:
    assert carried("[1] me too, and how", ["me", "me too", "", "how"]) == "me too"
    assert carried("[1] hello", ["me", ""]) is None


def test_who_is_there_hears_and_who_speaks_does_not() -> None:
    history = Room().join("alice", "bob", "carol").leave("bob").says("alice", "hello").history()
    (message,) = messages(history)
    assert listeners(history, message) == ["carol"]
    assert not present(history, "bob", message.time)


def test_a_refusal_is_no_service() -> None:
    room = Room(most=1).join("alice", "bob").says("alice", "hello")
    history = room.history()
    assert len(served(history, "alice")) == 1
    assert served(history, "bob") == []
    assert heard(history, "bob") == []


def test_a_client_that_said_something_was_not_turned_away() -> None:
    room = Room().join("alice").says("alice", "hello")
    room.calls["alice"].close(by_server=True)
    assert not any(turned_away(c) for c in room.history().connections)


def test_a_client_that_leaves_without_a_word_was_not_turned_away() -> None:
    assert len(served(Room().join("alice").hang_up("alice").history(), "alice")) == 1


def test_a_call_that_was_not_taken_is_no_service() -> None:
    wire = Wire()
    wire.node("server", "broadcast-server")
    wire.node("alice", "broadcast-client")
    wire.refused("alice", "server", 9000)
    wire.ring("alice", "server", 9000)
    assert served(wire.history(), "alice") == []


def test_what_is_no_utf_8_is_kept_readable() -> None:
    room = Room().join("alice", "bob")
    room.calls["alice"].up(b"\xff\xfe\n")
    room.calls["bob"].down(b"[1] \xff\xfe\n")
    assert tags(room.history(), "bob", r"\xff\xfe") == [("[1] ", "")]
