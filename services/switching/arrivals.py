"""What came of the messages and flows of others, what is lost of them, and what came late.

    sent      0 1 2 3 4 5
    came      0 2 1 5 4        3 is lost; 1 and 4 are late: later ones have overtaken them

A transfer ends with the packet that has LAST, and that may be sooner than its mark says: a flow can be stopped. It is
told of when all of it has come, or when nothing more of it has come for a while. Until that while is over it is
remembered, so that a packet that comes twice is not taken for the beginning of another transfer.
"""

from collections.abc import Iterable

from services.switching.header import Packet
from services.switching.transfers import Sort, Transfer

_NUMBERS = 65_536  # a sequence number has 16 bits


class Arrival:
    """What has come of one transfer so far. `last_came` is when the latest packet did."""

    def __init__(self, source: str, transfer: Transfer) -> None:
        self.last_came = 0.0
        self._source = source
        self._transfer = transfer
        self._packets = transfer.packets  # until one says that it is the last
        self._came: dict[int, int] = {}  # which packet -> the bytes of its payload
        self._late: list[int] = []
        self._highest = -1

    @property
    def is_whole(self) -> bool:
        """Say if every packet has come."""
        return len(self._came) == self._packets

    def take(self, now: float, packet: Packet) -> None:
        """Note a packet."""
        self.last_came = now
        index = self._index(packet.sequence)
        if index is None or index in self._came:
            return
        if index < self._highest:
            self._late.append(index)
        self._highest = max(self._highest, index)
        self._came[index] = len(packet.payload)
        if packet.last and index == self._highest:
            self._packets = index + 1

    def _index(self, sequence: int) -> int | None:
        """Return which packet it is: of all with this number, the one next to the highest that came."""
        possible = range(sequence, self._transfer.packets, _NUMBERS)
        return min(possible, key=lambda index: abs(index - self._highest), default=None)

    def report(self) -> str:
        """Say in one line what came, what did not, and what came late."""
        came, packets, size = len(self._came), self._packets, self._transfer.size
        if self._transfer.sort is Sort.FLOW:
            text = f"flow from {self._source}: {came} of {packets} came"
        elif self.is_whole:
            text = f"message from {self._source}: {size} bytes in {_counted(packets)}, whole"
        else:
            bytes_came = sum(self._came.values())
            text = f"message from {self._source}: {bytes_came} of {size} bytes in {came} of {_counted(packets)}"
        lost = [index for index in range(packets) if index not in self._came]
        text += f"; lost {ranges(lost)}" if lost else ""
        return text + (f"; late {ranges(sorted(self._late))}" if self._late else "")


class Arrivals:
    """The transfers of which packets have come not long ago."""

    def __init__(self, quiet: float) -> None:
        """Take a transfer for over when nothing of it has come for `quiet` seconds."""
        self._quiet = quiet
        self._arrivals: dict[tuple[str, Transfer], Arrival] = {}

    def take(self, now: float, source: str, transfer: Transfer, packet: Packet) -> str:
        """Note a packet; return the report of its transfer if this was the one that was missing, else nothing."""
        arrival = self._arrivals.setdefault((source, transfer), Arrival(source, transfer))
        was_whole = arrival.is_whole
        arrival.take(now, packet)
        return arrival.report() if arrival.is_whole and not was_whole else ""

    def over(self, now: float) -> list[str]:
        """Forget the transfers that are over; return the reports of those that had not come as a whole."""
        over = [key for key, arrival in self._arrivals.items() if arrival.last_came + self._quiet <= now]
        gone = [self._arrivals.pop(key) for key in over]
        return [arrival.report() for arrival in gone if not arrival.is_whole]

    def due(self) -> float | None:
        """Return when the next transfer is over, if nothing more comes of it."""
        return min((arrival.last_came + self._quiet for arrival in self._arrivals.values()), default=None)


def ranges(numbers: Iterable[int]) -> str:
    """Write numbers, given in rising order, as in `3, 57-66`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1][1:] = [number]
        else:
            found.append([number])
    return ", ".join("-".join(map(str, ends)) for ends in found)


def _counted(packets: int) -> str:
    return f"{packets} packet{'s' if packets != 1 else ''}"
