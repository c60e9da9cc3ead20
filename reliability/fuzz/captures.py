"""What a tap says: a line a packet, of whatever the nodes put on the wire, and lines about itself."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from lab import dissect, wire
from lab.engine import Engine
from lab.errors import TapError
from lab.events import Packet, TapClosed
from lab.recorder import Recorder
from lab.tap import CANARY, NetworkTap
from reliability.fuzz.target import Pieces, one_line, target

ADDRESSES = ("10.83.0.2", "224.1.1.1", "0.0.0.0", "255.255.255.255", "::", "fd00::5", "ff02::16", "ff15::1")
MACS = ("02:42:0a:53:00:02", "01:00:5e:01:01:01")
NUMBERS = ("0", "1", "2", "3", "5", "6", "8", "11", "13", "17", "34", "128", "135", "143", "255", "6001", "65535",
           "4294967295", "0x00", "0x0002", "0x0012", "0x0019", "0x0806", "0x11", "0x16", "0x22", "0x86dd")  # fmt: skip
HEX = ("", "68:65:79", "11200008", "112000080000000003", "00:ff:1b:5b:32:4a", "0d0a")
STACKS = ("eth:ethertype:ip:tcp", "eth:ethertype:ip:udp:data", "eth:ethertype:ip:icmp:ip:udp", "eth:ethertype:arp",
          "eth:ethertype:ip:igmp", "eth:ethertype:ipv6:icmpv6", "eth:ethertype:ipv6:ipv6.hopopts:icmpv6",
          "eth:ethertype:ip:pim:ip:udp:data", "eth:ethertype:ip:ospf", "eth:ethertype:ip:data",
          "eth:ethertype:ipv6:ipv6.fraghdr:data", "eth:ethertype:data", "eth", "")  # fmt: skip
TRUTHS = ("True", "False", "0", "1")
TIMES = ("1795396374.994508914", "0")
OF_FIELD = {
    "frame.time_epoch": TIMES,
    "frame.protocols": STACKS,
    "eth.src": MACS,
    "eth.dst": MACS,
    "ip.flags.mf": TRUTHS,
    "tcp.payload": HEX,
    "udp.payload": HEX,
    "data.data": HEX,
}
ENDS = ("src", "dst", "address", "ipv4", "maddr", "target_address")


def values(field: str) -> tuple[str, ...]:
    """Return what tshark may write for a field."""
    return OF_FIELD.get(field) or (ADDRESSES if field.endswith(ENDS) else NUMBERS)


@target(
    "any of tshark's fields, each any number of times, are a packet, which has words for people",
    runs=5000,
    seeds=[bytes(range(0, 180, 3)), bytes([3, 0, 1, 19, 1, 20, 1, 18, 1]), bytes([3, 1, 1, 24, 2, 25, 2, 26, 4])],
)
def tshark_fields(data: bytes) -> None:
    pieces = Pieces(data)
    layers: dict[str, list[str]] = {}
    while pieces:
        field = dissect.FIELDS[pieces.byte() % len(dissect.FIELDS)]
        known = values(field)
        layers.setdefault(field.replace(".", "_"), []).append(known[pieces.byte() % len(known)])
    packet = dissect.parse(json.dumps({"layers": layers}).encode(), "lab")
    assert packet is not None
    _has_words(packet)


def _has_words(packet: Packet) -> None:
    assert wire.label(packet).isprintable() and wire.name_of(packet)
    assert all(isinstance(end, str) for end in wire.ends(packet, {}))
    noise = wire.noise(packet)
    assert noise is None or noise.isprintable()
    assert isinstance(wire.joins_group(packet), bool) and isinstance(wire.leaves_group(packet), bool)
    assert all(isinstance(wanted, bool) for wanted in wire.memberships(packet).values())


class Tap:
    """Takes the place of the engine and of its tap: a tap that says these lines and ends."""

    def __init__(self, said: list[bytes]) -> None:
        """Take what it says."""
        self._said = said

    def tap(self, _network: str) -> "Tap":
        """Be the tap of any network."""
        return self

    def lines(self) -> Iterator[bytes]:
        """Say all."""
        yield from self._said

    def order(self, _line: str) -> None:
        """Be deaf."""

    def collect(self, _path: Path) -> None:
        """Have captured nothing."""


PACKET = {"layers": {"frame_number": ["1"], "frame_time_epoch": ["1.5"], "eth_type": ["0x88b5"], "data_data": ["736f"]}}
SAID = [
    b'{"tap": "open"}',
    b'{"index":{}}',
    json.dumps(PACKET).encode(),
    b'{"tap": "closed", "received": 5, "dropped": 0}',
]


@target(
    "whatever the tap says, it was closed with its counts, or it is told in one line that it cannot be trusted",
    longest=600,
    runs=2500,
    seeds=[
        b"\n".join(SAID),
        b"\n".join(SAID[::-1]),
        b"dumpcap: no such device",
        b'{"tap":' * 40,
        b'{"layers": {"frame_number": ["x"]}}',
    ],
    words=[*SAID, CANARY.encode(), b'{"tap": "no carrier"}', b'{"tap": ', b'"layers"', b"{", b"[", b"\n"],
)
def tap_lines(data: bytes) -> None:
    raised: list[Any] = []
    before, threading.excepthook = threading.excepthook, raised.append
    recorder = Recorder()
    try:
        tap = NetworkTap(cast(Engine, Tap(data.split(b"\n"))), "lab", recorder)
        tap._reader.join()  # so that nothing depends on who is faster
        try:
            tap.close(Path())
        except TapError as error:
            one_line(str(error))
            assert not recorder.history().of(TapClosed)
        else:
            assert len(recorder.history().of(TapClosed)) == 1
    finally:
        threading.excepthook = before
    assert not raised, raised[0].exc_value
