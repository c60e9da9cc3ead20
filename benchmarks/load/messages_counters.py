"""What sending takes: time, the sender's processor time, and what leaves by its interface.

tx_packets of the interface     all frames
OutSegs of /proc/net/snmp       the TCP segments among them
"""

import contextlib
import fcntl
import socket
import time
from pathlib import Path

_SIOCGIFADDR = 0x8915  # of Linux: the address of an interface, which lies at these places of the answer
_ADDRESS = slice(20, 24)


class Counters:
    """Counts from when it is made; frames at the interface with that address."""

    def __init__(self, address: str) -> None:
        self._sent = Path(f"/sys/class/net/{_interface(address)}/statistics/tx_packets")
        self._before = self._counts()

    def read(self) -> dict[str, float]:
        """Return what was counted: seconds of the clock and of the processor, frames, TCP segments."""
        names = ("seconds", "cpu_seconds", "frames", "segments")
        return {name: now - before for name, now, before in zip(names, self._counts(), self._before, strict=True)}

    def _counts(self) -> tuple[float, ...]:
        return time.monotonic(), time.process_time(), int(self._sent.read_text()), _segments()


def _interface(address: str) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):  # it has none
                answer = fcntl.ioctl(asking, _SIOCGIFADDR, name.encode().ljust(256, b"\0"))
                if answer[_ADDRESS] == socket.inet_aton(address):
                    return name
    raise OSError(f"no interface here has the address {address}")


def _segments() -> int:
    table = Path("/proc/net/snmp").read_text().splitlines()
    names, values = (line.split() for line in table if line.startswith("Tcp:"))
    return int(values[names.index("OutSegs")])
