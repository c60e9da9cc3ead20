"""The room of the broadcast server: who is in, and what reaches whom.

One lock orders everything: whoever holds it only appends to queues, so it is never held while bytes are sent.
All members therefore see joins, messages and leaves in the same order, and nothing from a member after its
`left`.
"""

import socket
import threading
from collections.abc import Callable

from services.broadcast_member import Member


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
            member.queue.put(b"* you are %d\n" % member.number)
            self._tell_all(b"* %d joined\n" % member.number)
            self._members[member.number] = member
            return member

    def deliver(self, sender: Member, messages: bytes) -> None:
        """Pass tagged lines on to everybody but their sender, then wait for those who lag but move."""
        with self._lock:
            if sender.number not in self._members:
                return
            if self._publish:
                self._publish(messages)
            self._tell_all(messages, but=sender)
            others = [member.queue for member in self._members.values() if member is not sender]
        # A sender who pours is slowed down to the pace of the others, so that none of them is let go for it.
        for queue in others:
            queue.wait_for_room()

    def leave(self, member: Member) -> None:
        """Take a member out and tell the others; nothing happens if it is out already."""
        with self._lock:
            self._remove(member)

    def _tell_all(self, lines: bytes, but: Member | None = None) -> None:
        late = [m for m in self._members.values() if m is not but and not m.queue.put(lines)]
        for member in late:
            member.let_go("it does not read what it is sent")
            self._remove(member)

    def _remove(self, member: Member) -> None:
        if self._members.pop(member.number, None):
            self._tell_all(b"* %d left\n" % member.number)
