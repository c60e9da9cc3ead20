"""A network's tap, over an engine that plays what a test wrote for it."""

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from lab.engine import Engine
from lab.errors import TapError
from lab.events import Packet, TapClosed
from lab.recorder import Recorder
from lab.tap import CANARY, NetworkTap
from lab.waiting import DEADLINE

OPEN, NO_CARRIER = b'{"tap": "open"}', b'{"tap": "no carrier"}'
SYN = next(line for line in (Path(__file__).parent / "wire.ek").read_bytes().splitlines() if b'"0x0002"' in line)
SIGHTING = next(line for line in (Path(__file__).parent / "wire.ek").read_bytes().splitlines() if b"0x88b5" in line)


def closed(received: int = 2, dropped: int = 0) -> bytes:
    return f'{{"tap": "closed", "received": {received}, "dropped": {dropped}}}'.encode()


class Scripted:
    """An engine and its tap in one: says some lines at first, and others in answer to each order."""

    def __init__(
        self, first: list[bytes], answers: dict[str, list[bytes]], hurry: pytest.MonkeyPatch | None = None
    ) -> None:
        """Answers are lines, by order; the empty line ends the tap program. In a `hurry`, no canary is waited for."""
        self.orders: list[str] = []
        self.ended = threading.Event()
        self._hurry = hurry
        self._answers = {"end": [closed(), b""], **answers}
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        for line in first:
            self._lines.put(line)

    def tap(self, network: str) -> "Scripted":
        self.orders.append(f"tap {network}")
        return self

    def lines(self) -> Iterator[bytes]:
        yield from iter(self._lines.get, b"")
        self.ended.set()

    def order(self, line: str) -> None:
        self.orders.append(line)
        if self._hurry:
            self._hurry.setattr("lab.tap.DEADLINE", DEADLINE if line == "end" else 0.02)
        for answer in self._answers.get(line.split()[0], []):
            self._lines.put(answer)

    def canary(self, network: str, text: str) -> None:
        self.order(f"passing {network} {text}")

    def collect(self, path: Path) -> None:
        path.write_bytes(b"pcapng")

    def opened(self, recorder: Recorder) -> NetworkTap:
        tap = NetworkTap(cast(Engine, self), "lab", recorder)
        tap.wait_open()
        return tap


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def word(recorder: Recorder) -> TapClosed:
    """Return the tap's last word."""
    (last,) = recorder.history().of(TapClosed)
    return last


def test_a_canary_is_seen(recorder: Recorder, tmp_path: Path) -> None:
    engine = Scripted([OPEN, SYN], {"canary": [SIGHTING]})
    engine.opened(recorder).close(tmp_path / "lab.pcapng")
    assert engine.orders == ["tap lab", f"canary {CANARY}", "end"]
    last = word(recorder)
    assert (last.network, last.received, last.dropped, last.canary) == ("lab", 2, 0, True)
    assert (tmp_path / "lab.pcapng").read_bytes() == b"pcapng"


def test_packets_are_recorded_and_the_canary_is_not(recorder: Recorder, tmp_path: Path) -> None:
    Scripted([OPEN, b'{"index":{}}', SYN], {"canary": [SIGHTING]}).opened(recorder).close(tmp_path / "lab.pcapng")
    (packet,) = recorder.history().of(Packet)
    assert (packet.network, packet.flags) == ("lab", ("SYN",))


def test_a_canary_is_missed(recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Scripted([OPEN, SYN], {}, monkeypatch).opened(recorder).close(tmp_path / "lab.pcapng")
    assert not word(recorder).canary
    assert recorder.history().blindness() == "the tap of lab missed its canary packet"


def test_somebody_elses_frame_is_no_canary(recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = SIGHTING.replace(CANARY.encode().hex().encode(), b"another one".hex().encode())
    assert other != SIGHTING
    Scripted([OPEN], {"canary": [other]}, monkeypatch).opened(recorder).close(tmp_path / "lab.pcapng")
    assert not word(recorder).canary


def test_no_node_is_left_and_a_passing_one_brings_the_canary(recorder: Recorder, tmp_path: Path) -> None:
    engine = Scripted([OPEN], {"canary": [NO_CARRIER], "passing": [SIGHTING]})
    engine.opened(recorder).close(tmp_path / "lab.pcapng")
    assert engine.orders == ["tap lab", f"canary {CANARY}", f"passing lab {CANARY}", "end"]
    assert word(recorder).canary


def test_no_node_is_left_and_the_passing_one_is_not_seen(
    recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Scripted([OPEN], {"canary": [NO_CARRIER]}, monkeypatch).opened(recorder).close(tmp_path / "lab.pcapng")
    assert not word(recorder).canary


def test_packets_were_dropped(recorder: Recorder, tmp_path: Path) -> None:
    end = [closed(received=5, dropped=3), b""]
    Scripted([OPEN], {"canary": [SIGHTING], "end": end}).opened(recorder).close(tmp_path / "lab.pcapng")
    assert recorder.history().blindness() == "the tap of lab lost 3 of 8 packets"


def test_nothing_at_all_was_received(recorder: Recorder, tmp_path: Path) -> None:
    end = [closed(received=0), b""]
    Scripted([OPEN], {"canary": [SIGHTING], "end": end}).opened(recorder).close(tmp_path / "lab.pcapng")
    assert word(recorder).received == 0


def test_a_tap_that_dies_before_it_opens(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Scripted([b"dumpcap did not open: there is no such device", b""], {})
    tap = NetworkTap(cast(Engine, engine), "lab", recorder)
    assert engine.ended.wait(DEADLINE)
    monkeypatch.setattr("lab.tap.DEADLINE", 0.0)
    with pytest.raises(TapError, match=r"the tap of lab did not open: .*no such device"):
        tap.wait_open()


def test_a_tap_that_dies_without_its_counts(recorder: Recorder, tmp_path: Path) -> None:
    engine = Scripted([OPEN], {"canary": [SIGHTING], "end": [b"dumpcap ended without its counts", b""]})
    tap = engine.opened(recorder)
    with pytest.raises(TapError, match=r"the tap of lab ended without its counts: .*dumpcap"):
        tap.close(tmp_path / "lab.pcapng")
    assert recorder.history().blindness() == "no tap was closed in good order, so packets may be missing"


@pytest.mark.parametrize("line", [b"{", b'{"layers": 5}', b'{"layers": {"frame_number": ["x"]}}', b'{"tap": ' * 2000])
def test_a_line_that_cannot_be_read_ends_the_trust_in_a_tap(recorder: Recorder, tmp_path: Path, line: bytes) -> None:
    tap = Scripted([OPEN, SYN], {"canary": [line, SIGHTING]}).opened(recorder)
    with pytest.raises(TapError, match=r"the tap of lab ended without its counts: .*a line that cannot be read"):
        tap.close(tmp_path / "lab.pcapng")
    assert not recorder.history().of(TapClosed)
