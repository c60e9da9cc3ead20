"""What the broadcast server sends to a multicast group: one datagram a message, by a thread of its own.

Datagrams may be lost anyway, so when this thread falls behind, messages are dropped: no TCP client ever waits
for it.
"""

import socket
import threading
from collections import deque

from services.shared.endpoint import Endpoint
from services.shared.output import say
from services.shared.tcp import reason
from services.shared.threads import Thread

_MOST_QUEUED = 8 * 1024 * 1024  # bytes


class Publisher:
    """Publishes batches of lines to `group` through `sender`; its thread starts at once."""

    def __init__(self, sender: socket.socket, group: Endpoint) -> None:
        self._sender = sender
        self._group = group
        self._batches: deque[bytes] = deque()
        self._queued = 0  # bytes
        self._changed = threading.Condition()
        self._behind = False  # whether something had to be dropped
        self._complaint = ""
        Thread(target=self._run, name="publisher", daemon=True).start()

    def publish(self, batch: bytes) -> None:
        """Queue a batch of lines, or drop it where too much waits already; never waits."""
        with self._changed:
            if self._queued + len(batch) > _MOST_QUEUED:
                self._behind = True  # which this thread must not stop to print
                return
            self._batches.append(batch)
            self._queued += len(batch)
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._batches)
                batch = self._batches.popleft()
                self._queued -= len(batch)
                behind, self._behind = self._behind, False
            if behind:
                self._complain(f"{self._group} is not sent everything: more comes in than datagrams can go out")
            for message in batch[:-1].split(b"\n"):
                self._send(message)

    def _send(self, message: bytes) -> None:
        try:
            self._sender.sendto(message, self._group)
        except OSError as error:
            self._complain(f"a message of {len(message)} bytes was not published to {self._group}: {reason(error)}")

    def _complain(self, complaint: str) -> None:
        """Say what is wrong, once until something else is wrong."""
        if complaint != self._complaint:
            self._complaint = complaint
            say(complaint)
