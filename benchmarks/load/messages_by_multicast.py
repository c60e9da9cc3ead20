"""Messages by multicast, with the sockets of the lab's own programs (services/shared/multicast.py).

a message          one call, to the group                     a datagram is a message
an announcement    one call, to the group's next port
"""

import socket

from benchmarks.load.messages_crowd import BUFFER, LOST, PATIENCE, NotAllError, Send, give_up_after, take
from services.shared import multicast
from services.shared.endpoint import Endpoint

TTL = 1
LARGEST = 2048


def sending(group: Endpoint, interface: str) -> list[Send]:
    """Return the one call by which a message gets to all who have joined the group."""
    sender = multicast.sending_socket(interface, TTL)
    sender.connect(group)
    return [sender.send]


def announcing(group: Endpoint, interface: str) -> list[Send]:
    """Return the one call by which all hear that a block was sent."""
    return sending(_next_to(group), interface)


class Receiver:
    """Somebody who has joined the group. Its `buffer` holds so many bytes."""

    def __init__(self, group: Endpoint, interface: str) -> None:
        """Join. Raises OSError."""
        self._messages = multicast.join(group, interface)
        self._messages.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.buffer = self._messages.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        self._announcements = multicast.join(_next_to(group), interface)
        for joined in (self._messages, self._announcements):
            give_up_after(joined, PATIENCE)

    def wait(self) -> None:
        """Wait until a block was sent."""
        take(self._announcements, 1)

    def receive(self, count: int) -> list[bytes]:
        """Return the next messages. NotAllError if they do not come."""
        receive = self._messages.recv
        try:
            return [receive(LARGEST) for _ in range(count)]
        except BlockingIOError:
            raise NotAllError(LOST) from None


def _next_to(group: Endpoint) -> Endpoint:
    return Endpoint(group.host, group.port + 1)
