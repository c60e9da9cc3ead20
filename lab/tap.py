"""A tap on a network: opened before the first node starts, trusted only if it saw its canary packet at the end.

open ──► packets flow into the history ──► canary sent ──► canary seen ──► closed, with its counts
                                                └── not seen in time ──► closed, not to be trusted
"""

import json
import threading
from pathlib import Path

from lab.dissect import parse
from lab.engine import Engine
from lab.errors import MISSHAPEN, TapError
from lab.events import Packet, TapClosed
from lab.recorder import Recorder, now
from lab.waiting import DEADLINE

CANARY_PROTOCOL = "0x88b5"
CANARY = "socklab canary"


class NetworkTap:
    """The tap of one network, filling a recorder."""

    def __init__(self, engine: Engine, network: str, recorder: Recorder) -> None:
        """Start the capture. TapError if it does not open."""
        self.network = network
        self._engine = engine
        self._recorder = recorder
        self._open, self._answered, self._canary = threading.Event(), threading.Event(), threading.Event()
        self._counts: tuple[int, int] | None = None  # received, dropped
        self._ended = False
        self._said = b""
        self._tap = engine.tap(network)
        self._reader = threading.Thread(target=self._read, name=f"{network}-tap", daemon=True)
        self._reader.start()

    def wait_open(self) -> None:
        """Return when frames are being captured. TapError if that does not come."""
        if not self._open.wait(DEADLINE) or self._ended:
            raise TapError(f"the tap of {self.network} did not open: {self._said.decode('utf-8', 'replace')!r}")

    def close(self, file: Path) -> None:
        """Prove that nothing is still on its way, end the capture, and keep it in `file` (pcapng)."""
        self._tap.order(f"canary {CANARY}")
        seen = self._wait_canary()
        self._tap.order("end")
        self._reader.join(DEADLINE)
        if self._counts is None:
            raise TapError(
                f"the tap of {self.network} ended without its counts: {self._said.decode('utf-8', 'replace')!r}"
            )
        received, dropped = self._counts
        self._tap.collect(file)
        self._recorder.add(TapClosed(time=now(), network=self.network, received=received, dropped=dropped, canary=seen))

    def _wait_canary(self) -> bool:
        """Wait for the canary; where no node is left to make the bridge carry it, bring one that does."""
        if self._answered.wait(DEADLINE) and not self._canary.is_set() and not self._ended:
            self._engine.canary(self.network, CANARY)
        return self._canary.wait(0 if self._ended else DEADLINE)

    def _read(self) -> None:
        try:
            for line in self._tap.lines():
                if line.startswith(b'{"tap"'):
                    self._hear(json.loads(line))
                elif not line.startswith(b"{"):
                    self._said += line
                elif packet := parse(line, self.network):
                    self._take(packet)
        except MISSHAPEN as error:  # a packet may be missing from here on: without its counts the tap is not trusted
            self._said += f"a line that cannot be read ({error}): ".encode() + line[:200]
        finally:
            self._ended = True
            self._open.set()  # nobody need wait for it any more
            self._answered.set()

    def _hear(self, word: dict[str, str | int]) -> None:
        match word["tap"]:
            case "open":
                self._open.set()
            case "no carrier":
                self._answered.set()
            case "closed":
                self._counts = int(word["received"]), int(word["dropped"])

    def _take(self, packet: Packet) -> None:
        if packet.protocol == CANARY_PROTOCOL:
            if packet.payload.startswith(CANARY.encode()):
                self._canary.set()
                self._answered.set()
        else:
            self._recorder.add(packet)
