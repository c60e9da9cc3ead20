"""What came of the messages and flows of others, what is lost of them, and what came late.

    sent      0 1 2 3 4 5
    came      0 2 1 5 4        3 is lost; 1 and 4 are late: later ones have overtaken them

A transfer ends with the packet that has LAST, and that may be sooner than its mark says: a flow can be stopped. It is
told of when all of it has come, or when nothing more of it has come for a while. Until that while is over it is
remembered, so that a packet that comes twice is not taken for the beginning of another transfer.

Others may begin as many transfers as they like: so only some are remembered at a time, each in a byte a packet.
"""

import re

from services.switching.header import Packet
from services.switching.transfers import Sort, Transfer

MOST_ARRIVALS = 100  # at a time; with one more, that of which nothing has come for longest is over
_NUMBERS = 65_536  # a sequence number has 16 bits
_LOST, _IN_TIME, _LATE = b"\0", b"\1", b"\2"  # what may have become of a packet


class Arrival:
    """What has come of one transfer so far. `last_came` is when the latest packet did."""

    def __init__(self, source: str, transfer: Transfer) -> None:
        self.last_came = 0.0
        self._source = source
        self._transfer = transfer
        self._packets = transfer.packets  # until one says that it is the last
        self._fates = bytearray()  # of each packet, up to the highest that has come
        self._came = 0  # packets
        self._size = 0  # bytes of their payloads

    @property
    def is_whole(self) -> bool:
        """Say if every packet has come."""
        return self._came == self._packets

    def take(self, now: float, packet: Packet) -> None:
        """Note a packet."""
        self.last_came = now
        index = self._index(packet.sequence)
        if index is None or self._fates[index : index + 1] not in (b"", _LOST):
            return
        if index < len(self._fates):
            self._fates[index : index + 1] = _LATE
        else:
            self._fates += _LOST * (index - len(self._fates)) + _IN_TIME
            if packet.last:
                self._packets = index + 1
        self._came += 1
        self._size += len(packet.payload)

    def _index(self, sequence: int) -> int | None:
        """Return which packet it is: of all with this number, the one next to the highest that came."""
        possible = range(sequence, self._transfer.packets, _NUMBERS)
        return min(possible, key=lambda index: abs(index + 1 - len(self._fates)), default=None)

    def report(self) -> str:
        """Say in one line what came, what did not, and what came late."""
        came, packets, size = self._came, self._packets, self._transfer.size
        if self._transfer.sort is Sort.FLOW:
            text = f"flow from {self._source}: {came} of {packets} came"
        elif self.is_whole:
            text = f"message from {self._source}: {size} bytes in {_counted(packets)}, whole"
        else:
            text = f"message from {self._source}: {self._size} of {size} bytes in {came} of {_counted(packets)}"
        lost = ranges(self._fates[:packets].ljust(packets, _LOST), _LOST)
        late = ranges(self._fates, _LATE)
        return text + (f"; lost {lost}" if lost else "") + (f"; late {late}" if late else "")


class Arrivals:
    """The transfers of which packets have come not long ago."""

    def __init__(self, quiet: float) -> None:
        """Take a transfer for over when nothing of it has come for `quiet` seconds."""
        self._quiet = quiet
        self._arrivals: dict[tuple[str, Transfer], Arrival] = {}

    def take(self, now: float, source: str, transfer: Transfer, packet: Packet) -> str:
        """Note a packet; return the report of its transfer if this was the one that was missing, else nothing.

        Before it stands, on a line of its own, the report of a transfer that is over since there are too many.
        """
        reports = []
        arrival = self._arrivals.get((source, transfer))
        if arrival is None:
            if len(self._arrivals) == MOST_ARRIVALS:
                oldest = self._arrivals.pop(min(self._arrivals, key=lambda key: self._arrivals[key].last_came))
                reports += [] if oldest.is_whole else [oldest.report()]
            arrival = self._arrivals[source, transfer] = Arrival(source, transfer)
        was_whole = arrival.is_whole
        arrival.take(now, packet)
        reports += [arrival.report()] if arrival.is_whole and not was_whole else []
        return "\n".join(reports)

    def over(self, now: float) -> list[str]:
        """Forget the transfers that are over; return the reports of those that had not come as a whole."""
        over = [key for key, arrival in self._arrivals.items() if arrival.last_came + self._quiet <= now]
        gone = [self._arrivals.pop(key) for key in over]
        return [arrival.report() for arrival in gone if not arrival.is_whole]

    def due(self) -> float | None:
        """Return when the next transfer is over, if nothing more comes of it."""
        return min((arrival.last_came + self._quiet for arrival in self._arrivals.values()), default=None)


def ranges(fates: bytes | bytearray, fate: bytes) -> str:
    """Write which packets had that fate, as in `3, 57-66`."""
    found = [(run.start(), run.end() - 1) for run in re.finditer(re.escape(fate) + b"+", fates)]
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def _counted(packets: int) -> str:
    return f"{packets} packet{'s' if packets != 1 else ''}"
