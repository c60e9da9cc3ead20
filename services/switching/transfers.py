"""Messages and flows: a transfer is cut into packets, and each packet's payload says of which transfer it is.

    message h2 4000 5    5 payloads of 800 bytes:   m1 5 4000 ...........
    flow h2 200 0.01     200 payloads of 64 bytes:  f2 200 12800 ........
                                                    |  |   '- bytes of all payloads together
                                                    |  '----- packets
                                                    '-------- the sender's number of this transfer

With that mark a receiver knows what is missing even when the last packet is lost. The packet's own header says which of
them it is (sequence, from 0) and which is the last (LAST). Dots fill the payload up to its size.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

SMALLEST_PAYLOAD = 24  # the longest mark there can be: f9999 100000 6497600000, and a space
LARGEST_PAYLOAD = 64_976  # header.LARGEST, less the header of a datagram
MOST_PACKETS = 100_000
MOST_TRANSFERS = 9999  # numbers start again at 1 after that

_MARK = re.compile(rb"([mf])([1-9][0-9]{0,3}) ([1-9][0-9]{0,5}) ([1-9][0-9]{0,9}) ")


class Sort(StrEnum):
    """What is sent; the value begins its mark."""

    MESSAGE = "m"  # all packets at once
    FLOW = "f"  # one packet after the other, with a gap in between


@dataclass(frozen=True, slots=True)
class Transfer:
    """A message or a flow, which has `size` bytes of payload in all."""

    sort: Sort
    number: int
    packets: int
    size: int

    def payload(self, index: int) -> bytes:
        """Return the payload of packet `index`; the sizes of any two differ by one byte at most."""
        size, longer = divmod(self.size, self.packets)
        mark = f"{self.sort}{self.number} {self.packets} {self.size} "
        return mark.encode().ljust(size + (index < longer), b".")


def transfer_of(payload: bytes) -> Transfer | None:
    """Return the transfer that a payload belongs to; none for a text that stands for itself."""
    mark = _MARK.match(payload)
    if mark is None:
        return None
    transfer = Transfer(Sort(mark[1].decode()), *map(int, mark.groups()[1:]))
    fits = transfer.packets <= MOST_PACKETS
    return transfer if fits and transfer.size >= transfer.packets * SMALLEST_PAYLOAD else None
