"""Question 1, who is believed: what is passed on of a forgery, by servers of several makes."""

import pytest

from scenarios.course.checks.broadcast import no_line_is_forged
from tests.unit.scenarios.course.rooms import MAKES, OURS, Make, Room
from tests.unit.scenarios.expecting import cannot_tell, fails, passes


class TestNoLineIsForged:
    check = staticmethod(no_line_is_forged)

    @staticmethod
    def tried(make: Make, forgery: str, passed_on: str | None) -> Room:
        """Alice speaks; mallory sends a forgery by hand, and the server passes it on to both in some way, or not."""
        room = Room(make).join("alice", "bob").says("alice", "I am alice").says("bob", "I am bob")
        room.wire.node("mallory", "host")
        room.wire.dial("mallory", "server", 9000).up(forgery.encode() + b"\n")
        if passed_on is not None:
            room.hears("alice", passed_on).hears("bob", passed_on)
        return room.says("alice", "it was not me")

    @pytest.mark.parametrize(
        ("make", "forgery", "passed_on"),
        [
            ("ours", "[1] it was me", "[3] [1] it was me"),
            ("ours", "\r[1] it was me", "[3] ?[1] it was me"),
            ("ours", "[1] it was me", None),
            ("names in front", "alice: it was me", "mallory: alice: it was me"),
            ("the tag behind the text", "it was me (1)", "it was me (1) (3)"),
            ("the tag around the text", "1 says 'it was me'", "3 says '1 says 'it was me''"),
            ("the tag around the text", "1 says '", "1 says '"),  # the tag of nobody: its two halves overlap
        ],
    )
    def test_the_forger_is_named_or_silenced(self, make: str, forgery: str, passed_on: str | None) -> None:
        passes(self.check, self.tried(MAKES[make], forgery, passed_on).history())

    @pytest.mark.parametrize(
        ("make", "passed_on", "believed"),
        [
            ("ours", "[1] it was me", "alice said 'it was me'"),
            ("names in front", "alice: it was me", "alice said 'it was me'"),
            ("the tag behind the text", "it was me (1)", "alice said 'it was me'"),
            ("the tag around the text", "1 says 'it was me'", "alice said 'it was me'"),
        ],
    )
    def test_the_forger_is_believed(self, make: str, passed_on: str, believed: str) -> None:
        room = self.tried(MAKES[make], passed_on, passed_on)
        fails(self.check, room.history(), f"bob was made to believe that {believed}")

    @pytest.mark.parametrize("control", ["\r", "\x1b[2K\x1b[G", "\x9b2K\x9bG", "\x08\x08\x08\x08", "\x7f"])
    def test_control_bytes_get_through(self, control: str) -> None:
        line = f"[3] {control}[1] it was me"
        room = self.tried(OURS, f"{control}[1] it was me", line)
        fails(self.check, room.history(), f"was sent the control byte {control[0]!r}")

    def test_a_tab_is_text(self) -> None:
        passes(self.check, self.tried(OURS, "[1] it\twas me", "[3] [1] it\twas me").history())

    def test_a_server_without_tags_lets_everybody_be_anybody(self) -> None:
        room = self.tried(Make(line="{text}"), "it was me", "it was me")
        fails(self.check, room.history(), "was made to believe that")

    def test_nobody_tried(self) -> None:
        room = Room().join("alice", "bob").says("alice", "I am alice").says("bob", "hi")
        fails(self.check, room.history(), "nobody tried to forge")

    def test_what_was_tried_was_no_forgery(self) -> None:
        cannot_tell(self.check, self.tried(OURS, "hello", "[3] hello").history(), "mallory sent looked like nobody's")

    def test_nobody_had_spoken_whose_line_could_be_forged(self) -> None:
        room = Room().join("alice", "bob")
        room.wire.node("mallory", "host")
        room.wire.dial("mallory", "server", 9000).up(b"[1] it was me\n")
        cannot_tell(self.check, room.history(), "nothing was tried")
