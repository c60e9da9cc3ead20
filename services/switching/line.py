r"""A line: one end of a link, which sends packets to one neighbour, bit after bit.

    offer -> [ urgent packets ] -\
                                  >-> sending, 8 x bytes / rate -> on its way, delay -> take
    offer -> [ users' packets ] -/

A packet is taken when its last bit reaches the far end. That is what makes a switch store and forward: nobody can
pass on what has not wholly come. Both queues drop what comes when they are full. Nothing here sleeps or reads a
clock: `now` is given, in seconds, so that a test can run a whole network at once.
"""

from collections import deque


class Line:
    """The sending end of a link to a neighbour."""

    def __init__(self, name: str, rate: float, delay: float, queue: int = 32, cost: int = 1) -> None:
        """`name` is the neighbour's; `rate` in bit/s, `delay` in seconds, `queue` in packets, of either queue."""
        self.name = name
        self.rate = rate
        self.delay = delay
        self.queue = queue
        self.cost = cost
        self.sent = 0  # packets
        self.bytes = 0
        self.dropped = 0
        self.most_queued = 0
        self._urgent: deque[bytes] = deque()
        self._users: deque[bytes] = deque()
        self._under_way: deque[tuple[float, bytes]] = deque()  # with the time when its last bit arrives
        self._free_at = 0.0  # when the last bit of the latest packet has left

    def offer(self, now: float, data: bytes, urgent: bool = False) -> bool:
        """Send a packet as soon as the line is free; False when it was dropped, since the queue is full."""
        self._send_waiting(now)
        queue = self._urgent if urgent else self._users
        if self._free_at <= now:
            self._send(now, data)
        elif len(queue) < self.queue:
            queue.append(data)
            self.most_queued = max(self.most_queued, self._waiting)
        else:
            self.dropped += 1
            return False
        return True

    def due(self) -> float | None:
        """Return when the next packet has to be taken, if there is one."""
        return self._under_way[0][0] if self._under_way else None

    def take(self, now: float) -> list[bytes]:
        """Return the packets that have reached the far end by now, in order."""
        self._send_waiting(now)
        arrived = []
        while self._under_way and self._under_way[0][0] <= now:
            _, data = self._under_way.popleft()
            self.sent += 1
            self.bytes += len(data)
            arrived.append(data)
        return arrived

    def queued(self, now: float) -> int:
        """Return how many packets wait in the queues."""
        self._send_waiting(now)
        return self._waiting

    @property
    def _waiting(self) -> int:
        return len(self._urgent) + len(self._users)

    def _send_waiting(self, now: float) -> None:
        """Catch up with what has begun by now: each packet began when the one before it had left."""
        while self._waiting and self._free_at <= now:
            self._send(self._free_at, (self._urgent or self._users).popleft())

    def _send(self, start: float, data: bytes) -> None:
        self._free_at = start + 8 * len(data) / self.rate
        self._under_way.append((self._free_at + self.delay, data))
