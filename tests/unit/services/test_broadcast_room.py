"""The room under any order of joining, speaking, not reading and leaving, beside the plainest model of it."""

from __future__ import annotations

import socket
from unittest.mock import patch

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services import broadcast_output
from services.broadcast_member import Member
from services.broadcast_room import Room
from tests.unit.services.programs import SECONDS, eventually

AT_ONCE = (Phase.generate,)  # what fails is told as it was: to make it smaller would take a deadline a try
LIMIT = 4
KIB = 1024
FULL = 16 * KIB  # what may wait for a client here; of the kernel's buffers it has little
FLOOD = [b"flood %d " % number + b"x" * 1000 for number in range(200)]
lines = st.lists(
    st.sampled_from([b"hello", b"", b"[2] forged", b"* 3 left", b"x" * 900, b"exits"]), min_size=1, max_size=4
)
which = st.integers(0, LIMIT - 1)


class Person:
    """The far end of a member's connection, and what it should have heard but has not read."""

    def __init__(self, member: Member, far: socket.socket, heard: bytes) -> None:
        self.member = member
        self.far = far
        self.due = heard
        self.reads = True
        self._read = b""

    def hears(self, size: int) -> bytes:
        while len(self._read) < size:
            self._read += self._more()
        heard, self._read = self._read[:size], self._read[size:]
        return heard

    def line(self) -> bytes:
        while b"\n" not in self._read:
            self._read += self._more()
        return self.hears(self._read.index(b"\n") + 1)

    def _more(self) -> bytes:
        chunk = self.far.recv(65536)
        assert chunk, f"the end of {self.member.number} after {self._read!r}"
        return chunk

    def hears_the_rest(self) -> bytes:
        heard, self._read = self._read, b""
        try:
            while chunk := self.far.recv(65536):
                heard += chunk
        except ConnectionResetError:  # it has not read what it was sent
            pass
        return heard

    def close(self) -> None:
        self.far.close()
        for thread in (self.member._reader, self.member._writer):
            thread.join(SECONDS)
            assert not thread.is_alive()


class RoomMachine(RuleBasedStateMachine):
    """People come, speak, stop reading, read on, and go."""

    def __init__(self) -> None:
        super().__init__()
        self.small = patch.multiple(broadcast_output, _FULL=FULL, _LAGGING=4 * KIB, _PATIENCE_SECONDS=0.001)
        self.small.start()
        self.published = b""
        self.expected = b""  # of what is published
        self.room = Room(LIMIT, self.publish)
        self.people: list[Person] = []
        self.gone: list[Person] = []
        self.last_number = 0

    def publish(self, messages: bytes) -> None:
        self.published += messages

    def one(self, which: int) -> Person:
        return self.people[which % len(self.people)]

    def tell(self, text: bytes, but: Person | None = None) -> None:
        for person in self.people:
            if person is not but:
                person.due += text

    @rule()
    def join(self) -> None:
        near, far = socket.socketpair()
        near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * KIB)
        far.settimeout(SECONDS)
        member = self.room.admit(near)
        if len(self.people) == LIMIT:
            assert member is None, "the room was full"
            near.close()
            far.close()
            return
        assert member is not None, "there was room"
        self.last_number += 1
        assert member.number == self.last_number, "numbers rise by one, and none comes again"
        self.tell(b"* %d joined\n" % member.number)
        self.people.append(Person(member, far, b"* you are %d\n" % member.number))
        member.start()

    @precondition(lambda self: self.people)
    @rule(which=which, said=lines)
    def say(self, which: int, said: list[bytes]) -> None:
        person = self.one(which)
        if any(not other.reads and len(other.due) > FULL // 2 for other in self.people if other is not person):
            return  # when exactly it is cut depends on how much the kernel holds: see `flood`
        person.far.sendall(b"".join(line + b"\n" for line in said))
        self.tagged(person, said)

    def tagged(self, person: Person, said: list[bytes]) -> None:
        text = b"".join(b"[%d] %s\n" % (person.member.number, line) for line in said)
        self.tell(text, but=person)
        self.expected += text

    @precondition(lambda self: any(person.reads for person in self.people))
    @rule(which=which)
    def flood(self, which: int) -> None:
        """More than may wait for anybody: who does not read is let go, and the others miss nothing."""
        person = self.one(which)
        slow = [other for other in self.people if not other.reads and other is not person]
        self.people = [other for other in self.people if other not in slow]
        self.gone += slow
        farewells = {b"* %d left\n" % other.member.number for other in slow}
        heard: dict[int, set[bytes]] = {other.member.number: set() for other in self.people if other.reads}
        for line in FLOOD:
            person.far.sendall(line + b"\n")
            told = b"[%d] %s\n" % (person.member.number, line)
            self.expected += told
            for other in self.people:
                if other is not person:
                    while (next_one := other.line()) in farewells:
                        heard[other.member.number].add(next_one)
                    assert next_one == told
        for other in self.people:
            if other.reads:
                missing = farewells - heard[other.member.number]
                assert {other.line() for _ in missing} == missing
            else:  # the speaker itself
                other.due += b"".join(b"* %d left\n" % gone.member.number for gone in slow)
        for other in slow:
            rest = other.hears_the_rest()
            assert rest.startswith(other.due), "it heard what was said until it was let go"
            assert other.member.output.cut_because == "it does not read what it is sent"

    @precondition(lambda self: self.people)
    @rule(which=which)
    def stop_reading(self, which: int) -> None:
        self.one(which).reads = False

    @precondition(lambda self: self.people)
    @rule(which=which)
    def read_on(self, which: int) -> None:
        self.one(which).reads = True

    @precondition(lambda self: self.people)
    @rule(which=which, how=st.sampled_from(["exit", "end of stream", "gone"]))
    def leave(self, which: int, how: str) -> None:
        person = self.one(which)
        self.people.remove(person)
        self.gone.append(person)
        if how == "exit":
            person.far.sendall(b"exit\n[1] never said\n")
        elif how == "end of stream":
            person.far.shutdown(socket.SHUT_WR)
        if how == "gone":
            person.far.close()
        else:
            assert person.hears_the_rest() == person.due
        self.tell(b"* %d left\n" % person.member.number)

    @invariant()
    def everybody_has_heard_what_was_said_and_nothing_else(self) -> None:
        for person in self.people:
            if person.reads:
                assert person.hears(len(person.due)) == person.due
                person.due = b""
        numbers = [person.member.number for person in self.people]
        eventually(lambda: sorted(self.room._members) == numbers, f"{numbers} are in")
        eventually(lambda: self.published == self.expected, "all that was said is published")

    def teardown(self) -> None:
        for person in self.people:
            person.far.close()
        for person in self.people + self.gone:
            person.close()
        assert not self.room._members
        self.small.stop()


RoomMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=25, phases=AT_ONCE)
TestRoom = RoomMachine.TestCase
