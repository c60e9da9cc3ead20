"""A host puts packets on its line that no switch can send on. They are made here, bit by bit, to be wrong in one way.

h1 ── a ── c ── e ── f ── h2
"""

import struct
from collections.abc import Callable
from functools import partial

from lab.lab import Lab
from scenarios.scenario import Scenario
from scenarios.switching.checks import bad_packets
from scenarios.switching.checks.bad_packets import GOOD, KINDS, RECEIVER, SENDER, SWITCH, Bad, carries, mark
from scenarios.switching.shared import TOPOLOGY, bring_up, show_tables

HEADER = struct.Struct("!BBHHH8s8s")
"""Version and kind, flags and hops, length, checksum, sequence, source, destination: services/switching/header.py."""


def dropped(lab: Lab) -> None:
    """Send a bad packet of each kind, then a good one; ask the switch before and after what it counted."""
    bring_up(lab)
    with lab.step(f"{SWITCH} tells its tables and counters"):
        show_tables(lab, SWITCH)
    for bad in KINDS:
        with lab.step(f"{SENDER} sends a packet {bad.words}"):
            lab.node(SENDER).type(f"raw {MADE[bad.reason](bad).hex()}")
            lab.wait_packet(f"a packet {bad.words}", partial(carries, bad=bad), sender=SENDER)
    with lab.step(f"{SENDER} sends a good one, which comes, and {SWITCH} tells its counters again"):
        lab.node(SENDER).type(f"send {RECEIVER} {GOOD}")
        lab.node(RECEIVER).wait_for(GOOD)
        show_tables(lab, SWITCH)


def datagram(
    bad: Bad, *, version: int = 1, kind: int = 1, hops: int = 32, missing: int = 0, destination: str = RECEIVER
) -> bytes:
    """Return a datagram with a right checksum; its length says that it has so many bytes more."""
    payload = mark(bad)
    fields = version << 4 | kind, hops, HEADER.size + len(payload) + missing
    names = SENDER.encode(), destination.encode()
    unsummed = HEADER.pack(*fields, 0, 0, *names) + payload
    return HEADER.pack(*fields, checksum(unsummed), 0, *names) + payload


def checksum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071)."""
    even = data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(even) // 2}H", even))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def with_wrong_bit(data: bytes) -> bytes:
    """Return the bytes with the lowest bit of the sequence number changed, as noise on a line would."""
    place = 7
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


MADE: dict[str, Callable[[Bad], bytes]] = {
    "short": lambda bad: datagram(bad, missing=8),
    "long": lambda bad: datagram(bad, missing=-8),
    "version": lambda bad: datagram(bad, version=2),
    "checksum": lambda bad: with_wrong_bit(datagram(bad)),
    "kind": lambda bad: datagram(bad, kind=9),
    "address": lambda bad: datagram(bad, destination="H 2"),
    "no route": lambda bad: datagram(bad, destination="nobody"),
    "hops used up": lambda bad: datagram(bad, hops=1),
}
"""How each kind is made, by what the switch should count it as."""

SCENARIOS = (
    Scenario(
        "bad-packets",
        "A switch drops each packet that it cannot send on, counts why, and sends the next good one on.",
        TOPOLOGY,
        dropped,
        (bad_packets.none_goes_on, bad_packets.each_is_counted, bad_packets.good_one_comes),
        shares=True,
    ),
)
