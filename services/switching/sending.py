"""Messages and flows on their way out of a host.

    packet 0       packet 1       packet 2
    |--------------|--------------|---->   packet i leaves at start + i x gap: one that leaves late delays no other
    start          gap            2 x gap

A message is sent with no gap: all its packets wait in the queue of the host's line at once.
"""

from collections.abc import Callable

from services.switching.transfers import MOST_TRANSFERS, Sort, Transfer

Send = Callable[[float, bytes, int, bool], bool]
"""Sends at the time `now` a packet with that payload, sequence and LAST; False when it was dropped."""


class Sending:
    """A transfer on its way. `what` is what a person calls it."""

    def __init__(self, what: str, transfer: Transfer, start: float, gap: float, send: Send) -> None:
        self._what = what
        self._transfer = transfer
        self._packets = transfer.packets
        self._start = start
        self._gap = gap
        self._send = send
        self._next = 0
        self._dropped = 0

    @property
    def is_over(self) -> bool:
        """Say if nothing is left to send."""
        return self._next == self._packets

    def stop(self) -> None:
        """Send one packet more, which says that it is the last."""
        self._packets = self._next + 1

    def due(self) -> float:
        """Return when the next packet leaves."""
        return self._start + self._next * self._gap

    def tick(self, now: float) -> None:
        """Send what has to leave by now."""
        while not self.is_over and self.due() <= now:
            index, self._next = self._next, self._next + 1
            if not self._send(now, self._transfer.payload(index), index, self.is_over):
                self._dropped += 1

    def report(self) -> str:
        """Say in one line what was sent."""
        sent, packets = self._next - self._dropped, self._packets
        text = f"{self._what}: {sent} of {packets} packets sent"
        return text + (f"; the queue of the line had no room for {self._dropped}" if self._dropped else "")


class Sendings:
    """All transfers of a host that are on their way, each with the circuit that it goes over, if it does."""

    def __init__(self, show: Callable[[str], None]) -> None:
        """`show` is given the report of each that is over."""
        self._show = show
        self._sendings: list[tuple[Sending, object]] = []
        self._begun = 0

    def begin(
        self,
        now: float,
        what: str,
        sort: Sort,
        size: int,
        packets: int,
        gap: float,
        send: Send,
        circuit: object = None,
    ) -> None:
        """Begin to send `size` bytes in so many packets, the first at once."""
        number = self._begun % MOST_TRANSFERS + 1
        self._begun += 1
        self._sendings.append((Sending(what, Transfer(sort, number, packets, size), now, gap, send), circuit))
        self.tick(now)

    def tick(self, now: float) -> None:
        """Send what has to leave by now."""
        for sending, _ in self._sendings:
            sending.tick(now)
        self._drop(lambda sending, _: sending.is_over)

    def due(self) -> float | None:
        """Return when `tick` has to be called next."""
        return min((sending.due() for sending, _ in self._sendings), default=None)

    def stop(self) -> None:
        """End all that is under way, so that its receivers hear of it."""
        for sending, _ in self._sendings:
            sending.stop()

    def give_up(self, circuit: object) -> None:
        """Send nothing more over a circuit, since it has ended."""
        self._drop(lambda _, over: over is circuit)

    def _drop(self, is_done: Callable[[Sending, object], bool]) -> None:
        for sending in (sending for sending, circuit in self._sendings if is_done(sending, circuit)):
            self._show(sending.report())
        self._sendings = [entry for entry in self._sendings if not is_done(*entry)]
