"""The room of the broadcast server: who is in, and what reaches whom.

One lock orders everything: whoever holds it only appends to queues, and bytes are sent when it is free again.
All members therefore see joins, messages and leaves in the same order, and nothing from a member after its
`left`.
"""

import socket
import threading
from collections.abc import Callable

from services.broadcast_member import Member
from services.broadcast_output import Output


class Room:
    """At most `limit` members. Numbers start at 1 and are never given twice in the life of the server."""

    def __init__(self, limit: int, publish: Callable[[bytes], None] | None = None) -> None:
        """Keep a room; `publish` takes each batch of tagged messages too, and must not block."""
        self._limit = limit
        self._publish = publish
        self._lock = threading.Lock()
        self._members: dict[int, Member] = {}
        self._last_number = 0

    def admit(self, connection: socket.socket) -> Member | None:
        """Make a member of a new connection and tell everybody; None when the room is full."""
        with self._lock:
            if len(self._members) >= self._limit:
                return None
            self._last_number += 1
            member = Member(self._last_number, connection, self)
            member.output.put(b"* you are %d\n" % member.number)
            self._tell_all(b"* %d joined\n" % member.number)
            self._members[member.number] = member
            outputs = self._outputs()
        push(outputs)
        return member

    def deliver(self, sender: Member, messages: bytes) -> None:
        """Pass tagged lines on to everybody but their sender, then wait for those who lag but move."""
        with self._lock:
            if sender.number not in self._members:
                return
            if self._publish:
                self._publish(messages)
            self._tell_all(messages, but=sender)
            others = self._outputs(but=sender)
        push(others)
        # A sender who pours is slowed down to the pace of the others, so that none of them is let go for it.
        for output in others:
            output.wait_for_room()

    def tell(self, member: Member, line: bytes) -> None:
        """Say something to one member alone."""
        with self._lock:
            member.output.put(line)
        member.output.push()

    def leave(self, member: Member) -> None:
        """Take a member out and tell the others; nothing happens if it is out already."""
        with self._lock:
            self._remove(member)
            outputs = self._outputs()
        push(outputs)

    def _outputs(self, but: Member | None = None) -> list[Output]:
        return [member.output for member in self._members.values() if member is not but]

    def _tell_all(self, lines: bytes, but: Member | None = None) -> None:
        late = [m for m in self._members.values() if m is not but and not m.output.put(lines)]
        for member in late:
            member.output.cut("it does not read what it is sent")
            self._remove(member)

    def _remove(self, member: Member) -> None:
        if self._members.pop(member.number, None):
            self._tell_all(b"* %d left\n" % member.number)


def push(outputs: list[Output]) -> None:
    """Have sent what was put, when the room is free again."""
    for output in outputs:
        output.push()
